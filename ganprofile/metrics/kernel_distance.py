"""The kernel distance between two sets of features, of all rows at once or of random subsets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ganprofile.datasets.similarity.alignment import blocks
from ganprofile.errors import UsageError, check_seed
from ganprofile.metrics.checks import as_array, check_features, check_indices

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

BLOCK = 500  # rows; the kernel between two blocks is small enough for a processor's cache
# What KID is usually reported with.
SUBSETS, SUBSET_SIZE = 100, 1000
# Of one image: some three standard deviations of embedded digits and characters.
CHANCE = 20.0


@dataclasses.dataclass(frozen=True)
class KernelDistances:
    """The kernel distance in every one of some subsets.

    Attributes:
        values: float64 `(subsets,)`.
        size: rows of a subset, of either side.

    Example:
        >>> from ganprofile.metrics.kernel_distance import KernelDistances
        >>> found = KernelDistances(np.array([0.1, 0.3]), size=1000)
        >>> round(found.mean, 3), round(found.sd, 3)
        (0.2, 0.1)
    """

    values: np.ndarray
    size: int

    @property
    def mean(self) -> float:
        """What is reported as the distance, a float.

        Example:
            >>> from ganprofile.metrics.kernel_distance import KernelDistances
            >>> KernelDistances(np.array([0.0, 0.5]), size=1000).mean
            0.25
        """
        return float(self.values.mean())

    @property
    def sd(self) -> float:
        """How far subsets differ: the standard deviation of the values, as of a whole population.

        The mean is steadier than one subset is; by how much cannot be said, since subsets share
        rows.

        Example:
            >>> from ganprofile.metrics.kernel_distance import KernelDistances
            >>> KernelDistances(np.array([0.0, 0.5]), size=1000).sd
            0.25
        """
        return float(self.values.std())


def kernel_distance(
    real_features: ArrayLike, fake_features: ArrayLike, paired: bool = False
) -> float:
    """How far apart two sets of images are: the squared maximum mean discrepancy, unbiased.

    The kernel is (x.y / d + 1)^3, as in Binkowski, Sutherland, Arbel, Gretton: Demystifying MMD
    GANs, 2018 (arXiv 1801.01401). With features of the Inception network this is what is called
    KID; values from other features compare only among themselves.

    Args:
        real_features: `(m, d)`, m at least 2.
        fake_features: `(n, d)`, n at least 2, from the same network.
        paired: whether row i of both was drawn under the same conditions, m = n. Such pairs are
            more alike than chance and are left out, like those of a row with itself (Gretton et
            al. 2012, A kernel two-sample test, lemma 6); else the distance would be too small.

    Returns:
        A float: 0 on average where both come from one distribution, whatever m and n (and so
        below 0 half of the time); the more, the further apart.

    Raises:
        UsageError: an array is not features, or the two differ in d, or in length though paired.

    Example:
        >>> from ganprofile.metrics.kernel_distance import kernel_distance
        >>> random = np.random.default_rng(0)
        >>> real, fake = random.normal(size=(2, 500, 8))
        >>> abs(kernel_distance(real, fake)) < 0.1 < kernel_distance(real, fake + 1)
        True
    """
    real, fake = check_features(real_features=real_features, fake_features=fake_features)
    if paired and len(real) != len(fake):
        raise UsageError(
            f"Paired features should be as many. Received: {len(real)} and {len(fake)}."
        )
    ours, others = _rows(real, fake)
    return _distance(ours, others, paired)


def by_chance(count: int) -> float:
    """How far from 0 the distance of real images from other real ones may be.

    It holds for the features that the package carries, and for pairs of them and the label.

    Args:
        count: how many images there are of either side, 1 or more.

    Returns:
        The distance, a float.

    Example:
        >>> from ganprofile.metrics.kernel_distance import by_chance
        >>> by_chance(200)
        0.1
    """
    return CHANCE / count


def kernel_distances(
    real_features: ArrayLike,
    fake_features: ArrayLike,
    indices: Iterable[tuple[ArrayLike, ArrayLike]],
) -> KernelDistances:
    """The kernel distance of subsets: the usual way to report KID, with its spread.

    Args:
        real_features: `(m, d)`.
        fake_features: `(n, d)`, from the same network.
        indices: pairs of row numbers, of the real and of the fake features, both `(size,)` with a
            size of 2 or more and the same for all; `subset_indices` draws them.

    Returns:
        `KernelDistances`.

    Raises:
        UsageError: an array is not features, or the indices do not fit them.

    Example:
        >>> from ganprofile.metrics.kernel_distance import kernel_distances, subset_indices
        >>> random = np.random.default_rng(0)
        >>> real, fake = random.normal(size=(2, 500, 8))
        >>> found = kernel_distances(real, fake, subset_indices(500, 500, subsets=10, size=100))
        >>> found.values.shape, found.size, abs(found.mean) < 0.1
        ((10,), 100, True)
    """
    real, fake = check_features(real_features=real_features, fake_features=fake_features)
    pairs = [
        (as_array("Row numbers", ours), as_array("Row numbers", others)) for ours, others in indices
    ]
    shapes = {one.shape for pair in pairs for one in pair}
    if len(shapes) != 1 or len(min(shapes)) != 1 or min(shapes)[0] < 2:
        raise UsageError(
            "Subsets should be pairs of row numbers, all of one length of 2 or more. "
            f"Received: shapes {sorted(shapes)}."
        )
    for ours, others in pairs:
        check_indices("Row numbers of real features", ours, len(real))
        check_indices("Row numbers of fake features", others, len(fake))
    real, fake = _rows(real, fake)
    values = [_distance(real[ours], fake[others]) for ours, others in pairs]
    return KernelDistances(np.array(values), min(shapes)[0])


def subset_indices(
    real_count: int,
    fake_count: int,
    subsets: int = SUBSETS,
    size: int = SUBSET_SIZE,
    seed: int = 0,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Random rows of both sides, without repetition within a subset.

    Args:
        real_count: how many rows the real features have.
        fake_count: how many rows the fake features have.
        subsets: how many pairs to draw, 1 or more.
        size: rows of a subset, 2 or more, at most as many as the smaller side has.
        seed: in 0..2147483647.

    Returns:
        A list of `subsets` pairs of int arrays `(size,)`.

    Raises:
        UsageError: there are not so many rows, or nothing is asked for.

    Example:
        >>> from ganprofile.metrics.kernel_distance import subset_indices
        >>> pairs = subset_indices(500, 300, subsets=10, size=100)
        >>> len(pairs), pairs[0][0].shape, pairs[0][1].shape
        (10, (100,), (100,))
    """
    check_seed(seed)
    fewest = min(real_count, fake_count)
    if not 2 <= size <= fewest or subsets < 1:
        raise UsageError(
            f"Subsets should be one or more, of 2..{fewest} rows. Received: {subsets} of {size}."
        )
    random = np.random.default_rng(seed)
    return [
        (
            random.choice(real_count, size, replace=False),
            random.choice(fake_count, size, replace=False),
        )
        for _ in range(subsets)
    ]


@dataclasses.dataclass(frozen=True)
class _Rows:
    """Rows x, taken apart: x.y / d + 1 = scale (moved x . moved y) + offset of x + offset of y.

    The products take nearly all of the time, in single precision half as long as in double. About a
    common centre they are small beside what is added to them, so that little is lost.
    """

    moved: np.ndarray  # float32 (n, d), in -1..1
    offsets: np.ndarray  # float64 (n,)
    scale: float

    def __len__(self) -> int:
        return len(self.moved)

    def __getitem__(self, rows: Any) -> _Rows:
        return _Rows(self.moved[rows], self.offsets[rows], self.scale)

    def kernel_sum(self, other: _Rows, without_own: bool) -> float:
        """The sum of the kernel over all pairs with rows of another, or all but row i with row i.

        These are left out before anything is summed: that of a row far from all others is so large
        that taking it away again would leave nothing but what was rounded.
        """
        values = np.multiply(self.moved @ other.moved.T, self.scale, dtype=np.float64)
        values += self.offsets[:, None]
        values += other.offsets
        if without_own:
            np.fill_diagonal(values, 0)
        # The general power of NumPy takes twenty times as long.
        return float(np.vdot(values * values, values))


def _rows(*sets: np.ndarray) -> list[_Rows]:
    """Sets of features `(n, d)` as `_Rows`."""
    means = [features.mean(axis=0, dtype=np.float64) for features in sets]
    centre = np.sum(means, axis=0) / len(sets)
    moved = [features - centre for features in sets]
    largest = max(np.abs(features).max() for features in moved) or 1.0
    width = len(centre)
    return [
        _Rows(
            moved=(features / largest).astype(np.float32),
            offsets=(features @ centre + centre @ centre / 2) / width + 1 / 2,
            scale=float(largest**2 / width),
        )
        for features in moved
    ]


def _distance(real: _Rows, fake: _Rows, paired: bool = False) -> float:
    within = _mean_kernel(real, real, without_own=True) + _mean_kernel(fake, fake, without_own=True)
    return within - 2 * _mean_kernel(real, fake, without_own=paired)


def _mean_kernel(first: _Rows, second: _Rows, without_own: bool) -> float:
    """The mean kernel of all pairs of rows, or of all but those of row i with row i."""
    pairs = len(first) * (len(second) - without_own)
    return _kernel_sum(first, second, without_own) / pairs


def _kernel_sum(first: _Rows, second: _Rows, without_own: bool) -> float:
    """The sum of the kernel over these pairs of rows, block by block."""
    total = 0.0
    for place, one in blocks(first, BLOCK):
        for other_place, other in blocks(second, BLOCK):
            if first is second and other_place.start < place.start:
                continue  # the same pairs have been counted twice
            times = 2 if first is second and other_place.start > place.start else 1
            total += times * one.kernel_sum(other, without_own and place == other_place)
    return total
