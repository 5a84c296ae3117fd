"""Which of the pictures that were read are kept, and the sheet of all of them."""

import dataclasses
import shlex
import shutil

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.errors import UsageError
from ganprofile.figures.colours import TONES
from ganprofile.images import read_png
from ganprofile.recognition.overview import MOST_SHOWN, Overview
from ganprofile.recognition.reader import Reader
from ganprofile.recognition.shown import doubt_level, pictures_at

pytest.importorskip("cv2", reason="OpenCV is not installed")


class BySize:
    """Reads a 0 in everything, the more surely the more ink there is."""

    def predict_proba(self, images):
        sure = np.where(images.mean(axis=(1, 2, 3)) > 40, 0.9, 0.6)
        return np.stack([sure, 1 - sure], axis=1)


@pytest.fixture
def reader(tmp_path):
    return Reader(tmp_path, BySize(), {"class_names": ["0", "1"], "image_shape": [28, 28, 1]})


@pytest.fixture
def folder(tmp_path):
    """A stroke, a block and an empty picture, in an order that only numbers tell."""
    folder = tmp_path / "cells"
    folder.mkdir()
    for name, ink in {"10": None, "2": (40, 80), "1": (56, 60)}.items():
        picture = np.full((120, 120), 230, np.uint8)
        if ink is not None:
            picture[30:90, slice(*ink)] = 20
        Image.fromarray(picture).save(folder / f"{name}.png")
    (folder / "notes.txt").touch()
    return folder


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def framed(path):
    """How many pixels of the sheet have the colour of what is doubtful."""
    wanted = np.array([int(TONES["bad"].light[k : k + 2], 16) for k in (1, 3, 5)])
    return int((read_png(path)[..., :3] == wanted).all(axis=-1).sum())


def test_a_folder_is_read_in_the_order_of_its_numbers(folder, tmp_path):
    assert [one.name for one in pictures_at([folder])] == ["1.png", "2.png", "10.png"]
    with pytest.raises(UsageError, match="There is no picture"):
        pictures_at([tmp_path / "nowhere"])


def test_folders_beside_pictures_are_not_passed_over_in_silence(folder, capsys):
    for name in ("b", "a/deep", ".hidden", "empty"):
        (folder / name).mkdir(parents=True)
        if name != "empty":
            shutil.copy(folder / "1.png", folder / name / "7.png")
    assert [one.name for one in pictures_at([folder])] == ["1.png", "2.png", "10.png"]
    said = capsys.readouterr().err
    assert f"not looked into. Name them, too, to read what they hold: {folder}/a/deep" in said
    assert said.rstrip().endswith(f"{folder}/b.") and "hidden" not in said and "empty" not in said
    for name in ("1.png", "2.png", "10.png"):
        (folder / name).unlink()
    with pytest.raises(UsageError, match=f"Name these: {folder}/a/deep {folder}/b"):
        pictures_at([folder])


def test_folders_are_named_as_they_are_typed(folder, tmp_path):
    outer = tmp_path / "it's $HOME"
    shutil.copytree(folder, outer / "0")
    with pytest.raises(UsageError) as refused:
        pictures_at([outer])
    assert str(refused.value).endswith(f"Name these: {shlex.quote(str(outer / '0'))}.")


def test_what_is_shown_is_what_was_asked_for(reader, folder, tmp_path):
    shown = {}
    for show in ("none", "doubtful", "all"):
        read = gp.classify(folder, reader, output=tmp_path / show, show=show, progress=False)
        shown[show] = names(tmp_path / show)
        assert [one.shown and one.shown.name for one in read] == [
            f"{one.path.stem}.png" if f"{one.path.stem}.png" in shown[show] else None
            for one in read
        ]
    assert [one.doubtful for one in read] == [True, False, True], "of the last, nothing was read"
    assert shown["none"] == ["overview.png"]
    assert shown["doubtful"] == ["1.png", "10.png", "overview.png"]
    assert shown["all"] == ["1.png", "10.png", "2.png", "overview.png"]
    gp.classify(folder, reader, output=tmp_path / "all", show="doubtful", force=True)
    assert names(tmp_path / "all") == shown["doubtful"], "what is doubtful no longer goes"


def test_force_takes_nothing_that_no_reading_wrote(reader, folder, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "2.png").write_bytes(b"mine")
    gp.classify(folder, reader, output=mine, show="doubtful", force=True, sure=0.5)
    assert (mine / "2.png").read_bytes() == b"mine", "it is read surely"
    gp.classify(folder, reader, output=tmp_path / "all", show="all")
    gp.classify(folder, reader, output=tmp_path / "all", show="none", force=True)
    assert names(tmp_path / "all") == ["overview.png"]
    shutil.copy(folder / "1.png", folder / "overview.png")
    for force in (False, True):
        gp.classify(folder, reader, output=tmp_path / "none", show="none", force=force)
    assert names(tmp_path / "none") == ["overview.png"], "a picture is called so, too"


@pytest.mark.parametrize("loading", [{}, {"labels": "{label}/*"}])
def test_what_is_kept_beside_class_folders_is_no_class(reader, folder, tmp_path, loading, capsys):
    data = tmp_path / "data"
    for name in "ab":
        shutil.copytree(folder, data / name)
    gp.classify(data / "a", reader, output=data / "read", show="all")
    shutil.copytree(data / "b", data / "mine")
    shutil.copy(folder / "1.png", data / "mine" / "overview.png")  # a picture that is called so
    dataset = gp.load(data, image_size=28, **loading)[0]
    assert dataset.class_names == ("a", "b", "mine")
    said = "read is what classify kept of pictures that were read, and left out."
    assert said in " ".join(capsys.readouterr().err.split())
    without = gp.load(data, image_size=28, labels="none")[0]
    assert len(without) == len(dataset)
    itself = gp.load(data / "read", image_size=28, labels="none", invert="no")[0]
    assert len(itself) == 4


def test_pictures_of_one_name_are_shown_beside_each_other(reader, folder, tmp_path):
    Image.open(folder / "1.png").convert("L").save(folder / "1.jpg")
    shown = gp.classify(folder, reader, output=tmp_path / "out", show="all")
    assert names(tmp_path / "out") == [
        *("10.png", "2.png", "cells-1.jpg.png", "cells-1.png.png", "overview.png")
    ], [one.shown for one in shown]


def test_a_picture_of_one_row_or_column_is_drawn(reader, folder, tmp_path):
    for name, size in (("a", (1, 300)), ("b", (300, 1)), ("c", (1, 1))):
        Image.new("L", size, 255).save(folder / f"{name}.png")
    shown = gp.classify(folder, reader, output=tmp_path / "out", show="all")
    assert len(shown) == 6 and (tmp_path / "out" / "overview.png").is_file()


def test_sure_says_what_is_doubtful(reader, folder, tmp_path):
    def doubtful(**options):
        read = gp.classify(folder, reader, progress=False, **options)
        return [one["doubtful"] for picture in read for row in picture.rows for one in row]

    assert doubtful() == [True, False]
    assert doubtful(sure=0.5) == [False, False]
    assert doubtful(sure=0.95) == [True, True]


def test_the_card_says_what_is_doubtful():
    def level(*accuracies):
        levels = zip((0.9, 0.95, 0.99), accuracies, strict=True)
        sure = [{"level": level, "accuracy": right} for level, right in levels]
        return doubt_level({"calibration": {"images": 10, "sure": sure}})

    assert level(0.98, 0.992, 1.0) == 0.95
    assert level(0.9, 0.92, 0.98) == 0.99, "the highest, where none is enough"
    assert level(0.9, 0.92, None) == 0.95, "nothing was read so surely"


def test_a_student_is_not_judged_by_what_its_teachers_are_sure_of(reader, folder, capsys):
    sure = [{"level": 0.9, "accuracy": 1.0}]
    info = {"model": "student", "calibration": {"images": 10, "sure": sure}}
    assert doubt_level(info) == doubt_level({}) != doubt_level(info | {"model": "teachers"})
    student = dataclasses.replace(reader, info=reader.info | info)
    gp.classify(folder / "2.png", student, sure=0.9, show="none", progress=False)
    assert "was not held against images that it had not seen" in capsys.readouterr().err


def test_the_sheet_frames_what_is_doubtful(reader, folder, tmp_path):
    sheets = {}
    for sure in (0.5, 0.95):
        gp.classify(folder / "2.png", reader, output=tmp_path / f"{sure}", show="none", sure=sure)
        sheets[sure] = tmp_path / f"{sure}" / "overview.png"
    assert framed(sheets[0.5]) == 0
    assert framed(sheets[0.95]) > 100
    assert (read_png(sheets[0.5]) < 60).sum() > 500, "the character itself is there"


def test_the_sheet_ends_and_says_what_it_leaves_out(tmp_path):
    sheet, image = Overview(), np.zeros((28, 28, 1), np.uint8)
    for k in range(MOST_SHOWN + 7):
        one = {"label": "7", "probability": 0.5, "doubtful": k >= MOST_SHOWN + 4}
        sheet.add(tmp_path / f"{k}.png", [[(one, image)]])
    page = [{"label": "7", "probability": 0.9, "doubtful": True}] * 2
    sheet.add(tmp_path / "page.png", [[(one, image) for one in page]])
    first, second = sheet.sentences(0.7)
    assert first.startswith(f"{MOST_SHOWN + 9} characters of {MOST_SHOWN + 8} pictures, in the")
    assert "5 less sure than 70 %" in first
    assert second == "Not shown: 9 more, 5 doubtful."
    sheet.save(tmp_path / "sheet.png", 0.7)
    height, width = read_png(tmp_path / "sheet.png").shape[:2]
    assert width <= 1700 and height < 2500


def test_pictures_in_which_nothing_was_found_are_no_characters(tmp_path):
    sheet, image = Overview(), np.zeros((28, 28, 1), np.uint8)
    for k in range(MOST_SHOWN + 50):
        sheet.add(tmp_path / f"{k}.png", [], "it is no picture" if k % 2 else None)
    assert sheet.sentences(0.7) == [
        f"0 characters of {MOST_SHOWN + 50} pictures, in the order in which they were read; 0 less "
        "sure than 70 %: framed, with a ?.",
        f"Nothing was found in {MOST_SHOWN + 50} pictures: framed, too.",
        "Not shown: 50 pictures in which nothing was found.",
    ]
    one = {"label": "7", "probability": 0.5, "doubtful": True}
    sheet.add(tmp_path / "page.png", [[(one, image)] * 2])
    assert sheet.sentences(0.7)[2] == (
        "Not shown: 2 more, 2 doubtful, and 50 pictures in which nothing was found."
    )
    sheet.save(tmp_path / "sheet.png", 0.7)
    assert (read_png(tmp_path / "sheet.png") < 60).any()


def test_the_names_of_classes_stand_whole_below_characters(tmp_path):
    sheet, image = Overview(), np.zeros((28, 28, 1), np.uint8)
    for name in ("alif_maksura_begin", "x" * 40):
        one = {"label": name, "probability": 0.5, "doubtful": True}
        sheet.add(tmp_path / "a.png", [[(one, image)]])
    whole, cut = (cell.caption for _, cell in sheet.cells)
    assert whole == "alif_maksura_begin? 50 %" and "…" in cut


def test_pages_begin_a_line_with_their_name(tmp_path):
    one, image = {"label": "7", "probability": 0.9, "doubtful": False}, np.zeros((28, 28, 1), "u1")
    heights = []
    for rows in ([[(one, image)]], [[(one, image)] * 2]):
        sheet = Overview()
        for name in ("a.png", "b.png"):
            sheet.add(tmp_path / name, rows)
        sheet.save(tmp_path / "sheet.png", 0.7)
        heights.append(read_png(tmp_path / "sheet.png").shape[0])
    assert heights[1] > 1.5 * heights[0]
