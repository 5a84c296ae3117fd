"""The kernel distance between two sets of features."""

import numpy as np

from ganprofile.metrics.checks import check_features

BLOCK = 1000  # rows; two blocks and the kernel between them take some 10 MB


def kernel_distance(real_features, fake_features):
    """How far apart two sets of images are: the squared maximum mean discrepancy, unbiased.

    The kernel is (x.y / d + 1)^3, as in Binkowski, Sutherland, Arbel, Gretton: Demystifying MMD
    GANs, 2018 (arXiv 1801.01401). With features of the Inception network this is what is called
    KID; values from other features compare only among themselves.

    Args:
        real_features: `(m, d)`, m at least 2.
        fake_features: `(n, d)`, n at least 2, from the same network.

    Returns:
        A float: 0 on average where both come from one distribution, whatever m and n (and so
        below 0 half of the time); the more, the further apart.

    Raises:
        UsageError: an array is not features, or the two differ in d.
    """
    real, fake = check_features(real_features=real_features, fake_features=fake_features)
    return (
        _mean_between_different(real)
        + _mean_between_different(fake)
        - 2 * _kernel_sum(real, fake) / (len(real) * len(fake))
    )


def _mean_between_different(features):
    """The mean kernel of all pairs of different rows: with themselves, rows would bias it."""
    count = len(features)
    squares = np.square(features, dtype=np.float64).sum(axis=1)
    with_themselves = _cubic(squares / features.shape[1]).sum()
    return (_kernel_sum(features, features) - with_themselves) / (count * (count - 1))


def _kernel_sum(first, second):
    """The sum of the kernel over all pairs, block by block."""
    return sum(
        float(_cubic(one.astype(np.float64) @ other.T.astype(np.float64) / first.shape[1]).sum())
        for one in _blocks(first)
        for other in _blocks(second)
    )


def _blocks(features):
    return (features[start : start + BLOCK] for start in range(0, len(features), BLOCK))


def _cubic(products):
    """(p + 1)^3; the general power of NumPy takes twenty times as long."""
    shifted = products + 1
    return shifted * shifted * shifted
