"""Readers of characters that kept their sizes, on pages and on pictures of one character."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.augmentation import labelling
from ganprofile.datasets.capture.glyphs import KEPT
from ganprofile.recognition.found import Finder
from tests.planted import plant_teachers

LENGTHS = {"small": 65, "middling": 90, "large": 120}  # pixels of ink
SIDE = 28


def ring(canvas, top, left, length):
    rows, columns = np.mgrid[: canvas.shape[0], : canvas.shape[1]]
    distance = np.hypot(rows - top - length / 2, columns - left - length / 2)
    canvas[abs(distance - length / 2 + 4) <= 4] = 40


def scan(length, place=20):
    canvas = np.full((200, 200), 250, np.uint8)
    ring(canvas, place, place + 5, length)
    return canvas


def page(scale=1.0):
    """Two rows of rings of all sizes, as large as on the scans or by a factor."""
    canvas = np.full((round(420 * scale), round(620 * scale)), 250, np.uint8)
    for row in range(2):
        for column, length in enumerate(LENGTHS.values()):
            ring(canvas, scale * (40 + 200 * row), scale * (40 + 200 * column), scale * length)
    return canvas


@pytest.fixture
def reader(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, length in LENGTHS.items():
        (tmp_path / "scans" / name).mkdir(parents=True)
        for index in range(6):
            path = tmp_path / "scans" / name / f"{index}.png"
            Image.fromarray(scan(length + index - 3, 10 + 5 * index)).save(path)
    loading = {"photographs": "scans", "keep_size": "auto"}
    return gp.train_reader("scans", "k-nn", progress=False, **loading)


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.0])
def test_on_a_page_sizes_are_kept_beside_each_other(reader, tmp_path, scale):
    Image.fromarray(page(scale)).save(tmp_path / "page.png")
    (read,) = gp.classify("page.png", reader)
    assert [[one["label"] for one in row] for row in read.rows] == [list(LENGTHS)] * 2


@pytest.mark.parametrize("larger", [1, 20])
def test_pictures_of_one_character_are_read_at_the_scale_of_those_learned(reader, tmp_path, larger):
    """The larger ones are reduced before ink is looked for."""
    wide = np.full((200 * larger, 200 * larger), 250, np.uint8)
    for name, length in LENGTHS.items():
        wide[:200, :200] = scan(length)
        Image.fromarray(wide[: 200 if larger == 1 else None]).save(tmp_path / f"{name}.png")
    found = gp.classify([f"{name}.png" for name in LENGTHS], reader, single=True)
    assert [one.text for one in found] == list(LENGTHS)


def test_without_kept_sizes_all_fill_as_much(tmp_path):
    Image.fromarray(page()).save(tmp_path / "page.png")

    def longest(keep_size, single=False):
        rows = Finder(SIDE, single=single, keep_size=keep_size).find(tmp_path / "page.png").rows
        shown = [one.image > 100 for row in rows for one in row]
        return [int(image.any(axis=(1, 2)).sum()) for image in shown]

    assert max(longest(None)) - min(longest(None)) <= 2
    small, middling, large = longest("auto")[:3]
    assert middling == pytest.approx(SIDE * KEPT, abs=1)
    assert small == pytest.approx(SIDE * KEPT * 65 / 90, abs=2)  # strokes are made as broad
    assert large == pytest.approx(SIDE * KEPT * 120 / 90, abs=2)
    assert longest("auto", single=True) == longest(None, single=True)  # at no known scale


def test_what_was_chosen_labelled_or_saved_still_keeps_its_sizes(reader, monkeypatch):
    plant_teachers(monkeypatch)
    monkeypatch.setattr(labelling, "prepare", lambda *_: None)
    kept = {"photographs": "scans", "keep_size": "auto"}
    whole, _ = gp.load("scans", **kept)
    few = whole.select(np.arange(len(whole)) % 6 < 4)
    few.save("saved")
    gp.label(whole, by=few, output="labelled", progress=False)
    train = {"progress": False, "force": True, "output": "again"}
    for data, count, more in (
        (few, 12, {}),
        ("saved", 12, {}),
        ("labelled", 18, {}),
        (few, 18, {"unlabelled": whole}),
        ("scans", 18, {"subset": 4, "unlabelled": "scans", **kept}),
    ):
        again = gp.train_reader(data, "k-nn", **more, **train)
        assert again.info["keep_size"] == reader.info["keep_size"] > 80
        assert again.info["images"] == count
    plain, _ = gp.load("scans", photographs="scans")
    assert gp.train_reader(plain, "k-nn", **train).info["keep_size"] is None
