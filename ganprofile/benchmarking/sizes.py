"""The sizes of subsets: so many images of every class, or all that there are."""

import numpy as np

from ganprofile import console

ALL = "all"  # a size: every image of every class


def in_order(size):
    """A sorting key: numbers by size, then all."""
    return (size == ALL, 0 if size == ALL else size)


def said(size):
    """A size in words."""
    return "with all images" if size == ALL else f"at {size} per class"


def overlap_of(size, class_counts):
    """The share of images that two random subsets of a size are expected to have in common.

    Args:
        size: images of every class in a subset, or `ALL`.
        class_counts: images of every class in the pool, `(num_classes,)`.

    Returns:
        A float, above 0; 1 where a subset is the whole pool.
    """
    if size == ALL:
        return 1.0
    return float(np.mean(size / np.asarray(class_counts, np.float64)))


def unit_of(size, class_counts):
    """What repeats of a size are: `subsets`, or `trainings` where each has all images.

    Arguments as for `overlap_of`.
    """
    return "subsets" if overlap_of(size, class_counts) < 1 else "trainings"


def called(unit, repeats, trainings):
    """What repeats are called: `subsets`; of all images `trainings`, or, where each is trained
    several times, `repeats`.

    Args:
        unit: as `unit_of` gives it.
        repeats: how many there are.
        trainings: how many classifiers were trained in them, of each arm.
    """
    return "repeats" if unit != "subsets" and trainings > repeats else unit


def counted(unit, repeats, trainings, column=None):
    """How many repeats and trainings there are, in words: `10 subsets`, `2 trainings`, `3 repeats,
    6 trainings`.

    Args:
        unit, repeats, trainings: as for `called`.
        column: the head of the column that it stands in, whose word is left out.
    """
    name = called(unit, repeats, trainings)
    text = str(repeats) if name == column else console.counted(repeats, name[:-1])
    return text if trainings <= repeats else f"{text}, {console.counted(trainings, 'training')}"


def times(number):
    """How often, in words."""
    return "once" if number == 1 else f"{number:,} times"


def over(means):
    """What the means and deviations of a `Benchmark`'s `means` are over, in words."""
    return " and ".join(dict.fromkeys(mean["unit"] for mean in means))


def images_of(size, class_counts):
    """Images of a class in a subset; of all images, in the mean of the classes."""
    return float(np.mean(class_counts)) if size == ALL else float(size)
