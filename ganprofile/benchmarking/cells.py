"""Cells of the experiment: what an arm makes of a subset, a classifier, and what that reads."""

import copy
import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ganprofile.benchmarking.comparisons import RECOGNISED
from ganprofile.benchmarking.image_results import as_text
from ganprofile.benchmarking.sizes import ALL, said
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.datasets import Dataset
from ganprofile.datasets.checks import checked_soft_labels
from ganprofile.datasets.duplicates import ALIKE, shared
from ganprofile.errors import GanprofileError, UsageError, first_line
from ganprofile.storage.names import no_such
from ganprofile.transforms.handwriting.inputs import as_array
from ganprofile.transforms.strengths import TRANSFORMS


@dataclasses.dataclass(frozen=True)
class Protocol:
    """What all cells have in common.

    Attributes:
        arms: name -> `arm(subset, seed, folder)`, which gives a `TrainingSet`.
        test_set: the images that every classifier is judged by.
        classifier: a name in `classifiers.CLASSIFIERS`.
        steps: training steps of every classifier.
        seed: what all seeds are derived from.
        folder: where each subset has a folder for what arms keep.
        prepare: called without arguments in every process before its first cell.
    """

    arms: dict
    test_set: Dataset
    classifier: str
    steps: int
    seed: int
    folder: Path
    prepare: Callable[[], object] = bool


def derived_seed(seed, purpose, *indices):
    """A seed in 0..2**31 - 1 for one purpose and place, independent of all others."""
    words = [seed, *purpose.encode(), *indices]
    return int(np.random.SeedSequence(words).generate_state(1)[0]) % 2**31


def subset_of(train_set, per_class, repeat, seed):
    """The subset of a repeat: the smaller ones are parts of the larger ones, and of all images."""
    if per_class == ALL:
        return train_set
    return train_set.subset(per_class, derived_seed(seed, "subset", repeat))


def run_cells(protocol, subset, per_class, repeat, arm, trainings=(0,)):
    """Make the training set, and for each training train a classifier that reads the test images.

    The seeds of the classifier and of the arm know nothing of the arm's name: its initial weights
    are the same in all arms, and what one arm keeps in the subset's folder another may use.

    Args:
        protocol: the `Protocol`.
        subset: real images, a `Dataset`.
        per_class: how many of every class it has, or `"all"`.
        repeat: 0, 1, ...
        arm: a name in `protocol.arms`.
        trainings: the numbers of the trainings, 0, 1, ...; each has initial weights of its own.

    Yields:
        What `benchmark.json` keeps of each, a dict. What making the set took is said of the first.

    Raises:
        GanprofileError: the arm failed, or did not give a training set; the sentence names the
            cell.
    """
    test_set = protocol.test_set
    arm_seed, folder = arm_place(protocol, per_class, repeat)
    began = time.perf_counter()
    try:
        made = _made(protocol.arms[arm], subset, arm_seed, folder, test_set)
        made_at = time.perf_counter()
        for training in trainings:
            classifier = classifier_of(protocol, subset.num_classes, repeat, training)
            classifier = classifier.fit(made.images, made.labels, **options_of(made))
            predicted = classifier.predict(test_set.images)
            read_at = time.perf_counter()
            seconds = made_at - began, read_at - made_at
            place = per_class, repeat, arm, training
            yield cell_of(place, subset, made, seconds, test_set, predicted)
            began = made_at = time.perf_counter()  # the set is there: it takes no more time
    except GanprofileError as error:
        where = f"Arm {arm!r} {said(per_class)}, repeat {repeat + 1}"
        raise type(error)(f"{where}: {error}") from error


def _made(arm, subset, seed, folder, test_set):
    """The `TrainingSet` that an arm makes, checked.

    A function of the user's may work in place, on images of its own, and what it raises becomes a
    sentence; what one of ours raises is not known, and stays whole.
    """
    if hasattr(arm, "description"):
        return _checked(arm(subset, seed, folder), subset)
    try:
        made = arm(copy.deepcopy(subset), seed, folder)
    except (GanprofileError, MemoryError):
        raise
    except Exception as error:
        raise GanprofileError(f"The function failed ({first_line(error)}).") from error
    made = _checked(made, subset)
    _refuse_test_images(made, subset, test_set)
    return made


def _refuse_test_images(made, subset, test_set):
    """Refuse a function that gives test images: their gain would be none. A few may be alike by
    chance, such as blank ones."""
    copies = np.setdiff1d(shared(test_set, made), shared(test_set, subset))  # allowed there
    if len(copies) > ALIKE * len(test_set):
        raise UsageError(
            f"{len(copies):,} of the {len(test_set):,} test images are among those that the "
            f"function gave, such as {test_set.describe_image(copies[0])}. Make images of the "
            "subset alone, which it is given."
        )


def arm_place(protocol, per_class, repeat):
    """The seed of a subset's arms, and the folder for what they keep, which is there then."""
    size = 0 if per_class == ALL else per_class
    folder = protocol.folder / f"{size:05d}-{repeat:03d}"
    folder.mkdir(parents=True, exist_ok=True)
    return derived_seed(protocol.seed, "arm", repeat, size), folder


def cell_of(place, subset, made, seconds, test_set, predicted):
    """What `benchmark.json` keeps of a cell, a dict.

    Args:
        place: `(per_class, repeat, arm, training)`.
        subset: real images, a `Dataset`.
        made: the `TrainingSet` that an arm made of them.
        seconds: how long that took, and how long the classifier.
        test_set: what the classifier read, a `Dataset`.
        predicted: the classes that it read, integers.
    """
    per_class, repeat, arm, training = place
    return {
        "per_class": per_class,
        "repeat": repeat,
        "arm": arm,
        "training": training,
        "accuracy": float((predicted == test_set.labels).mean()),
        "images": len(made.images),
        "subset": subset.fingerprint[:16],
        "arm_seconds": round(seconds[0], 3),
        "classifier_seconds": round(seconds[1], 3),
        "correct": _correct(test_set, predicted),
        "confused": _confused(test_set.labels, predicted),
        RECOGNISED: as_text(predicted == test_set.labels),
    }


def classifier_of(protocol, num_classes, repeat, training):
    """The classifier of a training, which has not learned anything yet."""
    from ganprofile.classifiers import CLASSIFIERS

    # The first has the seed that it had when there was but one.
    place = (repeat, training) if training else (repeat,)
    seed = derived_seed(protocol.seed, "classifier", *place)
    return CLASSIFIERS[protocol.classifier](num_classes, steps=protocol.steps, seed=seed)


def options_of(made):
    """What the classifier is told beyond images and labels; one that knows less is not asked."""
    options = {name: getattr(made, name) for name in ("frequency", "transforms", "pretrained")}
    return {name: value for name, value in options.items() if value is not None}


def _correct(test_set, predicted):
    """How many images of every class were recognised, a list."""
    right = test_set.labels[predicted == test_set.labels]
    return np.bincount(right, minlength=test_set.num_classes).tolist()


def _confused(labels, predicted):
    """`[true class, predicted class, count]` of every pair that was confused, a list."""
    wrong = predicted != labels
    pairs = np.stack([labels[wrong], predicted[wrong]], axis=1)
    found, counts = np.unique(pairs, axis=0, return_counts=True)
    return [[*pair, count] for pair, count in zip(found.tolist(), counts.tolist(), strict=True)]


def _checked(made, subset):
    """A `TrainingSet` of arrays; what no classifier can be trained on is refused."""
    if not isinstance(made, TrainingSet):
        raise UsageError(
            f"An arm is a function that gives a TrainingSet. Received: {type(made).__name__}."
        )
    images, shape = made.images, getattr(made.images, "shape", ())
    if (
        getattr(images, "dtype", None) != np.uint8
        or shape[1:] != subset.image_shape
        or not shape[0]
    ):
        raise UsageError(
            f"Training images should be uint8 (n, {', '.join(map(str, subset.image_shape))}), one "
            f"or more. Received: {getattr(images, 'dtype', type(images).__name__)} {shape}."
        )
    if made.transforms not in (None, *TRANSFORMS):
        raise no_such("transform", made.transforms, TRANSFORMS)
    labels = as_array(made.labels)
    _check_labels(labels, len(images), subset)
    often = made.frequency if made.frequency is None else as_array(made.frequency)
    if often is not None:
        _check_frequency(often, len(images))
    return dataclasses.replace(made, labels=labels, frequency=often)


def _check_frequency(often, count):
    are_numbers = often.dtype.kind in "biuf"
    if often.shape == (count,) and are_numbers and (np.isfinite(often) & (often > 0)).all():
        return
    range_ = f"{often.min()}..{often.max()}" if are_numbers and often.size else often.dtype
    raise UsageError(
        f"Frequencies of a TrainingSet should be {count} numbers above 0. "
        f"Received: {often.shape}, {range_}."
    )


def _check_labels(labels, count, subset):
    is_hard = labels.shape == (count,) and labels.dtype.kind in "iu"
    is_soft = labels.shape == (count, subset.num_classes) and labels.dtype.kind == "f"
    if not is_hard and not is_soft:
        raise UsageError(
            f"Labels should be {count} class indices or probabilities of the "
            f"{subset.num_classes} classes. Received: {labels.dtype} {labels.shape}."
        )
    if is_hard and not 0 <= labels.min() <= labels.max() < subset.num_classes:
        raise UsageError(
            f"Labels should be 0..{subset.num_classes - 1}. "
            f"Received: {labels.min()}..{labels.max()}."
        )
    if is_soft:
        checked_soft_labels(labels, labels.shape, "Labels of a TrainingSet")
