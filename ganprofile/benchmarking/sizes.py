"""The sizes of subsets: so many images of every class, or all that there are."""

import numpy as np

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


def images_of(size, class_counts):
    """Images of a class in a subset; of all images, in the mean of the classes."""
    return float(np.mean(class_counts)) if size == ALL else float(size)
