"""Which characters a reader confuses, and how many more images of them might tell them apart."""

import dataclasses
import math
from typing import Any

import numpy as np

from ganprofile.console import counted
from ganprofile.datasets import Dataset
from ganprofile.datasets.folds import folds_of
from ganprofile.recipes.embedding import embedded, read_linearly
from ganprofile.recognition.calibration import Calibration

MOST = 5  # pairs, or classes, that are named
FEWEST_ERRORS = 2  # of one that is
FOLDS = 4
SHARES = (1 / 3, 2 / 3, 1.0)  # of the images of the other folds, from which others are read
FEWEST_IMAGES = 9  # of a class: there are two of it in the least share
MOST_ASKED = 4000  # images
FEWER = 1 / 3  # of the errors are to go
FLATTEST = 0.1  # exponent: below it errors hardly fall
STEP = 5  # numbers of images are rounded up to multiples of it


@dataclasses.dataclass(frozen=True)
class Confusion:
    """Two characters that were taken for each other.

    Attributes:
        classes: their names.
        errors: how often, of images that were not seen.
        images: how many of these there were of both.
        exponent: the b of errors that fall as n^-b with the number of images; None if not known.
        more: how many more images of each might leave a third fewer errors; None where errors
            hardly fall, or it is not known.
    """

    classes: tuple[str, str]
    errors: int
    images: int
    exponent: float | None
    more: int | None

    def sentence(self) -> str:
        """It in words."""
        one, other = self.classes
        said = f"{one} and {other} are confused: {self.errors} of {counted(self.images, 'image')}."
        if self.exponent is None:
            return said
        if self.more is None:
            return f"{said} More images alone would hardly tell them apart."
        return f"{said} {self.more} more of each might leave a third fewer errors."


@dataclasses.dataclass(frozen=True)
class Misread:
    """A character of which more images are wanted.

    Attributes:
        name: of its class.
        errors: how many of its images were misread, of those that were not seen.
        asked: how many these are, 0 where all networks learned from each, or from a copy of it.
    """

    name: str
    errors: int
    asked: int


def misread(real: Dataset, calibration: Calibration) -> list[dict[str, Any]]:
    """The classes that are misread most, the worst first, and those of which that is not known.

    Args:
        real: the labelled images.
        calibration: what was said of those that were not seen.

    Returns:
        What `Misread`s are made of, dicts of JSON values.
    """
    wrong = calibration.said.argmax(axis=1) != calibration.labels
    asked, errors = (
        np.bincount(labels, minlength=real.num_classes).tolist()
        for labels in (calibration.labels, calibration.labels[wrong])
    )
    found = [Misread(*one) for one in zip(real.class_names, errors, asked, strict=True)]
    worst = sorted(
        (one for one in found if one.errors >= FEWEST_ERRORS),
        key=lambda one: -one.errors / one.asked,
    )
    unknown = [
        one
        for one, count in zip(found, real.class_counts().tolist(), strict=True)
        if count and not one.asked
    ]
    return [dataclasses.asdict(one) for one in (*worst[:MOST], *unknown)]


def confused(real: Dataset, calibration: Calibration) -> list[dict[str, Any]]:
    """The pairs of classes that are taken for each other most, the worst first.

    Args:
        real: the labelled images.
        calibration: what was said of those that were not seen.

    Returns:
        What `Confusion`s are made of, dicts of JSON values.
    """
    labels, found = calibration.labels, calibration.said.argmax(axis=1)
    counts = np.zeros((real.num_classes,) * 2, int)
    np.add.at(counts, (labels, found), 1)
    pairs = np.triu(counts + counts.T, 1)
    worst = np.argsort(-pairs, axis=None, kind="stable")[:MOST]
    worst = [divmod(int(place), real.num_classes) for place in worst]
    worst = [pair for pair in worst if pairs[pair] >= FEWEST_ERRORS]
    if not worst:
        return []
    exponent = error_exponent(real)
    return [
        dataclasses.asdict(
            Confusion(
                (real.class_names[one], real.class_names[other]),
                int(pairs[one, other]),
                int(np.isin(labels, (one, other)).sum()),
                exponent,
                _more(np.isin(real.labels, (one, other)).sum() / 2, exponent),
            )
        )
        for one, other in worst
    ]


def _more(images: float, exponent: float | None) -> int | None:
    """Images of a class that leave so many fewer errors, beside those there are."""
    if exponent is None or exponent < FLATTEST:
        return None
    more = images * ((1 - FEWER) ** (-1 / exponent) - 1)
    return STEP * math.ceil(more / STEP)


def error_exponent(real: Dataset) -> float | None:
    """The b of errors that fall as n^-b with the number of images per class; None if not known.

    A linear discriminant of what pretrained weights see reads each fold, after a third, two thirds
    and all of the others. So the images themselves say how fast they teach, in seconds.

    Args:
        real: a labelled `Dataset`.
    """
    counts = real.class_counts()
    if counts[counts > 0].min() < FEWEST_IMAGES:
        return None
    random = np.random.default_rng(0)
    rows = np.sort(random.permutation(len(real))[:MOST_ASKED])
    seen, labels = embedded(real.images[rows]), real.labels[rows]
    folds = folds_of(labels, FOLDS, 0)
    errors = [_errors(seen, labels, folds, share) for share in SHARES]
    if min(errors) <= 0:
        return None
    slope, _ = np.polyfit(np.log(SHARES), np.log(errors), 1)
    return max(0.0, -float(slope))


def _errors(seen: Any, labels: Any, folds: Any, share: float) -> float:
    """Of the images of all folds, when so large a share of the others teaches."""
    wrong = 0
    for fold in range(FOLDS):
        own, taught = folds == fold, np.zeros(len(labels), bool)
        for label in np.unique(labels):
            rows = np.flatnonzero((labels == label) & ~own)
            taught[rows[: math.ceil(share * len(rows))]] = True
        classes, known = np.unique(labels[taught], return_inverse=True)
        said = classes[read_linearly(seen[taught], known, seen[own]).argmax(axis=1)]
        wrong += int((said != labels[own]).sum())
    return wrong / len(labels)
