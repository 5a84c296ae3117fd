"""How varied drawn images are, as a share of how varied real ones are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ganprofile.errors import UsageError
from ganprofile.metrics.checks import as_array, check_features

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def diversity(
    features: ArrayLike,
    reference_features: ArrayLike,
    labels: ArrayLike | None = None,
    reference_labels: ArrayLike | None = None,
) -> float:
    """The total variance of features over that of the reference's.

    The total variance is the unbiased mean squared distance to the mean. With labels it is taken
    within each class and averaged over the classes that have two images or more on both sides;
    every class counts alike, so that other class frequencies are not taken for other variety.

    Args:
        features: of the drawn images, `(n, d)`.
        reference_features: of real images, `(m, d)`, from the same network.
        labels: class indices `(n,)`, or None for the variance of all together.
        reference_labels: class indices `(m,)`; given together with `labels` or not at all.

    Returns:
        A float: 1 is as varied as the reference, 0 the same image again and again (with labels:
        one image a class). Well below 1, the generator has collapsed.

    Raises:
        UsageError: an array is not features, labels do not fit them, no class has two images on
            both sides, or the reference does not vary.

    Example:
        >>> from ganprofile.metrics.diversity import diversity
        >>> real = np.random.default_rng(0).normal(size=(200, 8))
        >>> round(diversity(real / 2, real), 3)
        0.25
        >>> labels = np.arange(200) % 2
        >>> round(diversity(real / 2, real, labels, labels), 3)
        0.25
    """
    drawn, real = check_features(features=features, reference_features=reference_features)
    if (labels is None) != (reference_labels is None):
        raise UsageError(
            "Diversity within classes needs labels and reference_labels. Received: only one."
        )
    if labels is None or reference_labels is None:
        variances, expected = [_total_variance(drawn)], [_total_variance(real)]
    else:
        groups = _classes(drawn, labels, "labels")
        reference_groups = _classes(real, reference_labels, "reference_labels")
        shared = groups.keys() & reference_groups.keys()
        if not shared:
            raise UsageError(
                "Diversity within classes needs a class with two images or more on both sides. "
                f"Received: {len(groups)} and {len(reference_groups)} such classes, none shared."
            )
        variances = [_total_variance(groups[label]) for label in shared]
        expected = [_total_variance(reference_groups[label]) for label in shared]
    if not any(expected):
        raise UsageError("reference_features should vary. Received: the same row again and again.")
    return float(np.mean(variances) / np.mean(expected))


def _classes(features: np.ndarray, labels: ArrayLike, name: str) -> dict[int, np.ndarray]:
    """Class index -> features, for classes with two images or more."""
    labels = as_array(name, labels)
    if labels.shape != features.shape[:1]:
        raise UsageError(
            f"{name} should be {len(features)} class indices, one a row of the features. "
            f"Received: shape {labels.shape}."
        )
    present, counts = np.unique(labels, return_counts=True)
    return {label: features[labels == label] for label in present[counts > 1].tolist()}


def _total_variance(features: np.ndarray) -> float:
    return float(features.var(axis=0, ddof=1, dtype=np.float64).sum())
