import functools
import importlib
import tracemalloc

import numpy as np
import pytest

from ganprofile.errors import UsageError
from ganprofile.metrics.kernel_distance import kernel_distance, kernel_distances, subset_indices

module = importlib.import_module("ganprofile.metrics.kernel_distance")


def by_the_book(real, fake):
    """The published sums, pair by pair."""

    def kernel(x, y):
        return (np.dot(x, y) / len(x) + 1) ** 3

    def within(features):
        pairs = [(i, j) for i in range(len(features)) for j in range(len(features)) if i != j]
        return np.mean([kernel(features[i], features[j]) for i, j in pairs])

    return within(real) + within(fake) - 2 * np.mean([kernel(x, y) for x in real for y in fake])


def test_two_points_and_two_points_by_hand():
    # In one dimension: k(0, 0) = 1, k(1, 1) = 8 and k(0, 1) = 1.
    assert kernel_distance([[0.0], [0.0]], [[1.0], [1.0]]) == 1 + 8 - 2 * 1
    # Rows with themselves do not count: k(0, 1) + k(0, 1) - 2 (1 + 1 + 1 + 8) / 4
    assert kernel_distance([[0.0], [1.0]], [[0.0], [1.0]]) == 1 + 1 - 2 * 11 / 4


@pytest.mark.parametrize(("m", "n", "d"), [(2, 2, 1), (5, 3, 2), (7, 11, 4)])
def test_it_is_the_published_sum(m, n, d):
    random = np.random.default_rng(0)
    real, fake = random.normal(size=(m, d)), random.normal(1, 2, (n, d))
    assert kernel_distance(real, fake) == pytest.approx(by_the_book(real, fake))
    assert kernel_distance(fake, real) == pytest.approx(kernel_distance(real, fake))


def test_blocks_change_nothing(monkeypatch):
    random = np.random.default_rng(0)
    real, fake = random.normal(size=(40, 3)), random.normal(1, 1, (23, 3))
    whole = kernel_distance(real, fake)
    monkeypatch.setattr(module, "BLOCK", 7)
    assert kernel_distance(real, fake) == pytest.approx(whole)


def test_of_more_rows_than_a_block_holds_it_is_the_published_sum():
    real, fake = np.random.default_rng(0).normal(size=(2, module.BLOCK + 100, 3))
    assert kernel_distance(real, fake) == pytest.approx(published(real, fake), abs=1e-6)


@pytest.mark.parametrize("unit", [1e20, 1e-20])
def test_large_and_small_features_are_nothing_special(unit):
    """Products of these are beyond single precision."""
    random = np.random.default_rng(0)
    real, fake = random.normal(size=(7, 3)) * unit, random.normal(1, 2, (9, 3)) * unit
    assert kernel_distance(real, fake) == pytest.approx(by_the_book(real, fake), rel=1e-5)


def test_of_one_and_the_same_row_again_and_again_it_is_0():
    assert kernel_distance(np.full((3, 2), 2.0), np.full((4, 2), 2.0)) == 0


@pytest.mark.parametrize(("m", "n"), [(10, 10), (5, 40)])
def test_it_is_unbiased_at_any_size(m, n):
    random = np.random.default_rng(0)
    values = [
        kernel_distance(random.normal(size=(m, 3)), random.normal(size=(n, 3))) for _ in range(1000)
    ]
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))
    assert min(values) < 0, "unbiased, and so on both sides of 0"


def test_in_one_dimension_it_is_the_distance_of_the_moments():
    """(xy + 1)^3 holds 1, sqrt(3) x, sqrt(3) x^2, x^3, whose means differ by s, s^2, s^3 + 3 s."""
    random = np.random.default_rng(0)
    for shift in (0.5, 1.0):
        values = [
            kernel_distance(random.normal(size=(100, 1)), random.normal(shift, 1, (100, 1)))
            for _ in range(300)
        ]
        expected = 3 * shift**2 + 3 * shift**4 + (shift**3 + 3 * shift) ** 2
        assert abs(np.mean(values) - expected) < 3 * np.std(values) / np.sqrt(len(values))


def test_the_further_the_mean_the_larger():
    random = np.random.default_rng(0)
    real = random.normal(size=(200, 8))
    values = [kernel_distance(real, random.normal(shift, 1, (200, 8))) for shift in (0, 0.5, 1, 2)]
    assert values == sorted(values) and values[1] > 10 * abs(values[0])


def test_single_precision_is_summed_in_double():
    random = np.random.default_rng(0)
    real = random.normal(100, 1, (300, 4)).astype(np.float32)
    fake = random.normal(100, 1, (300, 4)).astype(np.float32)
    assert kernel_distance(real, fake) == kernel_distance(real.astype(float), fake.astype(float))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_square():
    features = np.random.default_rng(0).normal(size=(3000, 8)).astype(np.float32)
    kernel_distance(features, features)
    tracemalloc.start()
    kernel_distance(features, features)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6, "the whole kernel would take 72 MB"


@pytest.mark.parametrize(
    ("fake", "message"),
    [
        (np.zeros((1, 3)), r"fake_features should be .* Received: shape \(1, 3\)"),
        (np.zeros(3), r"two images or more. Received: shape \(3,\)"),
        (np.zeros((4, 0)), r"Received: shape \(4, 0\)"),
        (np.zeros((4, 2)), "come from one network. Received: 3 and 2"),
        (np.full((4, 3), np.nan), "finite numbers only. Received: 4 of 4 rows"),
        (np.full((4, 3), "a"), "finite numbers only. Received: values of type <U1"),
    ],
)
def test_what_is_not_features_is_refused(fake, message):
    with pytest.raises(UsageError, match=message):
        kernel_distance(np.zeros((4, 3)), fake)


def test_paired_rows_are_unbiased_where_their_conditions_decide_what_they_are():
    """Two draws of one distribution, the same classes in the same places."""
    random = np.random.default_rng(0)
    classes = 5.0 * np.repeat(np.eye(4), 5, axis=0)
    draws = [[classes + random.normal(0, 0.3, classes.shape) for _ in range(2)] for _ in range(300)]
    for paired, is_zero in ((True, True), (False, False)):
        values = [kernel_distance(*pair, paired=paired) for pair in draws]
        error = np.std(values) / len(values) ** 0.5
        assert (abs(np.mean(values)) < 3 * error) == is_zero
    with pytest.raises(UsageError, match="as many. Received: 3 and 2"):
        kernel_distance(np.zeros((3, 2)), np.zeros((2, 2)), paired=True)


def published(one, other, paired=False):
    """The polynomial kernel and the unbiased estimator as torch-fidelity computes them."""

    def kernel(x, y, without_own):
        values = (x @ y.T * (1 / x.shape[1]) + 1) ** 3
        return values[~np.eye(len(x), dtype=bool)] if without_own else values

    within = sum(kernel(x, x, True).mean() for x in (one, other))
    return within - 2 * kernel(one, other, paired).mean()


@pytest.mark.parametrize("far", [100, 300, 1000, 1e4])
def test_a_row_far_from_all_others_is_not_counted_with_itself(far):
    """Its kernel with itself is above all others together, and was taken away only roundly."""
    real, fake = np.random.default_rng(0).normal(size=(2, 300, 8))
    real[0] = far
    near = functools.partial(pytest.approx, rel=1e-4)
    assert kernel_distance(real, fake) == near(published(real, fake))
    assert kernel_distance(real, fake, paired=True) == near(published(real, fake, paired=True))
    whole = [(np.arange(300), np.arange(300))]
    assert kernel_distances(real, fake, whole).mean == near(published(real, fake))


@pytest.mark.parametrize(("size", "width"), [(2, 3), (50, 64), (200, 2048)])
def test_subsets_are_the_published_estimate_on_the_same_rows(size, width):
    random = np.random.default_rng(0)
    real, fake = random.normal(size=(300, width)), random.normal(0.2, 1, (250, width))
    indices = subset_indices(300, 250, subsets=7, size=size, seed=3)
    expected = [published(real[ours], fake[others]) for ours, others in indices]
    found = kernel_distances(real, fake, indices)
    near = functools.partial(pytest.approx, rel=1e-6, abs=2e-6)  # kernels are some tens here
    assert found.values == near(expected)
    assert found.mean == near(np.mean(expected))
    assert found.sd == near(np.std(expected))
    assert found.size == size


def test_the_mean_of_subsets_is_the_distance_and_small_ones_spread_more():
    random = np.random.default_rng(0)
    real, fake = random.normal(size=(400, 4)), random.normal(0.5, 1, (400, 4))
    small, large = (
        kernel_distances(real, fake, subset_indices(400, 400, 200, size)) for size in (20, 100)
    )
    whole = kernel_distance(real, fake)
    assert small.mean == pytest.approx(whole, rel=0.2)
    assert large.mean == pytest.approx(whole, rel=0.1)
    assert small.sd > 1.5 * large.sd > 0


def test_a_subset_holds_no_row_twice_and_the_seed_decides_which():
    indices = subset_indices(50, 30, subsets=4, size=30, seed=1)
    assert len(indices) == 4
    for ours, others in indices:
        assert len(set(ours.tolist())) == 30 and ours.max() < 50
        assert sorted(others.tolist()) == list(range(30))
    again, other = subset_indices(50, 30, 4, 30, seed=1), subset_indices(50, 30, 4, 30, seed=2)
    assert np.array_equal(indices, again) and not np.array_equal(indices, other)
    assert len(subset_indices(2, 2, subsets=1, size=2)) == 1
    usual = subset_indices(1200, 1100)  # as KID is reported: 100 subsets of 1,000
    assert np.array_equal(usual, subset_indices(1200, 1100, subsets=100, size=1000, seed=0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: subset_indices(9, 5, 3, 6), r"2\.\.5 rows. Received: 3 of 6"),
        (lambda: subset_indices(9, 5, 0, 5), r"Received: 0 of 5"),
        (lambda: subset_indices(9, 5, seed=-1), "`seed` should be"),
        (lambda: kernel_distances(np.eye(3), np.eye(3), []), r"shapes \[\]"),
        (lambda: kernel_distances(np.eye(3), np.eye(3), [([0], [1])]), r"shapes \[\(1,\)\]"),
        (lambda: kernel_distances(np.eye(3), np.eye(3), [([0, 1], [1, 2, 0])]), "of one length"),
        (lambda: kernel_distances(np.eye(3), np.eye(3), [([[0], [1]], [[1], [2]])]), r"\(2, 1\)"),
        (lambda: kernel_distances(np.eye(3), np.eye(3), [(0, 1)]), r"Received: shapes \[\(\)\]"),
    ],
)
def test_subsets_that_cannot_be_meant_are_refused(call, message):
    with pytest.raises(UsageError, match=message):
        call()


@pytest.mark.parametrize("rows", [np.arange(95, 105), np.arange(-5, 5), np.arange(10.0)])
def test_rows_that_are_not_there_are_refused(rows):
    real, fake = np.random.default_rng(0).normal(size=(2, 100, 4))
    with pytest.raises(UsageError, match=r"of real features should be whole numbers in 0..99"):
        kernel_distances(real, fake, [(rows, np.arange(10))])
