import tracemalloc

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from ganprofile.metrics import balls
from ganprofile.metrics.balls import BORDER, comparable, inside, squared_radii


@pytest.mark.parametrize("unit", [1.0, 1e-6])
def test_sets_are_moved_to_the_middle_of_the_first_and_scaled_alike_by_hand(unit):
    first, second = np.array([[0.0], [1], [2], [3], [100]]), np.array([[7.0], [-98]])
    first, second = comparable(first * unit, second * unit)
    # The middle of 0, 1, 2, 3, 100 is 2; the furthest from it lies 100 away.
    np.testing.assert_allclose(first[:, 0], [-0.02, -0.01, 0, 0.01, 0.98], atol=1e-15)
    np.testing.assert_allclose(second[:, 0], [0.05, -1])


def test_the_middle_of_many_is_that_of_rows_from_all_of_them():
    (moved,) = comparable(np.arange(1000.0)[:, None])
    assert abs(np.median(moved)) < 0.02 and np.abs(moved).max() == 1


def test_the_same_row_again_and_again_can_be_compared_and_so_can_no_row():
    same, none = comparable(np.full((3, 2), 7.0), np.empty((0, 2)))
    assert same.tolist() == [[0, 0]] * 3 and none.shape == (0, 2)


@pytest.mark.parametrize(("count", "k"), [(9, 1), (9, 2), (9, 7), (400, 1), (400, 3)])
def test_a_ball_reaches_to_the_kth_nearest_other(count, k):
    features = np.random.default_rng(k).normal(size=(count, 3))
    expected = np.sort(cdist(features, features), axis=1)[:, k] ** 2  # the first is itself
    np.testing.assert_allclose(squared_radii(features, k), expected * BORDER, rtol=1e-12)


@pytest.mark.parametrize("most_values", [balls.MOST_VALUES, 1])
def test_what_is_inside_a_ball_is_nearer_than_its_radius(monkeypatch, most_values):
    monkeypatch.setattr(balls, "MOST_VALUES", most_values)
    random = np.random.default_rng(0)
    centres, features = random.uniform(-1, 1, (300, 3)), random.uniform(-1, 1, (40, 3))
    of_centres, of_features = random.uniform(0, 2, (300, 1)), random.uniform(0, 2, (1, 40))
    blocks = list(inside(centres, features, of_centres, of_features))
    apart = cdist(centres, features) ** 2
    for number, limits in enumerate((of_centres, of_features)):
        found = np.concatenate([block[number] for block in blocks])
        assert np.array_equal(found, apart < limits)


@pytest.mark.parametrize(("beside", "is_inside"), [(1 - 1e-9, False), (1 + 1e-9, True)])
def test_what_lies_on_a_border_but_for_what_single_precision_loses_is_computed_again(
    beside, is_inside
):
    random = np.random.default_rng(0)
    centres, features = comparable(*random.normal(size=(2, 500, 400)))
    limits = ((centres - features) ** 2).sum(axis=1) * beside
    found = np.concatenate([one for (one,) in inside(centres, features, limits[:, None])])
    assert (np.diagonal(found) == is_inside).all()


def test_distances_that_are_computed_again_take_little_memory(monkeypatch):
    monkeypatch.setattr(balls, "MOST_VALUES", 2000)
    features = np.random.default_rng(0).normal(size=(10, 1000))
    rows = np.arange(1000) % 10
    tracemalloc.start()
    found = balls._squared_distances(features, features, rows, rows[::-1])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e3, "all pairs at once would take 24 MB"
    np.testing.assert_allclose(found, (cdist(features, features) ** 2)[rows, rows[::-1]])
