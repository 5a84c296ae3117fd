"""Balls around features: how far they reach, and which features lie in them.

Products of matrices take nearly all of the time, in single precision half as long as in double.
So distances come from there, and those that it leaves undecided are computed again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganprofile.datasets.similarity.alignment import blocks
from ganprofile.datasets.similarity.neighbours import nearest

BLOCK = 250  # rows; their distances to 10,000 others take 10 MB
SPARE = 5  # neighbours beyond the k-th, among which single precision may take one for another
LOOKED_AT = 100  # rows, to find the middle
MOST_VALUES = 2**21  # of pairs whose distance is computed again, so that memory stays bounded
# A copy of somebody's k-th neighbour lies exactly on the border of a ball, where rounding, which
# differs between processors, would decide. It counts as outside, as it does without rounding.
BORDER = 1 - 1e-9


def comparable(*sets: np.ndarray) -> list[np.ndarray]:
    """Sets of features moved and scaled alike, so that nothing is lost in single precision.

    Which of two distances is the larger does not change.

    Args:
        *sets: `(n, d)`, all of one d.

    Returns:
        A list of float64 arrays of the same shapes, in -1..1, around the middle of the first.

    Example:
        >>> from ganprofile.metrics.balls import comparable
        >>> one, other = comparable(np.array([[1.0], [3.0], [5.0]]), np.array([[7.0]]))
        >>> one.ravel().tolist(), other.ravel().tolist()
        ([-0.5, 0.0, 0.5], [1.0])
    """
    # Not the mean, which an outlier may move far away from all others.
    centre = np.median(sets[0][:: -(-len(sets[0]) // LOOKED_AT)], axis=0)
    moved = [features - centre for features in sets]
    largest = max(np.abs(features).max(initial=0) for features in moved) or 1.0
    return [features / largest for features in moved]


def squared_radii(features: np.ndarray, k: int) -> np.ndarray:
    """How far the ball of every row reaches: to its k-th nearest neighbour.

    It is sought among those that single precision takes for the nearest, and some more.

    Args:
        features: float64 `(n, d)`, n more than k, as `comparable` returns them.
        k: which neighbour.

    Returns:
        float64 `(n,)`, squared; less than the distance by rounding, so that the border is outside.

    Example:
        >>> from ganprofile.metrics.balls import squared_radii
        >>> squared_radii(np.array([[0.0], [0.25], [1.0]]), k=1).round(4).tolist()
        [0.0625, 0.0625, 0.5625]
    """
    single = features.astype(np.float32)
    found = nearest(single, single, k + SPARE, own=np.arange(len(features)))
    pairs = np.repeat(np.arange(len(features)), found.shape[1]), found.reshape(-1)
    distances = _squared_distances(features, features, *pairs).reshape(found.shape)
    return np.partition(distances, k - 1, axis=1)[:, k - 1] * BORDER


def inside(
    centres: np.ndarray, features: np.ndarray, *radii: np.ndarray
) -> Iterator[list[np.ndarray]]:
    """Which pairs are nearer than some radii.

    Args:
        centres: float64 `(m, d)`, as `comparable` returns them.
        features: float64 `(n, d)`, as `comparable` returned them beside the centres.
        *radii: squared, float64 `(m, 1)` for each centre, or `(1, n)` for each of the features.

    Yields:
        Block by block a list, for every one of `radii`, of bool `(rows, n)`.

    Example:
        >>> from ganprofile.metrics.balls import inside
        >>> centres, features = np.array([[0.0], [1.0]]), np.array([[0.1], [0.6], [0.9]])
        >>> [near.tolist() for (near,) in inside(centres, features, np.array([[0.25], [0.25]]))]
        [[[True, False, False], [False, True, True]]]
    """
    single, norms = features.astype(np.float32), _squared_norms(features)
    doubled = 2 * single.T
    for rows, block in blocks(centres, BLOCK):
        scale = _squared_norms(block)[:, None] + norms
        distances = scale - block.astype(np.float32) @ doubled
        scale *= _rounding(features.shape[1])
        found = []
        for limits in radii:
            limits = limits[rows] if limits.shape[1] == 1 else limits
            found.append(_below(distances, limits, scale, block, features))
        yield found


def _below(
    distances: np.ndarray,
    limits: np.ndarray,
    error: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
) -> np.ndarray:
    """Where distances are below their limits: computed again where that is within the error."""
    margins = distances - limits.astype(np.float32)
    found = margins < 0
    unsure = np.nonzero(np.abs(margins, out=margins) <= error)
    exact = _squared_distances(first, second, *unsure)
    found[unsure] = exact < np.broadcast_to(limits, found.shape)[unsure]
    return found


def _rounding(width: int) -> np.float32:
    """How far squared distances may be off, as a share of the squared norms of both rows."""
    return np.float32(4 * np.finfo(np.float32).eps * width**0.5)


def _squared_norms(features: np.ndarray) -> np.ndarray:
    return np.einsum("ij,ij->i", features, features).astype(np.float32)


def _squared_distances(
    first: np.ndarray, second: np.ndarray, rows: np.ndarray, others: np.ndarray
) -> np.ndarray:
    """Of pairs of rows, given by their numbers, float64 `(len(rows),)`."""
    found = np.empty(len(rows))
    for part, chosen in blocks(rows, max(1, MOST_VALUES // first.shape[1])):
        apart = first[chosen] - second[others[part]]
        found[part] = np.einsum("ij,ij->i", apart, apart)
    return found
