import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.runs.plotting import numbers_of
from ganprofile.storage.arrays import open_arrays

SHEETS = ["losses.png", "loss_histograms.png", "logit_histograms.png"]


@pytest.fixture
def run(short_run, tmp_path):
    shutil.copytree(short_run.path, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "figures")
    return gp.Run.open(tmp_path / "run")


def test_the_figures_are_drawn_again(run):
    assert [path.name for path in gp.plot(run)] == SHEETS
    assert sorted(path.name for path in (run.path / "figures").iterdir()) == sorted(SHEETS)


def test_every_epoch_gets_a_file_on_request(run, capsys):
    paths = gp.plot(run.path, histograms=True)
    names = [str(path.relative_to(run.path / "figures")) for path in paths]
    assert names == [*SHEETS, *(f"histograms/epoch_00{k}.png" for k in (1, 2, 3))]
    assert all(path.is_file() for path in paths)
    assert "3/3 epochs drawn" in capsys.readouterr().err


def test_an_unfinished_run_is_drawn_from_its_checkpoint(run):
    finished = open_arrays(run.path / "histograms.npz")
    (run.path / "histograms.npz").unlink()
    (run.path / "generator.keras").unlink()
    numbers = numbers_of(run)
    assert numbers.keys() == finished.keys() and len(numbers) > 3
    for name, array in numbers.items():
        assert np.array_equal(array, finished[name])
    assert len(gp.plot(run)) == 3


def test_without_a_checkpoint_the_histograms_will_do(run):
    shutil.rmtree(run.path / "checkpoint")
    assert len(gp.plot(run)) == 3


@pytest.mark.parametrize("kept", [0, 9000])
def test_where_the_checkpoint_is_damaged_other_files_will_do(run, capsys, kept):
    state = run.path / "checkpoint" / "state.npz"
    state.write_bytes(state.read_bytes()[:kept])
    assert len(gp.plot(run, histograms=True, progress=False)) == 3 + 3
    said = capsys.readouterr().err
    assert "run is damaged or of another training. Drawn is what histograms.npz holds." in said
    (run.path / "histograms.npz").unlink()
    assert [path.name for path in gp.plot(run, histograms=True, progress=False)] == SHEETS[:1]
    said = capsys.readouterr().err
    assert "Drawn is what history.csv holds, the mean losses of epochs, without histog" in said
    gp.report(run.path, output=run.path / "page.html")
    (run.path / "history.csv").unlink()
    with pytest.raises(gp.GanprofileError, match="state.npz cannot be read"):
        gp.plot(run, progress=False)


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        (None, r"histograms\.npz is missing"),
        ({}, "lacks the numbers of its epochs"),
        ({"real_logits": np.ones((3, 64))}, "lacks the numbers of its epochs"),
        ({"real_logits": np.ones((0, 64)), "fake_logits": np.ones((0, 64))}, "lacks the numbers"),
    ],
)
def test_a_run_without_numbers_is_refused(run, arrays, sentence):
    shutil.rmtree(run.path / "checkpoint")
    (run.path / "histograms.npz").unlink()
    if arrays is not None:
        np.savez(run.path / "histograms.npz", **arrays)
    with pytest.raises(gp.GanprofileError, match=sentence):
        gp.plot(run)


def test_a_model_without_numbers_says_so():
    with pytest.raises(gp.GanprofileError, match=r"which only draws: it has no histograms"):
        gp.plot("digits-cgan")


def test_figures_that_cannot_be_written_get_a_sentence(run, monkeypatch):
    (run.path / "figures").write_text("a file")
    with pytest.raises(gp.GanprofileError, match=r"figures cannot be .*\. Put right"):
        gp.plot(run)

    def refuse(*_):
        raise PermissionError(13, "Permission denied", "figures/losses.png")

    (run.path / "figures").unlink()
    monkeypatch.setattr("ganprofile.runs.plotting.save_training_figures", refuse)
    with pytest.raises(gp.GanprofileError, match=r"losses.png cannot .*\. Change its"):
        gp.plot(run)
