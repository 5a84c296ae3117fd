import dataclasses
import time
from typing import ClassVar

import numpy as np
import pytest

from ganprofile import classifiers
from ganprofile.benchmarking.cells import Protocol, derived_seed, run_cells, subset_of
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.errors import GanprofileError, UsageError
from tests.benchmarking.arms import plain


class Watched:
    """A classifier that remembers what it was given, and reads every image as class 1."""

    made: ClassVar = []

    def __init__(self, num_classes, steps, seed):
        self.arguments = {"num_classes": num_classes, "steps": steps, "seed": seed}
        self.made.append(self.arguments)

    def fit(self, images, labels, **options):
        self.arguments |= {"images": len(images), "labels": labels, **options}
        return self

    def predict(self, images):
        return np.ones(len(images), np.int64)


@pytest.fixture
def arguments(monkeypatch):
    """What every classifier was told."""
    monkeypatch.setattr(Watched, "made", [])
    monkeypatch.setitem(classifiers.CLASSIFIERS, "watched", Watched)
    return Watched.made


@pytest.fixture
def protocol(small_digits, tmp_path):
    return Protocol({"none": plain}, small_digits[1], "watched", 7, 3, tmp_path)


def cell_of(protocol, pool, per_class=5, repeat=0, arm="none"):
    subset = subset_of(pool, per_class, repeat, protocol.seed)
    (cell,) = run_cells(protocol, subset, per_class, repeat, arm)
    return cell


def test_what_is_the_same_in_all_arms_of_a_repeat_and_what_is_not(
    arguments, protocol, small_digits
):
    seen = []

    def arm(subset, seed, folder):
        seen.append((subset.fingerprint, seed, folder.name))
        return TrainingSet(subset.images, subset.labels)

    protocol = dataclasses.replace(protocol, arms={"a": arm, "other": arm})
    places = [(5, 0, "a"), (5, 0, "other"), (5, 1, "a"), (10, 0, "a")]
    cells = [cell_of(protocol, small_digits[0], *place) for place in places]
    assert seen[0] == seen[1] and seen[0][2] == "00005-000"
    assert all(len(set(column)) == 3 for column in zip(*seen, strict=True))
    seeds = [one["seed"] for one in arguments]
    assert seeds[0] == seeds[1] == seeds[3] != seeds[2], "initial weights go with the repeat"
    assert {(one["num_classes"], one["steps"]) for one in arguments} == {(10, 7)}
    assert [one["subset"] for one in cells] == [fingerprint[:16] for fingerprint, _, _ in seen]


def test_trainings_share_the_set_and_begin_with_other_weights(arguments, protocol, small_digits):
    made = []

    def arm(subset, seed, folder):
        made.append(seed)
        time.sleep(0.002)
        return TrainingSet(subset.images, subset.labels)

    protocol = dataclasses.replace(protocol, arms={"a": arm})
    subset = subset_of(small_digits[0], 5, 0, protocol.seed)
    first, *others = run_cells(protocol, subset, 5, 0, "a", (0, 1, 4))
    assert len(made) == 1 and [one["training"] for one in (first, *others)] == [0, 1, 4]
    assert first["arm_seconds"] > 0 and {one["arm_seconds"] for one in others} == {0}
    again = next(run_cells(protocol, subset, 5, 0, "a", (4,)))
    assert again["training"] == 4
    seeds = [one["seed"] for one in arguments]
    assert len(set(seeds[:3])) == 3 and seeds[3] == seeds[2]
    assert seeds[0] == derived_seed(protocol.seed, "classifier", 0), "as before there were several"


@pytest.mark.parametrize("per_class", [5, "all"])
def test_an_arm_that_works_in_place_changes_no_other_arm(
    arguments, protocol, small_digits, per_class
):
    def dirty(subset, seed, folder):
        subset.images[:] = subset.labels[:] = 0
        return plain(subset, seed, folder)

    pool = small_digits[0]
    before = pool.images.copy(), pool.labels.copy()
    protocol = dataclasses.replace(protocol, arms={"dirty": dirty, "none": plain})
    cells = [cell_of(protocol, pool, per_class, arm=arm) for arm in protocol.arms]
    assert cells[0]["subset"] == cells[1]["subset"]
    assert not arguments[0]["labels"].any() and arguments[1]["labels"].any()
    assert (pool.images == before[0]).all() and (pool.labels == before[1]).all()


def test_smaller_subsets_are_parts_of_larger_ones(small_digits):
    small, large = (subset_of(small_digits[0], n, 4, seed=0) for n in (5, 20))
    assert set(small.rows) < set(large.rows)
    assert set(small.rows) != set(subset_of(small_digits[0], 5, 3, seed=0).rows)


def test_seeds_of_different_purposes_differ():
    seeds = {
        derived_seed(seed, purpose, index)
        for seed in (0, 1)
        for purpose in ("arm", "subset")
        for index in range(50)
    }
    assert len(seeds) == 200 and all(0 <= seed < 2**31 for seed in seeds)


def test_what_was_recognised_and_what_was_confused(arguments, protocol, small_digits):
    cell = cell_of(protocol, small_digits[0])
    assert cell["accuracy"] == 0.1 and cell["images"] == 50
    assert cell["correct"] == [0, 30, *[0] * 8]
    assert cell["confused"] == [[true, 1, 30] for true in range(10) if true != 1]


def test_the_classifier_is_told_only_what_the_arm_says(arguments, protocol, small_digits):
    def weighted(subset, seed, folder):
        return TrainingSet(
            subset.images, subset.labels, np.ones(len(subset)), "classic", folder / "letters"
        )

    cell_of(dataclasses.replace(protocol, arms={"none": weighted}), small_digits[0])
    cell_of(protocol, small_digits[0])
    assert set(arguments[0]) - set(arguments[1]) == {"frequency", "transforms", "pretrained"}
    assert arguments[0]["transforms"] == "classic" and arguments[0]["pretrained"].name == "letters"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda s: (s.images, s.labels), "Received: tuple"),
        (lambda s: TrainingSet(s.images[:0], s.labels[:0]), "Received: uint8 (0, 14, 14, 1)"),
        (lambda s: TrainingSet(s.images[:, 1:], s.labels), "Received: uint8 (50, 13, 14, 1)"),
        (lambda s: TrainingSet(s.images / 255, s.labels), "Received: float64 (50, 14, 14, 1)"),
        (lambda s: TrainingSet(s.images.tolist(), s.labels), "Received: list ()"),
        (lambda s: TrainingSet(s.images, s.labels[1:]), "Received: int32 (49,)"),
        (lambda s: TrainingSet(s.images, s.labels + 0.5), "Received: float64 (50,)"),
        (lambda s: TrainingSet(s.images, s.labels + 1), "Received: 1..10"),
        (lambda s: TrainingSet(s.images, np.ones((50, 9))), "Received: float64 (50, 9)"),
        (lambda s: TrainingSet(s.images, np.full((50, 10), np.nan)), "Received: 50 other rows"),
        (lambda s: TrainingSet(s.images, np.eye(10)[s.labels] * 9), "Give the softmax of logits"),
        (lambda s: TrainingSet(s.images, s.labels, np.ones(3)), "Received: (3,), 1.0..1.0"),
        (lambda s: TrainingSet(s.images, s.labels, np.arange(50)), "Received: (50,), 0..49"),
        (lambda s: TrainingSet(s.images, s.labels, np.full(50, np.nan)), "nan..nan"),
        (lambda s: TrainingSet(s.images, s.labels, ["often"] * 50), "Received: (50,), <U5."),
        (lambda s: TrainingSet(s.images, s.labels, [[1], [1, 2]]), "Received: (), object."),
        (lambda s: TrainingSet(s.images, s.labels, []), "Received: (0,), float64."),
        (lambda s: TrainingSet(s.images, [[0], [1, 2]]), "Received: object ()"),
        (lambda s: TrainingSet(s.images, s.labels, transforms="clasic"), "Did you mean 'classic'?"),
        (lambda s: TrainingSet(s.images, s.labels, transforms=["classic"]), "No transform"),
    ],
)
def test_what_is_no_training_set_is_refused(arguments, protocol, small_digits, make, sentence):
    broken = dataclasses.replace(protocol, arms={"odd": lambda s, seed, folder: make(s)})
    with pytest.raises(UsageError) as refusal:
        cell_of(broken, small_digits[0], arm="odd", repeat=2)
    assert str(refusal.value).startswith("Arm 'odd' at 5 per class, repeat 3: ")
    assert sentence in str(refusal.value) and not arguments


def test_soft_labels_are_a_training_set(arguments, protocol, small_digits):
    def soft(subset, seed, folder):
        return TrainingSet(subset.images, np.eye(10, dtype=np.float32)[subset.labels])

    def listed(subset, seed, folder):
        made = soft(subset, seed, folder)
        return TrainingSet(made.images, made.labels.tolist(), [1] * len(made.images))

    for arm in (soft, listed):
        cell = cell_of(dataclasses.replace(protocol, arms={"none": arm}), small_digits[0])
    one, other = arguments
    assert (other["labels"] == one["labels"]).all() and other["frequency"].tolist() == [1] * 50
    assert one["labels"].shape == (50, 10) and one["labels"].dtype == np.float32
    assert one["labels"].sum(axis=0).tolist() == [5] * 10
    assert cell["accuracy"] == 0.1


def test_a_function_that_gives_test_images_is_refused(arguments, protocol, small_digits):
    held_out = small_digits[1]

    def leaking(subset, seed, folder):
        images = np.concatenate([subset.images, held_out.images])
        return TrainingSet(images, np.r_[subset.labels, held_out.labels])

    leaks = dataclasses.replace(protocol, arms={"leaks": leaking})
    sentence = f"{len(held_out)} of the {len(held_out)} test images are among those that"
    with pytest.raises(UsageError, match=f"^Arm 'leaks' at 5 per class, repeat 1: {sentence}"):
        cell_of(leaks, small_digits[0], arm="leaks")
    assert not arguments


def test_test_images_that_the_subset_was_allowed_are_no_leak(arguments, protocol, small_digits):
    allowed = dataclasses.replace(protocol, test_set=small_digits[0])
    cell_of(allowed, small_digits[0])
    assert len(arguments) == 1


def test_a_blank_image_as_one_of_many_test_images_is_no_leak(arguments, protocol, small_digits):
    many = small_digits[1].select(np.resize(np.arange(len(small_digits[1])), 300))
    many.images[7] = 0

    def blank(subset, seed, folder):
        return TrainingSet(subset.images * (subset.labels > 0)[:, None, None, None], subset.labels)

    blanks = dataclasses.replace(protocol, arms={"none": blank}, test_set=many)
    cell_of(blanks, small_digits[0])
    assert len(arguments) == 1


def test_what_a_function_of_the_users_raises_names_its_cell(arguments, protocol, small_digits):
    def failing(subset, seed, folder):
        return TrainingSet(subset.images, {}["labels"])

    with pytest.raises(GanprofileError) as failure:
        cell_of(dataclasses.replace(protocol, arms={"my": failing}), small_digits[0], arm="my")
    assert str(failure.value) == (
        "Arm 'my' at 5 per class, repeat 1: The function failed (KeyError: 'labels')."
    )
    causes = failure.value.__cause__, failure.value.__cause__.__cause__
    assert isinstance(causes[1], KeyError), "where it happened is to be seen"


def test_a_failure_names_its_cell_and_stays_what_it_is(arguments, protocol, small_digits):
    def failing(subset, seed, folder):
        raise GanprofileError("The generator collapsed.")

    with pytest.raises(GanprofileError) as failure:
        cell_of(dataclasses.replace(protocol, arms={"gan": failing}), small_digits[0], arm="gan")
    assert failure.value.exit_code == 1
    assert str(failure.value) == ("Arm 'gan' at 5 per class, repeat 1: The generator collapsed.")
