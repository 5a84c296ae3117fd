import tracemalloc

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from ganprofile.errors import UsageError
from ganprofile.metrics import balls
from ganprofile.metrics.manifold import coverage_by_class, overlap


def published(real, fake, k):
    """As Naeem et al. define them and prdc computes them, on whole matrices."""
    real_radii = np.sort(cdist(real, real), axis=1)[:, k]  # the first is the image itself
    fake_radii = np.sort(cdist(fake, fake), axis=1)[:, k]
    between = cdist(real, fake)
    return {
        "density": (between < real_radii[:, None]).sum(axis=0).mean() / k,
        "coverage": (between.min(axis=1) < real_radii).mean(),
        "precision": (between < real_radii[:, None]).any(axis=0).mean(),
        "recall": (between < fake_radii).any(axis=1).mean(),
    }


def two_sets(m, n, width, shift=0.3):
    random = np.random.default_rng(m + n)
    return random.normal(size=(m, width)), random.normal(shift, 1.2, (n, width))


def test_on_a_line_by_hand():
    # To the nearest other: balls of 1, 1, 2 around 0, 1, 3, and of 4, 4 around 2.5, 6.5.
    found = overlap([[0.0], [1.0], [3.0]], [[2.5], [6.5]], k=1)
    assert vars(found) == {
        "density": 1 / 2,  # 2.5 lies in the ball around 3 alone, 6.5 in none
        "coverage": 1 / 3,
        "precision": 1 / 2,
        "recall": 1.0,
    }


@pytest.mark.parametrize(("m", "n", "width"), [(60, 60, 2), (100, 37, 8), (40, 90, 64)])
@pytest.mark.parametrize("k", [1, 5])
def test_it_is_the_published_formula(m, n, width, k):
    real, fake = two_sets(m, n, width)
    found = vars(overlap(real, fake, k))
    assert found == pytest.approx(published(real, fake, k), rel=1e-6)
    assert 0 < found["coverage"] < 1


def test_blocks_change_nothing(monkeypatch):
    real, fake = two_sets(40, 23, 3)
    whole = overlap(real, fake), coverage_by_class(real, fake, *labels_of(real, fake), 2)
    monkeypatch.setattr(balls, "BLOCK", 7)
    parts = overlap(real, fake), coverage_by_class(real, fake, *labels_of(real, fake), 2)
    assert parts[0] == whole[0] and np.array_equal(parts[1], whole[1])


def labels_of(real, fake):
    return np.arange(len(real)) % 2, np.arange(len(fake)) % 2


def test_of_sets_that_are_alike_the_values_are_known():
    random = np.random.default_rng(0)
    found = overlap(random.normal(size=(2000, 8)), random.normal(size=(2000, 8)))
    assert found.coverage == pytest.approx(1 - 2**-5, abs=0.015)
    assert found.density == pytest.approx(1, abs=0.06)


def test_what_is_planted_moves_what_should_move():
    real, alike = two_sets(300, 300, 4, shift=0)
    usual = overlap(real, alike)
    one_again_and_again = overlap(real, np.repeat(alike[:1], 300, axis=0))
    assert one_again_and_again.recall == 0 and one_again_and_again.coverage < 0.1
    crowded = overlap(real, alike / 4)  # in the midst: precise, and half of the variety gone
    assert crowded.precision > 0.99 and crowded.density > 1.3 * usual.density
    assert crowded.recall < usual.recall / 2
    elsewhere = overlap(real, alike + 50)
    assert (elsewhere.density, elsewhere.coverage, elsewhere.precision) == (0, 0, 0)


def test_what_lies_on_the_border_of_a_ball_is_outside_however_it_is_rounded():
    """On a lattice many distances are equal; in thirds, rounding takes some for smaller."""
    random = np.random.default_rng(0)
    real, fake = random.integers(0, 3, (50, 4)), random.integers(0, 3, (40, 4))
    exact = overlap(real, fake)
    assert overlap(real / 3 + 1, fake / 3 + 1) == exact
    assert exact.density == published(real, fake, 5)["density"]


@pytest.mark.parametrize(
    "changed",
    [
        lambda real, fake: (real + 1e4, fake + 1e4),  # far from 0, beside which they are close
        lambda real, fake: (real * 1e30, fake * 1e30),  # squares beyond single precision
        lambda real, fake: (real * 1e-30, fake * 1e-30),
        lambda real, fake: (np.repeat(real[::4], 4, axis=0), np.repeat(real[::8], 4, axis=0)),
    ],
)
def test_single_precision_decides_nothing(changed):
    real, fake = changed(*two_sets(400, 200, 16))
    assert vars(overlap(real, fake)) == published(real, fake, 5)


def test_an_outlier_blurs_nobody_else():
    real, fake = two_sets(400, 200, 16)
    real[0] = 1e9
    found, expected = overlap(real, fake), published(real, fake, 5)
    # How many fake ones lie in its own ball, as wide as it is far away, is anybody's guess.
    assert found.recall == expected["recall"]
    assert found.coverage == pytest.approx(expected["coverage"], abs=1 / 400)
    assert found.density == pytest.approx(expected["density"], abs=1 / 5)


def test_coverage_by_class_is_the_coverage_within_it():
    real, fake = two_sets(80, 60, 3)
    real_labels, fake_labels = np.arange(80) % 3, np.arange(60) % 3
    found = coverage_by_class(real, fake, real_labels, fake_labels, 3)
    for label in range(3):
        within = real[real_labels == label], fake[fake_labels == label]
        assert found[label] == pytest.approx(published(*within, 5)["coverage"])


def test_a_class_that_is_not_drawn_is_not_covered_and_one_without_balls_is_not_known():
    real, fake = two_sets(30, 30, 2)
    labels = np.repeat([0, 1, 2], [10, 15, 5])
    found = coverage_by_class(real, fake, labels, np.zeros(30, int), 4)
    assert found[0] > 0 and found[1] == 0 and np.isnan(found[2:]).all()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_square():
    features = np.random.default_rng(0).normal(size=(8000, 4))
    tracemalloc.start()
    overlap(features, features)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150e6, "all distances would take 256 MB"


def test_what_cannot_be_meant_is_refused():
    real, fake = two_sets(8, 5, 2)
    with pytest.raises(UsageError, match=r"k should be in 1\.\.4, .* Received: 5"):
        overlap(real, fake)
    with pytest.raises(UsageError, match="one network. Received: 2 and 1"):
        overlap(real, fake[:, :1])
    with pytest.raises(UsageError, match=r"fake_labels should be 5 .* Received: shape \(4,\)"):
        coverage_by_class(real, fake, np.zeros(8), np.zeros(4), 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "`k` should be a whole number, 1 or more. Received: 0"),
        ({"k": 2.5}, "`k` should be a whole number"),
        (
            {"real_labels": np.arange(60) % 5},
            r"real_labels should be .* in 0..1. .*0..4",
        ),
        ({"fake_labels": np.zeros(60)}, "fake_labels should be .* Received: type float64"),
    ],
)
def test_no_number_is_made_of_what_does_not_fit(options, message):
    sets = two_sets(60, 60, 4)
    labels = np.arange(60) % 2
    arguments = {"real_labels": labels, "fake_labels": labels, "num_classes": 2} | options
    with pytest.raises(UsageError, match=message):
        coverage_by_class(*sets, **arguments)
    if "k" in options:
        with pytest.raises(UsageError, match=message):
            overlap(*sets, **options)
