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


PARTS = {  # strokes, from which place to which
    "い": [((110, 110), (120, 290)), ((280, 130), (290, 240))],
    "ハ": [((160, 130), (90, 290)), ((240, 130), (310, 290))],
    "二": [((140, 140), (260, 140)), ((90, 280), (310, 280))],
    "川": [((100, 110), (90, 280)), ((200, 110), (200, 260)), ((300, 110), (310, 290))],
    "三": [((110, 110), (290, 110)), ((130, 200), (270, 200)), ((90, 290), (310, 290))],
    "小": [((200, 100), (200, 300)), ((140, 180), (90, 260)), ((260, 180), (320, 260))],
    ":": [((200, 110), (202, 110)), ((200, 290), (202, 290))],
}


def stroked(strokes, margin=None):
    """A picture of strokes, cut out so many pixels around them where that is said."""
    cv2 = pytest.importorskip("cv2")
    picture = np.full((400, 400), 235, np.uint8)
    for start, end in strokes:
        cv2.line(picture, start, end, 20, 14)
    if margin is not None:
        (top, left), (bottom, right) = (
            find(np.argwhere(picture < 128), axis=0) for find in (np.min, np.max)
        )
        rows, columns = (
            slice(top - margin, bottom + 1 + margin),
            slice(left - margin, right + 1 + margin),
        )
        picture = picture[rows, columns]
    return picture[..., None]


def number_of_parts(image):
    return pytest.importorskip("cv2").connectedComponents((image > 127).astype(np.uint8))[0] - 1


@pytest.mark.parametrize("margin", [None, 5])
@pytest.mark.parametrize("character", PARTS)
def test_all_parts_of_a_character_are_kept_however_far_apart(character, margin):
    image, left_out = photo.read_single(stroked(PARTS[character], margin), side=64)
    assert number_of_parts(image) == len(PARTS[character]) and not left_out


def test_what_belongs_to_another_character_is_left_out_and_counted():
    picture = stroked(PARTS["い"])
    picture[100:260, 394:] = picture[15:40, 340:346] = 30  # a neighbour's stroke, and dirt
    image, left_out = photo.read_single(picture, side=64)
    assert left_out == {photo.CUT_OFF: 1, photo.FAR: 1}
    np.testing.assert_array_equal(image, photo.single(stroked(PARTS["い"]), side=64))


CUT_TO_INK = PARTS | {
    "=": [((90, 140), (310, 140)), ((90, 280), (310, 280))],
    "≡": [((90, 110), (310, 110)), ((90, 200), (310, 200)), ((90, 290), (310, 290))],
    "|||": [((100, 110), (100, 290)), ((200, 110), (200, 290)), ((300, 110), (300, 290))],
    "十": [((90, 200), (310, 200)), ((200, 90), (200, 310))],
    "L": [((120, 90), (120, 310)), ((120, 310), (280, 310))],
    "口": [
        ((90, 90), (310, 90)),
        ((310, 90), (310, 310)),
        ((310, 310), (90, 310)),
        ((90, 310), (90, 90)),
    ],
}


@pytest.mark.parametrize("character", CUT_TO_INK)
def test_pictures_cut_exactly_to_the_ink_keep_all_strokes(character):
    exact, with_paper = (
        photo.single(stroked(CUT_TO_INK[character], margin), side=64) for margin in (0, 80)
    )
    likeness = np.corrcoef(exact.ravel(), with_paper.ravel())[0, 1]
    assert number_of_parts(exact) == number_of_parts(with_paper) and likeness > 0.7


def test_a_cell_cut_at_its_frame_has_none(digits):
    """An empty one shows nothing, and what is written into another is all that stays."""
    framed = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    framed[:3] = framed[-3:] = framed[:, :3] = framed[:, -3:] = 20
    assert not photo.single(framed).any()
    image = digits[1].images[1]
    clean = written(image, paper(), (0, 0, 0))
    np.testing.assert_array_equal(
        photo.single(np.minimum(clean, framed)), photo.single(np.minimum(clean, 250))
    )
