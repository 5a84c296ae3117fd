import errno
import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.images import on_paper, read_png
from ganprofile.runs import comparing
from ganprofile.runs.comparing import _grid


@pytest.mark.slow
def test_runs_of_all_kinds_stand_side_by_side(short_run, short_unlabelled_run, tmp_path):
    sources = [short_run, short_unlabelled_run.path, "digits-cgan", "characters-cgan"]
    comparison = gp.compare(sources, tmp_path / "out", seed=3)
    assert [path.name for path in comparison.paths] == ["grids.png", "losses.png"]
    assert comparison.names[2:] == ["digits-cgan", "characters-cgan"]
    assert comparison.settings["model"] == ["cgan", "gan", "cgan", "cgan"]
    assert comparison.settings["penalty"][:2] == ["r1", None]
    assert "epochs" not in comparison.settings and "network" not in comparison.settings
    assert comparison.numbers["epochs"] == [3, 2, None, None]
    last = short_run.last_epoch["generator_loss"]
    assert comparison.numbers["generator_loss"][0] == last
    assert read_png(comparison.paths[0]).shape[1] > 4 * 500


def test_all_runs_draw_from_the_same_latents(short_run, short_unlabelled_run):
    labelled, names = _grid(short_run, None, seed=3)
    assert names == list("0123456789")
    drawn = short_run.sample(100, np.arange(10).repeat(10), seed=3)
    assert np.array_equal(labelled[::2, ::2][30:58, 60:88], on_paper(drawn[12]))
    unlabelled, names = _grid(short_unlabelled_run, None, seed=3)
    assert names == []
    drawn = short_unlabelled_run.sample(100, seed=3)
    assert np.array_equal(unlabelled[::2, ::2][30:58, 60:88], on_paper(drawn[12]))


def test_only_the_classes_asked_for_are_drawn(short_run):
    picture, names = _grid(short_run, ["7", "2"], seed=0)
    assert names == ["7", "2"] and picture.shape == (2 * (2 * 30 - 2), 2 * (10 * 30 - 2), 1)


@pytest.mark.parametrize("classes", [iter("27"), np.array([2, 7]), {"2": 1, "7": 1}.keys()])
def test_whatever_lists_classes_lists_them_for_every_run(short_run, tmp_path, classes):
    gp.compare([short_run, short_run], tmp_path / "listed", classes=["2", "7"])
    gp.compare([short_run, short_run], tmp_path / "out", classes=classes)
    listed, drawn = (read_png(tmp_path / name / "grids.png") for name in ("listed", "out"))
    assert np.array_equal(listed, drawn)


def test_the_class_0_is_a_class(short_run, tmp_path):
    for folder, classes in (("number", 0), ("name", "0")):
        gp.compare([short_run, short_run], tmp_path / folder, classes=classes)
    number, name = (read_png(tmp_path / one / "grids.png") for one in ("number", "name"))
    assert np.array_equal(number, name)


def test_runs_of_one_name_are_told_apart_by_their_paths(short_run, tmp_path):
    copy = shutil.copytree(short_run.path, tmp_path / "other" / short_run.path.name)
    comparison = gp.compare([short_run, copy], tmp_path / "out")
    assert comparison.names == [str(short_run.path), str(copy)]
    assert comparison.settings == {}


def test_models_without_a_history_have_no_curves(tmp_path):
    comparison = gp.compare(["digits-cgan", "digits-cgan"], tmp_path / "out", classes=["1"])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["grids.png"]
    assert comparison.numbers["minutes"] == [None, None]


def test_an_unfinished_run_is_refused_with_what_to_do(short_run, tmp_path):
    path = shutil.copytree(short_run.path, tmp_path / "run")
    (path / "generator.keras").unlink()
    with pytest.raises(gp.GanprofileError, match=r"generator\.keras is missing. Finish it with"):
        gp.compare([short_run, path], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_history_is_named(short_run, tmp_path):
    path = shutil.copytree(short_run.path, tmp_path / "run")
    (path / "history.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(gp.GanprofileError, match=r"history\.csv cannot be read"):
        gp.compare([short_run, path], tmp_path / "out")


def test_wrong_usage_leaves_nothing(short_run, short_unlabelled_run, tmp_path):
    for runs, options, sentence in (
        ([short_run], {}, "two or more"),
        ([], {}, "two or more"),
        ([short_run, "nowhere"], {}, "No run folder or model 'nowhere'"),
        ([short_run, short_run], {"classes": ["x"]}, "does not know class 'x'"),
        ([short_run, short_unlabelled_run], {"classes": ["1"]}, "unlabelled"),
        ([short_run, short_run], {"seed": -1}, "`seed` should be"),
        ([short_run, short_run], {"classes": []}, "`classes` names no class"),
        ([short_run, "x" * 300], {}, "No run folder or model 'xxx"),
    ):
        with pytest.raises(gp.UsageError, match=sentence):
            gp.compare(runs, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_older_pictures_are_replaced_only_when_forced(short_run, tmp_path):
    (tmp_path / "losses.png").write_text("mine")
    with pytest.raises(gp.UsageError, match=r"losses\.png exists already"):
        gp.compare([short_run, short_run], tmp_path)
    assert (tmp_path / "losses.png").read_text() == "mine"
    gp.compare([short_run, short_run], tmp_path, force=True)
    assert read_png(tmp_path / "losses.png").shape[2] >= 3


def test_losses_of_other_runs_are_said(tmp_path, capsys):
    (tmp_path / "losses.png").write_text("others'")
    gp.compare(["digits-cgan", "digits-cgan"], tmp_path, classes=["1"], force=True)
    assert "losses.png is of other runs and left" in capsys.readouterr().err
    assert (tmp_path / "losses.png").read_text() == "others'"


@pytest.mark.parametrize("fails", ["save_grids", "save_losses"])
def test_nothing_half_written_stays_where_the_disk_is_full(short_run, tmp_path, monkeypatch, fails):
    whole = getattr(comparing, fails)

    def write(path, *arguments):
        whole(path, *arguments)
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(comparing, fails, write)
    (tmp_path / "there").mkdir()
    for output in (tmp_path / "new" / "deeper", tmp_path / "there"):
        with pytest.raises(OSError, match=r"No space left on device: '.*[a-z]/(grids|losses)\.png"):
            gp.compare([short_run, short_run], output)
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]
