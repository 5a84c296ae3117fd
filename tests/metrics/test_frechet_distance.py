import numpy as np
import pytest
from scipy import linalg

from ganprofile.errors import UsageError
from ganprofile.metrics.frechet_distance import frechet_distance


def published(real, fake):
    """As clean-fid and the authors compute it: the root of the product of the covariances, with
    a little on the diagonals where that has none."""
    mean, other_mean = real.mean(axis=0), fake.mean(axis=0)
    covariance, other = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    root = linalg.sqrtm(covariance @ other)
    if not np.isfinite(root).all():
        offset = 1e-6 * np.eye(len(covariance))
        root = linalg.sqrtm((covariance + offset) @ (other + offset))
    traces = np.trace(covariance) + np.trace(other) - 2 * np.trace(np.real(root))
    return np.sum((mean - other_mean) ** 2) + traces


def features(seed, count, width, scale=1.0):
    """Correlated, and 0 or more, as those of a network are."""
    random = np.random.default_rng(seed)
    mixing = np.random.default_rng(99).normal(size=(width, width))
    return np.maximum(random.normal(scale, 1, (count, width)) @ mixing, 0)


def test_in_one_dimension_it_is_means_and_deviations():
    real, fake = np.array([[0.0], [2.0]]), np.array([[1.0], [9.0]])  # variances 2 and 32
    assert frechet_distance(real, fake) == pytest.approx((5 - 1) ** 2 + (32**0.5 - 2**0.5) ** 2)


def test_of_features_that_do_not_correlate_it_is_the_sum_over_them():
    corners = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    one, other = corners * [1, 5] + [0, 7], corners * [2, 3]
    expected = 7**2 + 4 / 3 * ((1 - 2) ** 2 + (5 - 3) ** 2)
    assert frechet_distance(one, other) == pytest.approx(expected)


@pytest.mark.parametrize(("m", "n", "width"), [(500, 400, 8), (300, 300, 64), (1000, 700, 128)])
def test_it_is_the_published_formula(m, n, width):
    real, fake = features(0, m, width), features(1, n, width, scale=0.5)
    assert frechet_distance(real, fake) == pytest.approx(published(real, fake), rel=1e-6)


@pytest.mark.filterwarnings("ignore:Matrix is singular")
def test_it_is_the_published_formula_where_pixels_never_change(digits):
    """Covariances of raw pixels have no inverse: the edge is always paper."""
    real, fake = (part.images[:400, ::2, ::2].reshape(400, -1) / 255.0 for part in digits)
    assert np.linalg.matrix_rank(np.cov(real, rowvar=False)) < real.shape[1]
    assert frechet_distance(real, fake) == pytest.approx(published(real, fake), rel=1e-6)


def test_a_set_is_at_no_distance_from_itself_and_a_shift_is_its_square():
    real = features(0, 200, 16)
    assert abs(frechet_distance(real, real)) < 1e-9 * np.trace(np.cov(real, rowvar=False))
    assert frechet_distance(real, real + 3) == pytest.approx(16 * 9)
    other = features(1, 300, 16)
    assert frechet_distance(real, other) == pytest.approx(frechet_distance(other, real))


def test_single_precision_is_computed_in_double():
    real = np.random.default_rng(0).normal(1e4, 1, (300, 4)).astype(np.float32)
    fake = real[::2]
    assert frechet_distance(real, fake) == frechet_distance(real.astype(float), fake.astype(float))


def test_what_is_not_features_is_refused():
    with pytest.raises(UsageError, match=r"fake_features should be .* Received: shape \(1, 3\)"):
        frechet_distance(np.zeros((4, 3)), np.zeros((1, 3)))
    with pytest.raises(UsageError, match="one network. Received: 3 and 2"):
        frechet_distance(np.zeros((4, 3)), np.zeros((4, 2)))
