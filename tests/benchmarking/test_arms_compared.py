import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganprofile.benchmarking.comparison import HELPS, HURTS, NOTHING_SHOWN, interval_name
from ganprofile.benchmarking.comparisons import compare, pairs
from ganprofile.benchmarking.image_results import as_text
from ganprofile.benchmarking.paired import PairedDifference
from ganprofile.benchmarking.results import Benchmark, chosen_baseline
from ganprofile.console import points
from ganprofile.errors import UsageError

NAMES = ("none", "classic", "gan", "classic+gan", "classic+gan:5")
SETTINGS = {
    "class_names": ["a", "b", "c"],
    "class_counts": [40, 40, 40],
    "test_class_counts": [100, 200, 0],
}
VERSIONS = [{"versions": {"keras": "3.15.1"}}, {"versions": {"keras": "3.16.0"}}]


def cell(arm, repeat, correct, per_class=10, confused=(), training=0, **arguments):
    """A cell; of each class the first images are recognised, so many as `correct` says."""
    recognised = np.r_[np.arange(100) < correct[0], np.arange(200) < correct[1]]
    return {
        "per_class": per_class,
        "repeat": repeat,
        "arm": arm,
        "training": training,
        "accuracy": sum(correct) / 300,
        "images": 30,
        "correct": [*correct, 0],
        "confused": list(confused),
        "recognised": as_text(recognised),
        "arm_seconds": 1.0,
        "classifier_seconds": 2.0,
        **arguments,
    }


def without_images(cells):
    """Cells as they were before it was kept which images were recognised."""
    return [{name: cell[name] for name in cell if name != "recognised"} for cell in cells]


def described(*names):
    return {name: {} for name in names}


def result(cells, arms=("none", "classic"), baseline="none"):
    return Benchmark(SETTINGS, {arm: {} for arm in arms}, cells, VERSIONS, baseline)


def differing(by, per_class=10, arm="classic"):
    """Cells of two arms, whose numbers of recognised images differ so."""
    cells = []
    for repeat, gained in enumerate(by):
        cells.append(cell("none", repeat, [50, 100], per_class))
        cells.append(cell(arm, repeat, [50 + gained, 100], per_class))
    return cells


def rows_of(by):
    """The differences of such cells, image by image."""
    rows = np.zeros((len(by), 300))
    for row, gained in zip(rows, by, strict=True):
        first = 50 + min(gained, 0)
        row[first : first + abs(gained)] = np.sign(gained)
    return rows


def test_every_arm_against_the_first_the_baseline_and_its_part():
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
    assert pairs(described("a", "b:2", "b:2+c"), "a")[-1] == ("b:2+c", "b:2")


def test_an_arm_meets_the_baselines_that_its_description_names():
    arms = {"classic": {}, "outer": {}, "mine": {"baselines": ["outer", "absent", "mine"]}}
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
        ([1, 1, 1, 2, 1], NOTHING_SHOWN),  # two images
    ],
)
def test_the_three_verdicts(by, verdict):
    found = result(differing(by))
    assert found.verdicts == {(10, "classic", "none"): verdict}
    (comparison,) = found.comparisons
    known = PairedDifference.of_images_read(rows_of(by), overlap=0.25)
    assert comparison.difference == known.estimate()
    assert comparison.unit == "subsets" and comparison.subsets == 5 and comparison.has_images
    assert f"classic against none at 10 per class: {verdict}; " in comparison.sentence
    assert "5 subsets, and the test images" in comparison.sentence or verdict == NOTHING_SHOWN
    assert comparison.cautions == []


def test_differences_are_paired():
    """Subsets that differ much more than arms do."""
    cells = []
    for repeat, level in enumerate((10, 30, 50, 70, 90)):
        cells.append(cell("classic", repeat, [level + 8 + repeat % 2, 100]))
        cells.append(cell("none", repeat, [level, 100]))
    assert set(result(cells).verdicts.values()) == {HELPS}


def test_the_verdict_is_what_the_interval_says_at_a_level_for_all_comparisons():
    """An interval that excludes 0 alone, and does not any more beside others."""
    by = [4, 6, 1, 9, 2, 5]
    (alone,) = result(differing(by, per_class=1)).comparisons
    assert alone.verdict == HELPS and alone.difference.level == 0.05
    assert alone.p_corrected == alone.difference.p and "together" not in alone.sentence
    others = [differing([4, -6, 1, -9, 2, -7], per_class=size) for size in range(2, 6)]
    beside = result([*differing(by, per_class=1), *itertools.chain(*others)])
    first, *_ = beside.comparisons
    assert first.difference.level == pytest.approx(0.01) and first.comparisons == 5
    assert first.difference.low < 0 < alone.difference.low
    assert first.p_corrected == pytest.approx(5 * first.difference.p) and first.p_corrected > 0.05
    assert set(beside.verdicts.values()) == {NOTHING_SHOWN}
    assert "99 % CI" in first.sentence and "all 5 comparisons together at 95 %" in first.sentence
    # What has one subset only cannot be tested, and costs nothing.
    single = result([*differing(by, per_class=1), *differing([3], per_class=2)])
    assert [one.comparisons for one in single.comparisons] == [1, 1]


@given(
    st.lists(st.integers(-30, 30), min_size=2, max_size=6),
    st.sampled_from([1, 10, 39, 40, "all"]),
    st.booleans(),
)
def test_verdict_interval_p_and_smallest_gain_agree(by, per_class, is_old):
    cells = differing(by, per_class=per_class)
    for one in result(without_images(cells) if is_old else cells).comparisons:
        found = one.difference
        if found.low is None:
            assert one.direction == NOTHING_SHOWN and one.p_corrected is None
            continue
        assert (one.direction == NOTHING_SHOWN) == (found.low <= 0 <= found.high)
        assert (one.direction == NOTHING_SHOWN) == (one.p_corrected >= 0.05)
        assert -1 <= found.low < found.mean < found.high <= 1
        said = f"No gain could have been shown, not even all {points(1 - one.against_accuracy)}"
        if found.smallest_gain is not None:
            assert found.high - found.mean < found.smallest_gain <= 1 - one.against_accuracy
            said = f"The smallest gain that could have been shown: {points(found.smallest_gain)}"
        assert (said in one.sentence) == (one.direction == NOTHING_SHOWN)
        assert one.accuracy - one.against_accuracy == pytest.approx(found.mean)


def test_only_repeats_that_both_arms_have_are_compared():
    cells = differing([9, 11, 10])
    for some in (cells[:-1], cells[1:]):
        assert [one.subsets for one in result(some).comparisons] == [2]
    assert result([one for one in cells if one["arm"] == "none"]).comparisons == []


def test_the_accuracies_are_those_of_the_cells_that_the_difference_is_of():
    """Three subsets of the one arm, two of the other: a stopped experiment."""
    cells = [
        *(cell("none", repeat, [number, 100]) for repeat, number in enumerate((40, 50, 90))),
        *(cell("classic", repeat, [number, 100]) for repeat, number in enumerate((46, 58))),
    ]
    found = result(cells)
    (one,) = found.comparisons
    assert one.against_accuracy == pytest.approx(145 / 300)
    assert one.accuracy == pytest.approx(152 / 300)
    assert one.difference.mean == pytest.approx(one.accuracy - one.against_accuracy)
    none, _ = found.means
    assert none["accuracy"] == pytest.approx(160 / 300) and none["subsets"] == 3
    assert found.table()[1]["against"] == "none (2: 48.33 -> 50.67 %)"


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
    rows = np.mean([rows_of(each) for each in zip(*by, strict=True)], axis=0)
    known = PairedDifference.of_images_read(rows, overlap=0.25).estimate()
    assert dataclasses.astuple(one.difference) == pytest.approx(dataclasses.astuple(known))
    assert (one.subsets, one.trainings) == (5, 10) and "5 subsets, 10 trainings" in one.sentence
    assert one.classes["a"] == pytest.approx(np.mean(by) / 100)
    unpaired = result(cells[:-1]).comparisons[0]
    means = [*(sum(pair) / 600 for pair in by[:-1]), 7 / 300]
    assert unpaired.trainings == 9 and unpaired.difference.mean == pytest.approx(np.mean(means))


def test_of_one_subset_there_is_no_interval_and_it_says_so():
    (one,) = result(differing([30])).comparisons
    assert one.verdict == NOTHING_SHOWN and one.p_corrected is None
    assert one.sentence == (
        "classic against none at 10 per class: no benefit shown; one of the subsets alone "
        "(+10.00 points, 50.00 -> 60.00 %) has no interval."
    )
    (one,) = result(differing([3, 3])).comparisons
    assert one.verdict == NOTHING_SHOWN
    assert "fewer than 6 test images are read differently, which can be chance" in one.sentence
    (row, judged) = result(differing([30])).table()
    assert row["verdict"] == "" and (judged["p"], judged["interval"]) == ("-", "-")


def test_no_accuracy_is_rounded_to_all_nor_two_to_one():
    settings = {**SETTINGS, "test_class_counts": [20_000, 20_000, 0]}
    cells = []
    for repeat, (before, after) in enumerate([(1, 0), (2, 1)]):
        for arm, errors in (("none", before), ("classic", after)):
            recognised = np.arange(40_000) >= errors
            found = {"accuracy": 1 - errors / 40_000, "recognised": as_text(recognised)}
            cells.append(cell(arm, repeat, [20_000 - errors, 20_000], **found))
    found = Benchmark(settings, described("none", "classic"), cells, VERSIONS, "none")
    none, judged = found.table()
    assert (none["accuracy"], judged["accuracy"], none["sd"]) == ("99.996 %", "99.999 %", "0.002")
    assert judged["against"] == "none (2: 99.996 -> 99.999 %)"
    assert "(99.996 -> 99.999 %, 2 subsets" in found.sentences[0]
    same = Benchmark(settings, described("none"), cells[:1] * 2, VERSIONS, "none").means[0]
    noisy = [{**cells[0], "repeat": k, "accuracy": 0.1 + 1e-17 * k} for k in range(3)]
    assert Benchmark(settings, described("none"), noisy, [], "none").table()[0]["sd"] == "0.00"
    assert same["sd"] is None


def test_all_images_have_a_verdict_of_their_own():
    (one,) = result(differing([9, 11, 10, 8], per_class="all")).comparisons
    assert one.unit == "trainings" and one.verdict == HELPS + " for these images"
    assert one.direction == HELPS
    known = PairedDifference.of_images_read(rows_of([9, 11, 10, 8]))
    assert one.difference == known.estimate()
    assert "with all images: helps for these images; " in one.sentence
    assert "what others of their kind would give, the interval does not say" in one.sentence
    (same,) = result(differing([9, 11, 10, 8], per_class=40)).comparisons
    assert (same.difference, same.verdict) == (one.difference, one.verdict)


def test_one_image_more_in_a_class_does_not_turn_the_verdict():
    """Forty of every class, and forty of which one class has forty-one."""
    settings = {**SETTINGS, "class_counts": [40, 40, 41]}
    cells = differing([9, 11, 10, 8, 12, 9, 10, 11, 8, 12], per_class=40)
    found = Benchmark(settings, described("none", "classic"), cells, VERSIONS, "none")
    (other,), (one,) = found.comparisons, result(cells).comparisons
    assert other.unit == "subsets" and other.verdict == HELPS
    assert other.difference.mean == one.difference.mean
    reach = [each.difference.high - each.difference.mean for each in (one, other)]
    assert reach[0] < reach[1] < 1.5 * reach[0]


def test_without_images_the_interval_is_for_the_most_that_can_differ_and_it_says_so():
    cells = differing([9, 11, 10, 8, 12])
    (one,) = result(without_images(cells)).comparisons
    assert not one.has_images and one.verdict == NOTHING_SHOWN
    assert "Which images were recognised was not kept" in one.cautions[0]
    (known,) = result(cells).comparisons
    assert known.difference.mean == pytest.approx(one.difference.mean)
    assert one.difference.low < known.difference.low
    # Of two subsets it is known: enough for the images, and all subsets count.
    (some,) = result([*cells[:4], *without_images(cells[4:])]).comparisons
    assert some.has_images and some.subsets == 5 and some.verdict == HELPS


def test_the_images_of_one_subset_do_not_speak_for_others():
    cells = differing([9, 11, 10])
    (one,) = result([*cells[:2], *without_images(cells[2:])]).comparisons
    assert not one.has_images


def test_at_most_the_errors_of_both_arms_can_differ_by_hand():
    """Of 100 and 200 images, in two trainings of a subset; the errors of both arms together."""
    numbers = {
        ("none", 0, 0): [50, 100], ("classic", 0, 0): [60, 110],  # 50 + 40, 100 + 90
        ("none", 0, 1): [20, 150], ("classic", 0, 1): [70, 160],  # 80 + 30 are 100 at most, 50 + 40
        ("none", 1, 0): [90, 190], ("classic", 1, 0): [95, 195],  # 10 + 5, 10 + 5
    }  # fmt: skip
    cells = [
        cell(arm, repeat, correct, training=training)
        for (arm, repeat, training), correct in numbers.items()
    ]
    (one,) = result(without_images(cells)).comparisons
    most = [(90 + 190 + 100 + 90) / 2, 15 + 15]
    known = PairedDifference.of_counts([(20 + 60) / 2, 10], most, 300, overlap=0.25)
    assert one.difference == known.estimate(most=1 - one.against_accuracy)


def test_cells_that_were_added_after_a_look_are_said():
    cells = [one | {"look": one["repeat"] // 3} for one in differing([9, 11, 10, 8, 12])]
    (one,) = result(cells).comparisons
    assert one.looks == 2 and "after a look at the result (2 looks)" in one.sentence
    *before, one, other = differing([9, 11, 10])
    kept = [*before, one | {"look": 0}, other | {"look": 0}]
    assert result(kept).comparisons[0].looks == 1, "before, looks were not counted"
    later = [one | {"look": int(one["arm"] == "classic")} for one in differing([9, 11, 10])]
    assert result(later).comparisons[0].looks == 1, "an arm that came later, all at once"


def test_pairs_of_different_versions_are_said():
    cells = [one | {"environment": int(one["repeat"] > 1)} for one in differing([9, 11, 10])]
    assert result(cells).comparisons[0].versions == [], "each pair has one version"
    mixed = [one | {"environment": int(one["arm"] == "none")} for one in cells]
    (one,) = result(mixed).comparisons
    assert one.versions == ["keras 3.15.1 beside 3.16.0"]
    assert "made with other versions: keras 3.15.1 beside 3.16.0." in one.sentence
    for known in ("none", "classic"):  # of the other arm it was not kept
        some = [
            one | {"environment": 0} if one["arm"] == known else one for one in differing([3, 4])
        ]
        assert result(some).comparisons[0].versions == []


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


@pytest.mark.parametrize(
    ("after", "said", "gaining", "losing"),
    [
        ([50, 100], "no class changed", None, None),
        ([60, 100], "best at 'a': +10.00 points; no class lost", "a", None),
        ([30, 80], "no class gained; worst at 'a': -20.00 points", None, "a"),
    ],
)
def test_no_class_is_said_to_gain_that_lost_or_kept_its_share(after, said, gaining, losing):
    cells = []
    for repeat in range(2):
        cells += [cell("none", repeat, [50, 100]), cell("classic", repeat, after)]
    (one,) = result(cells).summary()["comparisons"]
    assert one["changes"] == said
    assert (one["largest_gain"], one["largest_loss"]) == (gaining, losing)


def test_what_cannot_be_is_not_said_to_be():
    """Two trainings fall from all images to none: a loss too large for the prior of the effect."""
    cells = []
    for repeat in range(2):
        cells += [cell("none", repeat, [95, 190]), cell("classic", repeat, [repeat, 30])]
    others = differing([3, 4], per_class=20) + differing([3, 4], per_class=30)
    one = result([*cells, *others]).comparisons[0]
    found = one.difference
    assert -1 <= found.low < -0.8 and found.high <= 1 and found.smallest_gain is None
    assert one.sentence.endswith(
        "No gain could have been shown, not even all +5.00 points that are left to gain, and the "
        "loss of 84.83 points is not excluded either: more subsets tell more."
    )


@pytest.mark.parametrize(
    ("comparisons", "name"), [(1, "95"), (9, "99.4"), (50, "99.9"), (101, "99.95"), (600, "99.992")]
)
def test_no_interval_is_said_to_hold_always(comparisons, name):
    assert interval_name(0.05 / comparisons) == f"{name} % CI"


def test_the_five_confusions_that_moved_most_are_named_however_little():
    moves = [0, 1, 1.5, 2, 2.5, 3]  # of the mean over two subsets
    places = [(true, predicted) for true in range(3) for predicted in range(3) if true != predicted]
    cells = []
    for repeat in range(2):
        more = [
            [*place, 5 + int(by + 0.5 * repeat)] for place, by in zip(places, moves, strict=True)
        ]
        cells.append(cell("none", repeat, [50, 100], confused=[[*place, 5] for place in places]))
        cells.append(cell("classic", repeat, [50, 100], confused=more))
    (one,) = result(cells).comparisons
    assert [round(m["after"] - m["before"], 9) for m in one.moved] == [3, 2.5, 2, 1.5, 1]
    fewer = [{**c, "confused": [[0, 1, 5 + (c["arm"] == "none" and c["repeat"])]]} for c in cells]
    assert [m["before"] - m["after"] for m in result(fewer).comparisons[0].moved] == [0.5]


def test_means_are_by_size_and_arm():
    first, second, *_ = result([*differing([3, 9]), *differing([0, 1], per_class=40)]).means
    assert (first["arm"], first["accuracy"], first["sd"]) == ("none", 0.5, 0.0)
    assert (first["per_class"], first["images_per_class"]) == (10, 10.0)
    assert second["accuracy"] == pytest.approx(0.52)
    assert second["sd"] == pytest.approx(np.std([153 / 300, 159 / 300], ddof=1))
    assert (second["arm_seconds"], second["classifier_seconds"]) == (1.0, 2.0)


def test_a_second_comparison_of_an_arm_has_a_row_of_its_own():
    cells = [cell(arm, r, [50 + 3 * k + r, 90]) for r in range(3) for k, arm in enumerate(NAMES)]
    rows = result(cells, NAMES).table()
    assert [(row["arm"], row["against"].partition(" ")[0]) for row in rows][4:7] == [
        ("classic+gan", "none"),
        ("", "classic"),
        ("classic+gan:5", "none"),
    ]
    assert len({tuple(row) for row in rows}) == 1


def test_a_result_prints_as_its_table_and_sentences():
    found = result(differing([9, 11, 10, 8, 12]))
    table, sentence = str(found).split("\n\n")
    header, none, classic = table.splitlines()
    assert header.split()[:3] == ["per", "class", "arm"] and none.split()[:2] == ["10", "none"]
    assert header.index("accuracy") == none.index("50.00 %") and classic.split()[1] == "classic"
    assert classic.split()[-1] == "helps" and classic.index("+3.33") == header.index("difference")
    assert sentence == found.sentences[0]
    assert repr(found) == "<Benchmark : 10 cells, compared 1 time>"
    assert found._repr_markdown_().splitlines()[0].startswith("| per class | arm | images |")
    assert "Benchmark" in str(result([]))


def test_a_notebook_shows_names_like_markup_as_they_are():
    found = result(differing([9, 11, 10], arm="<b>&|"), ("none", "<b>&|"))
    assert r"| \<b>&\| |" in found._repr_markdown_()


def test_the_summary_is_json_with_all_that_was_found():
    summary = result(differing([9, 11, 10])).summary()
    (one,) = summary["comparisons"]
    assert one["verdict"] == HELPS and one["largest_gain"] == "a"
    assert one["largest_loss"] is None, "the other class kept its share"
    (comparison,) = result(differing([9, 11, 10])).comparisons
    assert {name: one[name] for name in vars(comparison.difference)} == vars(comparison.difference)
    assert set(dataclasses.asdict(comparison)) - {"difference"} <= set(one)
    assert compare({"settings": SETTINGS, "arms": {"none": {}}, "cells": []}, "none") == []
