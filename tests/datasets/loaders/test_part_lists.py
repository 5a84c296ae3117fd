"""Lists of the pictures of a part beside class folders."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.errors import GanprofileError


@pytest.fixture
def classes(tmp_path):
    """Class folders A and B with pictures 0.png .. 3.png each, all different."""
    for row, name in enumerate("AB"):
        (tmp_path / name).mkdir()
        for k in range(4):
            pixels = np.zeros((8, 8), np.uint8)
            pixels[row + 2, k + 2] = 255
            Image.fromarray(pixels).save(tmp_path / name / f"{k}.png")
    return tmp_path


@pytest.mark.parametrize("labels", [None, "folders"])
@pytest.mark.parametrize("ending", [".png", ""])
def test_pictures_that_a_list_holds_out_are_the_test_part(classes, capsys, labels, ending):
    (classes / "testing_list.txt").write_text(f"A/0{ending}\nB/1{ending}\n")
    (classes / "validation_list.txt").write_text(f"A/2{ending}\n")
    train, test = gp.load(classes, labels=labels)
    assert train.attributes["file"].tolist() == [
        "A/1.png",
        "A/3.png",
        "B/0.png",
        "B/2.png",
        "B/3.png",
    ]
    assert test.attributes["file"].tolist() == ["A/0.png", "B/1.png"]
    said = capsys.readouterr().err
    assert "testing_list.txt" in said and "(2 of test, 5 of train, 1 of validation)" in said
    assert "the validation part is left out" in said


def test_pictures_of_no_list_are_left_out(classes, capsys):
    (classes / "train.txt").write_text("file\nA/0.png\nB/0.png\n")
    (classes / "test.txt").write_text("A/1.png\n")
    train, test = gp.load(classes)
    assert len(train) == 2 and len(test) == 1
    assert "5 pictures of no list are left out, such as A/2.png" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("test", "train", "sentence"),
    [
        ("A/0.png\nA/9.png\nA/1.png\n", "", r"row 2 names 'A/9\.png', which does not exist"),
        ("A/0.png\nB/1.png\n", "A/0.png\nB/0.png\n", r"lists 0\.png, which is of the test part"),
        ("A/0.png\nA/1.png\nA/2.png\nA/3.png\n", "", "test pictures of the class 'A' by its lists"),
    ],
)
def test_wrong_lists_are_refused(classes, test, train, sentence):
    (classes / "test.txt").write_text(test)
    (classes / "train.txt").write_text(train)
    with pytest.raises(GanprofileError, match=sentence):
        gp.load(classes)


def test_other_texts_are_no_lists(classes, capsys):
    """Labels of pictures, whatever they are called."""
    (classes / "test.txt").write_text("0\n1\n2\n")
    assert gp.load(classes, labels="folders")[1] is None
    assert "taken for those parts" not in capsys.readouterr().err
