"""Whether images show the digits 0 to 9 that their classes are called after.

Many scripts have ten digits, and who sorts them calls the folders `0` to `9` as well. What is known
of MNIST's digits holds for theirs no more than for letters.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganprofile.datasets import Dataset, load
from ganprofile.datasets.capture.glyphs import normalised
from ganprofile.datasets.capture.opencv import cv2

# Of 200 digits of MNIST 90 % are read as they are called, of Chars74K 80 %, of UCI's in 8 x 8
# pixels 70 %; of Devanagari 30 %, of Bangla 25 %.
MOST = 0.5
KNOWN, ASKED = 50, 20  # images of each class
SIDE = 28
DIGITS = tuple("0123456789")
HALF = 127  # above which a pixel is ink


def share_western(dataset: Dataset) -> float:
    """The share of the images in classes called by digits that are read as they are called.

    The nearest neighbours among the digits of the package read some of each class, all in the form
    of photographed characters.

    Args:
        dataset: a labelled `Dataset` of square grey images.

    Returns:
        A mean over these classes, in 0..1; 0 where there is none.
    """
    shares = []
    for label, name in enumerate(dataset.class_names):
        images = dataset.images[np.asarray(dataset.labels) == label][:ASKED]
        if name in DIGITS and len(images):
            shares.append((_reader().predict(_formed(images)) == int(name)).mean())
    return float(np.mean(shares)) if shares else 0.0


@functools.cache
def _reader() -> Any:
    """A reader of the package's digits."""
    from ganprofile.classifiers.estimators import NeighboursClassifier

    digits = load("digits")[0].subset(KNOWN, seed=0)
    return NeighboursClassifier(digits.num_classes).fit(_formed(digits.images), digits.labels)


def _formed(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images as if they had been photographed, uint8 `(n, SIDE, SIDE, 1)`; paper stays paper."""
    formed = np.zeros((len(images), SIDE, SIDE, 1), np.uint8)
    for place, image in enumerate(images[..., 0]):
        size = (4 * SIDE, 4 * SIDE)
        ink = cv2().resize(image, size, interpolation=cv2().INTER_CUBIC) > HALF
        if ink.any():
            formed[place] = normalised(ink, SIDE)
    return formed
