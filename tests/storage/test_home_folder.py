"""`~` in an output is the home folder, as it is in an input, whoever writes it."""

from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.storage.paths import user_folder


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return folder


@pytest.fixture
def few(digits):
    return digits[0].subset(4, seed=1)


def written(folder):
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (lambda few: few.save("~/saved"), "saved"),
        (lambda few: gp.sample("digits-cgan", "~/pictures"), "pictures"),
        (lambda few: gp.generate("digits-cgan", per_class=2, score=False, output="~/set"), "set"),
        (lambda few: gp.transforms.HandwritingTransform(10).save("~/t.npz"), "t.npz"),
        (lambda few: gp.dataset_info("digits", grid=True, output="~/shown"), "shown"),
    ],
)
def test_outputs_lie_in_the_home_folder(home, few, write, name):
    write(few)
    assert name in written(home) and not written(home.parent / "here")


def test_a_result_in_the_home_folder_is_gone_on_with(home, few, digits):
    options = {"per_class": 2, "repeats": 1, "steps": 2, "classifier": "mlp", "progress": False}
    for arms in (["none"], ["none", "duplicated"]):
        result = gp.benchmark(few, test=digits[1], arms=arms, output="~/result", **options)
    assert len(result.cells) == 2 and written(home) == {"result"}
    assert not written(home.parent / "here")


def test_a_training_in_the_home_folder_ends(home, few):
    run = gp.train(few, "cgan", epochs=1, output="~/runs", progress=False)
    assert run.path.is_relative_to(home) and np.isfinite(run.sample(1)).all()
    assert gp.list_runs("~/runs")[0].state == "finished"


def test_what_was_saved_in_the_home_folder_is_read(home):
    gp.transforms.HandwritingTransform(10, seed=3).save("~/t.npz")
    assert gp.transforms.HandwritingTransform.load("~/t.npz").seed == 3


@pytest.mark.parametrize("given", ["mine", "./mine", "../mine"])
def test_the_data_folder_of_the_user_is_the_same_wherever_they_stand(home, monkeypatch, given):
    monkeypatch.setenv("GANPROFILE_HOME", given)
    absolute = f"set it to {Path(given).resolve()}$"
    with pytest.raises(gp.UsageError, match=f"an absolute path.* Received: '{given}'.*{absolute}"):
        user_folder()
    assert not written(home.parent / "here")
    monkeypatch.setenv("GANPROFILE_HOME", "~/mine")
    assert user_folder() == home / "mine"
