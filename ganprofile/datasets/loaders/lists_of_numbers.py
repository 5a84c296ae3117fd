"""Pictures that are lists of numbers, as tables of Arrow keep arrays."""

import contextlib

import numpy as np

from ganprofile.errors import GanprofileError


def stacked(pictures, where):
    """Lists of numbers, one a picture, as an array of all.

    Args:
        pictures: lists, of one shape; None where a picture is missing.
        where: what the sentence calls the table.

    Raises:
        GanprofileError: one is missing, lacks a number or is of another shape than the first.
    """
    with contextlib.suppress(ValueError):  # of several lengths
        array = np.array(pictures)
        if array.dtype != object:
            return array
    shapes = [_shape(picture) for picture in pictures]
    usual = next(filter(None, shapes), None)
    row = next((row for row, shape in enumerate(shapes) if shape != usual or shape is None), 0)
    received = f"one of {shapes[row]}"
    if shapes[row] is None:
        received = "none" if pictures[row] is None else "one that lacks numbers"
    raise GanprofileError(
        f"{where} should have pictures of one shape, {usual or 'lists of numbers'}. Received: "
        f"{received} in row {row + 1:,}. Put it right, or remove the row."
    )


def _shape(picture):
    """The shape of lists of numbers; None where some are missing."""
    with contextlib.suppress(ValueError):
        array = np.array(picture)
        return None if array.dtype == object else array.shape
    return None
