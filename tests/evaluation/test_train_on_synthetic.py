import dataclasses

import numpy as np
import pytest

from ganprofile.evaluation.train_on_synthetic import paired_interval, train_on_synthetic, wilson


@pytest.fixture(scope="module")
def found(digits, planted):
    """Fault -> what a quick classifier says."""
    train, test = digits[0].subset(50, seed=2), digits[1]
    return {
        name: train_on_synthetic(planted[name], train, test, "mlp") for name in ("none", "swapped")
    }


def test_real_images_teach_as_much_as_real_ones(found):
    alike = found["none"]
    assert (alike.training_images, alike.judging_images, alike.classifier) == (300, 1000, "mlp")
    low, high = alike.gap_interval
    assert low < alike.gap < high and abs(alike.gap) < 0.05
    assert alike.gap == alike.train_on_real_accuracy - alike.train_on_synthetic_accuracy
    assert alike.label_fidelity > 0.75
    shares = alike.label_fidelity_by_class
    assert list(shares) == list("0123456789")
    assert np.mean(list(shares.values())) == pytest.approx(alike.label_fidelity)


def test_swapped_labels_teach_nothing_and_are_not_recognised(found):
    useless = found["swapped"]
    assert useless.train_on_real_accuracy == found["none"].train_on_real_accuracy
    assert useless.train_on_synthetic_accuracy < 0.2 and useless.label_fidelity < 0.15
    assert useless.gap_interval[0] > 0.5


def test_intervals_hold_the_accuracies(found):
    for kind in ("real", "synthetic"):
        low, high = getattr(found["none"], f"train_on_{kind}_accuracy_interval")
        assert low < getattr(found["none"], f"train_on_{kind}_accuracy") < high < low + 0.06


def test_without_real_images_to_learn_from(planted, digits):
    said = []
    part = train_on_synthetic(planted["none"], None, digits[1], "mlp", progress=said.append)
    assert part.training_images == 300 and part.train_on_synthetic_accuracy > 0.6
    assert part.gap is part.label_fidelity is part.train_on_real_accuracy is None
    assert said == ["a classifier learns from 300 synthetic images"]


def test_a_class_that_is_not_drawn_has_no_share_and_both_learn_from_as_many(planted, digits):
    few = planted["none"].subset(10)
    without = few.select(np.flatnonzero(few.labels != 3))
    found = train_on_synthetic(without, digits[0].subset(5), digits[1].subset(10), "mlp")
    assert found.label_fidelity_by_class["3"] is None
    assert (len(without), found.training_images) == (90, 50)


def test_classes_that_no_real_image_teaches_are_left_out_of_every_number(planted, digits):
    few, test = planted["none"].subset(10), digits[1].subset(10)
    train = digits[0].subset(20, seed=2)
    lacking = train.select(np.flatnonzero(train.labels != 3))
    found = train_on_synthetic(few, lacking, test, "mlp")
    assert (found.training_images, found.judging_images, found.left_out) == (90, 90, ("3",))
    assert found.label_fidelity_by_class["3"] is None
    others, rest = (one.select(np.flatnonzero(one.labels != 3)) for one in (few, test))
    assert found == dataclasses.replace(
        train_on_synthetic(others, lacking, rest, "mlp"), left_out=("3",)
    )
    threes = train.select(np.flatnonzero(train.labels == 3))
    alone = train_on_synthetic(others, threes, rest, "mlp")
    assert alone.gap is alone.label_fidelity is None and alone.judging_images == 90


def test_wilsons_interval_is_the_published_one():
    # Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for successes, count, expected in (
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ):
        assert wilson(successes, count) == pytest.approx(expected, abs=5e-5)
    assert wilson(0, 1000)[0] == 0 and wilson(1000, 1000)[1] == 1


def test_the_paired_interval_is_that_of_the_mean_difference():
    random = np.random.default_rng(0)
    first, second = random.random(2000) < 0.9, random.random(2000) < 0.8
    difference = first.astype(float) - second
    low, high = paired_interval(first, second)
    half = 1.96 * difference.std() / 2000**0.5
    assert (low, high) == pytest.approx(
        (difference.mean() - half, difference.mean() + half), abs=0.0015
    )


@pytest.mark.parametrize(("images", "reach"), [(100, 0.03), (10_000, 0.0004)])
def test_images_that_are_all_read_alike_leave_a_gap_open_as_far_as_they_are_few(images, reach):
    alike = np.ones(images, bool)
    low, high = paired_interval(alike, alike)
    assert -reach < low < -reach / 3 and reach / 3 < high < reach


@pytest.mark.slow
def test_the_seed_decides(planted, digits):
    arguments = planted["none"].subset(10), None, digits[1]
    one, again, other = (train_on_synthetic(*arguments, "mlp", seed=seed) for seed in (1, 1, 2))
    assert dataclasses.asdict(one) == dataclasses.asdict(again) != dataclasses.asdict(other)
