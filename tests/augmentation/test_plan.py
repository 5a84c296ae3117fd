import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ganprofile as gp
from ganprofile.augmentation.plan import shuffled_labels, synthetic_counts

ZEROS = np.zeros(3, int)


@pytest.mark.parametrize(
    ("request_", "real", "expected"),
    [
        ({"per_class": 5}, [0, 0, 0], [5, 5, 5]),
        ({"per_class": 5}, [2, 5, 9], [3, 0, 0]),
        ({"total": 8}, [0, 0, 0], [3, 3, 2]),
        ({"total": 9}, [1, 0, 3], [2, 3, 0]),
        ({"total": 13}, [1, 0, 7], [2, 3, 0]),
        ({"total": 20}, [1, 0, 7], [6, 6, 0]),
        ({"total": 10}, [5, 4, 0], [0, 0, 1]),
        ({"balance": True}, [7, 2, 4], [0, 5, 3]),
    ],
)
def test_counts(request_, real, expected):
    counts = synthetic_counts(np.array(real), **request_)
    assert counts.tolist() == expected


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({}, "one of --per-class N, --total N, --balance. Received: none"),
        ({"per_class": 5, "balance": True}, "Received: --per-class and --balance"),
        ({"per_class": 0}, "--per-class should be in 1..1,000,000,000. Received: 0"),
        ({"total": -3}, "--total should be in 1..1,000,000,000. Received: -3"),
        ({"total": 10**20}, "--total should be in 1..1,000,000,000"),
        ({"total": 11}, "--total 11 is less than the 12 real images"),
        ({"balance": True}, "Nothing to draw"),
    ],
)
def test_wrong_requests_get_their_sentence(request_, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        synthetic_counts(ZEROS + 4, **request_)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20), st.integers(1, 500))
def test_a_total_is_the_total_and_as_even_as_can_be(real, more):
    real = np.array(real)
    finished = real + synthetic_counts(real, total=int(real.sum()) + more)
    assert finished.sum() == real.sum() + more
    drawn = finished[finished > real]
    assert drawn.max() - drawn.min() <= 1
    assert (finished[finished == real] >= drawn.min() - 1).all()


def test_labels_come_shuffled_by_the_seed():
    first, again, other = (shuffled_labels(np.array([30, 0, 20]), seed) for seed in (1, 1, 2))
    assert np.bincount(first, minlength=3).tolist() == [30, 0, 20]
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert not np.array_equal(first, np.sort(first))
