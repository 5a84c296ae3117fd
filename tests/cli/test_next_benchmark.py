"""The commands that are named next read the images as these did, and name what was named."""

import dataclasses
import shlex
import shutil

import numpy as np

import ganprofile as gp
from ganprofile.cli.next_steps import benchmark_of, evaluation_of, say_next, use_of
from ganprofile.publishing import Pushed


def test_what_was_said_of_the_images_is_said_again():
    words = ["--arms", "none,classic,augment", "--per-class", "all", "--quick"]
    words += ["--output", "result"]
    assert benchmark_of("scans/") == ["benchmark", "scans/", "--test", "HELD-OUT", *words]
    assert benchmark_of("digits", {}, 10) == ["benchmark", "digits", *words[:3], "10", *words[4:]]
    loading = {"image_size": 32, "transpose": True, "writer_columns": ("id", "age")}
    how = ["--image-size", 32, "--transpose", "--writer-columns", "id,age"]
    told = benchmark_of("scans/", loading)
    assert told == ["benchmark", "scans/", "--test", "HELD-OUT", *how, *words]


def test_what_was_drawn_is_judged_by_what_the_model_learned_from():
    step = {"load": "/my scans", "split": "train", "image_size": 28, "invert": "yes"}
    how = ["--image-size", 28, "--invert", "yes"]
    told = evaluation_of("more", [step, {"subset": {"per_class": 9}}])
    assert told == ["evaluate", "more", "--against", "/my scans", *how]
    some = [step, *({"of_classes": {"names": list(names)}} for names in ("012", "01"))]
    told = evaluation_of("more", some)
    assert told == ["evaluate", "more", "--against", "/my scans", *how, "--class", "0,1"]


def test_what_generate_names_next_can_be_run(short_run, digits, in_process, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "my scans"
    digits[0].subset(20).save(place)
    run = gp.Run.open(shutil.copytree(short_run.path, tmp_path / "run"))
    drawing = ["generate", "run", "--per-class", "10", "--no-score", "--force", "--output", "more"]
    recipe = [{"load": str(place), "split": "train"}]
    run.record(dataset={**run.config["dataset"], "recipe": recipe})
    code, _, err = in_process(*drawing)
    (line,) = [line for line in err.splitlines() if line.startswith("Next, judge it: ")]
    words = shlex.split(line.partition(": ganprofile ")[2])
    assert code == 0 and words == ["evaluate", "more", "--against", str(place)]
    code, _, err = in_process(*words, "--no-classifier", "--images", "100")
    assert code == 0, err
    few = [word if word != "10" else "9" for word in drawing]
    assert "judge it" not in in_process(*few)[2], "it would be refused: too few"
    run.record(dataset={**run.config["dataset"], "recipe": None})
    code, _, err = in_process(*drawing)
    assert code == 0 and "Next" not in err


def _next(err):
    """The words of the command that is named next."""
    (line,) = [line for line in err.splitlines() if line.startswith("Next, ")]
    return shlex.split(line.partition(": ganprofile ")[2])


def test_a_labelled_set_is_proposed_of_what_can_be_labelled(
    short_unlabelled_run, in_process, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    run = gp.Run.open(shutil.copytree(short_unlabelled_run.path, tmp_path / "run"))
    for name, recipe in {"labelled": run.config["dataset"]["recipe"], "nameless": None}.items():
        run.record(dataset={**run.config["dataset"], "recipe": recipe})
        drawing = ["generate", name, "--per-class", "500"]
        next_step = drawing if recipe else ["sample", name, "--grid"]
        code, _, err = in_process("models", "save", run.path, "--name", name)
        assert code == 0 and _next(err) == next_step
        code, _, err = in_process("sample", name, "--count", "1")
        assert code == 0 and ("Next, " in err) == bool(recipe)
    assert in_process("generate", "nameless", "--per-class", "1")[0] == 1


def test_what_profile_names_next_can_be_run(digits, in_process, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    some = digits[0].subset(8, 0)
    writers = np.tile(np.arange(5, 9), 20)[: len(some)].astype(np.int32)
    dataclasses.replace(some, writers=writers).save("my set")
    said = ["my set", "--invert", "no", "--seed", "3", "--output", "mine"]
    code, _, err = in_process("profile", *said)
    words = _next(err)
    assert code == 0 and words[:8] == ["profile", *said] and words[8::2] == ["--writer", "--force"]
    assert int(words[9]) in writers
    code, _, err = in_process(*words)
    assert code == 0 and {path.name for path in tmp_path.iterdir()} == {"my set", "mine"}, err


def test_what_show_names_next_reads_the_images_alike(digits, in_process, tmp_path):
    place = digits[0].subset(2).save(tmp_path / "few", "imagefolder")
    code, _, err = in_process("datasets", "show", place, "--image-size", "32")
    assert code == 0 and _next(err) == ["augment", str(place), "--image-size", "32"]


def test_what_train_names_next_is_the_reader_it_made(in_process, tmp_path):
    said = ["--train", "digits", "--model", "k-nn", "--subset", "5", "--output", tmp_path / "r"]
    code, _, err = in_process("classify", *said)
    assert code == 0 and _next(err)[:4] == ["classify", "PICTURE", "--reader", str(tmp_path / "r")]


def test_what_push_names_next_suits_what_was_pushed():
    def named(*files):
        return use_of(Pushed("hf:a/b", "", "", True, dict.fromkeys(files, 1)))[1:]

    assert named("reader.json") == ("classify", "PICTURE", "--reader", "hf:a/b")
    assert named("generator.keras") == ("sample", "hf:a/b", "--grid")
    assert named("r/reader.json", "a.png") == ("datasets", "show", "hf:a/b")


def test_names_with_commas_and_paths_with_dashes_are_said_as_they_are_typed(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-dash").mkdir()
    step = {"load": "comma", "split": "train"}
    told = evaluation_of("-dash", [step, {"of_classes": {"names": [",", "a,b"]}}])
    say_next("judge it", *told)
    said = """evaluate ./-dash --against comma --class '",","a,b"'"""
    assert capsys.readouterr().err == f"Next, judge it: ganprofile {said}\n"


def test_of_one_class_no_more_is_proposed(digits, in_process, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, classes in {"one": "3", "two": "37"}.items():
        digits[0].of_classes(classes).subset(3).save(name)
        code, _, err = in_process("datasets", "show", name)
        assert code == 0 and ("make more of it" in err) == (name == "two")
