"""Pictures as people have them: chalk, scans of several pages, files that cannot be read."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.capture.glyphs import BOX
from ganprofile.datasets.capture.ink import has_light_ink
from ganprofile.errors import GanprofileError
from ganprofile.reading_order import in_reading_order
from ganprofile.recognition.found import Finder, usual_filled
from ganprofile.recognition.reader import Reader
from tests.datasets.capture.test_page import TABLE, bowls, drawn, page

pytest.importorskip("cv2", reason="OpenCV is not installed")


class SaysTheSame:
    """Reads its first class in everything."""

    def predict_proba(self, images):
        return np.tile(np.float32([0.9, 0.1]), (len(images), 1))


def reader_of(*names, path="a reader"):
    return Reader(path, SaysTheSame(), {"class_names": list(names), "image_shape": [28, 28, 1]})


@pytest.fixture
def cell(digits, tmp_path):
    """A picture of one digit, and its path."""
    picture = 255 - np.kron(digits[1].images[3][..., 0], np.ones((4, 4), np.uint8))
    Image.fromarray(picture).save(tmp_path / "cell.png")
    return picture, tmp_path / "cell.png"


@pytest.mark.parametrize("single", [True, False], ids=["a cell", "a page"])
def test_light_ink_is_read_as_dark_ink_is(digits, cell, single, tmp_path, capsys):
    picture = cell[0] if single else page(digits[1].images, (6, 5))[0]
    dark, light = tmp_path / "ink.png", tmp_path / "chalk.png"
    Image.fromarray(picture).save(dark)
    Image.fromarray(255 - picture).save(light)
    finder = Finder(28, single=single)
    wanted, found = (
        [one.image for row in finder.find(path).rows for one in row] for path in (dark, light)
    )
    assert len(wanted) == len(found) == (1 if single else 11)
    np.testing.assert_array_equal(wanted, found)
    gp.classify([dark, light], reader_of("0", "1"), single=single, progress=False)
    said = capsys.readouterr().err
    assert "chalk.png shows light ink on dark paper" in said and "ink.png shows" not in said


def test_ink_that_may_be_a_character_and_is_read_as_none_is_said(tmp_path, capsys):
    small = [(450, 320), (470, 330), (450, 340)]
    for name, strokes in (("clean", bowls()), ("odd", [*bowls(), small])):
        Image.fromarray(drawn(strokes)[..., 0]).save(tmp_path / f"{name}.png")
        (read,) = gp.classify(tmp_path / f"{name}.png", reader_of("0", "1"), progress=False)
        assert [len(row) for row in read.rows] == [4]
        said = capsys.readouterr().err
        assert ("1 as large as a small character, but in no row" in said) == (name == "odd")


def test_characters_that_the_edge_of_a_page_may_cut_off_are_said(digits, tmp_path, capsys):
    whole, _ = page(digits[1].images, (6, 6), seed=1)
    for name, picture in (("whole", whole), ("cropped", whole[:, 90:])):
        Image.fromarray(picture).save(tmp_path / f"{name}.png")
        gp.classify(tmp_path / f"{name}.png", reader_of("0", "1"), progress=False)
        said = capsys.readouterr().err
        assert ("cropped.png shows 1 character at its edge" in said) == (name == "cropped"), said


@pytest.mark.parametrize("table", [TABLE, (20, 20, 20)], ids=["brown", "black"])
def test_a_dark_table_around_a_page_is_no_dark_paper(digits, table):
    picture, _ = page(digits[1].images, (6, 5), askew=15, table=table)
    assert not has_light_ink(picture)


@pytest.mark.parametrize("level", [0, 120, 255])
def test_nothing_is_found_where_there_is_only_paper(level, tmp_path):
    noise = np.random.default_rng(0).normal(level, 3, (300, 200))
    for number, picture in enumerate((np.full((300, 200), level), noise)):
        path = tmp_path / f"{number}.png"
        Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path)
        assert not has_light_ink(np.asarray(Image.open(path))[..., None])
        if not number:
            assert not any(Finder(28, single=single).find(path).rows for single in (True, False))


def test_what_cannot_be_read_stops_no_others(cell, in_process, tmp_path, monkeypatch):
    whole = cell[1].read_bytes()
    (tmp_path / "broken.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "IMG_1.HEIC").write_bytes(b"of a phone")
    found = gp.classify([tmp_path], reader_of("0", "1"), single=True, output=tmp_path / "seen")
    broken, read = found
    assert read.text == "0" and read.problem is None and read.shown
    assert broken.problem and broken.doubtful and broken.text == "" and broken.shown is None
    with pytest.raises(GanprofileError, match="is not a readable PNG"):
        gp.classify([tmp_path / "broken.png"], reader_of("0", "1"))
    with pytest.raises(GanprofileError, match="Save it as one of these"):
        gp.classify([tmp_path / "IMG_1.HEIC"], reader_of("0", "1"))
    monkeypatch.setattr(gp, "classify", lambda *_, **__: found)
    code, out, said = in_process("classify", tmp_path)
    assert code == 1 and "0 90 %" in out and "unreadable" in out
    assert "broken.png is not a readable" in said and "The other pictures were read" in said
    lines = [[{"label": "a\nb", "probability": 1}]]
    found[:] = [
        broken,
        broken,
        dataclasses.replace(read, rows=lines),
    ]
    _, out, said = in_process("classify", tmp_path)
    assert "1 more is as it is; the other pictures were read." in said
    assert r"a\nb 100 %" in out and found[-1].text == r"a\nb"


def test_what_is_passed_over_is_named(cell, tmp_path, capsys):
    (tmp_path / "IMG_1.HEIC").write_bytes(b"of a phone")
    gp.classify([tmp_path], reader_of("0", "1"), single=True)
    assert "IMG_1.HEIC" in capsys.readouterr().err


def test_of_a_file_of_several_pictures_it_is_said_which_is_read(cell, tmp_path, capsys):
    first = Image.fromarray(cell[0])
    first.save(tmp_path / "scan.tif", save_all=True, append_images=[first, first])
    gp.classify([tmp_path / "scan.tif"], reader_of("0", "1"), single=True)
    assert "scan.tif holds 3 pictures, of which the first was read" in capsys.readouterr().err


def test_a_row_of_a_script_that_runs_from_the_right_is_read_from_there(digits, tmp_path):
    picture, _ = page(digits[1].images, (5,))
    Image.fromarray(picture).save(tmp_path / "row.png")
    for names, from_left in ((("a", "b"), True), (("ب", "ت"), False), (("٣", "٤"), True)):
        (read,) = gp.classify([tmp_path / "row.png"], reader_of(*names))
        lefts = [one["box"][1] for one in read.rows[0]]
        assert lefts == sorted(lefts, reverse=not from_left)


@pytest.mark.parametrize(
    ("row", "read"),
    [
        ("abc", "abc"),
        ("גבא", "אבג"),
        ("12א", "א12"),
        ("ב34א", "א34ב"),
        ("12/05א", "א12/05"),
        ("10-11.5א", "א10-11.5"),
        ("$50%א", "א$50%"),
        ("א-12", "12-א"),
        ("3.5ب", "ب3.5"),
        ("٣٤-٢٣ب", "ب٢٣-٣٤"),  # a range runs from the right there
        ("12", "12"),
        ("", ""),
    ],
)
def test_numbers_run_from_the_left_in_every_script(row, read):
    places = in_reading_order([{"label": label} for label in row])
    assert "".join(row[place] for place in places) == read
    back = in_reading_order([{"label": label} for label in read])
    assert "".join(read[place] for place in back) == row


def test_photographs_fill_as_much_as_the_images_that_were_learned(digits, cell):
    def filling(high, wide=10):
        images = np.zeros((20, 28, 28, 1), np.uint8)
        for image, height in zip(images, np.broadcast_to(high, 20), strict=True):
            image[:height, :wide] = 255
        return images

    assert usual_filled(filling(28)) == 1.0
    assert usual_filled(filling(12)) == pytest.approx(12 / 28)
    for as_in_mnist in (20, 19, np.arange(8, 28)):  # as large, about as large, of all sizes
        assert usual_filled(filling(as_in_mnist)) == BOX
    assert usual_filled(filling(0)) == BOX and usual_filled(digits[0].images) == BOX
    image = Finder(28, 1.0, single=True).find(cell[1]).rows[0][0].image
    assert max(np.ptp(np.flatnonzero(image.any(axis=(axis, 2)))) for axis in (0, 1)) >= 26


def test_a_reader_of_characters_that_fill_their_images_reads_photographs(digits, tmp_path):
    tight = []
    for image in digits[0].images:
        rows, columns = (np.flatnonzero(image.any(axis=(axis, 2))) for axis in (1, 0))
        crop = Image.fromarray(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, 0])
        sheet = Image.new("L", (max(crop.size),) * 2)
        sheet.paste(crop, tuple((max(crop.size) - side) // 2 for side in crop.size))
        tight.append(np.asarray(sheet.resize((28, 28)))[..., None])
    dataset = gp.Dataset(
        images=np.stack(tight),
        labels=digits[0].labels,
        class_names=digits[0].class_names,
        name="tight",
    )
    reader = gp.train_reader(dataset, "k-nn", variants=False, output=tmp_path / "r", progress=False)
    assert reader.info["filled"] > 0.9
    paths = [tmp_path / f"{k}.png" for k in range(60)]
    for path, image in zip(paths, digits[1].images, strict=False):
        Image.fromarray(255 - np.kron(image[..., 0], np.ones((4, 4), np.uint8))).save(path)
    found = gp.classify(paths, reader, single=True, progress=False)
    right = [one.text == str(label) for one, label in zip(found, digits[1].labels, strict=False)]
    assert np.mean(right) > 0.7


def test_a_page_in_the_place_of_one_character_is_said(digits, cell, tmp_path, capsys):
    Image.fromarray(page(digits[1].images, (6, 5))[0]).save(tmp_path / "page.png")
    gp.classify([tmp_path / "page.png"], reader_of("0", "1"), single=True, progress=False)
    assert "page.png seems to hold 11 characters, of which one was" in capsys.readouterr().err
    gp.classify([cell[1]], reader_of("0", "1"), single=True, progress=False)
    assert "seems to hold" not in capsys.readouterr().err
