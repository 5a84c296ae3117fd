"""The Fréchet distance between two sets of features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ganprofile.metrics.checks import check_features

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def frechet_distance(real_features: ArrayLike, fake_features: ArrayLike) -> float:
    """How far apart two sets of images are, as if their features were normally distributed.

    |m - n|^2 + tr(A + B - 2 (A B)^(1/2)) with the means m, n and the unbiased covariances A, B, as
    in Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter: GANs trained by a two time-scale update
    rule converge to a local Nash equilibrium, 2017 (arXiv 1706.08500). With features of the
    Inception network this is what is called FID; values from other features compare only among
    themselves, and only at the same numbers of images: the fewer, the further apart two sets seem.

    Args:
        real_features: `(m, d)`, m at least 2.
        fake_features: `(n, d)`, n at least 2, from the same network.

    Returns:
        A float, 0 or more.

    Raises:
        UsageError: an array is not features, or the two differ in d.

    Example:
        >>> from ganprofile.metrics.frechet_distance import frechet_distance
        >>> real = np.random.default_rng(0).normal(size=(500, 8))
        >>> round(frechet_distance(real, real + 1), 3)
        8.0
    """
    real, fake = check_features(real_features=real_features, fake_features=fake_features)
    means = real.mean(axis=0, dtype=np.float64) - fake.mean(axis=0, dtype=np.float64)
    covariance, other = _covariance(real), _covariance(fake)
    # With A = R R' the eigenvalues of A B are the squared singular values of R' S. To take the
    # root of the product itself loses half of the digits where a feature hardly varies.
    shared = np.linalg.svd(_root(covariance).T @ _root(other), compute_uv=False).sum()
    found = float(means @ means + np.trace(covariance) + np.trace(other) - 2 * shared)
    return max(0.0, found)  # rounding alone brings it below


def _covariance(features: np.ndarray) -> np.ndarray:
    """Unbiased, `(d, d)`."""
    return np.atleast_2d(np.cov(features, rowvar=False, dtype=np.float64))


def _root(covariance: np.ndarray) -> np.ndarray:
    """A matrix R with R R' = covariance, by Cholesky's way, the largest of what is left first.

    Eigenvectors take many times as many multiplications.
    """
    from scipy.linalg import lapack  # takes a tenth of a second to import

    factor, places, rank, _ = lapack.dpstrf(covariance, lower=1, tol=0)
    factor = np.tril(factor)
    factor[:, rank:] = 0  # what is left there is rounding
    root = np.empty_like(factor)
    root[places - 1] = factor
    return root
