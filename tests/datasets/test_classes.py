"""A class without images is named and left out, and none is put in its place."""

import re
import shutil

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.classes import empty_classes, spelled_twice, without_empty_classes


@pytest.fixture
def hole(digits):
    """Three images of every digit but 3."""
    some = digits[0].subset(3)
    return some.select(some.labels != 3)


def test_a_class_without_images_is_left_out_by_name(hole, capsys):
    found = without_empty_classes(hole)
    assert "".join(found.class_names) == "012456789" and "class '3'" in capsys.readouterr().err
    names = np.array(hole.class_names)[hole.labels]
    assert np.array_equal(np.array(found.class_names)[found.labels], names)
    assert without_empty_classes(found) is found and capsys.readouterr().err == ""


def test_loading_names_it_and_keeps_its_place(hole, tmp_path, capsys):
    hole.save(tmp_path / "saved")
    loaded, _ = gp.load(tmp_path / "saved")
    assert empty_classes(loaded) == ("3",) and np.array_equal(loaded.labels, hole.labels)
    assert "no image of the class '3'" in capsys.readouterr().err


def test_what_is_trained_on_can_be_loaded_again_without_it(hole, tmp_path):
    hole.save(tmp_path / "saved")
    config = gp.train(str(tmp_path / "saved"), "cgan", dry_run=True, progress=False)
    assert config["conditions"] == {"label": 9} and "3" not in config["dataset"]["class_names"]
    again = gp.datasets.from_recipe(config["dataset"]["recipe"])
    assert again.fingerprint == config["dataset"]["fingerprint"]
    train_set, _ = gp.load_for_training(tmp_path / "saved", per_class=2)
    assert train_set.class_counts().tolist() == [2] * 9
    with pytest.raises(gp.UsageError, match="no image of the class '3'"):
        gp.load_for_training(tmp_path / "saved", classes=["3", "4"])


@pytest.mark.parametrize(
    "take", [lambda d: d.subset(2), lambda d: d.of_classes("3")], ids=["subset", "of_classes"]
)
def test_nothing_can_be_taken_of_it(hole, take):
    with pytest.raises(gp.UsageError, match="no image of the class '?3"):
        take(hole)


def test_a_run_knows_the_data_that_it_was_given(hole, tmp_path):
    config = gp.train(hole, "cgan", dry_run=True, progress=False)
    run = gp.Run(tmp_path, config)
    assert run.dataset(hole).class_names == tuple("012456789")


def test_test_images_of_a_class_that_is_not_learned_do_not_vanish(hole, digits):
    test = digits[1].subset(2)
    with pytest.raises(gp.UsageError, match="2 test images of the class '3', of which there is no"):
        gp.benchmark(hole, test=test, arms=("none",), dry_run=True)
    plan = gp.benchmark(
        hole, test=test.select(test.labels != 3), arms=("none",), per_class=2, dry_run=True
    )
    assert plan["settings"]["test_class_counts"] == [2] * 9


def test_labelling_leaves_it_out(hole, digits, tmp_path, capsys):
    plan = gp.label(digits[1].subset(2), by=hole, output=tmp_path / "out", dry_run=True)
    assert plan.info["labelled"] == 27 and "class '3'" in capsys.readouterr().err


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Class folders, of which nothing in `b` can be read."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    random = np.random.default_rng(0)
    for name in "abc":
        (tmp_path / "scans" / name).mkdir(parents=True)
        for k in range(4):
            pixels = np.zeros((20, 20), np.uint8)
            pixels[4:16, 4:16] = random.integers(150, 256, (12, 12))
            Image.fromarray(pixels).save(tmp_path / "scans" / name / f"{k}.png")
    for file in (tmp_path / "scans" / "b").iterdir():
        file.write_bytes(file.read_bytes()[:40])
    return tmp_path / "scans"


def test_an_import_leaves_out_a_class_that_cannot_be_read(folders, in_process):
    code, out, err = in_process("datasets", "import", folders, "--name", "mine")
    assert code == 0 and "class 'b': left out" in err and "no image of the class 'b'" in out
    assert gp.load("mine")[0].class_names == ("a", "c")
    report = gp.datasets.imported()[0]
    assert report["empty_classes"] == ["b"] and list(report["images_per_class"]) == ["a", "c"]


def test_an_import_leaves_out_a_class_that_was_all_duplicates(folders):
    for k in range(4):
        shutil.copy(folders / "a" / f"{k}.png", folders / "b" / f"{k}.png")
        shutil.copy(folders / "a" / f"{k}.png", folders / "a" / f"again-{k}.png")
    (folders / "a" / "own.png").write_bytes((folders / "c" / "0.png").read_bytes())
    (folders / "c" / "0.png").unlink()
    report = gp.import_dataset(folders, "mine", drop_duplicates=True)
    assert report["empty_classes"] == ["b"] and report["classes"] == 2
    assert "without duplicates no image is left of the class 'b'" in report["warnings"][-1]
    assert gp.load("mine")[0].class_names == ("a", "c")


def test_an_import_refuses_test_images_of_a_class_that_cannot_be_learned(folders, tmp_path):
    (tmp_path / "both").mkdir()
    folders.rename(tmp_path / "both" / "train")
    shutil.copytree(tmp_path / "both" / "train", tmp_path / "both" / "test")
    for k, file in enumerate(sorted((tmp_path / "both" / "test" / "b").iterdir())):
        Image.fromarray(np.eye(20, k=k, dtype=np.uint8) * 255).save(file)
    with pytest.raises(gp.UsageError, match="4 test images of the class 'b'"):
        gp.import_dataset(tmp_path / "both", "mine")


def test_classes_are_renumbered_where_all_are_named(digits):
    some = digits[0].of_classes("12")[:20]
    order = gp.datasets.relabelled(some, ("2", "1"))
    assert order.class_names == ("2", "1") and (order.labels == 1 - some.labels).all()
    with pytest.raises(gp.UsageError, match="name every class.*has images.*none called 2"):
        gp.datasets.relabelled(some, ("1", "7"))


def test_a_class_is_asked_for_by_its_name(digits):
    tens = gp.Dataset(digits[0].images[:6], np.arange(6) % 3, ("0", "10", "2"))
    assert tens.of_classes("10").class_names == tens.of_classes(10).class_names == ("10",)
    assert tens.of_classes([2, 0]).class_names == tens.of_classes("20").class_names == ("0", "2")
    both = gp.Dataset(digits[0].images[:6], np.arange(6) % 3, ("0", "1", "10"))
    with pytest.raises(gp.UsageError, match="'10' may be one class or the classes '1' '0'"):
        both.of_classes("10")
    assert both.of_classes(["10"]).class_names == ("10",)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["2", "২", "1", "১"], "'2' and '২' are classes of their own.*(2 numbers are written"),
        (["२", "2", "a"], "'२' and '2' are classes of their own"),
        (["01", "১", "2"], "'01' and '১' are classes"),
        (["১", "২", "a"], None),
    ],
)
def test_one_number_in_digits_of_two_scripts_is_said(names, said):
    found = spelled_twice("The labels of mine", names)
    assert len(found) == (said is not None)
    assert all(re.search(said.replace("(", r"\("), one) for one in found)
