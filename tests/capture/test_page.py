"""Pages of several characters: real digits, written in rows on squared paper in uneven light."""

import numpy as np
import pytest
from PIL import Image

from ganprofile.capture.page import characters

pytest.importorskip("cv2", reason="OpenCV is not installed")


PAPER, TABLE = (235, 230, 215), (95, 75, 60)


def page(images, rows, seed=0, slope=0, askew=0, table=PAPER):
    """A photographed page, uint8 of 900 x 1200 or, askew by some degrees, more, with a table around
    it, and its digits row by row."""
    random = np.random.default_rng(seed)
    sheet = np.ones((900, 1200, 3), np.float32) * np.float32(PAPER)
    sheet[::30] = sheet[:, ::30] = [200, 205, 225]
    written, chosen = [], iter(random.permutation(len(images)))
    for number, length in enumerate(rows):
        x, row = 50, [next(chosen) for _ in range(length)]
        for place, k in enumerate(row):
            size = int(random.integers(3, 6))
            ink = np.kron(images[k][..., 0], np.ones((size, size)))[..., None] / 255
            y = 60 + number * 200 + int(random.integers(-15, 15)) + slope * place
            part = sheet[y : y + 28 * size, x : x + 28 * size]
            part *= 1 - ink * (1 - np.float32([40, 50, 120]) / 255)
            x += 28 * size - 15
        written.append(row)
    picture = np.asarray(
        Image.fromarray(np.rint(sheet).astype(np.uint8)).rotate(
            -askew, Image.Resampling.BICUBIC, expand=True, fillcolor=table
        )
    )
    light = np.linspace(1, 0.5, picture.shape[1])[None, :, None]
    noisy = light * picture + random.normal(0, 3, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8), written


@pytest.mark.parametrize("slope", [0, 6], ids=["level", "sloping"])
def test_characters_come_in_reading_order(digits, slope):
    images = digits[1].images
    picture, written = page(images, (8, 5, 7, 6), slope=slope)
    found = characters(picture)
    assert [len(row) for row in found] == [8, 5, 7, 6]
    for row, numbers in zip(found, written, strict=True):
        for character, k in zip(row, numbers, strict=True):
            alike = np.corrcoef(character.image.ravel(), images[k].ravel())[0, 1]
            assert alike > 0.3
            top, left, bottom, right = character.box
            assert 0 <= top < bottom <= 1 and 0 <= left < right <= 1
        lefts = [character.box[1] for character in row]
        assert lefts == sorted(lefts)


@pytest.mark.parametrize("table", [PAPER, TABLE], ids=["paper all over", "on a table"])
@pytest.mark.parametrize(
    "degrees", [-25, *(pytest.param(other, marks=pytest.mark.slow) for other in (-8, 12, 25))]
)
def test_a_page_may_lie_askew(digits, degrees, table):
    images = digits[1].images
    askew, _ = page(images, (8, 5, 7), seed=2, askew=degrees, table=table)
    found = characters(askew)
    assert [len(row) for row in found] == [8, 5, 7]
    level = characters(page(images, (8, 5, 7), seed=2)[0])
    for row, others in zip(found, level, strict=True):
        for character, other in zip(row, others, strict=True):
            assert np.corrcoef(character.image.ravel(), other.image.ravel())[0, 1] > 0.7
            # The box shows where it stands on the page as it was.
            top, left, bottom, right = np.array(character.box) * np.tile(askew.shape[:2], 2)
            part = askew[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
            assert part.min() < 0.7 * np.median(part)


def test_specks_and_empty_paper(digits):
    picture, _ = page(digits[1].images, (5,), seed=1)
    for y, x in ((500, 300), (620, 900), (700, 100)):
        picture[y : y + 3, x : x + 3] = 20
    assert [len(row) for row in characters(picture)] == [5]
    assert characters(np.full((300, 200, 3), 240, np.uint8)) == []
