"""Where there is nothing, nothing is shown."""

import pytest

from ganprofile import classifiers


@pytest.mark.slow
def test_of_100_experiments_with_nothing_to_find_at_least_90_find_nothing(
    small_digits, script, monkeypatch
):
    """Classifiers of 20 steps are good or bad as a whole, which is where most could be found."""
    trainings = script("null_trainings")
    monkeypatch.setitem(classifiers.CLASSIFIERS, "seeded", trainings.SeededByItsData)
    row = trainings.measured(small_digits, per_class=5, steps=20, experiments=100)
    assert row["accuracy"] > 0.3, "they learn something"
    assert row["differing"] > 0.2, "there is something to find"
    assert row["experiments"] == 100 and row["helps"] + row["hurts"] <= 10
