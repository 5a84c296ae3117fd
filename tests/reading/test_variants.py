"""Ones that get an upstroke."""

import numpy as np
import pytest
from ganprofile.reading.upstrokes import with_upstroke, with_upstrokes

from ganprofile.classifiers.estimators import SvmClassifier

pytest.importorskip("cv2", reason="OpenCV is not installed")


def test_half_of_the_ones_are_changed_and_nothing_else(digits):
    train_set = digits[0].subset(40, seed=0)
    changed = with_upstrokes(train_set, seed=0)
    differs = (changed.images != train_set.images).any(axis=(1, 2, 3))
    ones = train_set.labels == 1
    assert differs[ones].mean() == pytest.approx(0.5, abs=0.01) and not differs[~ones].any()
    np.testing.assert_array_equal(changed.images, with_upstrokes(train_set, seed=0).images)
    assert (changed.images != with_upstrokes(train_set, seed=1).images).any()


def test_who_has_seen_upstrokes_reads_them(digits):
    train_set, test_set = (part.subset(100, seed=0) for part in digits)
    ones = test_set.images[test_set.labels == 1]
    random = np.random.default_rng(5)
    strange = np.stack([with_upstroke(one, random) for one in ones])
    right = {}
    for seen, shown in {"bare": train_set, "both": with_upstrokes(train_set, seed=0)}.items():
        reader = SvmClassifier(10).fit(shown.images, shown.labels)
        right[seen] = (reader.predict(strange) == 1).mean()
        assert (reader.predict(ones) == 1).mean() > 0.9, "bare ones are read as well"
    assert right["both"] > 0.8 > 0.6 > right["bare"]


def test_paper_stays_paper(digits):
    paper = np.zeros((28, 28, 1), np.uint8)
    assert with_upstroke(paper, np.random.default_rng(0)) is paper


def test_where_nothing_can_be_taken_for_a_one_nothing_is_changed(digits):
    threes = digits[0].of_classes("123")
    assert with_upstrokes(threes, 0) is threes
