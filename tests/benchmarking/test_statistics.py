import numpy as np
import pytest
from scipy import stats

from ganprofile.benchmarking.sizes import overlap_of
from ganprofile.benchmarking.statistics import Estimate, estimate

BEFORE = np.array([0.912, 0.905, 0.931, 0.918, 0.899, 0.925])
AFTER = np.array([0.921, 0.917, 0.930, 0.925, 0.911, 0.934])


def test_without_overlap_it_is_the_paired_t_test():
    ours = estimate(AFTER - BEFORE)
    theirs = stats.ttest_rel(AFTER, BEFORE)
    interval = theirs.confidence_interval(0.95)
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-9)
    assert (ours.low, ours.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert ours.sd == pytest.approx(np.std(AFTER - BEFORE, ddof=1))


def test_overlap_widens_the_interval_as_nadeau_and_bengio_say():
    """Ten subsets of 200 out of 500: s^2 (1/10 + 0.4/0.6)."""
    values = np.random.default_rng(0).normal(1, 2, 10)
    error = values.std(ddof=1) * np.sqrt(1 / 10 + 0.4 / 0.6)
    ours = estimate(values, overlap=0.4)
    reach = 2.2621571627409915 * error  # Student's quantile of 0.975 at 9 degrees of freedom
    assert (ours.low, ours.high) == pytest.approx((values.mean() - reach, values.mean() + reach))
    assert ours.p == pytest.approx(2 * stats.t.sf(abs(values.mean()) / error, 9))
    assert ours.smallest_gain == pytest.approx((2.2621571627 + 0.8834038597) * error)


def test_with_the_correction_overlapping_subsets_find_what_is_not_there_at_the_level():
    """Values with a common part: their correlation is the share of images that subsets share."""
    random = np.random.default_rng(1)
    common = np.sqrt(0.4) * random.normal(size=(1000, 1))
    values = common + np.sqrt(0.6) * random.normal(size=(1000, 10))
    corrected = np.mean([estimate(row, 0.4).p < 0.05 for row in values])
    naive = np.mean([estimate(row).p < 0.05 for row in values])
    assert 0.02 < corrected < 0.06 and naive > 0.3


@pytest.mark.parametrize("overlap", [0.0, 0.3])
def test_the_smallest_gain_is_found_in_four_of_five_experiments(overlap):
    random = np.random.default_rng(2)
    variance = 1 / 10 + overlap / (1 - overlap)  # of the mean, in units of the within-variance
    gain = float(stats.t(9).ppf([0.975, 0.8]).sum() * np.sqrt(variance))
    common = np.sqrt(variance - 1 / 10) * random.normal(size=(4000, 1))
    values = gain + common + random.normal(size=(4000, 10))
    estimates = [estimate(row, overlap) for row in values]
    assert np.sqrt(np.mean([e.smallest_gain**2 for e in estimates])) == pytest.approx(
        gain, rel=0.02
    )
    assert 0.76 < np.mean([e.p < 0.05 for e in estimates]) < 0.84


def test_of_one_subset_or_equal_ones_there_is_no_interval():
    assert estimate([0.25]) == Estimate(0.25)
    assert estimate([0.1 + 0.2] * 3) == Estimate(0.1 + 0.2, 0.0)


def test_of_one_and_the_same_subset_the_repeats_count_as_independent():
    assert estimate(AFTER - BEFORE, overlap=1.0) == estimate(AFTER - BEFORE)


def test_another_level_is_another_interval_of_the_same_p():
    wide, narrow = estimate(AFTER - BEFORE, level=0.01), estimate(AFTER - BEFORE)
    theirs = stats.ttest_rel(AFTER, BEFORE).confidence_interval(0.99)
    assert (wide.low, wide.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9)
    assert wide.p == narrow.p and (wide.level, narrow.level) == (0.01, 0.05)
    assert wide.smallest_gain > narrow.smallest_gain


def test_the_overlap_of_two_random_subsets_is_what_is_expected():
    counts = np.array([20, 40, 100])
    random = np.random.default_rng(3)
    shares = []
    for _ in range(500):
        for count in counts:
            first, second = (random.permutation(count)[:10] for _ in range(2))
            shares.append(np.isin(first, second).mean())
    assert np.mean(shares) == pytest.approx(overlap_of(10, counts), rel=0.03)
    assert overlap_of(20, [20, 20]) == overlap_of("all", counts) == 1.0
