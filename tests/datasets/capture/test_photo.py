"""Characters from photographs: real digits, drawn on paper that photographs badly."""

import numpy as np
import pytest

from ganprofile.datasets.capture import photo
from ganprofile.datasets.capture.glyphs import normalised
from ganprofile.images import grey_rows

pytest.importorskip("cv2", reason="OpenCV is not installed")

HEIGHT, WIDTH = 200, 160


def paper(light=(250, 250, 250), slope=0.0, ruled=None, noise=2.0, seed=0):
    """float32 `(HEIGHT, WIDTH, 3)`: its colour, how much darker it gets to the right, its lines."""
    sheet = np.ones((HEIGHT, WIDTH, 3), np.float32) * np.float32(light)
    if ruled is not None:
        sheet[::20] = sheet[:, ::20] = ruled
    sheet *= np.linspace(1, 1 - slope, WIDTH)[None, :, None]
    return sheet + np.random.default_rng(seed).normal(0, noise, sheet.shape)


def written(image, sheet, pen, size=112, top=40, left=20):
    """A digit of 28 x 28 in a pen's colour on a sheet, uint8."""
    ink = np.kron(image[..., 0], np.ones((size // 28, size // 28))) / 255
    share = np.zeros((HEIGHT, WIDTH, 1))
    share[top : top + size, left : left + size, 0] = ink
    drawn = sheet * (1 - share * (1 - np.float32(pen) / 255))
    return np.clip(np.rint(drawn), 0, 255).astype(np.uint8)


def same(found, image):
    """How alike the found image and the digit are, their correlation, each put in the same form."""
    wanted = normalised(image[..., 0] > 127)
    return np.corrcoef(found.ravel(), wanted.ravel())[0, 1]


@pytest.mark.parametrize(
    ("sheet", "pen"),
    [
        ({}, (20, 20, 20)),
        ({"slope": 0.7}, (20, 20, 20)),
        ({"light": (240, 220, 120)}, (30, 40, 160)),
        ({"ruled": (190, 205, 225)}, (20, 20, 60)),
        ({"light": (120, 120, 120), "noise": 5.0}, (60, 60, 60)),
        ({}, (120, 170, 235)),
    ],
    ids=["white", "shadow", "yellow", "squared", "dark and noisy", "pale blue pen"],
)
def test_a_digit_is_found_on_any_paper(digits, sheet, pen):
    alike = [
        same(photo.single(written(image, paper(**sheet, seed=k), pen)), image)
        for k, image in enumerate(digits[1].images[:40])
    ]
    assert np.median(alike) > 0.9 and np.quantile(alike, 0.1) > 0.7


def test_size_place_and_margins_do_not_matter(digits):
    image = digits[1].images[0]
    large = photo.single(written(image, paper(), (0, 0, 0), size=140, top=30, left=10))
    small = photo.single(written(image, paper(), (0, 0, 0), size=56, top=5, left=90))
    assert np.corrcoef(large.ravel(), small.ravel())[0, 1] > 0.9


def test_the_border_of_a_cell_and_specks_are_no_ink(digits):
    image = digits[1].images[1]
    clean = written(image, paper(), (0, 0, 0))
    framed = clean.copy()
    framed[:, -4:] = framed[:3] = 20
    framed[10:13, 140:143] = 0
    np.testing.assert_allclose(photo.single(framed), photo.single(clean), atol=60)


def test_the_form_is_that_of_mnist(digits):
    found = np.stack(
        [photo.single(written(image, paper(), (0, 0, 0))) for image in digits[1].images[:30]]
    )
    assert found.shape == (30, 28, 28, 1) and found.dtype == np.uint8
    boxes = [np.ptp(np.argwhere(image[..., 0] > 64), axis=0).max() + 1 for image in found]
    assert 18 <= min(boxes) <= max(boxes) <= 22
    rows = grey_rows(found)
    middle = (rows @ np.indices((28, 28)).reshape(2, -1).T) / rows.sum(axis=1, keepdims=True)
    assert np.abs(middle - 13.5).max() < 1.6
    assert 0.08 < rows.mean() < 0.2, "as much ink as MNIST has"


def test_empty_paper_gives_an_empty_image():
    empty = np.full((60, 40, 3), 255, np.uint8)
    assert photo.single(empty).shape == (28, 28, 1) and not photo.single(empty).any()


def test_a_large_photograph_is_reduced(digits):
    image = digits[1].images[2]
    small = written(image, paper(), (0, 0, 0))
    large = np.kron(small, np.ones((12, 12, 1), np.uint8))
    found, again = photo.single(small), photo.single(large)
    assert np.corrcoef(found.ravel(), again.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("lines", [(150, 155, 170), (110, 110, 130)], ids=["grey", "dark"])
def test_lines_from_edge_to_edge_are_no_ink(digits, lines):
    for number in range(10):
        image = digits[1].images[number]
        sheet = paper()
        for line in range(2):
            sheet[30 + line :: 61] = sheet[:, 25 + line :: 61] = lines
        assert same(photo.single(written(image, sheet, pen=(20, 20, 40))), image) > 0.8
