"""The commands through their real entry point, most of them in fresh processes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation.labelling import EFFORTS
from ganprofile.augmentation.plan import STRATEGIES as SAMPLING_STRATEGIES
from ganprofile.benchmarking.additions import ADDITIONS
from ganprofile.benchmarking.arm_names import PARTS as ARM_PARTS
from ganprofile.benchmarking.arm_names import RECIPE
from ganprofile.classifiers import CLASSIFIERS
from ganprofile.cli import names
from ganprofile.datasets import DATASETS
from ganprofile.datasets.collecting.sheet import PAPERS
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.loaders.loaded_data import INVERT, PHOTOGRAPHS
from ganprofile.exporting.formats import EXPORTS
from ganprofile.filtering.rejection import LEVELS
from ganprofile.gan.conditions import CONDITIONS
from ganprofile.gan.losses import LOSSES
from ganprofile.gan.networks.conditioning import CONDITIONINGS
from ganprofile.gan.penalties import PENALTIES
from ganprofile.gan.presets import PRESETS
from ganprofile.gan.settings import PRECISIONS
from ganprofile.images import read_png
from ganprofile.recipes.recipes import PRETRAINING
from ganprofile.recognition.models import MODELS
from ganprofile.recognition.shown import SHOWN
from ganprofile.studies import STUDIES
from ganprofile.studies.maps import MAPS
from ganprofile.training.devices.devices import DEVICES
from ganprofile.training.devices.strategies import STRATEGIES
from ganprofile.training.tracking import TRACKERS
from ganprofile.transforms.augmentation_policy import AUGMENTATION_POLICY
from tests.conftest import run_command
from tests.forked import run_forked

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    ["--help"],
    ["train", "--help"],
    ["runs", "--help"],
    ["plot", "--help"],
    ["compare", "--help"],
    ["sample", "--help"],
    ["augment", "--help"],
    ["generate", "--help"],
    ["evaluate", "--help"],
    ["benchmark", "--help"],
    ["datasets", "--help"],
    ["datasets", "list", "--help"],
    ["datasets", "show", "--help"],
    ["datasets", "import", "--help"],
    ["models", "--help"],
    ["models", "save", "--help"],
    ["models", "export", "--help"],
    ["verify", "--help"],
    ["report", "--help"],
    ["push", "--help"],
)
FRAMEWORKS = ("tensorflow", "keras", "matplotlib", "sklearn", "tensorflow_datasets")


# One command after the other in a process that has loaded nothing.
HELP = """
import contextlib, io, json, sys
from ganprofile.cli import main
found = {}
for words in json.loads(sys.argv[1]):
    sys.argv, said = ["ganprofile", *words], io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(said):
        try:
            main()
        except SystemExit as end:
            code = end.code
    said.flush()
    found[" ".join(words)] = code, said.buffer.getvalue().decode(), list(sys.modules)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def helped():
    """Command -> its exit code, what it printed, and what was loaded after it."""
    done = run_command(json.dumps([*COMMANDS, ["--version"]]), code=HELP)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("arguments", [*COMMANDS, ["--version"]], ids=" ".join)
def test_help_loads_no_framework(helped, arguments):
    code, said, modules = helped[" ".join(arguments)]
    assert not code and "ganprofile.cli" in modules and not set(FRAMEWORKS) & set(modules)
    if "--version" in arguments:
        assert said == f"ganprofile {gp.__version__}\n"
    else:
        assert "Example: ganprofile" in said


def test_the_installed_command_and_the_module_are_the_same():
    script = Path(sys.executable).with_name("ganprofile")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == run_command("--version").stdout


def test_options_take_what_the_registries_hold():
    for known, registry in (
        (names.EFFORTS, EFFORTS),
        (names.FILTERS, LEVELS),
        (names.SAMPLING_STRATEGIES, SAMPLING_STRATEGIES),
        (names.LOSSES, LOSSES),
        (names.TRACKERS, TRACKERS),
        (names.RESULT_TRACKERS, set(TRACKERS) - {"tensorboard"}),
        (names.CONDITIONS, CONDITIONS),
        (names.CONDITIONINGS, CONDITIONINGS),
        (names.PENALTIES, PENALTIES),
        (names.AUGMENTATION_POLICY, AUGMENTATION_POLICY),
        (names.FORMATS, FORMATS),
        (names.EXPORTS, EXPORTS),
        (names.PRESETS, PRESETS),
        (names.DATASETS, {name.partition("/")[0] for name in DATASETS}),
        (names.DEVICES, DEVICES),
        (names.STRATEGIES, {"auto", *STRATEGIES}),
        (names.PRECISIONS, PRECISIONS),
        (names.CLASSIFIERS, CLASSIFIERS),
        (names.READERS, MODELS),
        (names.PRETRAINING, PRETRAINING),
        (names.INVERT, INVERT),
        (names.PHOTOGRAPHS, PHOTOGRAPHS),
        (names.LAYOUTS, MAPS),
        (names.SHOWN, SHOWN),
        (names.PAPERS, PAPERS),
        (names.STUDIES, STUDIES),
        (names.ARMS, {*ARM_PARTS, *ADDITIONS, RECIPE}),
    ):
        assert set(known) == set(registry)


def test_completion_can_be_shown():
    # Typer finds the shell among the processes above, and under make that is sh, which has none.
    named = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = run_command("--show-completion", "bash", env=named)
    assert done.returncode == 0 and "complete" in done.stdout


def test_datasets_are_listed_and_shown(tmp_path):
    listed = json.loads(run_forked("datasets", "list", "--json").stdout)
    assert [card["name"] for card in listed] == list(DATASETS)
    assert "characters" in run_forked("datasets", "list").stdout
    shown = run_forked("datasets", "show", "digits", "--grid", "--output", tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "QMNIST" in shown.stdout and "licence" in shown.stdout
    height, width, _ = read_png(tmp_path / "digits.png").shape
    assert height > 2 * (10 * 30 - 2) and width > 600, "enlarged, with names beside the rows"


USAGE = 2
FAILURE = 1


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["train", "--dataset", "mnst"], USAGE, "No dataset 'mnst'. Known: digits"),
        (["train", "--model", "wgan"], USAGE, "No model 'wgan'. Known: auto, gan, cgan"),
        (["train", "digits", "--subset", "501"], USAGE, "class '0' of digits has (500)"),
        (["train", "digits", "--class", "x"], USAGE, "digits has no class 'x'"),
        (["train", "--epochs", "0"], USAGE, "--epochs should be a whole number"),
        (["train", "--resume", "nowhere"], USAGE, "No run folder or model 'nowhere'"),
        (["train", "--resume", "x", "--seed", "1"], USAGE, "Remove --seed"),
        (["train", "--resume", "x", "--output", "y"], USAGE, "Remove --output"),
        (["train", "--config", "x", "--dataset", "mnist"], USAGE, "Remove --dataset"),
        (["train", "--config", "nowhere.json"], USAGE, "No run folder or model 'nowhere.json'"),
        (["train", "--dataset", "emnist", "--offline"], FAILURE, "--offline forbids"),
        (["sample", "nowhere"], USAGE, "Models at hand: characters-cgan, digits-cgan"),
        (["generate", "digits-cgan"], USAGE, "--per-class N, --total N or --sampling-strategy"),
        (["generate", "digits-cgan", "--total", "9", "--format", "mat"], USAGE, "No format 'mat'"),
        (
            ["generate", "digits-cgan", "--total", "9", "--format", "x", "--dry-run"],
            USAGE,
            "format",
        ),
        (["generate", "digits-cgan", "--total", "9", "--seed", "-1"], USAGE, "--seed should be"),
        (["train", "--dataset", ""], USAGE, "No dataset ''"),
        (["datasets", "show", "x"], USAGE, "No dataset 'x'"),
    ],
)
def test_wrong_usage_gets_one_sentence_and_its_exit_code(
    in_process, tmp_path, monkeypatch, arguments, code, sentence
):
    (tmp_path / "saved_models").symlink_to(ROOT / "saved_models")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "empty"))
    exit_code, out, err = in_process(*arguments)
    assert (exit_code, out) == (code, "")
    assert err.startswith("Error: ") and sentence in err and len(err.splitlines()) == 1
    assert [f.name for f in tmp_path.iterdir()] == ["saved_models"], "nothing is left behind"


@pytest.mark.parametrize(
    ("name", "arrays", "sentence"),
    [
        ("empty.npz", None, "cannot be read as an .npz file"),
        ("nan.npz", {"images": np.full((4, 28, 28), np.nan)}, "NaN or infinite"),
        ("float.npz", {"images": np.full((4, 28, 28), 3.7e5)}, "Received: 3.7e+05..3.7e+05"),
        ("flat.npz", {"images": np.zeros((4, 785), "uint8")}, "Received: (4, 785)"),
        ("labels.npz", {"images": np.zeros((4, 8, 8)), "labels": np.ones(4) / 2}, "fractions"),
    ],
)
def test_bad_files_get_one_sentence_and_leave_nothing(in_process, tmp_path, name, arrays, sentence):
    """A file that cannot be read is a failure; one that holds the wrong arrays is wrong usage."""
    if arrays is None:
        (tmp_path / name).write_bytes(b"")
    else:
        np.savez(tmp_path / name, **arrays)
    code, out, err = in_process(
        "train", "--dataset", str(tmp_path / name), "--output", str(tmp_path / "runs")
    )
    assert code == (FAILURE if arrays is None else USAGE) and out == "" and sentence in err
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_typers_own_refusals_exit_with_2():
    done = run_forked("train", "--epochs", "many")
    assert done.returncode == USAGE and "Traceback" not in done.stderr


def test_debug_shows_the_traceback():
    done = run_forked("--debug", "sample", "nowhere")
    assert done.returncode == USAGE and "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("Error: No run folder")


@pytest.mark.slow
def test_the_way_of_the_data_from_the_command_line(tmp_path, monkeypatch, in_process):
    """Train, sample, augment, repeat, resume: what a newcomer does, the first in a process."""
    monkeypatch.chdir(tmp_path)
    for name, value in (("STEPS", 20), ("FOLDS", 2)):  # scores are not looked at
        monkeypatch.setattr(f"ganprofile.filtering.cross_fitting.{name}", value)

    def run(*arguments):
        code, out, err = in_process(*arguments)
        assert code == 0, err
        return out

    options = ("--subset", "30", "--epochs", "3", "--class", "3", "--class", "8")
    done = run_command("train", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (folder,) = done.stdout.splitlines()
    _, second, *_ = done.stderr.splitlines()  # the first says which data are taken
    assert second.startswith("Loading "), "seconds go by before anything else can be said"
    assert "Device: found" in done.stderr and "epoch 3/3" in done.stderr
    assert "images/s" in done.stderr and "left" in done.stderr
    assert not re.search(r"WARNING|Traceback|cuda|oneDNN", done.stderr)
    assert gp.Run.open(tmp_path / folder).class_names == ["3", "8"]

    again = json.loads(run("train", "--config", f"{folder}/config.json", "--json"))
    first, second = gp.Run.open(tmp_path / folder), gp.Run.open(tmp_path / again["run"])
    assert np.array_equal(first.sample(8), second.sample(8))
    run("train", "--resume", folder, "--epochs", "4")
    assert len(first.history["epoch"]) == 4

    pictures = run("sample", folder, "--text", "383", "--grid", "--animate").split()
    assert len(pictures) == 3 and all((tmp_path / picture).is_file() for picture in pictures)
    options = ("--filter", "none", "--include-real", "--format", "imagefolder")
    made = run("generate", folder, "--per-class", "40", *options)
    loaded, _ = gp.load(tmp_path / made.strip())
    assert loaded.class_counts().tolist() == [40, 40]
    planned = run("train", "--dataset", tmp_path / made.strip(), "--dry-run", "--json")
    assert json.loads(planned)["dataset"]["fingerprint"] == loaded.fingerprint


@pytest.mark.slow
def test_gan_feeds_augment_through_a_classifier(digits, tmp_path, monkeypatch):
    """The published preset, trained for real, and its images labelled afterwards."""
    for name, value in (("STEPS", 60), ("FOLDS", 2)):
        monkeypatch.setattr(f"ganprofile.filtering.cross_fitting.{name}", value)
    monkeypatch.setattr("ganprofile.training.callbacks.cadence.STEPS_BETWEEN_FILES", 200)
    some = digits[0].of_classes("247")  # of all ten, so short a training would draw few
    run = gp.train(some, "gan", epochs=60, output=tmp_path / "runs", progress=False)
    options = {"filter": "none", "output": tmp_path / "more", "progress": False}
    made = gp.generate(run, dataset=some, per_class=20, **options)
    assert sum(made.info["class_counts"]) >= 0.8 * 60, made.info


@pytest.mark.slow
def test_emnist_trains_through_tfds(prepared_tfds, tmp_path, in_process):
    options = ("--subset", "20", "--epochs", "1", "--offline", "--output", tmp_path)
    code, out, err = in_process("train", "--dataset", "emnist", *options)
    assert code == 0, err
    assert len(gp.Run.open(out.strip()).class_names) == 47
