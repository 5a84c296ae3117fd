"""What stands for paper and for ink: the range and the polarity of pixels, declared or recognised.

Images are `(n, height, width, channels)`. What has to work inside a compiled step as well is
written in `keras.ops`.
"""

import math

import numpy as np
from keras import ops

from ganprofile.errors import UsageError
from ganprofile.images import to_uint8

KNOWN_RANGES = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0))
AGREED = 0.9  # of the images of a set decide whether ink is dark
LEVEL = 1 / 255  # of a range; half of it is rounding


def checked_range(value_range, dark_on_light):
    """The ends of a range as a tuple, or None, and whether ink is dark, None for not declared.

    Args:
        value_range: two numbers, the greater first where paper is light; or None.
        dark_on_light: a bool, or None.

    Raises:
        UsageError: they are something else, or contradict each other.
    """
    if dark_on_light not in (None, True, False):
        raise UsageError(f"dark_on_light should be a bool or None. Received: {dark_on_light!r}.")
    if value_range is None:
        return None, dark_on_light
    try:
        low, high = (float(end) for end in value_range)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(high - low) and low != high):
        raise UsageError(
            "value_range should be two different numbers, such as (0, 255) or (-1, 1). "
            f"Received: {value_range!r}."
        )
    if low > high and dark_on_light is False:
        raise UsageError(
            "value_range with the greater end first says that ink is dark, dark_on_light=False "
            f"that it is light. Received: {value_range!r}."
        )
    return tuple(value_range), True if low > high else dark_on_light


def recognised_range(images):
    """The range that pixels keep to, `(low, high)`: a known one, else that of these very images."""
    low, high = ops.min(images), ops.max(images)
    found = low, high
    for known in reversed(KNOWN_RANGES):
        fits = ops.logical_and(low >= known[0], high <= known[1])
        found = [ops.where(fits, end, other) for end, other in zip(known, found, strict=True)]
    low, high = found
    return low, ops.where(high > low, high, low + 1.0)


def light_edge_share(images, low, high):
    """The share of images `(n, height, width, channels)` most of whose edge is light."""
    light = ops.cast(ops.mean(images, axis=-1) > (low + high) / 2, "float32")
    rows = ops.concatenate([light[:, 0], light[:, -1]], axis=1)
    columns = ops.concatenate([light[:, 1:-1, 0], light[:, 1:-1, -1]], axis=1)
    edges = ops.mean(ops.concatenate([rows, columns], axis=1), axis=1)
    return ops.mean(ops.cast(edges > 0.5, "float32"))


def check_pixels(images, low, high, dark_on_light):
    """Refuse pixels, a NumPy array, that are not of the range that was declared.

    Raises:
        UsageError: there are others, none near paper, or no two that differ by a level.
    """
    least, most = float(images.min()), float(images.max())
    level, middle = LEVEL * (high - low), (low + high) / 2
    is_outside = least < low - level / 2 or most > high + level / 2
    lacks_paper = most <= middle if dark_on_light else least >= middle
    if is_outside or lacks_paper or 0 < most - least <= level:
        paper = high if dark_on_light else low
        raise UsageError(
            f"Pixels should be in {low:g}..{high:g}, {paper:g} being paper, as value_range and "
            "dark_on_light say. "
            f"Received: {least:g}..{most:g}. Declare them as they are, or leave them out."
        )


def as_characters(images, low, high, is_dark):
    """Pixels in `low` .. `high` as uint8 images, 0 = paper and 255 = ink."""
    shares = (np.asarray(images, np.float32) - low) / (high - low)
    return to_uint8(1.0 - 2.0 * shares if is_dark else 2.0 * shares - 1.0)
