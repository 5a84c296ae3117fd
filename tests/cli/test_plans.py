"""Dry runs say in sentences what would be done, and touch nothing; commands say what comes next."""

import json
import logging

import pytest

from ganprofile.console import say


def test_a_set_is_called_after_the_folder_that_was_named(in_process, tmp_path, monkeypatch, digits):
    monkeypatch.chdir(tmp_path)
    digits[0].subset(3).save("few3")
    code, out, err = in_process("augment", "few3", "--dry-run")
    assert code == 0 and "Files: augmented/few3, as npz" in out, err
    code, out, err = in_process("augment", "digits", "--subset", "3", "--dry-run")
    assert code == 0 and "Files: augmented/digits, as npz" in out, err
    digits[1].save("more")
    code, out, err = in_process("label", "more", "--by", "few3", "--dry-run")
    assert code == 0 and "Files: labelled/more, as npz" in out, err


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        (
            "augment digits --subset 5 --per-class 20 --output more",
            [
                "Images: 200 for 10 classes, 20 each",
                "Recipe: digits has about 5 images per class. What helped",
                "begin with what other people's letters taught",
                "--pretrained none lets teachers begin with nothing.",
                "Size: about",
                "Files: more, as npz",
            ],
        ),
        (
            "generate digits-cgan --sampling-strategy 3=4,7=1 --output more",
            [
                "Images: 5 for 2 of 10 classes, 1 to 4 each, by filter standard.",
                "Size: about",
                "Time: how long it takes is said once work has begun.",
                "Files: more",
            ],
        ),
        (
            "train digits --subset 20 --model cgan --epochs 3 --output more",
            ["Images: 200 of digits, to train the preset cgan", "3 epochs in batches of 128"],
        ),
        ("train digits --minutes 2 --output more", ["Time: 2 minutes.", "a run folder in more"]),
        (
            "benchmark digits --subset 10 --arms none,classic --repeats 3 --output more",
            [
                "Trainings: 6 to do, 0 done; arms none, classic; 10 images of each class.",
                "Gains at 10 per class: of about ",
            ],
        ),
        (
            "label characters --by digits --output more",
            ["to be labelled, by ", "Size: about 3.", "Files: more"],
        ),
        ("models export digits-cgan --output more.onnx", ["Files: more.onnx, as onnx"]),
        ("study profiling --quick --output more", ["Step ", "Files: more"]),
    ],
)
def test_a_dry_run_says_images_size_time_and_files(
    in_process, tmp_path, monkeypatch, typed, sentences
):
    monkeypatch.chdir(tmp_path)
    code, out, err = in_process(*typed.split(), "--dry-run")
    assert code == 0, err
    assert all(sentence in out for sentence in sentences), out
    assert "Time: " in out and out.endswith("Nothing was written.\n") and "Next, " not in err
    code, out, _ = in_process(*typed.split(), "--dry-run", "--json")
    assert code == 0 and json.loads(out)
    assert not list(tmp_path.iterdir())


def test_of_a_run_it_is_said_whether_it_is_finished_and_how_to_train_on(
    in_process, run_of_three_epochs
):
    resumed = ["train", "--resume", run_of_three_epochs.path, "--dry-run"]
    code, out, err = in_process(*resumed)
    assert code == 0, err
    assert "Time: none. The run is finished, with 3 epochs; to train on, add --epochs N, " in out
    assert f"Files: those of the run folder {run_of_three_epochs.path}" in out
    plan = json.loads(in_process(*resumed, "--json")[1])
    assert plan["finished"] and plan["epochs_done"] == 3
    code, out, _ = in_process(*resumed, "--epochs", "7")
    assert code == 0 and "Time: 7 epochs in batches of 128; 3 of them are done; " in out


def test_a_finished_run_says_so_when_it_is_resumed(in_process, run_of_three_epochs):
    code, out, err = in_process("train", "--resume", run_of_three_epochs.path)
    assert code == 0 and out == f"{run_of_three_epochs.path}\n"
    assert "is finished, with 3 epochs" in err and "To train on, add --epochs N, a larger" in err
    assert "Training " not in err


def test_what_nobody_asked_for_is_not_said_to_be_forbidden(in_process, tmp_path, monkeypatch):
    """The data of a carried model are not fetched for a filter that nobody asked for."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "empty"))
    words = ["generate", "Emnist-CDCGAN", "--per-class", "5", "--dry-run"]
    code, _, err = in_process(*words)
    assert code == 0 and "is not downloaded unasked. --filter standard asks for it." in err
    assert "--offline" not in err and "data_dir" not in err and "GANPROFILE_DATA_DIR" in err
    code, _, err = in_process(*words, "--offline")
    assert code == 0 and ", and --offline forbids its download. By hand: " in err


def test_no_gain_is_foreseen_of_an_arm_that_is_compared_with_nothing(in_process):
    code, out, err = in_process("benchmark", "digits", "--arms", "none,none", "--dry-run")
    assert code == 0 and "arms none;" in out and "Gains" not in out
    assert "The only arm is none, which is compared with nothing" in err and "(--arms)" in err


def test_the_embedded_digits_are_taken_aloud(in_process, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (
        ["train", "--subset", "20", "--minutes", "2"],
        ["benchmark", "--subset", "10", "--arms", "none"],
    ):
        assert "[default: digits]" in " ".join(in_process(words[0], "--help")[1].split())
        code, _, err = in_process(*words, "--dry-run")
        assert code == 0 and "No data were named: the embedded digits are taken." in err
        assert (
            "No data were named" not in in_process(words[0], "digits", *words[1:], "--dry-run")[2]
        )
    for command in ("augment", "evaluate --against digits", "profile", "label --by digits"):
        code, out, err = in_process(*command.split())
        assert (code, out) == (2, "") and "Say what the data are" in err and ". Example: " in err


@pytest.fixture
def loud_again():
    yield
    logging.getLogger("ganprofile").setLevel(logging.INFO)


def test_a_command_says_what_comes_next(in_process, tmp_path, monkeypatch, loud_again):
    monkeypatch.chdir(tmp_path)
    next_step = "Next, draw a labelled set: ganprofile generate digits-cgan --per-class 500"
    words = ["sample", "digits-cgan", "--total", "1", "--force"]
    code, _, err = in_process(*words)
    assert code == 0 and err.splitlines() == [next_step]
    assert in_process(*words, "--json")[2] == ""
    assert in_process("--quiet", *words)[2] == ""
    say("nothing of this")
    code, _, err = in_process("--quiet", "sample", "digits-cgam")
    assert code == 2 and err.startswith("Error: No run folder or model")


@pytest.mark.parametrize(
    "typed",
    [
        "augment digits --per-class 20 --output file/more",
        "generate digits-cgan --total 9 --output file/more",
        "train digits --output file/more",
        "benchmark digits --output file/more",
        "evaluate digits-cgan --against digits --output file/more",
        "sample digits-cgan --output file/more",
        "label digits --by characters --output file/more",
        "models export digits-cgan --output file/more.onnx",
        "study profiling --quick --output file/more",
    ],
)
def test_a_place_that_cannot_be_written_to_is_refused_first(
    in_process, tmp_path, monkeypatch, typed
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    code, out, err = in_process(*typed.split())
    assert (code, out) == (2, "") and "file is no folder. Choose another --output." in err


def test_a_disk_without_room_is_noticed_before_the_work(in_process, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    usage = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr("ganprofile.storage.places.shutil.disk_usage", lambda path: usage)
    code, out, err = in_process("augment", "digits", "--per-class", "2000", "--dry-run")
    assert (code, out) == (1, "") and "MB, and the disk has 1 MB" in err
