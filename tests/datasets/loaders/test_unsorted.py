"""Names of folders and labels that are no class by what they say."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.loaders.unsorted import is_unsorted
from ganprofile.errors import GanprofileError


def folders(root, *names):
    """A folder of class folders with as many pictures as they come in order, all different."""
    for number, name in enumerate(names):
        (root / name).mkdir(parents=True)
        for k in range(number + 1):
            pixels = np.zeros((8, 8), np.uint8)
            pixels[number % 8, k % 8] = 255
            Image.fromarray(pixels).save(root / name / f"{number}{k}.png")
    return root


def table(root, labels):
    folders(root, *(f"all/{k}" for k in range(len(labels))))
    rows = [f"all/{k}/{k}0.png,{label}" for k, label in enumerate(labels)]
    (root / "labels.csv").write_text("\n".join(["file,label", *rows, ""]))
    return root / "labels.csv"


@pytest.mark.parametrize(
    "name",
    [
        *("unlabelled", "Unlabeled images", "_unsorted", "To sort", "$RECYCLE.BIN", "@eaDir"),
        *("trash", "lost+found", "New folder", "New folder (2)", "rejected"),
    ],
)
def test_folders_that_nobody_sorted_are_left_out_and_said(tmp_path, capsys, name):
    folders(tmp_path, "A", "B", name)
    assert is_unsorted(name)
    assert gp.load(tmp_path)[0].class_names == ("A", "B")
    assert f"'{name}' is left out, no class by what it is called." in capsys.readouterr().err
    assert len(gp.load(tmp_path, labels="folders")[0].class_names) == 3
    assert f"'{name}'" not in capsys.readouterr().err
    assert len(gp.load(tmp_path, labels="none")[0]) == 6, "which needs no class"


@pytest.mark.parametrize("name", ["A", "other", "new", "sort", "folder", "?", "label"])
def test_other_names_are_kept(name):
    assert not is_unsorted(name)


def test_a_name_that_a_table_gives_is_a_class(tmp_path):
    folders(tmp_path, "A", "trash")
    (tmp_path / "classes.csv").write_text("folder,class_name\nA,A\ntrash,bin\n")
    assert gp.load(tmp_path)[0].class_names == ("A", "bin")


@pytest.mark.parametrize("name", ["other", "Unknown", "nan", "A - Copy", "A copy", "A (2)"])
def test_classes_that_may_be_none_are_named(tmp_path, capsys, name):
    folders(tmp_path, "A", "B", name)
    assert len(gp.load(tmp_path)[0].class_names) == 3
    said = capsys.readouterr().err
    assert f"'{name}' may, by what it is called, be no class" in said and "none (3)" in said


def test_a_folder_minus_one_is_named_beside_numbers(tmp_path, capsys):
    gp.load(folders(tmp_path / "three", "-1", "0", "1"))
    assert "'-1' may, by what it is called, be no class" in capsys.readouterr().err
    gp.load(folders(tmp_path / "two", "-1", "1"))
    gp.load(folders(tmp_path / "copy", "B", "A (2)"))
    assert "by what it is called" not in capsys.readouterr().err


@pytest.mark.parametrize("labels", [("0", "1", "-1", "2"), ("a", "b", "unlabelled", "b")])
def test_rows_without_labels_are_refused(tmp_path, labels):
    path = table(tmp_path, labels)
    with pytest.raises(GanprofileError, match=r"row 3 has the label .* none \(1 of 4 rows"):
        gp.load(path)
    assert len(gp.load(path, labels="none")[0]) == 4


def test_minus_one_and_one_are_two_classes(tmp_path):
    assert gp.load(table(tmp_path, ("1", "-1", "1")))[0].class_names == ("-1", "1")
