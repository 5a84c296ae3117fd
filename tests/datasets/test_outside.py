"""What is made of a folder of pictures does not lie in it, where it would be read as more."""

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation.sets import BY_NAME
from ganprofile.storage.files import read_json, write_json
from tests.conftest import run_command

QUICK = {"epochs": 1, "dry_run": True, "progress": False}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A folder of two classes, which is where commands are given."""
    for name in "ab":
        (tmp_path / "data" / name).mkdir(parents=True)
        for index in range(3):
            ink = np.zeros((28, 28, 1), np.uint8)
            ink[4 + index : 20, 9 + index : 12 + (name == "b") * 5] = 200
            gp.images.save_png(tmp_path / "data" / name / f"{index}.png", ink)
    monkeypatch.chdir(tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize(
    "make",
    [
        lambda data: gp.train(data, "cgan", **QUICK),
        lambda data: gp.train(gp.load(".")[0], "cgan", output=data / "a" / "runs", **QUICK),
        lambda data: gp.augment(data, output=BY_NAME, dry_run=True),
        lambda data: gp.augment(".", output=data / "new", dry_run=True),
        lambda data: gp.label(data / "b", by="..", output="new", dry_run=True),
        lambda data: gp.label(data / "a", by=".", output=BY_NAME, dry_run=True),
        lambda data: gp.benchmark("digits", test=".", output="new", dry_run=True),
        lambda data: gp.evaluate("digits-cgan", against=(gp.load(".")[0], None), output="new"),
        lambda data: gp.evaluate("digits-cgan", against=".", output="new"),
        lambda data: gp.train_reader("."),
        lambda data: gp.profile_writers("."),
        lambda data: gp.dataset_info(".", grid=True),
    ],
)
def test_what_would_lie_in_the_folder_that_is_read_is_refused(data, make):
    before = sorted(data.rglob("*"))
    with pytest.raises(gp.UsageError, match="would lie in .*, whose pictures are read: .*output="):
        make(data)
    assert sorted(data.rglob("*")) == before


def test_the_command_says_where_else(data):
    done = run_command("train", ".", "--model", "cgan", "--epochs", "1")
    assert done.returncode == 2 and "such as --output ../runs." in done.stderr
    done = run_command(
        "train", ".", "--model", "cgan", "--epochs", "1", "--dry-run", "--output", "../runs"
    )
    assert done.returncode == 0, done.stderr


def test_what_lies_elsewhere_or_in_a_set_of_ours_is_made_but_not_in_its_place(data):
    assert gp.augment(".", output="../new", total=4, dry_run=True)
    assert gp.augment("digits", output="new", total=20, dry_run=True)
    gp.load("digits")[1].save("../set")
    assert gp.augment("../set", output="../set/new", total=20, dry_run=True)
    info = read_json("../set/dataset.json")  # as of a set that was made, which `force` replaces
    del info["recipe"]  # of a set that was saved alone
    write_json("../set/dataset.json", info | {"made_from": {"recipe": "deformed"}})
    for made in (
        lambda: gp.augment("../set", output="../set", total=20, force=True),
        lambda: gp.label("digits", by="../set", output="../set", force=True),
    ):
        with pytest.raises(gp.UsageError, match="set is what is read, .*output='../set-made'"):
            made()
