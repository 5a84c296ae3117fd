import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ganprofile as gp
from ganprofile.augmentation.plan import STRATEGIES, CountRequest, synthetic_counts
from ganprofile.filtering.streams import shuffled_labels

NAMES = "abc"


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"per_class": {"a": 3}}, "number of images per class is a whole one. Received: {'a': 3}"),
        ({"total": 2.5}, "number of images in all is a whole one. Received: 2.5"),
        ({"sampling_strategy": 3.5}, "number of images per class is a whole one. Received: 3.5"),
        ({"sampling_strategy": True}, "number of images per class is a whole one. Received: True"),
        ({"sampling_strategy": {"a": "x"}}, "of the class 'a' is a whole one. Received: 'x'"),
        ({"sampling_strategy": {"1": 5, 1: 6}}, "the class '1' is there twice, with 5 and 6"),
        ({"sampling_strategy": {"e\u0301": 5, "\xe9": 6}}, "the class '\xe9' is there twice"),
    ],
)
def test_a_value_of_another_kind_is_refused(request_, words):
    with pytest.raises(gp.UsageError, match=words):
        CountRequest.of(**request_)


@pytest.mark.parametrize(
    "only", [2, np.array("2"), {"2"}, {"2": 1}.keys(), iter(["2"]), np.array(["2"])]
)
def test_a_number_or_whatever_lists_it_names_the_only_class(only):
    request = CountRequest.of(per_class=5, only=only)
    assert synthetic_counts(request, np.array([1, 1]), ("10", "2")).tolist() == [0, 5]


def counts_of(real, include_real=False, names=NAMES, **request):
    request = CountRequest.of(**request)
    return synthetic_counts(request, np.array(real), names, include_real).tolist()


@pytest.mark.parametrize(
    ("request_", "real", "expected"),
    [
        ({"per_class": 5}, [2, 5, 9], [3, 0, 0]),
        ({"sampling_strategy": 5}, [2, 5, 9], [3, 0, 0]),
        ({"sampling_strategy": {"a": 5, "c": 10}}, [2, 5, 9], [3, 0, 1]),
        ({"sampling_strategy": {"a": 5, "b": 0}}, [2, 5, 9], [3, 0, 0]),
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
        ({"sampling_strategy": {"b": 4}}, [2, 5, 9], [0, 4, 0]),
        ({"total": 8}, [1, 0, 7], [3, 3, 2]),
        ({"total": 8, "sampling_strategy": "equal"}, [1, 0, 7], [3, 3, 2]),
        ({"total": 8, "only": ["b", "c"]}, [1, 0, 7], [0, 4, 4]),
        # log(1 + n) is as 1 : 2 : 3
        ({"total": 12, "sampling_strategy": "log"}, [1, 3, 7], [2, 4, 6]),
        ({"total": 13, "sampling_strategy": "log"}, [1, 3, 7], [2, 4, 7]),
        ({"total": 12, "sampling_strategy": "log", "only": ["a", "c"]}, [1, 3, 7], [3, 0, 9]),
        ({"total": 10, "sampling_strategy": "log"}, [1, 0, 1], [5, 0, 5]),
    ],
)
def test_real_images_that_are_left_out_do_not(request_, real, expected):
    assert counts_of(real, **request_) == expected


@pytest.mark.parametrize("include_real", [False, True])
@pytest.mark.parametrize(
    ("request_", "real", "expected"),
    [
        ({"sampling_strategy": "equal"}, [7, 2, 4], [0, 5, 3]),
        ({"sampling_strategy": "equal", "only": "b"}, [7, 2, 4], [0, 5, 0]),
        # 63 * log(1 + n) / log(64)
        ({"sampling_strategy": "log"}, [63, 7, 1], [0, 32 - 7, 10 - 1]),
    ],
)
def test_sizes_that_go_by_the_real_classes(request_, real, expected, include_real, capsys):
    assert counts_of(real, include_real, **request_) == expected
    said = "counts the real images, which this set is without" in capsys.readouterr().err
    assert said is not include_real


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({}, "`per_class=N`, `total=N` or `sampling_strategy` (equal, log, or"),
        ({}, "Received: none of them"),
        (
            {"per_class": 5, "sampling_strategy": "equal"},
            "Received: `per_class` and `sampling_strategy`",
        ),
        ({"per_class": 5, "total": 9}, "Received: `total=9` and a number per class"),
        ({"sampling_strategy": {"a": 5}, "total": 9}, "Received: `total=9` and a number per class"),
        ({"sampling_strategy": {"a": 5}, "only": "a"}, "`only` is for one number of all classes"),
        ({"per_class": 0}, "per class should be in 1..1,000,000,000. Received: `per_class=0`"),
        ({"total": -3}, "in all should be in 1..1,000,000,000. Received: `total=-3`"),
        ({"total": 10**20}, "in all should be in 1..1,000,000,000"),
        ({"sampling_strategy": {"b": -1}}, "of the class 'b' should be in 0..1,000,000,000"),
        ({"total": 11}, "`total=11` is less than the 12 real images"),
        ({"sampling_strategy": "equal"}, "Nothing to draw"),
        ({"sampling_strategy": "log"}, "Nothing to draw"),
        ({"per_class": 4}, "Nothing to draw: the set has 12 real images"),
        ({"sampling_strategy": "square"}, "equal or log, or numbers by class. Received: 'square'"),
        ({"per_class": 9, "only": ["a", "x"]}, "No class 'x' to draw. Classes: a b c"),
        ({"sampling_strategy": {"x": 1}}, "No class 'x' to draw. Classes: a b c"),
    ],
)
def test_wrong_requests_get_their_sentence(request_, sentence):
    with pytest.raises(gp.UsageError) as refused:
        counts_of([4, 4, 4], include_real=True, **request_)
    assert sentence in str(refused.value)


def test_what_no_class_lacks_is_said_of_the_data_where_the_set_is_without_real_images():
    with pytest.raises(gp.UsageError, match="there are 12 real images.* none lacks any. Say how"):
        counts_of([4, 4, 4], sampling_strategy="equal")


def test_no_images_at_all_are_nothing_to_draw():
    with pytest.raises(gp.UsageError, match="Nothing to draw: 0 images are asked for"):
        counts_of([4, 4, 4], sampling_strategy={"a": 0})


def test_a_name_with_a_comma_is_shown_as_it_is_written():
    with pytest.raises(gp.UsageError, match=r"""'a' to draw.*: '"a,b"'\."""):
        counts_of([4, 4, 4], names=("a,b", "c", "d"), per_class=9, only="a,b")


def test_what_needs_the_real_data():
    assert CountRequest("log").needs_real and CountRequest("log", 3).needs_real
    for known in (CountRequest(3), CountRequest({"a": 3}), CountRequest(total=3)):
        assert not known.needs_real


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20), st.integers(1, 500))
def test_a_total_is_the_total_and_as_even_as_can_be(real, more):
    total = int(sum(real)) + more
    finished = np.array(real) + counts_of(real, True, range(len(real)), total=total)
    assert finished.sum() == total
    drawn = finished[finished > real]
    assert drawn.max() - drawn.min() <= 1
    assert (finished[finished == real] >= drawn.min() - 1).all()


@given(st.lists(st.integers(1, 500), min_size=2, max_size=20), st.sampled_from([*STRATEGIES]))
def test_a_strategy_lifts_the_rare_and_lowers_none(real, strategy):
    real = np.array([*real, 1000])
    finished = real + counts_of(real, names=range(len(real)), sampling_strategy=strategy)
    assert finished.max() == 1000 and (finished >= real).all()
    order = np.argsort(real, kind="stable")
    assert (np.diff(finished[order]) >= 0).all()
    assert strategy == "log" or (finished == 1000).all()


def test_labels_come_shuffled_by_the_seed():
    first, again, other = (shuffled_labels(np.array([30, 0, 20]), seed) for seed in (1, 1, 2))
    assert np.bincount(first, minlength=3).tolist() == [30, 0, 20]
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert not np.array_equal(first, np.sort(first))


@pytest.mark.parametrize(
    ("request_", "real", "include_real", "said"),
    [
        ({"total": 2}, [3, 3, 3], False, "`total=2` is too small for all classes: the set has no"),
        ({"total": 1, "only": ["b", "c"]}, [3, 3, 3], False, "has no image of 'c'. Ask for more"),
        ({"total": 3}, [3, 3, 3], False, ""),
        ({"total": 12}, [3, 3, 3], True, ""),
        ({"sampling_strategy": {"a": 1}}, [3, 3, 3], False, ""),
    ],
)
def test_classes_that_a_small_total_leaves_out_are_said(request_, real, include_real, said, capsys):
    counts_of(real, include_real, **request_)
    err = capsys.readouterr().err
    assert (said in err) if said else not err


def test_classes_with_more_real_images_than_asked_for_are_said(capsys):
    counts = synthetic_counts(CountRequest.of(10), [15, 5, 12], "abc", include_real=True)
    assert counts.tolist() == [0, 5, 0]
    said = capsys.readouterr().err
    assert "The classes 'a' 'c' have more real images than that, up to 15" in said
    synthetic_counts(CountRequest.of(20), [15, 5, 12], "abc", include_real=True)
    synthetic_counts(CountRequest.of(10), [15, 5, 12], "abc")
    assert not capsys.readouterr().err


def test_a_text_that_names_no_class_is_not_taken_for_all():
    with pytest.raises(gp.UsageError, match="`only` names no class"):
        CountRequest.of(per_class=3, only="")


def test_of_chosen_classes_their_own_least_is_said():
    with pytest.raises(gp.UsageError, match="at least 9 of each class asked for"):
        counts_of([4, 9, 4], include_real=True, per_class=3, only="b")
