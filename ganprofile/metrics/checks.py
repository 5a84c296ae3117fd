"""What the metrics ask of features, refused in words before anything is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ganprofile.errors import UsageError, first_line
from ganprofile.transforms.arrays import without_gradient

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# Of a feature: the sixth powers of the kernel distance can be summed in double precision.
LARGEST = 1e40
LARGEST_SINGLE = 1e15  # the squares of thousands of them can be summed in single precision


def as_array(name: str, values: Any) -> np.ndarray:
    """What a metric is given as an array of NumPy; a tensor of PyTorch by itself.

    Args:
        name: what it is, for the sentence.
        values: an array, a tensor, or lists of numbers.

    Raises:
        UsageError: it is no one array, or some of it is masked, which would count all the same.

    Example:
        >>> from ganprofile.metrics.checks import as_array
        >>> as_array("Scores", [0.5, 1.0]).shape
        (2,)
        >>> as_array("Scores", np.ma.masked_invalid([0.5, np.nan]))
        Traceback (most recent call last):
        ...
        ganprofile.errors.UsageError: Scores has masked values. Leave out what they stand for.
    """
    if np.ma.is_masked(values):
        raise UsageError(f"{name} has masked values. Leave out what they stand for.")
    try:
        return np.asarray(without_gradient(values))
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{name} should be one array of numbers. Received: {first_line(error)}."
        ) from error


def check_features(largest: float = LARGEST, **arrays: ArrayLike) -> list[np.ndarray]:
    """Refuse features that no distance can be computed from.

    Args:
        largest: what a feature may be, either side of 0.
        **arrays: name -> features `(n, d)`, the same d for all.

    Returns:
        The arrays, in order.

    Raises:
        UsageError: one is not two-dimensional, has fewer than two rows, holds values that are
            masked, not finite or too large, or differs from the first in d.

    Example:
        >>> from ganprofile.metrics.checks import check_features
        >>> (checked,) = check_features(features=[[0.0, 1.0], [2.0, 3.0]])
        >>> checked.shape
        (2, 2)
        >>> check_features(features=[[0.0, np.nan], [2.0, 3.0]])
        Traceback (most recent call last):
        ...
        ganprofile.errors.UsageError: features should hold finite numbers only. Received: ...
    """
    checked = {name: as_array(name, values) for name, values in arrays.items()}
    first, width = next((name, values.shape[-1:]) for name, values in checked.items())
    for name, values in checked.items():
        if values.ndim != 2 or len(values) < 2 or values.shape[1] < 1:
            raise UsageError(
                f"{name} should be features (n, d) of two images or more. "
                f"Received: shape {values.shape}."
            )
        check_finite(name, values, largest)
        if values.shape[-1:] != width:
            raise UsageError(
                f"{first} and {name} should come from one network. "
                f"Received: {width[0]} and {values.shape[1]} features an image."
            )
    return list(checked.values())


def check_finite(name: str, values: np.ndarray, largest: float = LARGEST) -> None:
    """Refuse features `(n, d)` with values that are not finite numbers, or larger than can be
    computed with.

    Args:
        name: what they are, for the sentence.
        values: an array `(n, d)`.
        largest: what a value may be, either side of 0.

    Raises:
        UsageError: there are some.

    Example:
        >>> from ganprofile.metrics.checks import check_finite
        >>> check_finite("Features", np.array([[0.0, np.inf]]))
        Traceback (most recent call last):
        ...
        ganprofile.errors.UsageError: Features should hold finite numbers only. Received: ...
    """
    if values.dtype.kind not in "fiu" or not np.isfinite(values).all():
        raise UsageError(f"{name} should hold finite numbers only. Received: {_strange(values)}.")
    found = max(float(values.max()), -float(values.min())) if values.size else 0
    if found > largest:
        raise UsageError(
            f"{name} should be numbers up to {largest:g}, beyond which precision ends. Received: "
            f"{found:g}. Divide those of both sides by one number."
        )


def _strange(values: np.ndarray) -> str:
    if values.dtype.kind not in "fiu":
        return f"values of type {values.dtype}"
    bad = (~np.isfinite(values)).any(axis=1)
    return f"{bad.sum()} of {len(values)} rows with others"


def check_indices(name: str, indices: ArrayLike, count: int) -> None:
    """Refuse what is no indices of so many rows or classes.

    Args:
        name: what they are, for the sentence.
        indices: an array of any shape.
        count: how many there are to choose from.

    Raises:
        UsageError: they are no whole numbers in 0..count - 1.

    Example:
        >>> from ganprofile.metrics.checks import check_indices
        >>> check_indices("Labels", [0, 2, 3], count=3)
        Traceback (most recent call last):
        ...
        ganprofile.errors.UsageError: Labels should be whole numbers in 0..2. Received: 0..3.
    """
    chosen = as_array(name, indices)
    are_whole = chosen.dtype.kind in "iu"
    if not are_whole or (chosen.size and not 0 <= chosen.min() <= chosen.max() < count):
        there = f"{chosen.min()}..{chosen.max()}" if are_whole else f"type {chosen.dtype}"
        raise UsageError(f"{name} should be whole numbers in 0..{count - 1}. Received: {there}.")
