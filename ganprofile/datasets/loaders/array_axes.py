"""Which axis of an array counts the images: MATLAB counts them by the last, others by the first."""

import numpy as np

from ganprofile.datasets.array_images import CHANNELS
from ganprofile.datasets.loaders.array_names import IMAGES, LABELS, parsed
from ganprofile.datasets.loaders.class_arrays import joined_classes, unstacked_classes
from ganprofile.datasets.loaders.columns import FEWEST_PIXELS


def arranged(arrays, where):
    """Arrays with the images counted first and labels as rows, and sentences.

    Args:
        arrays: name -> array, as MATLAB holds them.
        where: what the sentences call the file.
    """
    stacks = unstacked_classes(_with_letters(arrays))
    arrays, said = joined_classes(stacks, where, places={*stacks} - {*arrays})
    arrays = {name: _one_hot_rows(name, array) for name, array in arrays.items()}
    roles = {name: parsed(name).role for name in arrays}
    counts = {np.size(a) for name, a in arrays.items() if roles[name] == LABELS}
    counts |= {n for a in arrays.values() if 1 in a.shape or a.ndim == 1 for n in (a.size,)}
    counts |= {len(a) for a in arrays.values() if a.ndim == 2 and _is_one_hot(a)}
    done = {}
    for name, array in arrays.items():
        if array.ndim == 2 and 1 in array.shape:
            array = array.ravel()
        if roles[name] != LABELS and _is_of_either_axis(array, counts):
            axis = _rougher_axis(array)
            said.append(
                f"{where}: {name} has the shape {array.shape}; its images were taken to be counted "
                f"by the {'last' if axis else 'first'} axis, along which values change most."
            )
            array = np.moveaxis(array, axis, 0)
        elif array.ndim in (2, 3, 4) and _is_counted_last(array, counts):
            said.append(f"{where}: the images of {name} were taken to be counted by the last axis.")
            array = np.moveaxis(array, -1, 0)
        done[name] = array
    return done, said


def _with_letters(arrays):
    """Arrays in which a single text that has the labels, with as many letters as another array has
    rows or columns, is one of these letters."""
    lengths = {n for array in arrays.values() if array.dtype.kind != "U" for n in array.shape}
    return {
        name: np.array([*array.item()])
        if parsed(name).role == LABELS and _is_text_of(array, lengths)
        else array
        for name, array in arrays.items()
    }


def _is_text_of(array, lengths):
    """Whether an array is one text, of one of some lengths."""
    return array.dtype.kind == "U" and array.size == 1 and len(array.item()) in lengths - {1}


def _is_of_either_axis(array, counts):
    """Whether there are as many images as pixels along the other end."""
    if array.ndim not in (2, 3) or array.shape[0] != array.shape[-1]:
        return False
    return array.shape[0] in counts and array[0].size >= FEWEST_PIXELS


def _is_counted_last(array, counts):
    """Whether images, or columns of pixels, are counted by the last axis."""
    first, last = array.shape[0], array.shape[-1]
    if array.ndim == 4:
        return array.shape[2] in CHANNELS and last not in CHANNELS
    if array.ndim == 3 and not counts:
        return first == array.shape[1] != last
    return last in counts and first not in counts and array[..., 0].size >= FEWEST_PIXELS


def _rougher_axis(array):
    """0 or -1, whichever values change along more: images differ more than pixels side by side."""
    values = array.astype(np.float32)
    return max((0, -1), key=lambda axis: np.abs(np.diff(values, axis=axis)).mean())


def _one_hot_rows(name, array):
    """One-hot labels with a row, not a column, for each image."""
    is_label = array.ndim == 2 and 1 not in array.shape and parsed(name).role != IMAGES
    return array.T if is_label and _is_one_hot(array.T) and not _is_one_hot(array) else array


def _is_one_hot(array):
    are_shares = array.size and array.dtype.kind in "buif" and array.min() >= 0
    return bool(are_shares and (array.max(axis=1) == 1).all() and (array.sum(axis=1) == 1).all())
