import numpy as np
import pytest

from ganprofile.classifiers.order import shown_rows


@pytest.mark.parametrize("length", [5, 20, 27, 199, 203])
def test_rows_are_shown_as_often_as_each_other_or_once_more(length):
    rows = np.arange(100, 120)  # sorted by class, as those of folders are
    shown = shown_rows(np.random.default_rng(0), rows, length)
    assert len(shown) == length
    counts = np.bincount(shown, minlength=120)[100:]
    assert counts.sum() == length and np.ptp(counts) <= 1
    if length == 5:
        assert shown.max() >= 105, "not the first alone"
