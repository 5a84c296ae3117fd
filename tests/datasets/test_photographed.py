"""`datasets import` of photographs: the characters on them become a dataset."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.imports import read_report
from tests.datasets.capture.test_page import bowls, drawn, page
from tests.datasets.capture.test_photo import paper, same, written
from tests.forked import run_forked

pytest.importorskip("cv2", reason="OpenCV is not installed")


@pytest.fixture(autouse=True)
def user_data(tmp_path, monkeypatch):
    """An empty user data folder."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))


@pytest.fixture
def digit(digits):
    """Embedded test images of one digit."""
    return lambda k: digits[1].images[digits[1].labels == k]


def saved(picture, folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(folder / name, quality=85)


def test_pages_of_one_class_each(digit, tmp_path):
    threes, rows = page(digit(3), (4, 5))
    saved(threes, tmp_path / "pages" / "3", "page.jpg")
    saved(page(digit(7), (6,))[0], tmp_path / "pages" / "7", "page.jpg")
    saved(np.full((300, 200, 3), 240, np.uint8), tmp_path / "pages" / "7", "empty.jpg")
    report = gp.import_dataset(tmp_path / "pages", "mine", photographs="pages")
    assert report["photographs"] == {"kind": "pages", "pictures": 2, "characters": 15}
    assert list(report["unreadable"]) == ["7/empty.jpg"]
    assert "shows no character" in report["unreadable"]["7/empty.jpg"]
    train_set, _ = gp.load("mine")
    assert train_set.class_counts().tolist() == [9, 6] and train_set.class_names == ("3", "7")
    assert train_set.image_shape == (28, 28, 1)
    assert train_set.attributes["file"].tolist() == ["3/page.jpg"] * 9 + ["7/page.jpg"] * 6
    assert train_set.describe_image(10) == "train 7/page.jpg, image 10 (class '7')"
    for image, k in zip(train_set.images, [*rows[0], *rows[1]], strict=False):
        assert np.corrcoef(image.ravel(), digit(3)[k].ravel())[0, 1] > 0.3


def test_what_is_left_out_of_pages_is_counted_and_said(tmp_path):
    dirt, marks = [(100, 80, 2), (500, 155, 2)], [(300, 160, 9), (200, 350, 9)]
    saved(drawn(bowls(), marks + dirt)[..., 0], tmp_path / "pages" / "b", "dirty.png")
    saved(drawn(bowls())[..., 0], tmp_path / "pages" / "t", "clean.png")
    gp.import_dataset(tmp_path / "pages", "mine", photographs="pages")
    said = (
        "3 pieces of ink on 2 pictures belong to no character and were left out, most of them on "
        "b/dirty.png: 2 thinner than the pen's stroke, 1 small and near no character."
    )
    assert said in read_report("mine")["assumed"]
    assert gp.load("mine")[0].class_counts().tolist() == [4, 4]


def test_one_character_each(digit, tmp_path):
    wanted = {}
    for k in (0, 4):
        for number, image in enumerate(digit(k)[:3]):
            picture = written(image, paper(slope=0.5, seed=number), (20, 30, 90))
            saved(picture, tmp_path / "cells" / str(k), f"{number}.jpg")
            wanted[f"{k}/{number}.jpg"] = image
    gp.import_dataset(tmp_path / "cells", "mine", photographs="characters", image_size=32)
    train_set, _ = gp.load("mine")
    assert train_set.image_shape == (32, 32, 1) and len(train_set) == 6
    gp.import_dataset(tmp_path / "cells", "small", photographs="characters")
    small, _ = gp.load("small")
    for image, file in zip(small.images, small.attributes["file"], strict=True):
        assert same(image, wanted[file]) > 0.7


def test_what_holds_no_picture_files_is_no_photograph(digit, tmp_path):
    np.savez(tmp_path / "mine.npz", images=digit(3), labels=np.full(len(digit(3)), 3))
    with pytest.raises(gp.errors.UsageError, match="for picture files. .*mine.npz is an .npz file"):
        gp.import_dataset(tmp_path / "mine.npz", "mine", photographs="pages")


@pytest.mark.slow
def test_the_command(digit, tmp_path):
    saved(page(digit(3), (4,))[0], tmp_path / "pages" / "3", "page.png")
    options = ["datasets", "import", tmp_path / "pages", "--name", "mine", "--photographs"]
    done = run_forked(*options, "pages")
    assert done.returncode == 0 and "characters: 4" in " ".join(done.stdout.split())
    assert read_report("mine")["photographs"]["characters"] == 4
    done = run_forked(*options, "sheets", "--force")
    assert done.returncode == 2 and "No --photographs 'sheets'. Known: scans," in done.stderr
    done = run_forked(*options, "pages", "--channels", "3", "--force")
    assert done.returncode == 2 and "makes grey images" in done.stderr


@pytest.mark.parametrize(("second", "joined"), [((-30, 30), True), ((-60, 60), False)])
def test_what_consists_of_parts_on_pages_is_said(tmp_path, capsys, second, joined):
    strokes = [
        [(x + 100 + left, y + 100 + down), (x + 100 + right, y + 100 + down)]
        for x in range(0, 900, 300)
        for y in range(0, 600, 300)
        for down, (left, right) in ((-30, (-60, 60)), (40, second))
    ]
    saved(drawn(strokes, shape=(600, 900))[..., 0], tmp_path / "pages" / "two", "page.png")
    train_set, _ = gp.load(tmp_path / "pages", photographs="pages")
    assert len(train_set) == (6 if joined else 12)
    said = capsys.readouterr().err
    assert "On 1 picture nearly all pieces stand in groups close together, such as 6 groups" in said
    assert ("were joined" in said) == joined
    assert ('say `photographs="characters"`' in said) != joined


def test_what_is_left_out_of_pictures_of_one_character_is_said(digit, tmp_path, capsys):
    for name in ("clean", "dirty"):
        picture = written(digit(3)[0], paper(), (20, 30, 90), size=84, top=20)
        if name == "dirty":
            picture[155:165, 100:112] = 20
        saved(picture, tmp_path / "cells" / "3", f"{name}.png")
    gp.load(tmp_path / "cells", photographs="characters")
    assert (
        "1 piece of ink on 2 pictures belong to no character and were left out, most of them on "
        "3/dirty.png: 1 small and far from the character. Look at their images"
    ) in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["characters", "pages"])
def test_light_ink_is_found_out_and_said(digit, tmp_path, capsys, kind):
    """A blackboard, or scans that were inverted."""
    made = {}
    for name, board in (("paper", False), ("board", True)):
        for label in (3, 8):
            picture = page(digit(label), (4, 5))[0]
            if kind == "characters":
                picture = written(digit(label)[0], paper(slope=0.2, seed=label), (20, 30, 90))
            folder = tmp_path / kind / name / str(label)
            folder.mkdir(parents=True)
            Image.fromarray(255 - picture if board else picture).save(folder / "0.png")
        made[name], _ = gp.load(tmp_path / kind / name, photographs=kind)
    said = capsys.readouterr().err
    assert "2 of 2 pictures show light ink on dark, such as 3/0.png, and were inverted" in said
    np.testing.assert_array_equal(made["board"].images, made["paper"].images)
    np.testing.assert_array_equal(made["board"].labels, made["paper"].labels)
