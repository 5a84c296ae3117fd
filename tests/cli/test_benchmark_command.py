import json

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.benchmarking.image_results import as_text
from ganprofile.benchmarking.results import Benchmark

SETTINGS = {"class_names": ["a", "b"], "class_counts": [40, 40], "test_class_counts": [50, 50]}


def cell(arm, repeat, recognised):
    read = np.r_[np.arange(50) < recognised - 40, np.arange(50) < 40]
    return {
        "per_class": 10,
        "repeat": repeat,
        "arm": arm,
        "training": 0,
        "accuracy": recognised / 100,
        "images": 20,
        "correct": [recognised - 40, 40],
        "confused": [[0, 1, 90 - recognised]],
        "recognised": as_text(read),
        "arm_seconds": 0.0,
        "classifier_seconds": 1.0,
    }


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What the API was asked for; it answers with a small result, or what would be done."""
    calls = []

    def benchmark(*arguments, **options):
        calls.append((arguments, options))
        if options["dry_run"]:
            return {"cells_to_do": [[10, 0, "none", 0]]}
        cells = [
            cell(arm, repeat, recognised + repeat * slope)
            for repeat in range(4)
            for arm, recognised, slope in (("none", 70, 1), ("classic", 80, 2))
        ]
        return Benchmark(SETTINGS, {"none": {}, "classic": {}}, cells, [], "none", tmp_path)

    monkeypatch.setattr(gp, "benchmark", benchmark, raising=False)
    return calls


def test_that_nothing_is_kept_without_an_output_stands_in_the_help(in_process):
    _, page, _ = in_process("benchmark", "--help")
    assert "[default: nothing is kept]" in " ".join(page.replace("│", "").split())


def test_the_verdict_is_printed_below_a_table(in_process, asked, tmp_path):
    code, out, _ = in_process("benchmark", "digits")
    assert code == 0
    table, judged, place = out.split("\n\n")
    header, none, classic = table.splitlines()
    assert header.split()[:5] == ["per", "class", "arm", "images", "subsets"]
    assert none.split() == ["10", "none", "20", "4", "71.50", "%", "1.29"]
    assert classic.endswith("helps") and "+11.50" in classic
    verdict, changes = judged.splitlines()
    assert verdict.startswith(
        "classic against none at 10 per class: helps; +11.50 points (71.50 -> 83.00 %; 95 % CI "
    )
    assert changes.strip().startswith("best at 'a': +23.00 points; no class lost")
    assert place.strip() == str(tmp_path)


def test_json_is_the_summary_and_a_dry_run_is_a_plan(in_process, asked):
    code, out, _ = in_process("benchmark", "digits", "--json")
    summary = json.loads(out)
    assert code == 0 and summary["comparisons"][0]["verdict"] == "helps"
    code, out, _ = in_process("benchmark", "digits", "--dry-run", "--json")
    assert code == 0 and json.loads(out) == {"cells_to_do": [[10, 0, "none", 0]]}


def test_the_options_are_what_the_api_is_asked_for(in_process, asked, tmp_path):
    options = [
        *("--per-class", "10, 50,200", "--arms", "none,classic+gan:5,my/folder", "--repeats", 12),
        *("--trainings", 4),
        *("--classifier", "mlp", "--steps", 70, "--gan-steps", 9, "--seed", 3, "--jobs", 2),
        *("--output", tmp_path, "--test", "qmnist", "--data-dir", "x", "--image-size", 28),
        *("--channels", 1, "--invert", "no", "--photographs", "scans"),
        *("--offline", "--quick"),
    ]
    assert in_process("benchmark", "mnist", *options)[0] == 0
    ((arguments, options),) = asked
    assert arguments == ("mnist",)
    assert options == {
        "per_class": (10, 50, 200),
        "arms": ("none", "classic+gan:5", "my/folder"),
        "repeats": 12,
        "trainings": 4,
        "classifier": "mlp",
        "steps": 70,
        "gan_steps": 9,
        "seed": 3,
        "output": tmp_path,
        "jobs": 2,
        "test": "qmnist",
        "data_dir": options["data_dir"],
        "image_size": 28,
        "channels": 1,
        "invert": "no",
        "photographs": "scans",
        "offline": True,
        "quick": True,
        "dry_run": False,
    }


def test_what_is_not_said_is_left_to_the_api(in_process, asked):
    assert in_process("benchmark")[0] == 0
    ((arguments, options),) = asked
    assert arguments == ("digits",)
    assert set(options) == {"test", "seed", "output", "jobs", "quick", "dry_run"}


def test_none_is_an_arm(in_process, asked):
    in_process("benchmark", "--arms", "none")
    assert asked[0][1]["arms"] == ("none",)


@pytest.mark.parametrize(("text", "sizes"), [("all", ("all",)), ("10,all", (10, "all"))])
def test_all_is_a_size(in_process, asked, text, sizes):
    in_process("benchmark", "--per-class", text)
    assert asked[0][1]["per_class"] == sizes


@pytest.mark.parametrize("sizes", ["ten", "10;50", "10,", "1.5", "-3"])
def test_sizes_are_whole_numbers(in_process, asked, sizes):
    code, out, err = in_process("benchmark", f"--per-class={sizes}")
    assert (code, out) == (2, "") and f"Received: {sizes}." in err and not asked
