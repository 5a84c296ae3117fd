"""MATLAB's cells of images that differ in size, as HODA has them, and HDF5's rows of the bytes of
picture files, read as pictures are.
"""

import collections
import itertools

import numpy as np

from ganprofile.datasets.loaders.array_names import CLASS_NAMES, IMAGES, LABELS, WRITERS, parsed
from ganprofile.datasets.loaders.array_sets import (
    Part,
    in_place_of_labels,
    named_by,
    refuse_several_sets,
    same_by_name,
)
from ganprofile.datasets.loaders.class_arrays import as_text, is_stack, with_one_list
from ganprofile.datasets.loaders.embedded_pictures import Rows, reading_of_pictures
from ganprofile.datasets.loaders.loaded_data import NO_LABELS
from ganprofile.datasets.loaders.parts import train_and_test, without_unlabelled_test
from ganprofile.datasets.loaders.pictures import begins_picture
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import encode_png
from ganprofile.storage.files import printable


def has_picture_cells(arrays):
    """Whether some of the arrays, name -> array, are of images that differ in size, and none of
    images of one size."""
    are_cells = [array.dtype == object for array in arrays.values()]
    return any(are_cells) and not any(map(is_stack, arrays.values()))


def reading_of_cells(arrays, path, name, options, mapping=None):
    """A `LoadedData` of such images, labelled by what is called labels, or else by the only array
    that has as many values.

    Args:
        arrays: name -> array, those of images as arrays of arrays.
        path: of the file or folder.
        name: of the set.
        options: `LoadOptions`.
        mapping: the `Mapping` of labels to names that lies beside them, or None.

    Raises:
        GanprofileError: there are no images to learn from, or two arrays cannot be told apart.
        UsageError: levels are in no range that is known, there are more or fewer labels than
            images, or sizes differ and none is asked for.
    """
    where = printable(path)
    arrays = with_one_list(arrays, where)
    cells = {key: array for key, array in arrays.items() if array.dtype == object}
    others = {key: np.atleast_1d(array) for key, array in arrays.items() if key not in cells}
    cells, further = _by_part(cells, others, where)
    said = [f"{where}: the cells {', '.join(further)} are not read."] * bool(further)
    factor = _factor(cells, where)
    told, sentences = _beside(cells, others, where)
    said += sentences
    parts = {
        part: Part(
            [_png(one, factor, where) for one in images],
            *(others.get(told.get((part, role))) for role in (LABELS, WRITERS)),
        )
        for part, images in cells.items()
    }
    for settled in (without_unlabelled_test, train_and_test):
        parts, sentences = settled(parts, where)
        said += sentences
    class_names = as_text(where, others[told[CLASS_NAMES]]) if CLASS_NAMES in told else ()
    if mapping is not None and not class_names:
        parts, class_names = named_by(mapping, parts)
        said.append(mapping.sentence)
    rows = {
        part: Rows(some.images, some.labels, class_names, writers=some.writers)
        for part, some in parts.items()
    }
    reading = reading_of_pictures(rows, path, name, options)
    reading.findings["assumed"][:0] = said
    if parts["train"].labels is None:
        reading.findings[NO_LABELS] = in_place_of_labels(arrays, path)
    return reading


def _by_part(cells, others, where):
    """`({part: cells}, names)`: what is no part by its name, where another is the training part,
    is left aside and named.

    Raises:
        GanprofileError: none is of the training part.
        UsageError: two may be the same part, or sets of their own, each with labels in `others`.
    """
    named = {key: parsed(key).part for key in cells}
    further = [key for key in cells if named[key] is None and "train" in named.values()]
    found = {}
    for key in cells:
        part = named[key] or "train"
        if key not in further and part in found:
            keys = {name: (named[name], IMAGES) for name in cells}
            keys |= {name: (parsed(name).part, parsed(name).role) for name in others}
            refuse_several_sets(keys, where)
            pair = zip(cells[found[part]], cells[key], strict=False)
            are_same = len(cells[found[part]]) == len(cells[key]) and all(
                np.array_equal(*two) for two in pair
            )
            doubt = "which seem to be the same"
            doubt = doubt if are_same else "and nothing says of which part each is"
            raise UsageError(
                f"{where} has the cells {found[part]} and {key}, {doubt}. Remove one, or call them "
                "X_train and X_test."
            )
        if key not in further:
            found[part] = key
    if "train" not in found:
        raise GanprofileError(f"{where} has no training images. Received: {', '.join(found)}.")
    return {part: cells[key] for part, key in found.items()}, further


def _beside(cells, others, where):
    """`(told, said)`: the names of the arrays that have the labels and writers of each part,
    `{(part, role): name}`, and that of the names of classes, by `CLASS_NAMES`; and sentences.

    What is of no part by its name is of the training part. Where nothing is called labels, the only
    array of a part with as many values as it has images is taken for them.

    Raises:
        GanprofileError: two are called the same.
        UsageError: one has more or fewer values than there are images.
    """
    found = collections.defaultdict(list)
    for key, array in others.items():
        name = parsed(key)
        if not (name.role == CLASS_NAMES and array.size == 1):  # how many there are, perhaps
            found[name.part, name.role].append(key)
    are_called = any(role == LABELS for _, role in found)
    told, said = {}, []
    for (part, images), role in itertools.product(cells.items(), (LABELS, WRITERS)):
        names = _of_part(found, part, role)
        if role == LABELS and not are_called:
            like = _of_part(found, part, None)
            like = [key for key in like if others[key].shape == (len(images),)]
            names = like if len(like) == 1 else []
            said += [f"{where}: {key} was taken for the labels by its length." for key in names]
        if names:
            told[part, role] = _checked(names, others, len(images), where)
    if ("train", LABELS) not in told:  # then nothing is labelled
        told = {key: name for key, name in told.items() if key[1] != LABELS}
    if found[None, CLASS_NAMES]:
        told[CLASS_NAMES] = found[None, CLASS_NAMES][0]
    unread = [key for key in others if key not in told.values()]
    return told, said + [f"{where}: the arrays {', '.join(unread)} are not read."] * bool(unread)


def _of_part(found, part, role):
    """The names of a role, of a dict by parts and roles, that are those of a part."""
    return found[part, role] or (found[None, role] if part == "train" else [])


def _checked(names, others, count, where):
    """The only one of some names, that of an array with a row for each of `count` images."""
    if len(names) > 1:
        raise GanprofileError(same_by_name(*names[:2], where))
    if len(others[names[0]]) != count:
        raise UsageError(
            f"{where}: {names[0]} should hold a value for each of {count:,} images. Received: "
            f"{len(others[names[0]]):,}. Complete it, or call it otherwise if it is of others."
        )
    return names[0]


def _factor(cells, where):
    """What levels are multiplied by to be 0..255."""
    for part, images in cells.items():
        _refuse_no_levels(images, part, where)
    highest = max(float(image.max(initial=0)) for images in cells.values() for image in images)
    lowest = min(float(image.min(initial=0)) for images in cells.values() for image in images)
    if lowest < 0 or highest > 255:
        raise UsageError(
            f"{where} should hold levels in 0..255 or 0..1. Received: {lowest:.4g}..{highest:.4g}."
        )
    return 255 if highest <= 1 else 1


def _refuse_no_levels(images, part, where):
    """Refuse an image that is empty or has pixels that are no numbers."""
    for number, image in enumerate(images, 1):
        if image.size and np.isfinite(image).all():
            continue
        what = "has pixels that are NaN or infinite" if image.size else "has no pixels"
        raise UsageError(
            f"{where}: image {number:,} of the {part} part {what}. Put it right, or leave it out "
            "and its label as well."
        )


def _png(image, factor, where):
    """An image, or the bytes of a picture's file, as such bytes."""
    if image.ndim == 1:
        content = image.astype(np.uint8).tobytes()
        if not begins_picture(content):
            raise UsageError(
                f"{where} holds rows of numbers of several lengths, which are neither images nor "
                "the bytes of picture files. Write images as arrays (height, width)."
            )
        return content
    levels = np.rint(image * float(factor)).astype(np.uint8)
    return encode_png(levels if levels.ndim == 3 else levels[..., np.newaxis])
