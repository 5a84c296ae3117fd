"""MATLAB's cells of images that differ in size, as HODA has them, and HDF5's rows of the bytes of
picture files, read as pictures are.
"""

import numpy as np

from ganprofile.datasets.loaders.array_names import CLASS_NAMES, IMAGES, LABELS, parsed
from ganprofile.datasets.loaders.array_sets import Part, named_by, refuse_several_sets
from ganprofile.datasets.loaders.class_arrays import is_stack
from ganprofile.datasets.loaders.embedded_pictures import Rows, reading_of_pictures
from ganprofile.datasets.loaders.parts import train_and_test, without_unlabelled_test
from ganprofile.datasets.loaders.pictures import begins_picture
from ganprofile.errors import UsageError
from ganprofile.images import encode_png
from ganprofile.storage.files import printable


def has_picture_cells(arrays):
    """Whether some of the arrays, name -> array, are of images that differ in size, and none of
    images of one size."""
    are_cells = [array.dtype == object for array in arrays.values()]
    return any(are_cells) and not any(map(is_stack, arrays.values()))


def reading_of_cells(arrays, path, name, options, mapping=None):
    """A `LoadedData` of such images, labelled by what is called labels or has as many values.

    Args:
        arrays: name -> array, those of images as arrays of arrays.
        path: of the file or folder.
        name: of the set.
        options: `LoadOptions`.
        mapping: the `Mapping` of labels to names that lies beside them, or None.

    Raises:
        UsageError: levels are in no range that is known, or sizes differ and none is asked for.
    """
    where = printable(path)
    cells = {key: array for key, array in arrays.items() if array.dtype == object}
    others = {key: np.ravel(array) for key, array in arrays.items() if key not in cells}
    cells, further = _by_part(cells, others, where)
    said = [f"{where}: the cells {', '.join(further)} are not read."] * bool(further)
    factor = _factor(cells, where)
    parts = {
        part: Part([_png(one, factor, where) for one in images], _labels_of(part, images, others))
        for part, images in cells.items()
    }
    for settled in (without_unlabelled_test, train_and_test):
        parts, sentences = settled(parts, where)
        said += sentences
    told = [array.tolist() for key, array in others.items() if parsed(key).role == CLASS_NAMES]
    class_names = told[0] if told else ()
    if mapping is not None and not class_names:
        parts, class_names = named_by(mapping, parts)
        said.append(mapping.sentence)
    rows = {part: Rows(some.images, some.labels, class_names) for part, some in parts.items()}
    reading = reading_of_pictures(rows, path, name, options)
    reading.findings["assumed"][:0] = said
    return reading


def _by_part(cells, others, where):
    """`({part: cells}, names)`: what is no part by its name, where another is the training part,
    is left aside and named.

    Raises:
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
    return {part: cells[key] for part, key in found.items()}, further


def _labels_of(part, images, others):
    """What is called labels, best those of the part, or has as many values as there are images."""
    like = [key for key in others if len(others[key]) == len(images)]
    named = [key for key in like if parsed(key).role == LABELS] or like
    named.sort(key=lambda key: parsed(key).part != part)
    return others[named[0]] if named else None


def _factor(cells, where):
    """What levels are multiplied by to be 0..255."""
    highest = max(float(image.max(initial=0)) for images in cells.values() for image in images)
    lowest = min(float(image.min(initial=0)) for images in cells.values() for image in images)
    if lowest < 0 or highest > 255:
        raise UsageError(
            f"{where} should hold levels in 0..255 or 0..1. Received: {lowest:.4g}..{highest:.4g}."
        )
    return 255 if highest <= 1 else 1


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
