import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation.plan import shuffled_labels, synthetic_counts

NONE = {"per_class": None, "total": None, "balance": False}
ZEROS = np.zeros(3, int)


@pytest.mark.parametrize(
    ("request_", "real", "expected"),
    [
        ({"per_class": 5}, [0, 0, 0], [5, 5, 5]),
        ({"per_class": 5}, [2, 5, 9], [3, 0, 0]),
        ({"total": 8}, [0, 0, 0], [3, 3, 2]),
        ({"total": 9}, [1, 0, 3], [2, 3, 0]),
        ({"balance": True}, [7, 2, 4], [0, 5, 3]),
    ],
)
def test_counts(request_, real, expected):
    counts = synthetic_counts(3, np.array(real), **{**NONE, **request_})
    assert counts.tolist() == expected


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({}, "one of --per-class N, --total N, --balance. Received: none"),
        ({"per_class": 5, "balance": True}, "Received: --per-class and --balance"),
        ({"per_class": 0}, "--per-class should be 1 or more. Received: 0"),
        ({"total": -3}, "--total should be 1 or more. Received: -3"),
        ({"balance": True}, "Nothing to draw"),
    ],
)
def test_wrong_requests_get_their_sentence(request_, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        synthetic_counts(3, ZEROS + 4, **{**NONE, **request_})


def test_labels_come_shuffled_by_the_seed():
    first, again, other = (shuffled_labels(np.array([30, 0, 20]), seed) for seed in (1, 1, 2))
    assert np.bincount(first, minlength=3).tolist() == [30, 0, 20]
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert not np.array_equal(first, np.sort(first))
