import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ganprofile as gp
from ganprofile.augmentation.plan import BALANCES, CountRequest, synthetic_counts
from ganprofile.filtering.streams import shuffled_labels

NAMES = "abc"


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"top_up": 100}, "--top-up is said or not; how far goes with --per-class. Received: 100"),
        ({"per_class": {"a": 3}}, "--per-class is one whole number. Received: {'a': 3}"),
        ({"total": 2.5}, "--total is one whole number. Received: 2.5"),
        ({"balance": 3}, "--balance is equal or log. Received: 3"),
    ],
)
def test_a_value_of_another_kind_is_refused(request_, words):
    with pytest.raises(gp.UsageError, match=words):
        CountRequest(**request_)


def test_a_number_names_the_only_class():
    request = CountRequest(per_class=5, only=2)
    assert synthetic_counts(request, np.array([1, 1]), ("10", "2")).tolist() == [0, 5]


def counts_of(real, include_real=False, names=NAMES, **request):
    return synthetic_counts(CountRequest(**request), np.array(real), names, include_real).tolist()


@pytest.mark.parametrize(
    ("request_", "real", "expected"),
    [
        ({"per_class": 5}, [2, 5, 9], [3, 0, 0]),
        ({"total": 9}, [1, 0, 3], [2, 3, 0]),
        ({"total": 13}, [1, 0, 7], [2, 3, 0]),
        ({"total": 20}, [1, 0, 7], [6, 6, 0]),
        ({"total": 10}, [5, 4, 0], [0, 0, 1]),
        ({"total": 16, "only": "a"}, [1, 0, 7], [8, 0, 0]),
        ({"per_class": 5, "only": ["b", "c"]}, [2, 1, 9], [0, 4, 0]),
    ],
)
def test_included_real_images_count(request_, real, expected):
    assert counts_of(real, include_real=True, **request_) == expected


@pytest.mark.parametrize(
    ("request_", "real", "expected"),
    [
        ({"per_class": 5}, [2, 5, 9], [5, 5, 5]),
        ({"total": 8}, [1, 0, 7], [3, 3, 2]),
        ({"total": 8, "balance": "equal"}, [1, 0, 7], [3, 3, 2]),
        ({"total": 8, "only": ["b", "c"]}, [1, 0, 7], [0, 4, 4]),
        # log(1 + n) is as 1 : 2 : 3
        ({"total": 12, "balance": "log"}, [1, 3, 7], [2, 4, 6]),
        ({"total": 13, "balance": "log"}, [1, 3, 7], [2, 4, 7]),
        ({"total": 12, "balance": "log", "only": ["a", "c"]}, [1, 3, 7], [3, 0, 9]),
        ({"total": 10, "balance": "log"}, [1, 0, 1], [5, 0, 5]),
    ],
)
def test_real_images_that_are_left_out_do_not(request_, real, expected):
    assert counts_of(real, **request_) == expected


@pytest.mark.parametrize("include_real", [False, True])
@pytest.mark.parametrize(
    ("request_", "real", "expected"),
    [
        ({"balance": "equal"}, [7, 2, 4], [0, 5, 3]),
        ({"balance": True}, [7, 2, 4], [0, 5, 3]),
        ({"balance": "equal", "only": "b"}, [7, 2, 4], [0, 5, 0]),
        # 63 * log(1 + n) / log(64)
        ({"balance": "log"}, [63, 7, 1], [0, 32 - 7, 10 - 1]),
        ({"top_up": True}, [7, 2, 4], [0, 5, 3]),
        ({"top_up": True, "per_class": 4}, [7, 2, 4], [0, 2, 0]),
        ({"ratio": 1.5}, [7, 2, 4], [10, 3, 6]),
        ({"ratio": 2, "only": ("a", "c")}, [7, 2, 4], [14, 0, 8]),
    ],
)
def test_sizes_that_go_by_the_real_classes(request_, real, expected, include_real):
    assert counts_of(real, include_real, **request_) == expected


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({}, "one of --per-class N, --total N, --balance equal|log, --ratio R, --top-up;"),
        ({"balance": False}, "Received: none of them"),
        ({"per_class": 5, "balance": True}, "Received: --per-class and --balance"),
        ({"total": 5, "top_up": True}, "Received: --total and --top-up"),
        ({"ratio": 5, "balance": "log"}, "Received: --balance and --ratio"),
        ({"per_class": 0}, "--per-class should be in 1..1,000,000,000. Received: 0"),
        ({"total": -3}, "--total should be in 1..1,000,000,000. Received: -3"),
        ({"total": 10**20}, "--total should be in 1..1,000,000,000"),
        ({"total": 11}, "--total 11 is less than the 12 real images"),
        ({"balance": True}, "Nothing to draw"),
        ({"balance": "log"}, "Nothing to draw"),
        ({"top_up": True, "per_class": 4}, "Nothing to draw: the set has 12 real images"),
        ({"balance": "square"}, "--balance is equal or log. Received: 'square'"),
        ({"ratio": 0}, "--ratio should be above 0 and finite. Received: 0"),
        ({"ratio": float("nan")}, "--ratio should be above 0 and finite. Received: nan"),
        ({"ratio": 1e10}, "At most 1,000,000,000 images per class"),
        ({"per_class": 9, "only": ["a", "x"]}, "No class 'x' to draw. Classes: a b c"),
    ],
)
def test_wrong_requests_get_their_sentence(request_, sentence):
    with pytest.raises(gp.UsageError) as refused:
        counts_of([4, 4, 4], include_real=True, **request_)
    assert sentence in str(refused.value)


def test_what_needs_the_real_data():
    for request in ({"balance": "log"}, {"ratio": 1}, {"top_up": True, "per_class": 3}):
        assert CountRequest(**request).needs_real
    assert not CountRequest(per_class=3).needs_real and not CountRequest(total=3).needs_real
    assert CountRequest(total=3, balance="log").needs_real


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20), st.integers(1, 500))
def test_a_total_is_the_total_and_as_even_as_can_be(real, more):
    total = int(sum(real)) + more
    finished = np.array(real) + counts_of(real, True, range(len(real)), total=total)
    assert finished.sum() == total
    drawn = finished[finished > real]
    assert drawn.max() - drawn.min() <= 1
    assert (finished[finished == real] >= drawn.min() - 1).all()


@given(st.lists(st.integers(1, 500), min_size=2, max_size=20), st.sampled_from([*BALANCES]))
def test_a_balance_lifts_the_rare_and_lowers_none(real, balance):
    real = np.array([*real, 1000])
    finished = real + counts_of(real, names=range(len(real)), balance=balance)
    assert finished.max() == 1000 and (finished >= real).all()
    order = np.argsort(real, kind="stable")
    assert (np.diff(finished[order]) >= 0).all()
    assert balance == "log" or (finished == 1000).all()


def test_labels_come_shuffled_by_the_seed():
    first, again, other = (shuffled_labels(np.array([30, 0, 20]), seed) for seed in (1, 1, 2))
    assert np.bincount(first, minlength=3).tolist() == [30, 0, 20]
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert not np.array_equal(first, np.sort(first))
