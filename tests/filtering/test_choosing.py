import numpy as np

from ganprofile.filtering.choosing import nearest_in_turn

RANDOM = np.random.default_rng(0)


def test_what_the_generator_prefers_does_not_decide():
    """95 drawings near one real image, 5 near another: both get their share."""
    references = np.array([[0.0, 0.0], [10.0, 0.0]])
    often, seldom = RANDOM.normal(size=(95, 2)), RANDOM.normal(size=(5, 2)) + references[1]
    chosen = nearest_in_turn(np.concatenate([often, seldom]), references, 10, seed=0)
    assert (chosen >= 95).sum() == 5 and len(set(chosen.tolist())) == 10
    nearest = np.argsort((often**2).sum(axis=1))[:5]
    assert set(nearest.tolist()) == set(chosen[chosen < 95].tolist())


def test_what_is_near_to_nothing_real_goes_last():
    rows = RANDOM.normal(size=(50, 4))
    rows[[7, 30]] += 100
    chosen = nearest_in_turn(rows, RANDOM.normal(size=(6, 4)), 48, seed=3)
    assert set(range(50)) - set(chosen.tolist()) == {7, 30}


def test_the_choice_is_ordered_and_repeats_with_its_seed():
    rows, references = RANDOM.normal(size=(40, 3)), RANDOM.normal(size=(100, 3))
    first, again, other = (nearest_in_turn(rows, references, 15, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert (np.diff(first) > 0).all()
    assert nearest_in_turn(rows, references, 41, 0).tolist() == list(range(40))
    assert nearest_in_turn(rows, references, 0, 0).shape == (0,)
    assert len(nearest_in_turn(np.zeros((9, 2)), np.zeros((2, 2)), 5, 0)) == 5
