"""Intervals over subsets and images, against closed forms, exact tests and simulation."""

import dataclasses

import numpy as np
import pytest
from scipy import integrate, stats

from ganprofile.benchmarking.paired import (
    EFFECT,
    OF_WHAT_IS_LEFT,
    PairedDifference,
    expected_difference,
    fewest_moved,
)
from ganprofile.benchmarking.statistics import Estimate


def read_differently(*gains, images):
    """Differences of subsets that gain so many images each, the first ones."""
    rows = np.zeros((len(gains), images))
    for row, gained in zip(rows, gains, strict=True):
        row[:gained] = 1
    return rows


def test_the_parts_of_the_variance_by_hand():
    """Two subsets, three images: +1 0 0 and +1 +1 0; rows 1/3 and 2/3, columns 1, 1/2 and 0."""
    found = PairedDifference.of_images_read([[1, 0, 0], [1, 1, 0]], overlap=0.25)
    assert found.mean == pytest.approx(0.5) and (found.subsets, found.images) == (2, 3)
    assert found.between == pytest.approx(1 / 18)  # of 1/3 and 2/3
    assert found.of_images == pytest.approx(0.25 / 3)  # of 1, 1/2 and 0: 1/4
    # What neither row nor column explains: +-1/6 in all four corners of columns 1 and 3, and
    # -+1/3 in the middle; squares 4/36 + 2/9 = 1/3, over (2 - 1)(3 - 1) degrees and 3 images.
    assert found.left == pytest.approx(1 / 3 / 2 / 3)
    assert found.differing == pytest.approx(0.5) and found.moved == 2
    assert found.overlap == 0.25


def test_images_that_are_read_alike_after_all_subsets_are_what_a_t_test_of_images_says():
    """No effect of subsets: 40 images lost and 60 won, each after all of ten subsets."""
    row = np.r_[np.ones(60), -np.ones(40), np.zeros(900)]
    found = PairedDifference.of_images_read(np.tile(row, (10, 1))).estimate()
    theirs = stats.ttest_1samp(row, 0)
    low, high = theirs.confidence_interval(0.95)
    assert found.p == pytest.approx(theirs.pvalue, rel=0.02)
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-4)


def test_many_subsets_without_an_effect_of_images_are_what_a_t_test_of_subsets_says():
    random = np.random.default_rng(0)
    means = random.normal(0.02, 0.01, 40)
    known = PairedDifference(0.02, 2, 10**9, 0.0, 0.0, 0.0, 0.1, 10**8).with_subsets(means)
    low, high = stats.ttest_1samp(means, 0).confidence_interval(0.95)
    found = known.estimate()
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.03)


def test_a_few_images_in_one_direction_are_chance():
    """Gains of 1, 1, 1 and 2 of 60 images: a sign test of two images says p = 0.5."""
    found = PairedDifference.of_images_read(read_differently(1, 1, 1, 2, images=60)).estimate()
    assert found == Estimate(pytest.approx(5 / 240), pytest.approx(1 / 120))
    # Five that are always won: p = 2 / 2**5 = 0.0625, however many subsets agree.
    five = PairedDifference.of_images_read(read_differently(5, 5, 5, 5, images=60))
    assert five.estimate().low is None and five.moved == 5
    six = PairedDifference.of_images_read(read_differently(6, 6, 6, 6, images=60))
    assert six.estimate().low > 0
    assert six.estimate(level=0.01).low is None


@pytest.mark.parametrize(
    ("images", "won", "subsets", "level"),
    [(5, 5, 4, 0.05), (6, 5, 10, 0.05), (9, 5, 10, 0.05), (6, 6, 4, 0.05 / 3)],
)
def test_a_few_images_in_one_direction_are_chance_of_a_few_test_images_too(
    images, won, subsets, level
):
    assert stats.binomtest(won, won).pvalue > level
    for sign in (1, -1):
        rows = sign * read_differently(*[won] * subsets, images=images)
        found = PairedDifference.of_images_read(rows, 0.02).estimate(level)
        assert (found.low, found.p, found.smallest_gain) == (None, None, None)
    six = read_differently(*[6] * subsets, images=max(6, images))
    assert PairedDifference.of_images_read(six, 0.02).estimate(0.05).low > 0


@pytest.mark.parametrize("level", [0.05, 0.01, 0.001])
def test_so_many_moved_images_exclude_chance(level):
    moved = fewest_moved(level)
    assert stats.binomtest(moved, moved).pvalue <= level
    assert stats.binomtest(moved - 1, moved - 1).pvalue > level


def test_the_interval_holds_no_mean_that_would_be_told_from_it_and_p_agrees():
    random = np.random.default_rng(1)
    rows = random.choice([-1, 0, 1], (4, 300), p=[0.05, 0.85, 0.1])
    found = PairedDifference.of_images_read(rows, overlap=0.3)
    for level in (0.05, 0.005):
        ends = found.estimate(level)
        assert found.p(ends.high - found.mean) == pytest.approx(level, rel=1e-6)
        assert (ends.low > 0) == (ends.p < level) and ends.level == level
    assert found.estimate(0.005).high > found.estimate(0.05).high


def test_an_overlap_widens_and_one_image_more_changes_little():
    """Forty of forty-one images of a class are nearly forty of forty."""
    random = np.random.default_rng(2)
    rows = random.choice([-1, 0, 1], (10, 2000), p=[0.02, 0.94, 0.04])
    reach = {}
    for overlap in (0.0, 0.4, 0.9, 0.99):
        found = PairedDifference.of_images_read(rows, overlap).estimate()
        reach[overlap] = found.high - found.mean
    assert reach[0.0] < reach[0.4] < reach[0.9] < reach[0.99] < 5 * reach[0.0]
    alike = PairedDifference.of_images_read(rows, 1.0).estimate()
    assert alike == PairedDifference.of_images_read(rows, 0.0).estimate()


def test_numbers_alone_give_the_widest_interval_that_images_could_give():
    random = np.random.default_rng(3)
    before, after = random.random((2, 4, 500)) < np.array([0.8, 0.9])[:, None, None]
    rows = after.astype(int) - before
    most = (~after).sum(axis=1) + (~before).sum(axis=1)
    counted = PairedDifference.of_counts(rows.sum(axis=1), most, 500, 0.2)
    known = PairedDifference.of_images_read(rows, 0.2)
    assert counted.mean == pytest.approx(known.mean)
    assert counted.between == pytest.approx(known.between)
    assert counted.of_images > known.of_images
    assert counted.estimate().low < known.estimate().low


def test_what_numbers_alone_say_by_hand():
    """Gains of 3 and 1 of 20 images, of which 5 and 3 can have been read differently."""
    found = PairedDifference.of_counts([3, 1], [5, 2.5], 20, 0.25)
    assert (found.mean, found.differing) == pytest.approx((0.1, 3.75 / 20))
    assert found.between == pytest.approx(((0.15 - 0.1) ** 2 + (0.05 - 0.1) ** 2) / 1)
    assert found.of_images == pytest.approx((3.75 / 20 - 0.1**2) / 20)
    assert (found.left, found.moved, found.overlap) == (0, 5, 0.25)
    assert (found.subsets, found.images) == (2, 20)
    halves = PairedDifference.of_counts([20.0, 20.0], [20.0, 19.5], 20, 1.0)
    assert (halves.of_images, halves.moved, halves.overlap) == (0, 20, 0)


def test_what_is_expected_before_the_work_by_hand():
    """Of 100 images 10 differ, a share of them by chance; four subsets that share a quarter."""
    found = expected_difference(4, 100, 0.25, 0.1)
    left = OF_WHAT_IS_LEFT * 0.1 / 100
    assert (found.mean, found.subsets, found.images, found.moved) == (0, 4, 100, 100)
    assert found.left == pytest.approx(left)
    assert found.between == pytest.approx(0.1 * (EFFECT**2 + 0.1**4) * 0.75 + left)
    assert found.of_images == pytest.approx(0.1 * (1 - OF_WHAT_IS_LEFT) / 100 + left / 4)
    assert (found.differing, found.overlap) == (0.1, 0.25)
    assert expected_difference(4, 100, 1.0, 0.1).overlap == 0


def test_two_subsets_whose_images_are_known_speak_for_ten():
    random = np.random.default_rng(4)
    image = 0.3 * random.normal(size=4000)
    rows = np.sign(np.round(image + 0.4 * random.normal(size=(10, 4000)), 0))
    whole = PairedDifference.of_images_read(rows, 0.1)
    some = PairedDifference.of_images_read(rows[:2], 0.1).with_subsets(rows.mean(axis=1))
    assert (some.mean, some.between, some.subsets) == pytest.approx((whole.mean, whole.between, 10))
    assert some.of_images == pytest.approx(whole.of_images, rel=0.15)
    assert some.of_images < 0.6 * PairedDifference.of_images_read(rows[:2], 0.1).of_images


def test_more_subsets_share_what_is_left_of_the_images_by_hand():
    known = PairedDifference(0.0, 2, 50, 0.0, 0.012, 0.01, 0.1, 9, 0.2)
    found = known.with_subsets([0.1, 0.3, 0.2])
    assert (found.mean, found.between) == pytest.approx((0.2, 0.01)) and found.subsets == 3
    assert found.of_images == pytest.approx(0.01 - 0.012 / 2 + 0.012 / 3)
    # Where less is seen than what is left explains, images have no effect of their own.
    none = dataclasses.replace(known, of_images=0.001).with_subsets([0.1, 0.3, 0.2])
    assert none.of_images == pytest.approx(0.012 / 3)


@pytest.mark.parametrize("overlap", [0.0, 0.3])
def test_p_is_the_mean_over_the_effects_of_subsets_weighed_by_prior_and_likelihood(overlap):
    """Integrated numerically: a half-t prior with 5 degrees, chi-squared for J - 1 = 2."""
    known = PairedDifference(0.1, 3, 9, 0.0004, 0.0001, 0.0004, 0.25, 9, overlap)

    def weight(effect):
        expected = effect**2 * (1 - overlap) + known.left
        chance = np.exp(-known.between / expected) / expected  # to the power (J - 1) / 2 = 1
        return stats.t.pdf(effect / (0.25 * (EFFECT**2 + 0.25**4)) ** 0.5, 5) * chance

    def tails(effect):
        variance = effect**2 * ((1 - overlap) / 3 + overlap) + known.of_images
        return 2 * stats.t.sf(0.04 / np.sqrt(variance), 9 - 1)

    whole, _ = integrate.quad(weight, 0, np.inf)
    expected, _ = integrate.quad(lambda effect: weight(effect) * tails(effect) / whole, 0, np.inf)
    assert known.p(0.04) == known.p(-0.04) == pytest.approx(expected, rel=2e-3)
    found = known.estimate()
    assert known.p(found.high - found.mean) == pytest.approx(0.05)
    second, _ = integrate.quad(
        lambda e: weight(e) * (e**2 * ((1 - overlap) / 3 + overlap) + known.of_images), 0, np.inf
    )
    power = stats.t.ppf(0.8, 8) * np.sqrt(second / whole)
    assert found.smallest_gain - (found.high - found.mean) == pytest.approx(power, rel=5e-3)


def test_two_subsets_have_a_deviation_and_an_interval():
    rows = read_differently(10, 20, images=100)
    found = PairedDifference.of_images_read(rows).estimate()
    assert found.sd == pytest.approx(0.1 / 2**0.5) and found.low < 0.15 < found.high


def test_of_one_subset_there_is_no_interval():
    found = PairedDifference.of_images_read(read_differently(30, images=100)).estimate()
    assert found == Estimate(0.3)


def test_of_one_image_there_is_no_interval():
    for differences in ((1, 1), (1, 0)):
        found = PairedDifference.of_images_read(np.array(differences)[:, None]).estimate()
        assert (found.mean, found.low, found.p) == (np.mean(differences), None, None)
        assert found.sd is not None


def test_what_is_expected_before_the_work_shrinks_with_subsets_to_a_floor():
    def gain(subsets, overlap, images=930):
        return expected_difference(subsets, images, overlap, 0.08).estimate().smallest_gain

    assert gain(4, 0.1) > gain(10, 0.1) > gain(1000, 0.1) > 0.003
    assert gain(1000, 0.9) > gain(1000, 0.1)
    assert gain(1000, 0.9) == pytest.approx(gain(3000, 0.9), rel=0.1)
    assert gain(10, 0.1, images=60) > 3 * gain(10, 0.1)
    assert gain(10, 1.0) == gain(10, 0.0)


def folds_drawn(random, images, differing, effect):
    """Differences of four folds whose classifiers share an effect, as those of equal images do."""
    shared = effect * np.sqrt(2 / 3) * random.normal()
    own = effect * np.sqrt(1 / 3) * random.normal(size=4)
    return [
        np.where(
            random.random(images // 4) < differing,
            np.where(random.random(images // 4) < 0.5 + (shared + one) / (2 * differing), 1, -1),
            0,
        )
        for one in own
    ]


@pytest.mark.parametrize(
    ("images", "differing", "effect", "widest"),
    [
        (660, 0.10, 0.004, 0.03),
        (704, 0.13, 0.005, 0.035),
        (200, 0.08, 0.004, 0.045),
        (100, 0.04, 0.006, 0.05),
    ],
)
def test_the_interval_of_folds_holds_what_is_true(images, differing, effect, widest):
    random = np.random.default_rng(0)
    found = [
        PairedDifference.of_folds(folds_drawn(random, images, differing, effect)).estimate()
        for _ in range(400)
    ]
    held = np.mean([one.low <= 0 <= one.high for one in found])
    assert 0.93 <= held <= 0.995
    assert np.mean([one.high - one.low for one in found]) / 2 <= widest


def test_folds_that_agree_everywhere_exclude_large_differences_only():
    few, many = (PairedDifference.of_folds([np.zeros(n, int)] * 4).estimate() for n in (5, 250))
    assert few.mean == many.mean == 0
    assert -0.2 < few.low < -0.1 and 0.1 < few.high < 0.2
    assert -0.005 < many.low < -0.001


@pytest.mark.parametrize(("share", "images"), [(0.97, 30), (0.95, 20), (0.97, 60), (-0.95, 20)])
def test_images_that_are_nearly_all_won_leave_doubt(share, images):
    """As an exact interval of so many would; without it a third of these missed what is true."""
    random = np.random.default_rng(0)
    won = np.sign(share) * (random.random((200, images)) < abs(share))
    found = [PairedDifference.of_images_read(np.tile(one, (10, 1))).estimate() for one in won]
    missed = np.mean([not one.low <= share <= one.high for one in found])
    assert missed < 0.08
    low = PairedDifference.of_images_read(np.ones((10, images))).estimate().low
    exact = stats.binomtest(images, images).proportion_ci().low
    assert exact - 0.2 < low < exact + 0.1


def test_folds_that_nobody_was_asked_of_count_among_those_learned_from():
    some = [np.array([1, 0, 0, 1, -1, 0, 0, 1]), np.array([0, 0, 1, 1, 0, 0, 0, 0])]
    found = PairedDifference.of_folds(some, folds=4)
    assert found.overlap == pytest.approx(2 / 3) and found.subsets == 2
    assert PairedDifference.of_folds(some).overlap == 0
    assert found.estimate().low < PairedDifference.of_folds(some).estimate().low
