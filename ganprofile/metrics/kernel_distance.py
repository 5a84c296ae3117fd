"""The kernel distance between two sets of features."""

import numpy as np

from ganprofile.errors import UsageError
from ganprofile.metrics.checks import check_features

BLOCK = 1000  # rows; two blocks and the kernel between them take some 10 MB


def kernel_distance(real_features, fake_features, paired=False):
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
    """
    real, fake = check_features(real_features=real_features, fake_features=fake_features)
    if paired and len(real) != len(fake):
        raise UsageError(
            f"Paired features should be as many. Received: {len(real)} and {len(fake)}."
        )
    within = _mean_kernel(real, real, without_own=True) + _mean_kernel(fake, fake, without_own=True)
    return within - 2 * _mean_kernel(real, fake, without_own=paired)


def _mean_kernel(first, second, without_own):
    """The mean kernel of all pairs of rows, or of all but those of row i with row i."""
    total = _kernel_sum(first, second)
    if not without_own:
        return total / (len(first) * len(second))
    products = np.einsum("ij,ij->i", first, second, dtype=np.float64)
    own = _cubic(products / first.shape[1]).sum()
    return (total - own) / (len(first) * (len(first) - 1))


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
