"""Where two sets of features overlap: density, coverage, precision, recall."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from ganprofile.errors import UsageError, check_whole
from ganprofile.metrics.balls import comparable, inside, squared_radii
from ganprofile.metrics.checks import as_array, check_features, check_indices

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

NEIGHBOURS = 5


@dataclasses.dataclass(frozen=True)
class Overlap:
    """How the balls around the images of two sets overlap.

    The ball of an image reaches to its k-th nearest neighbour in its own set.

    Attributes:
        density: in how many balls of real images a fake one lies, over k; about 1 where both are
            alike, more where fake ones crowd in the midst of real ones.
        coverage: the share of real images whose ball holds a fake one.
        precision: the share of fake images that lie in some real one's ball.
        recall: the share of real images that lie in some fake one's ball.

    Example:
        >>> from ganprofile.metrics.manifold import overlap
        >>> real = np.random.default_rng(0).normal(size=(200, 8))
        >>> found = overlap(real, real + 100)
        >>> found.density, found.coverage, found.precision, found.recall
        (0.0, 0.0, 0.0, 0.0)
    """

    density: float
    coverage: float
    precision: float
    recall: float


def overlap(real_features: ArrayLike, fake_features: ArrayLike, k: int = NEIGHBOURS) -> Overlap:
    """Density and coverage, precision and recall.

    As in Naeem, Oh, Uh, Choi, Yoo: Reliable fidelity and diversity metrics for generative models,
    2020 (arXiv 2002.09797), and Kynkäänniemi, Karras, Laine, Lehtinen, Aila: Improved precision and
    recall metric for assessing generative models, 2019 (arXiv 1904.06991).

    Args:
        real_features: `(m, d)`, m more than k.
        fake_features: `(n, d)`, n more than k, from the same network. What coverage and recall are
            for sets that are alike depends on m and n; at m = n coverage is then 1 - 2^-k.
        k: which neighbour a ball reaches to, 1 or more.

    Returns:
        `Overlap`.

    Raises:
        UsageError: an array is not features, the two differ in d, or have too few rows for k.

    Example:
        >>> from ganprofile.metrics.manifold import overlap
        >>> random = np.random.default_rng(0)
        >>> real, fake = random.normal(size=(2, 500, 8))
        >>> found = overlap(real, fake, k=5)
        >>> 0.8 < found.density < 1.2, min(found.coverage, found.precision, found.recall) > 0.8
        (True, True)
    """
    real, fake = _checked(real_features, fake_features, k)
    reach = squared_radii(real, k)[:, None], squared_radii(fake, k)[None]
    within, covered, recalled = 0, 0, 0
    precise = np.zeros(len(fake), bool)
    for of_real, of_fake in inside(real, fake, *reach):
        within += np.count_nonzero(of_real)
        covered += np.count_nonzero(of_real.any(axis=1))
        precise |= of_real.any(axis=0)
        recalled += np.count_nonzero(of_fake.any(axis=1))
    return Overlap(
        density=float(within / (k * len(fake))),
        coverage=float(covered / len(real)),
        precision=float(precise.mean()),
        recall=float(recalled / len(real)),
    )


def coverage_by_class(
    real_features: ArrayLike,
    fake_features: ArrayLike,
    real_labels: ArrayLike,
    fake_labels: ArrayLike,
    num_classes: int,
    k: int = NEIGHBOURS,
) -> np.ndarray:
    """The coverage within every class: of its real images by the fake ones that bear its label.

    Args:
        real_features: `(m, d)`.
        fake_features: `(n, d)`, from the same network.
        real_labels: class indices `(m,)`.
        fake_labels: class indices `(n,)`.
        num_classes: how many classes there are.
        k: which neighbour a ball reaches to, 1 or more.

    Returns:
        float64 `(num_classes,)`; 0 where no fake image bears the label, NaN where the class has k
        real images or fewer, so that there are no balls.

    Raises:
        UsageError: an array is not features, or labels do not fit them.

    Example:
        >>> from ganprofile.metrics.manifold import coverage_by_class
        >>> random = np.random.default_rng(0)
        >>> real, fake = random.normal(size=(2, 200, 8))
        >>> labels = np.arange(200) % 2
        >>> shares = coverage_by_class(real, fake, labels, np.zeros(200, int), num_classes=2)
        >>> shares.round(1).tolist()
        [1.0, 0.0]
    """
    real, fake = check_features(real_features=real_features, fake_features=fake_features)
    own = _labels("real_labels", real_labels, len(real))
    theirs = _labels("fake_labels", fake_labels, len(fake))
    check_indices("real_labels", own, num_classes)
    check_indices("fake_labels", theirs, num_classes)
    check_whole("k", k)
    shares = np.full(num_classes, np.nan)
    for label in range(num_classes):
        ours, others = real[own == label], fake[theirs == label]
        if len(ours) > k:
            ours, others = comparable(ours, others)
            found = inside(ours, others, squared_radii(ours, k)[:, None])
            shares[label] = np.concatenate([balls.any(axis=1) for (balls,) in found]).mean()
    return shares


def _labels(name: str, given: ArrayLike, count: int) -> np.ndarray:
    """An array `(count,)`."""
    labels = as_array(name, given)
    if labels.shape != (count,):
        raise UsageError(
            f"{name} should be {count} class indices, one a row of the features. "
            f"Received: shape {labels.shape}."
        )
    return labels


def _checked(real: ArrayLike, fake: ArrayLike, k: int) -> list[np.ndarray]:
    real, fake = check_features(real_features=real, fake_features=fake)
    fewest = min(len(real), len(fake))
    check_whole("k", k)
    if not 1 <= k < fewest:
        raise UsageError(
            f"k should be in 1..{fewest - 1}, below the number of images of either side. "
            f"Received: {k}."
        )
    return comparable(real, fake)
