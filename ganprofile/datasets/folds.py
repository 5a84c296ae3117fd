"""Folds: parts of labelled images of which each is read by who did not see it."""

import numpy as np

SEEN_BY_ALL = -1  # the fold of an image that is the only one of its class


def of_one_fold(folds, hashes=None):
    """Which images one fold alone has, and which of those of folds another one has, too.

    Args:
        folds: of the images, int64 `(n,)`, or `SEEN_BY_ALL`.
        hashes: of each, `(n,)`, equal where one is as good as another; None where none is there
            twice.

    Returns:
        `(alone, copies)`, bool `(n,)` both.
    """
    in_a_fold = folds != SEEN_BY_ALL
    copies = np.zeros(len(folds), bool) if hashes is None else _in_several(hashes, folds)
    return in_a_fold & ~copies, in_a_fold & copies


def _in_several(hashes, folds):
    """Whether the same image is in another fold than its own, bool `(n,)`."""
    _, images = np.unique(hashes, return_inverse=True)
    first, last = np.full(len(folds), len(folds)), np.full(len(folds), -len(folds))
    np.minimum.at(first, images, folds)
    np.maximum.at(last, images, folds)
    return (first != last)[images]


def folds_of(labels, folds, seed):
    """The fold of every image, int64 `(n,)`: each class is divided as evenly as can be.

    Args:
        labels: int `(n,)`.
        folds: how many.
        seed: of the division.

    Returns:
        0 .. folds - 1, `SEEN_BY_ALL` for the only image of a class.
    """
    random = np.random.default_rng(seed)
    divided = np.empty(len(labels), np.int64)
    for label in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == label))
        first = random.integers(folds)
        divided[members] = (first + np.arange(len(members))) % folds
        if len(members) == 1:
            divided[members] = SEEN_BY_ALL
    return divided
