"""What is to be said of images whose paper or ink others would not take for such."""

import math

import numpy as np

from ganprofile.datasets.loaders.edges import ends_of, extents, some_of, thinned
from ganprofile.datasets.loaders.loaded_data import SCANS
from ganprofile.images import LEAST_CONTRAST, luminance, middle_levels
from ganprofile.transforms import framing

FULL, SOLID = 0.6, 0.99  # of the box around the ink is ink; without a hole it is no frame
LARGE = 0.25  # of an image is in that box
NEAR, ALONG = 0.15, 0.9  # paper on a table reaches so near to its box along so much of each side
STRONGEST_FAINT = 80  # levels of 255, near the same end


def framed(reading):
    """A sentence where most images show a full box with a hole, as no character is."""
    grey = luminance(thinned(some_of(reading.train.images)))[..., 0]
    ink = grey > middle_levels(*ends_of(grey[..., None]))[:, None, None]
    rows, columns = (extents(ink.any(axis=axis)) for axis in (2, 1))
    area = rows * columns
    is_large = area > LARGE * ink[0].size
    filled = ink.sum(axis=(1, 2)) / np.maximum(area, 1)
    is_framed = is_large & (filled > FULL) & (filled < SOLID)
    is_framed[is_framed] = [*map(_is_block, ink[is_framed])]
    if is_framed.mean() <= 0.5:
        return None
    if reading.findings.get("photographs", {}).get("kind") in (None, SCANS):
        return (
            "in most images nearly all is ink: a dark frame or table around the paper was probably "
            'taken for the paper. Cut it off, or let `photographs="characters"` look for the '
            "character inside"
        )
    return (
        "in most images nearly all is ink: ruled lines of the paper, or a frame or table around "
        "it, were probably taken for ink. Cut them off, or take paper without lines"
    )


def _is_block(ink):
    """Whether ink lies along all four sides of its box, as paper does and bold characters do not.

    Args:
        ink: bool `(height, width)`, some of it True.
    """
    (top, bottom), (left, right) = (np.flatnonzero(ink.any(axis))[[0, -1]] for axis in (1, 0))
    box = ink[top : bottom + 1, left : right + 1]
    turned = (box, box[::-1], box.T, box.T[::-1])
    along = [one[: math.ceil(NEAR * len(one))].any(axis=0).mean() for one in turned]
    return min(along) >= ALONG


def grey_paper(reading):
    """A sentence where the paper of most images is no paper to what is made of them, or None."""
    said = framing.grey_paper(some_of(reading.train.images))
    if not said:
        return None
    remedy = _stretched(reading, "brings it to 0") or "bring the levels of paper to 0 before"
    return f"{said}; {remedy}"


def faint_ink(reading):
    """A sentence where the ink of most images is paper to what is made of them, or None."""
    some = some_of(reading.train.images)
    level = float(np.median(some.reshape(len(some), -1).max(axis=1)))
    if not LEAST_CONTRAST <= level <= STRONGEST_FAINT:
        return None  # strong, or nothing at all
    remedy = _stretched(reading, "brings it to 255") or "bring the levels of ink to 255 before"
    return (
        f"ink is faint: the highest level in most images is {level:.0f} of 255, where 255 is ink, "
        f"so that much of it is taken for paper; {remedy}"
    )


def _stretched(reading, what):
    """The option that would stretch the levels of pictures, or None."""
    is_open = "pixel_formats" in reading.findings and "photographs" not in reading.findings
    grey = luminance(some_of(reading.train.images))
    is_open = is_open and np.median(np.ptp(grey, axis=(1, 2, 3))) >= LEAST_CONTRAST  # no mere hue
    return f'`photographs="scans"` {what}' if is_open else None
