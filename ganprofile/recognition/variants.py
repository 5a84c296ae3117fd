"""Digits as they are written where MNIST's writers did not learn to write.

The ones of MNIST and EMNIST are bare strokes and their nines stand on straight stems, for Americans
wrote them. Elsewhere a one begins with a stroke up to its tip, and may stand on a bar; a nine ends
in a hook to the left, as a g does; a seven is crossed. To a reader that has never seen that, they
are sevens, eights and twos. Real digits get these strokes while a reader learns. Other scripts have
classes called `1` and `9`, too: whether images are such digits is seen by `recognition.western`.
"""

import dataclasses
from collections.abc import Callable

import numpy as np

from ganprofile.console import percent, say
from ganprofile.datasets.capture.glyphs import (
    BOX,
    MARGIN,
    cropped,
    distance,
    normalised,
    stroke_width,
)
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.reading_alike import kept_size
from ganprofile.recognition.found import usual_filled
from ganprofile.recognition.western import MOST, share_western

FINE = 8  # times the side: strokes are drawn at this size
POINTS = 20  # of the drawn curve

# Of upstrokes, and of the bars below ones:
ANGLES = (25, 75)  # between the upstroke and the vertical, in degrees
LENGTHS = (0.2, 0.7)  # of the one's height; a flat upstroke is shorter
BENT = 0.05  # of the height: so far from straight, a standard deviation
BAR = 0.2  # of the ones with an upstroke also stand on a bar
BAR_LENGTHS = (0.3, 0.8)  # of the height

# Of hooks, in shares of the nine's height:
DROPS = (0.0, 0.3)  # so far below the stem
WIDTHS = (0.2, 0.7)  # to the left
HOOKED = 0.4  # its lowest quarter is not so broad unless it has a hook
RISES = (-0.05, 0.35)  # of the end above the lowest point

# Of the bars across sevens:
BAR_PLACES = (0.4, 0.65)  # of the height, from the top
HALVES = (0.1, 0.28)  # of the height: half its length
SLOPES = (-0.35, 0.25)  # downwards to the right


@dataclasses.dataclass(frozen=True)
class Variant:
    """Another way to write a character.

    Attributes:
        character: a class name.
        rivals: the classes it is taken for; a dataset without all of them has no need of it.
        share: of the images of the class that get it.
        curves: of the ink, bool `(height, width)`, how broad its strokes are and a NumPy generator:
            what is added, float arrays `(points, 2)` of x and y.
        like: the classes it could not be told from; a dataset with one of them does without.
    """

    character: str
    rivals: frozenset
    share: float
    curves: Callable
    like: frozenset = frozenset()

    def fits(self, names):
        """Whether a dataset of these classes needs it and can have it."""
        return {self.character, *self.rivals} <= set(names) and not self.like & set(names)


def with_variants(dataset, seed, progress=False):
    """A dataset some of whose digits are written in other ways, too.

    Args:
        dataset: a labelled `Dataset`.
        seed: fixes which ones, and how they are written.
        progress: whether to say which digits are, or why none is.

    Returns:
        A `Dataset`; the same where no class has variants or those that they are taken for, where
        the images are coloured or not square, or where they do not show the digits that their
        classes are called after.
    """
    fitting = _fitting(dataset, progress)
    if not fitting:
        return dataset
    names = dataset.class_names
    random = np.random.default_rng(seed)
    images = dataset.images.copy()
    filled = None if kept_size(dataset) else usual_filled(images)  # else it tells them apart
    by_name = {one.character: one for one in fitting}
    for label, name in enumerate(names):
        own = np.flatnonzero(dataset.labels == label)
        variant = by_name.get(name, PLAIN)
        for k in random.permutation(own)[: round(variant.share * len(own))]:
            images[k] = as_variant(images[k], variant, random, filled)
    return dataclasses.replace(dataset, images=images)


def _fitting(dataset, progress):
    """The variants that some images can have and need; why, or why not, is said."""
    height, width, channels = dataset.image_shape
    fitting = [one for one in VARIANTS if one.fits(dataset.class_names)]
    if not fitting or channels != 1 or height != width:
        return []
    share = share_western(dataset)
    is_western = share > MOST
    if progress and is_western:
        said = ", ".join(f"{one.share:.0%} of {one.character}" for one in fitting)
        say(
            f"Some digits are learned as they are written in Europe, too: {said}. In the same "
            f"form, without such strokes, are {PLAIN.share:.0%} of all others redrawn."
        )
    elif progress:
        say(
            f"Classes are called as digits are, but a reader of such reads {percent(share)}% of "
            "their images so: they are learned as they are, without strokes that Europeans add."
        )
    return fitting if is_western else []


def as_variant(image, variant, random, filled=BOX):
    """A character that is written in another way.

    Args:
        image: uint8 `(side, side, 1)`, 255 = ink.
        variant: a `Variant`.
        random: a NumPy generator.
        filled: the share of the side that its longer side fills; None where it keeps its size.

    Returns:
        uint8 `(side, side, 1)`; the same if there is no ink.
    """
    side = len(image)
    size = (FINE * side, FINE * side)
    ink = cv2().resize(image[..., 0], size, interpolation=cv2().INTER_CUBIC) > 127
    if not ink.any():
        return image
    broad = max(1, round(stroke_width(distance(ink), ink)))
    # What is drawn may reach beyond the image.
    canvas = np.pad(ink, size[0]).astype(np.uint8)
    for curve in variant.curves(ink, broad, random):
        points = np.rint(curve + size[0]).astype(np.int32)
        cv2().polylines(canvas, [points], False, 1, broad)
    written = canvas > 0
    if filled is None:
        filled = min(max(cropped(written).shape) / size[0], 1 - 2 * MARGIN / side)
    return normalised(written, side, filled)


def _upstroke(ink, broad, random):
    """A stroke up to the tip of a one and, now and then, a bar below."""
    rows = np.flatnonzero(ink.any(axis=1))
    height = len(rows)
    # The strokes end within the ink.
    tip, foot = (_middle(ink, row) for row in (rows[0] + broad // 2, rows[-1] - broad // 2))
    angle = np.radians(random.uniform(*ANGLES))
    length = height * random.uniform(*LENGTHS) * min(2.0, 0.7 / np.cos(angle))
    begin = tip + length * np.array([-np.sin(angle), np.cos(angle)])
    bend = (tip + begin) / 2 + random.normal(0, BENT * height, 2)
    yield _bezier(tip, bend, bend, begin)
    if random.random() < BAR:
        half = np.array([random.uniform(*BAR_LENGTHS) * height / 2, 0])
        yield np.stack([foot - half, foot + half])


def _hook(ink, broad, random):
    """A hook from the foot of a nine to the left, round or with a corner."""
    rows = np.flatnonzero(ink.any(axis=1))
    height = len(rows)
    if np.ptp(np.flatnonzero(ink[rows[-1] - height // 4 :].any(axis=0))) > HOOKED * height:
        return  # more of a hook would make an eight
    foot = _middle(ink, rows[-1] - broad // 2)
    above = _middle(ink, rows[-1] - broad // 2 - height // 6)
    along = (foot - above) / max(foot[1] - above[1], 1)
    drop, width, rise = (height * random.uniform(*some) for some in (DROPS, WIDTHS, RISES))
    lowest = foot[1] + drop
    turn = foot + along * drop * random.uniform(0.5, 1.5)
    bottom = np.array([foot[0] - width * random.uniform(0.4, 1), lowest + drop / 4])
    end = np.array([foot[0] - width, lowest - rise])
    yield _bezier(foot, turn, bottom, end)


def _bar(ink, broad, random):
    """A bar across the stem of a seven."""
    rows = np.flatnonzero(ink.any(axis=1))
    height = len(rows)
    stem = _middle(ink, rows[0] + round(random.uniform(*BAR_PLACES) * height))
    half = height * random.uniform(*HALVES) * np.array([1, random.uniform(*SLOPES)])
    aside = np.array([random.normal(0, BENT * height), 0])
    yield np.stack([stem + aside - half, stem + aside + half])


def _middle(ink, row):
    """The middle `(x, y)` of the ink of a row."""
    row = int(np.clip(row, 0, len(ink) - 1))
    columns = np.flatnonzero(ink[row])
    return np.array([columns.mean() if len(columns) else ink.shape[1] / 2, row])


def _bezier(begin, first, second, end):
    """A cubic curve, float `(POINTS, 2)`."""
    part = np.linspace(0, 1, POINTS)[:, None]
    rest = 1 - part
    return rest**3 * begin + 3 * rest * part * (rest * first + part * second) + part**3 * end


# What is drawn comes in the form of photographed characters. So do some of all others, lest that
# form alone says which character it is.
PLAIN = Variant("", frozenset(), 0.3, lambda *_: ())
VARIANTS = (
    Variant("1", frozenset("7"), 0.5, _upstroke),
    Variant("9", frozenset("8"), 0.4, _hook, like=frozenset("g")),
    Variant("7", frozenset("2"), 0.3, _bar),
)
