"""Characters from ink: each in the form in which MNIST has them."""

import numpy as np

from ganprofile.datasets.capture.opencv import cv2

BOX = 20 / 28  # of the side: what the longer side of a character fills in MNIST
KEPT = 17 / 28  # the same of a character of middling size, where all keep theirs
MARGIN = 1  # pixels of paper around one that would not fit
STROKE = 2.6 / 28  # of the side: how broad strokes are
FINE = 10  # times the side: strokes are made broader or thinner at this size
MOST_CHANGED = 0.06  # of the fine side: a blot stays a blot


def normalised(mask, side=28, filled=BOX, *, strokes=True, centred=True):
    """A character as an image of its own.

    It keeps its proportions.

    Args:
        mask: bool `(height, width)`, its ink, of any size, at least one place of it.
        side: of the image in pixels.
        filled: the share of it that the character's longer side fills, 20 of 28 in MNIST.
        strokes: whether its strokes are made as broad as MNIST's are.
        centred: whether its centre of mass lies in the middle, as MNIST's do, or its box.

    Returns:
        uint8 `(side, side, 1)`, 0 = paper, 255 = ink, smooth at the edges.
    """
    fine = _scaled(cropped(mask), side, filled)
    fine = _same_strokes(fine, side) if strokes else np.where(fine > 0.5, 255, 0).astype(np.uint8)
    fine = _in_the_middle(fine) if centred else fine
    return cv2().resize(fine, (side, side), interpolation=cv2().INTER_AREA)[..., None]


def kept_length(length, middling, side):
    """How long a character becomes where all keep their sizes, in pixels of its image.

    Args:
        length: of its longer side, in pixels of its picture.
        middling: the same of one of middling size, above 0.
        side: of the image in pixels.

    Example:
        >>> from ganprofile.datasets.capture.glyphs import kept_length
        >>> kept_length(40, 40, 28), kept_length(90, 40, 28)
        (17.0, 26)
    """
    return min(side * KEPT * length / middling, side - 2 * MARGIN)


def cropped(mask):
    """A mask without the empty rows and columns around its ink."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _scaled(mask, side, filled):
    """The character in the middle of a fine square, float32 in 0..1."""
    fine = FINE * side
    factor = filled * fine / max(mask.shape)
    height, width = (max(1, round(length * factor)) for length in mask.shape)
    big = cv2().resize(mask.astype(np.float32), (width, height), interpolation=cv2().INTER_CUBIC)
    square = np.zeros((fine, fine), np.float32)
    top, left = (fine - height) // 2, (fine - width) // 2
    square[top : top + height, left : left + width] = big
    return cv2().GaussianBlur(square, (0, 0), max(1.0, factor / 2))


def _same_strokes(fine, side):
    """Strokes made broader or thinner, uint8."""
    ink = fine > 0.5
    inside = distance(ink)
    wanted = STROKE * FINE * side
    grow = (wanted - stroke_width(inside, ink)) / 2
    grow = np.clip(grow, -MOST_CHANGED * FINE * side, MOST_CHANGED * FINE * side)
    # The distance to the edge, inside above 0: a stroke that grows takes in what lies near.
    signed = np.where(ink, inside - 0.5, 0.5 - distance(~ink))
    return np.where(signed > -grow, 255, 0).astype(np.uint8)


def distance(mask):
    """How far every place of a mask is from the next one beside it, in pixels, 0 beside it.

    Args:
        mask: bool `(height, width)`.
    """
    return cv2().distanceTransform(mask.astype(np.uint8), cv2().DIST_L2, 5)


def stroke_width(inside, ink):
    """How broad strokes are in pixels: twice the distance of their middle from their edge.

    Args:
        inside: the distance of every place of ink to paper.
        ink: bool, where there is ink.
    """
    highest = cv2().dilate(inside, np.ones((3, 3), np.uint8))
    middle = ink & (inside >= highest) & (inside > 1)
    return 2 * float(np.median(inside[middle])) if middle.any() else 1.0


def _in_the_middle(image):
    """Moved so that the centre of mass is in the middle; nothing is cut off."""
    total = image.sum(dtype=float)
    if not total:
        return image
    for axis in (0, 1):
        profile = image.sum(axis=1 - axis, dtype=float)
        place = (profile * np.arange(len(profile))).sum() / total
        steps = round((len(profile) - 1) / 2 - place)
        filled = np.flatnonzero(profile)
        steps = int(np.clip(steps, -filled[0], len(profile) - 1 - filled[-1]))
        image = np.roll(image, steps, axis)
    return image
