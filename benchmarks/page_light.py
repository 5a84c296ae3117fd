"""How many characters are found on photographed pages, whatever light falls on them.

    python benchmarks/page_light.py [--pages 3] [--output FILE]

Pages are made of the embedded digits, which real people wrote: eight rows of six, on paper that is
plain, squared or ruled, in a shadow or in light that falls off, on tables of several colours, whose
grain is seen. A character is found where a box overlaps its ink by half of both; what matches none
is too many. Three ways: `read_page`; the same whose paper is smoothed as widely as that of pictures
of one character, as it was before; OpenCV's adaptive threshold, with the pieces that are as large
as half of a character. Ten minutes on one core.
"""

import argparse
from pathlib import Path
from unittest import mock

import numpy as np
from kept import KeptRows

import ganprofile as gp
from ganprofile.console import markdown_table
from ganprofile.datasets.capture import ink, page
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.images import luminance

OUTPUT = Path(__file__).parent / "results" / "page_light.json"
ROWS, COLUMNS, PITCH, SIZE, MARGIN = 8, 6, 170, 95, 80  # pixels
PAPER, PEN, PENCIL = 225, 60, 145
SQUARED, RULED = (190, 205, 225), (120, 140, 190)
DARK, WOOD, PALE = (70, 50, 35), (150, 105, 70), (190, 180, 170)
AROUND = 200  # pixels of a table
SMALLEST = 0.5  # of the height of characters
HIT = 0.5  # of both boxes together is in both


def sheet(random, images, pen=PEN, lines=None):
    """A page as floats `(height, width, 3)`, and the boxes of its characters, `(n, 4)`."""
    height, width = ROWS * PITCH + 2 * MARGIN, COLUMNS * PITCH + 2 * MARGIN
    paper = np.full((height, width, 3), float(PAPER))
    for line in range(20, max(height, width), 40) if lines else ():
        paper[line : line + 2] = lines
        paper[:, line : line + 2] = lines
    boxes = []
    for place, k in enumerate(random.choice(len(images), ROWS * COLUMNS, replace=False)):
        corner = MARGIN + PITCH * np.array(divmod(place, COLUMNS))
        top, left = corner + random.integers(0, PITCH - SIZE - 30, 2)
        large = cv2().resize(images[k, ..., 0], (SIZE, SIZE), interpolation=cv2().INTER_CUBIC)
        ink_here = np.clip((large / 255.0 - 0.3) * 2.5, 0, 1)
        part = paper[top : top + SIZE, left : left + SIZE]
        part += ink_here[..., None] * (np.array([pen, pen, pen + 30.0]) - part)
        down, right = np.nonzero(ink_here > SMALLEST)
        boxes.append((top + down.min(), left + right.min(), top + down.max(), left + right.max()))
    return paper, np.array(boxes, float)


def on_table(random, paper, boxes, colour, grain):
    """The same seen askew on a table, whose grain has a standard deviation of so many levels."""
    height, width = paper.shape[:2]
    size = width + 2 * AROUND, height + 2 * AROUND
    streaks = cv2().GaussianBlur(random.normal(size=size[::-1]), (0, 0), sigmaX=25, sigmaY=1)
    table = np.array(colour) + (grain * streaks / streaks.std())[..., None]
    corners = np.float32([(0, 0), (width, 0), (width, height), (0, height)])
    seen = np.float32([(40, 0), (width - 20, 20), (width, height - 40), (0, height)]) + AROUND
    matrix = cv2().getPerspectiveTransform(corners, seen)
    there = cv2().warpPerspective(np.ones((height, width)), matrix, size)[..., None]
    picture = table * (1 - there) + cv2().warpPerspective(paper, matrix, size) * there
    ends = boxes[:, [1, 0, 3, 2]].reshape(-1, 1, 2).astype(np.float32)
    moved = cv2().perspectiveTransform(ends, matrix).reshape(-1, 4)
    return picture, moved[:, [1, 0, 3, 2]]


def shaded(picture, light, width):
    """A shadow over one side, whose edge is so many pixels wide."""
    down, right = np.indices(picture.shape[:2])
    shadow = (right + 0.4 * down > 0.75 * picture.shape[1]).astype(float)
    return picture * (1 - (1 - light) * cv2().GaussianBlur(shadow, (0, 0), width))[..., None]


def fading(picture):
    """Light that falls off towards a corner, to a quarter."""
    height, width = picture.shape[:2]
    down, right = np.indices((height, width)) / np.reshape((height, width), (2, 1, 1))
    return picture * (1 - 0.75 * (1 - right) * (0.5 + down / 2))[..., None]


def cases(random, images):
    """Name -> `(picture, boxes)`, as a photograph sees them."""
    plain, boxes = sheet(random, images)
    squared, on_squares = sheet(random, images, lines=SQUARED)
    ruled, on_lines = sheet(random, images, lines=RULED)
    pencil, in_pencil = sheet(random, images, PENCIL)
    tables = {
        f"on a {name} table, grain {grain}": on_table(random, plain, boxes, colour, grain)
        for name, colour in {"dark": DARK, "wooden": WOOD, "pale": PALE}.items()
        for grain in (5, 12)
    }
    dark, on_dark = tables["on a dark table, grain 5"]
    return {
        "plain": (plain, boxes),
        "pencil": (pencil, in_pencil),
        "pale squares": (squared, on_squares),
        "dark squares": (ruled, on_lines),
        "light that falls off": (fading(plain), boxes),
        "a soft shadow": (shaded(plain, 0.55, 40), boxes),
        "a hard shadow": (shaded(plain, 0.55, 2), boxes),
        "a deep shadow": (shaded(plain, 0.35, 3), boxes),
        "a shadow, pencil": (shaded(pencil, 0.55, 4), in_pencil),
        "a shadow, pale squares": (shaded(squared, 0.55, 4), on_squares),
        **tables,
        "a shadow, on a dark table": (shaded(dark, 0.55, 3), on_dark),
    }


def photographed(random, picture):
    """Blurred a little and noisy, uint8."""
    noisy = cv2().GaussianBlur(picture, (0, 0), 1) + random.normal(0, 4, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def ours(picture):
    """The boxes of `read_page`, in pixels."""
    height, width = picture.shape[:2]
    found = [one.box for row in page.read_page(picture).rows for one in row]
    return np.array(found).reshape(-1, 4) * (height, width, height, width)


def smoothed(picture):
    """The same with paper as of pictures of one character."""
    with mock.patch.object(page, "darkening", lambda picture, *_: ink.darkening(picture)):
        return ours(picture)


def thresholded(picture):
    """Boxes of OpenCV's adaptive threshold."""
    grey = luminance(picture)[..., 0]
    how = cv2().ADAPTIVE_THRESH_GAUSSIAN_C, cv2().THRESH_BINARY_INV
    mask = cv2().adaptiveThreshold(grey, 255, *how, 51, 15)
    _, _, boxes, _ = cv2().connectedComponentsWithStats(mask, connectivity=8)
    left, top, width, height, _ = boxes[1:].T
    large = np.maximum(width, height) > SMALLEST * SIZE
    return np.stack([top, left, top + height, left + width], axis=1)[large]


WAYS = {"read_page": ours, "smoothed widely": smoothed, "adaptive threshold": thresholded}


def matched(found, wanted):
    """How many of the wanted boxes are found, and how many found ones match none."""
    first = np.maximum(found[:, None, :2], wanted[:, :2])
    last = np.minimum(found[:, None, 2:], wanted[:, 2:])
    both = np.clip(last - first, 0, None).prod(axis=-1)
    of_found, of_wanted = ((some[:, 2:] - some[:, :2]).prod(axis=-1) for some in (found, wanted))
    hits = both > HIT * (of_found[:, None] + of_wanted - both)
    return int(hits.any(axis=0).sum()), int((~hits.any(axis=1)).sum())


def main():
    """Write the table and the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    kept = KeptRows.open(options.output)
    images = gp.load("digits")[1].images
    for number in range(options.pages):
        random = np.random.default_rng(number)
        for case, (picture, boxes) in cases(random, images).items():
            taken = photographed(random, picture)
            for way, find in WAYS.items():
                row = kept.rows.setdefault(case, {}).setdefault(way, {"found": [], "too_many": []})
                if len(row["found"]) <= number:
                    found, too_many = matched(find(taken), boxes)
                    row["found"].append(found)
                    row["too_many"].append(too_many)
            kept.keep(case, kept.rows[case])
    of = options.pages * ROWS * COLUMNS
    rows = [
        [case, *(f"{sum(row['found'])}, {sum(row['too_many'])}" for row in ways.values())]
        for case, ways in kept.rows.items()
    ]
    print(*markdown_table([[f"characters found of {of}, too many", *WAYS], *rows]), sep="\n")


if __name__ == "__main__":
    main()
