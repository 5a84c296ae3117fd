"""Which range numbers of pixels are of, by the least and the greatest of them.

For all that is given images as numbers: datasets, transforms, the Keras layer and the over-sampler.
What works inside a compiled step is written for tensors, too.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ganprofile.transforms.arrays import Tensor, namespace

UNIT, BYTES = (0.0, 1.0), (0.0, 255.0)
KNOWN_RANGES = (UNIT, (-1.0, 1.0), (-0.5, 0.5), BYTES)  # no two fit the same numbers
NOISE = 1e-3  # what arithmetic adds to the ends of a range
REACHED = 0.9  # of the end below 0, else 0 is not the middle of the range
FAINT = 128  # the greatest level of 0..255 is no less; below, it is the top of a scale of its own
LOOKED_AT = 20  # images whose edges tell the level of paper
NEAR = 0.3  # of an extent, by which paper may lie inside of it: what a resize shoots over


def fits(known: Sequence[float], low: Any, high: Any) -> Any:
    """Whether numbers, of which the least and the greatest are given, are of a known range."""
    zero, one = known
    inside = (low >= zero - NOISE) & (high <= one + NOISE)
    if zero < 0:  # images less their mean may reach one of the ends
        return inside & (low <= REACHED * zero) & (high >= one / 2)
    return inside & (high >= FAINT) if one > FAINT else inside


def is_known(low: float, high: float) -> bool:
    """Whether these are the ends of a known range."""
    return (low, high) in KNOWN_RANGES


def recognised_range(images: Tensor) -> tuple[Tensor, Tensor]:
    """The range of pixels `(n, height, width, channels)`, `(low, high)`: a known one, else that of
    these very images, beginning or ending at the level of the paper that their edges show."""
    ops = namespace(images)
    low, high = ops.min(images), ops.max(images)
    fitting = [(known, fits(known, low, high)) for known in KNOWN_RANGES]
    if isinstance(images, np.ndarray):
        found = [known for known, is_it in fitting if is_it]
        return found[0] if found else _own_range(images, low, high)
    low, high = _own_range(images, low, high)
    for known, is_it in fitting:
        low, high = ops.where(is_it, known[0], low), ops.where(is_it, known[1], high)
    return low, high


def _own_range(images: Tensor, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
    """The least and the greatest value, but the level of paper where a resize shot over it."""
    ops = namespace(images)
    paper = ops.median(edge_pixels(images[:LOOKED_AT]))
    near, span = NEAR * (high - low), high - low
    below, above = (low < -NOISE) & (paper - low < near), high - paper < near
    low, high = ops.where(below, paper, low), ops.where(above, paper, high)
    return low, ops.where(span > 0, high, low + 1.0)


def edge_pixels(images: Tensor) -> Tensor:
    """The outermost pixels of images `(n, height, width, ...)`: `(n, m, ...)`."""
    ops = namespace(images)
    rows = [images[:, 0], images[:, -1]]
    return ops.concatenate([*rows, images[:, 1:-1, 0], images[:, 1:-1, -1]], axis=1)
