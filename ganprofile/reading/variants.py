"""Ones as Europeans write them.

The ones of MNIST and EMNIST are bare strokes, for Americans wrote them. Elsewhere a one begins with
a stroke up to its tip, and may stand on a bar: to a reader that has never seen that, it is a seven.
"""

import dataclasses

import numpy as np

from ganprofile.capture.glyphs import distance, normalised, stroke_width
from ganprofile.capture.opencv import cv2

ONE, SEVEN = "1", "7"
SHARE = 0.5  # of the ones get an upstroke
FINE = 8  # times the side: strokes are drawn at this size
ANGLES = (25, 75)  # between the upstroke and the vertical, in degrees
LENGTHS = (0.2, 0.7)  # of the one's height; a flat upstroke is shorter
BENT = 0.05  # of the height: so far from straight, a standard deviation
BAR = 0.2  # of the ones with an upstroke also stand on a bar
BAR_LENGTHS = (0.3, 0.8)  # of the height
POINTS = 20  # of the drawn curve


def with_upstrokes(dataset, seed):
    """A dataset half of whose ones have an upstroke.

    Args:
        dataset: a labelled `Dataset`.
        seed: fixes which ones, and how they are written.

    Returns:
        A `Dataset`; the same where there is no class of ones or no sevens to take them for, or
        where the images are coloured or not square.
    """
    height, width, channels = dataset.image_shape
    if not {ONE, SEVEN} <= set(dataset.class_names) or channels != 1 or height != width:
        return dataset
    random = np.random.default_rng(seed)
    ones = np.flatnonzero(dataset.labels == dataset.class_names.index(ONE))
    images = dataset.images.copy()
    for k in random.permutation(ones)[: round(SHARE * len(ones))]:
        images[k] = with_upstroke(images[k], random)
    return dataclasses.replace(dataset, images=images)


def with_upstroke(image, random):
    """A one that is written with an upstroke.

    Args:
        image: uint8 `(side, side, 1)`, a bare stroke, 255 = ink.
        random: a NumPy generator.

    Returns:
        uint8 `(side, side, 1)`; the same if there is no ink.
    """
    side = len(image)
    size = (FINE * side, FINE * side)
    ink = cv2().resize(image[..., 0], size, interpolation=cv2().INTER_CUBIC) > 127
    if not ink.any():
        return image
    rows = np.flatnonzero(ink.any(axis=1))
    broad = max(1, round(stroke_width(distance(ink), ink)))
    # The stroke ends within the ink, and what is drawn may reach beyond the image.
    ends = [_end(ink, row, rows) for row in (rows[0] + broad // 2, rows[-1] - broad // 2)]
    canvas = np.pad(ink, size[0]).astype(np.uint8)
    for curve in _curves(*ends, len(rows), random):
        points = np.rint(curve + size[0]).astype(np.int32)
        cv2().polylines(canvas, [points], False, 1, broad)
    return normalised(canvas > 0, side)


def _end(ink, row, rows):
    """The middle `(x, y)` of the ink of a row near an end of the stroke."""
    row = int(np.clip(row, rows[0], rows[-1]))
    columns = np.flatnonzero(ink[row])
    return np.array([columns.mean() if len(columns) else ink.shape[1] / 2, row])


def _curves(tip, foot, height, random):
    """The upstroke and, now and then, a bar below, float arrays `(points, 2)` of x and y."""
    angle = np.radians(random.uniform(*ANGLES))
    length = height * random.uniform(*LENGTHS) * min(2.0, 0.7 / np.cos(angle))
    begin = tip + length * np.array([-np.sin(angle), np.cos(angle)])
    bend = (tip + begin) / 2 + random.normal(0, BENT * height, 2)
    part = np.linspace(0, 1, POINTS)[:, None]
    yield (1 - part) ** 2 * tip + 2 * part * (1 - part) * bend + part**2 * begin
    if random.random() < BAR:
        half = np.array([random.uniform(*BAR_LENGTHS) * height / 2, 0])
        yield np.stack([foot - half, foot + half])
