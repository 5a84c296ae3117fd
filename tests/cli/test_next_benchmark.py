"""The commands that `augment` and `generate` name next read the images as these did."""

import shlex
import shutil

import ganprofile as gp
from ganprofile.cli.next_steps import benchmark_of, evaluation_of


def test_what_was_said_of_the_images_is_said_again():
    words = ["--arms", "none,classic,augment", "--output", "result"]
    assert benchmark_of("scans/") == ["benchmark", "scans/", "--test", "HELD-OUT", *words]
    loading = {"image_size": 32, "transpose": True, "writer_columns": ("id", "age")}
    how = ["--image-size", 32, "--transpose", "--writer-columns", "id,age"]
    told = benchmark_of("scans/", loading)
    assert told == ["benchmark", "scans/", "--test", "HELD-OUT", *how, *words]


def test_what_was_drawn_is_judged_by_what_the_model_learned_from():
    step = {"load": "/my scans", "split": "train", "image_size": 28, "invert": "yes"}
    how = ["--image-size", 28, "--invert", "yes"]
    told = evaluation_of("more", [step, {"subset": {"per_class": 9}}])
    assert told == ["evaluate", "more", "--against", "/my scans", *how]


def test_what_generate_names_next_can_be_run(short_run, digits, in_process, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "my scans"
    digits[0].subset(20).save(place)
    run = gp.Run.open(shutil.copytree(short_run.path, tmp_path / "run"))
    drawing = ["generate", "run", "--per-class", "10", "--no-score", "--force", "--output", "more"]
    recipe = [{"load": str(place), "split": "train"}]
    run.record(dataset={**run.config["dataset"], "name": "my scans", "recipe": recipe})
    code, _, err = in_process(*drawing)
    (line,) = [line for line in err.splitlines() if line.startswith("Next, judge it: ")]
    words = shlex.split(line.partition(": ganprofile ")[2])
    assert code == 0 and words == ["evaluate", "more", "--against", str(place)]
    code, _, err = in_process(*words, "--no-classifier", "--images", "100")
    assert code == 0, err
    run.record(dataset={**run.config["dataset"], "recipe": None})
    code, _, err = in_process(*drawing)
    assert code == 0 and "Next" not in err
