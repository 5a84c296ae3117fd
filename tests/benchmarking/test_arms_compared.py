import dataclasses

import numpy as np
import pytest

from ganprofile.benchmarking.comparisons import HELPS, HURTS, NOTHING_SHOWN, compare, pairs
from ganprofile.benchmarking.results import Benchmark, chosen_baseline
from ganprofile.benchmarking.statistics import estimate, holm
from ganprofile.errors import UsageError

NAMES = ("none", "classic", "gan", "classic+gan", "classic+gan:5")
SETTINGS = {
    "class_names": ["a", "b", "c"],
    "class_counts": [40, 40, 40],
    "test_class_counts": [100, 200, 0],
}


def cell(arm, repeat, correct, per_class=10, confused=(), training=0):
    return {
        "per_class": per_class,
        "repeat": repeat,
        "arm": arm,
        "training": training,
        "accuracy": sum(correct) / 300,
        "images": 30,
        "correct": [*correct, 0],
        "confused": list(confused),
        "arm_seconds": 1.0,
        "classifier_seconds": 2.0,
    }


def described(*names):
    return {name: {} for name in names}


def result(cells, arms=("none", "classic"), baseline="none"):
    return Benchmark(SETTINGS, {arm: {} for arm in arms}, cells, [], baseline)


def differing(by, per_class=10, arm="classic"):
    """Cells of two arms, whose numbers of recognised images differ so."""
    cells = []
    for repeat, gained in enumerate(by):
        cells.append(cell("none", repeat, [50, 100], per_class))
        cells.append(cell(arm, repeat, [50 + gained, 100], per_class))
    return cells


def test_every_arm_against_the_first_the_opponent_and_its_part():
    assert pairs(described(*NAMES), "none") == [
        ("classic", "none"),
        ("gan", "none"),
        ("gan", "classic"),
        ("classic+gan", "none"),
        ("classic+gan", "classic"),
        ("classic+gan:5", "none"),
        ("classic+gan:5", "classic"),
    ]
    assert pairs(described("classic", "classic+gan", "gan+x"), "classic") == [
        ("classic+gan", "classic"),
        ("gan+x", "classic"),
    ]
    assert pairs(described("a", "a+b", "a+b+c"), "a")[-1] == ("a+b+c", "a+b")


def test_an_arm_meets_the_opponents_that_its_description_names():
    arms = {"classic": {}, "outer": {}, "mine": {"opponents": ["outer", "absent", "mine"]}}
    assert pairs(arms, "classic") == [
        ("outer", "classic"),
        ("mine", "classic"),
        ("mine", "outer"),
    ]


def test_the_baseline_is_none_or_the_first_or_what_was_asked_for():
    assert chosen_baseline(["classic", "none", "gan"]) == "none"
    assert chosen_baseline(["classic", "gan"]) == "classic"
    assert chosen_baseline(["classic", "none"], "classic") == "classic"
    with pytest.raises(UsageError, match="Received: 'gna'"):
        chosen_baseline(["classic", "gan"], "gna")


@pytest.mark.parametrize(
    ("by", "verdict"),
    [
        ([9, 11, 10, 8, 12], HELPS),
        ([-9, -11, -10, -8, -12], HURTS),
        ([9, -11, 10, -8, 3], NOTHING_SHOWN),
    ],
)
def test_the_three_verdicts(by, verdict):
    found = result(differing(by))
    assert found.verdicts == {(10, "classic", "none"): verdict}
    (comparison,) = found.comparisons
    assert comparison.difference == estimate(np.divide(by, 300), overlap=0.25)
    assert comparison.unit == "subsets" and comparison.subsets == 5
    assert f"classic against none at 10 a class: {verdict}; " in comparison.sentence
    assert "5 subsets" in comparison.sentence and "smallest gain" in comparison.sentence


def test_differences_are_paired():
    """Subsets that differ much more than arms do."""
    cells = []
    for repeat, level in enumerate((10, 30, 50, 70, 90)):
        cells.append(cell("classic", repeat, [level + 2 + repeat % 2, 100]))
        cells.append(cell("none", repeat, [level, 100]))
    assert set(result(cells).verdicts.values()) == {HELPS}


def test_a_verdict_is_one_of_all_comparisons_of_the_experiment():
    """p is below 0.05 alone, and not any more beside others."""
    alone = result(differing([4, 6, -1, 9, 2, 7], per_class=1))
    assert set(alone.verdicts.values()) == {HELPS}
    beside = result(
        [
            *differing([4, 6, -1, 9, 2, 7], per_class=1),
            *differing([4, -6, 1, -9, 2, -7], per_class=2),
            *differing([3, -6, 1, -9, 2, 7], per_class=3),
        ]
    )
    p_values = [one.difference.p for one in beside.comparisons]
    assert p_values[0] < 0.05
    corrected = [one.p_corrected for one in beside.comparisons]
    assert corrected == pytest.approx(holm(p_values)) and corrected[0] > 0.05
    assert set(beside.verdicts.values()) == {NOTHING_SHOWN}


def test_only_repeats_that_both_arms_have_are_compared():
    cells = differing([9, 11, 10])
    for some in (cells[:-1], cells[1:]):
        assert [one.subsets for one in result(some).comparisons] == [2]
    assert result([one for one in cells if one["arm"] == "none"]).comparisons == []


def test_the_trainings_of_a_subset_are_one_value():
    """They differ in what is no matter of the subset, and there is less of it in their mean."""
    by = [(9, 3), (11, 3), (10, 0), (8, 6), (7, 11)]
    cells = [
        cell(arm, r, [50 + (gained if arm == "classic" else 0), 100], training=k)
        for r, pair in enumerate(by)
        for k, gained in enumerate(pair)
        for arm in ("none", "classic")
    ]
    (one,) = result(cells).comparisons
    means = [sum(pair) / 600 for pair in by]
    assert one.difference == estimate(means, overlap=0.25)
    assert (one.subsets, one.trainings) == (5, 10) and "5 subsets, 10 trainings" in one.sentence
    assert one.classes["a"] == pytest.approx(np.mean(by) / 100)
    unpaired = result(cells[:-1]).comparisons[0]
    assert unpaired.trainings == 9 and unpaired.difference.mean == pytest.approx(
        np.mean([*means[:-1], 7 / 300])
    )


def test_of_one_subset_there_is_no_interval_and_it_says_so():
    (one,) = result(differing([30])).comparisons
    assert one.verdict == NOTHING_SHOWN and one.p_corrected is None
    assert one.sentence == (
        "classic against none at 10 a class: no benefit shown; one of the subsets alone "
        "(+10.00 points) has no interval."
    )
    (one,) = result(differing([3, 3])).comparisons
    assert one.verdict == NOTHING_SHOWN and "all 2 subsets give the same" in one.sentence
    (row, judged) = result(differing([30])).table()
    assert row["verdict"] == "" and (judged["p"], judged["95 % CI"]) == ("-", "-")


def test_where_the_subset_is_the_whole_pool_the_unit_is_the_seed():
    (one,) = result(differing([9, 11, 10, 8], per_class=40)).comparisons
    assert one.unit == "seeds" and one.difference == estimate(np.divide([9, 11, 10, 8], 300))
    assert "4 seeds" in one.sentence and "The interval is over seeds" in one.sentence
    (other,) = result(differing([9, 11, 10, 8], per_class=39)).comparisons
    assert other.unit == "subsets" and "over seeds" not in other.sentence
    assert other.difference.high - other.difference.low > 5 * (
        one.difference.high - one.difference.low
    )


def test_which_classes_gained_and_which_confusions_moved():
    before = [[0, 1, 50], [1, 0, 60], [1, 2, 40]]
    cells = []
    for repeat in range(2):
        cells.append(cell("none", repeat, [50, 100], confused=before))
        after = [[0, 1, 20 + 2 * repeat], [1, 0, 60], [1, 2, 50]]
        cells.append(cell("classic", repeat, [80 - 2 * repeat, 90], confused=after))
    (one,) = result(cells).comparisons
    assert one.classes == pytest.approx({"a": 0.29, "b": -0.05}), "no test image is a c"
    assert one.moved == [
        {"true": "a", "predicted": "b", "before": 50.0, "after": 21.0},
        {"true": "b", "predicted": "c", "before": 40.0, "after": 50.0},
    ]
    assert one.changes == (
        "best at 'a': +29.00 points; worst at 'b': -5.00 points; "
        "'a' read as 'b' 50 times before, 21 after"
    )


def test_means_are_by_size_and_arm():
    first, second, *_ = result([*differing([3, 9]), *differing([0, 1], per_class=40)]).means
    assert (first["arm"], first["accuracy"], first["sd"]) == ("none", 0.5, 0.0)
    assert second["accuracy"] == pytest.approx(0.52)
    expected = estimate([153 / 300, 159 / 300], overlap=0.25)
    assert (second["low"], second["high"]) == pytest.approx((expected.low, expected.high))
    assert (second["arm_seconds"], second["classifier_seconds"]) == (1.0, 2.0)


def test_a_second_comparison_of_an_arm_has_a_row_of_its_own():
    cells = [cell(arm, r, [50 + 3 * k + r, 90]) for r in range(3) for k, arm in enumerate(NAMES)]
    rows = result(cells, NAMES).table()
    assert [(row["arm"], row["against"]) for row in rows][4:7] == [
        ("classic+gan", "none"),
        ("", "classic"),
        ("classic+gan:5", "none"),
    ]
    assert len({tuple(row) for row in rows}) == 1


def test_the_summary_is_json_with_all_that_was_found():
    summary = result(differing([9, 11, 10])).summary()
    (one,) = summary["comparisons"]
    assert one["verdict"] == HELPS and one["largest_gain"] == "a" and one["largest_loss"] == "b"
    (comparison,) = result(differing([9, 11, 10])).comparisons
    assert {name: one[name] for name in vars(comparison.difference)} == vars(comparison.difference)
    assert set(dataclasses.asdict(comparison)) - {"difference"} <= set(one)
    assert compare({"settings": SETTINGS, "arms": {"none": {}}, "cells": []}, "none") == []
