"""Blocks of one size, so that what is compiled is compiled once and rounds every image alike."""

import numpy as np
from numpy.typing import ArrayLike


def padded(array: ArrayLike, length: int) -> np.ndarray:
    """An array with rows of zeros behind its own.

    Args:
        array: `(n, ...)`, n at most `length`.
        length: how many rows there are to be.

    Returns:
        `(length, ...)`, of the same type.
    """
    array = np.asarray(array)
    missing = np.zeros((length - len(array), *array.shape[1:]), array.dtype)
    return np.concatenate([array, missing])
