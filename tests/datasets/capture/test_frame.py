"""Cells with a printed frame: real digits whose strokes touch it."""

import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ganprofile.datasets.capture import photo
from ganprofile.datasets.capture.frame import without_frame
from ganprofile.datasets.capture.ink import FAINTEST, darkening, ink_mask

pytest.importorskip("cv2", reason="OpenCV is not installed")

HEIGHT, WIDTH, SIZE = 140, 100, 84
PAPER, PEN = 245.0, np.array([40.0, 50.0, 110.0])
LEFT, TOP, RIGHT, BOTTOM = range(4)


def drawn(image, touched, depth):
    """How much ink is where, float `(HEIGHT, WIDTH)` in 0..1: a digit that ends so far from sides.

    Args:
        image: uint8 `(28, 28, 1)`.
        touched: the sides.
        depth: its distance from these, in pixels.
    """
    big = Image.fromarray(image[..., 0]).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    levels = np.asarray(big) / 255
    rows, columns = (np.flatnonzero((levels > 0.5).any(axis=axis)) for axis in (1, 0))
    top, left = (HEIGHT - SIZE) // 2, (WIDTH - SIZE) // 2
    top = depth - rows[0] if TOP in touched else top
    top = HEIGHT - depth - 1 - rows[-1] if BOTTOM in touched else top
    left = depth - columns[0] if LEFT in touched else left
    left = WIDTH - depth - 1 - columns[-1] if RIGHT in touched else left
    share = np.zeros((HEIGHT + 2 * SIZE, WIDTH + 2 * SIZE))
    share[SIZE + top : 2 * SIZE + top, SIZE + left : 2 * SIZE + left] = levels
    return share[SIZE:-SIZE, SIZE:-SIZE]


def frame(sides, inset, breadth, askew=0.0):
    """Lines along sides, float `(HEIGHT, WIDTH)` in 0..1; all four end at one another."""
    lines = np.zeros((HEIGHT, WIDTH), np.uint8)
    for side in sides:
        np.rot90(lines, side)[:, inset : inset + breadth] = 255
    if len(sides) == 4:
        outer = np.pad(np.ones((HEIGHT - 2 * inset, WIDTH - 2 * inset), bool), inset)
        lines[~outer] = 0
    turned = Image.fromarray(lines).rotate(askew, Image.Resampling.BICUBIC)
    return np.asarray(turned) / 255


def cell(share, lines=0.0, grey=30, seed=0):
    """A photographed cell, uint8 `(HEIGHT, WIDTH, 3)`."""
    paper = np.full((HEIGHT, WIDTH, 3), PAPER)
    picture = paper * (1 - share[..., None] * (1 - PEN / PAPER))
    printed = paper * (1 - np.broadcast_to(lines, share.shape)[..., None] * (1 - grey / PAPER))
    noise = np.random.default_rng(seed).normal(0, 2, share.shape)[..., None]
    return np.clip(np.rint(np.minimum(picture, printed) + noise), 0, 255).astype(np.uint8)


def alike(some, others):
    """The correlation of each pair of images, float `(n,)`."""
    return np.array(
        [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(some, others, strict=True)]
    )


@pytest.mark.parametrize("touched", [(LEFT,), (TOP,), (RIGHT, BOTTOM)])
@pytest.mark.parametrize(
    ("sides", "inset", "breadth", "grey", "askew"),
    [
        (range(4), 4, 2, 20, 0.0),
        (range(4), 10, 3, 90, 1.5),
        (range(4), 0, 1, 140, 0.0),
        ("touched", 2, 2, 60, -0.8),
        ("touched", 12, 4, 20, 0.0),
    ],
    ids=["all around", "inset and askew", "a grey hairline", "one side", "broad"],
)
def test_a_stroke_may_touch_the_frame(digits, touched, sides, inset, breadth, grey, askew):
    sides = touched if sides == "touched" else sides
    found, wanted = [], []
    for k, image in enumerate(digits[1].images[:12]):
        share = drawn(image, touched, inset + breadth - 1)
        lines = frame(sides, inset, breadth, askew)
        found.append(photo.single(cell(share, lines, grey, k)))
        wanted.append(photo.single(cell(share, seed=k)))
    likeness = alike(found, wanted)
    assert np.median(likeness) > 0.93 and (likeness > 0.75).mean() > 0.9


@pytest.mark.parametrize("digit", [1, 4, 7])
def test_strokes_along_a_frame_are_kept(digits, digit):
    images = digits[1].images[digits[1].labels == digit][:10]
    for side in range(4):
        shares = [drawn(image, (side,), 9) for image in images]
        lines = frame((side,), 3, 2)
        found = [photo.single(cell(share, lines)) for share in shares]
        assert alike(found, [photo.single(cell(share)) for share in shares]).min() > 0.95


def test_a_picture_cut_out_close_around_a_character_has_no_frame(digits):
    """Bars of 7 and feet of 2 are as straight and as near the edge as frames are."""
    for k, image in enumerate(digits[1].images[np.isin(digits[1].labels, [2, 5, 7])][:40]):
        picture = cell(drawn(image, (), 0), seed=k)
        rows, columns = np.nonzero(picture.min(axis=-1) < 150)
        close = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        likeness = alike([photo.single(close)], [photo.single(picture)])
        assert likeness > 0.8


def test_a_stroke_that_crosses_the_frame_stays_whole(digits):
    lines = frame((BOTTOM,), 20, 2)
    images = digits[1].images[digits[1].labels == 9][:10]
    shares = [drawn(image, (BOTTOM,), 5) for image in images]
    found = [photo.single(cell(share, lines)) for share in shares]
    assert np.median(alike(found, [photo.single(cell(share)) for share in shares])) > 0.95


def test_an_empty_cell_is_empty_with_its_frame():
    paper = np.zeros((HEIGHT, WIDTH))
    assert not photo.single(cell(paper, frame(range(4), 6, 2))).any()


def strokes(*lines, wobble=0):
    """A character of straight strokes on light paper, uint8 `(120, 120)`; ends lie in 0..1."""
    random = np.random.default_rng(wobble)
    picture = Image.new("L", (120, 120), 235)
    for line in lines:
        ends = [tuple(120 * np.array(end) + random.uniform(-wobble, wobble, 2)) for end in line]
        ImageDraw.Draw(picture).line(ends, fill=40, width=6)
    return np.asarray(picture)


def box(low, high):
    corners = [(low, low), (high, low), (high, high), (low, high), (low, low)]
    return list(itertools.pairwise(corners))


WITHIN = [((0.5, 0.2), (0.5, 0.8)), ((0.2, 0.5), (0.8, 0.5))]
LETTER = [((0.05, 0.05), (0.05, 0.95)), ((0.05, 0.05), (0.95, 0.05)), ((0.05, 0.95), (0.95, 0.95))]
LETTER += [((0.05, 0.5), (0.8, 0.5))]
BOXES = {
    "a field": box(0.2, 0.8) + WITHIN,
    "a turn": box(0.2, 0.8) + box(0.4, 0.6),
    "a letter cut out close": LETTER,
}


@pytest.mark.parametrize("wobble", [0, 1])
@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("lines", BOXES.values(), ids=BOXES)
def test_straight_strokes_of_a_character_are_no_frame(lines, turns, wobble):
    """They are as broad as its others, and nothing lies beyond them."""
    picture = np.rot90(strokes(*lines, wobble=wobble), turns)
    dark = darkening(np.ascontiguousarray(picture)[..., None])
    ink = ink_mask(dark)
    assert (without_frame(ink, dark > FAINTEST) == ink).all()
