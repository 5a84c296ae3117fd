"""Arrays in the place of a dataset: `(images, labels)`, images alone, or both parts of a set."""

import dataclasses
import os
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from ganprofile.console import say
from ganprofile.datasets.array_images import hold_together, to_uint8_images
from ganprofile.datasets.array_labels import joined_labels, plain_labels, to_labels
from ganprofile.datasets.classes import say_empty_classes
from ganprofile.datasets.data_frames import labels_by_heading, pixels_in_order
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.duplicates import refuse_overlap
from ganprofile.datasets.held_pictures import pictures_as_array
from ganprofile.datasets.loaders.loaded_data import PARTS, SETTLED, LoadedData
from ganprofile.datasets.loaders.polarity import say_polarity
from ganprofile.datasets.loaders.shaping import shaped, upright
from ganprofile.datasets.loaders.writers import named, numbered
from ganprofile.datasets.orientation import say_orientation
from ganprofile.errors import UsageError
from ganprofile.storage.names import did_you_mean
from ganprofile.transforms.arrays import without_gradient

NAME = "arrays"
# What may be said of arrays, of all that else is said of files.
OF_ARRAYS = ("first_label", "transpose", "rotate")
# Images, or `(images, labels)`, or both parts of a set as two of these.
Arrays: TypeAlias = (
    ArrayLike
    | tuple[ArrayLike, ArrayLike | None]
    | tuple[tuple[ArrayLike, ArrayLike | None], tuple[ArrayLike, ArrayLike | None]]
)


def are_arrays(given):
    """Whether something that was given for a dataset is arrays; a text or path is a name.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(given, (str, os.PathLike)):
        return False
    is_sequence = isinstance(given, Sequence) and not isinstance(given, bytes)
    if is_sequence or hasattr(given, "__array__"):
        return True
    raise UsageError(
        "Data are a name, a path, a Dataset of ganprofile, or arrays: images, or (images, labels). "
        f"Received: {_called(given)}"
    )


def _called(given):
    """What was given in words, with its library, and what to do."""
    library = type(given).__module__.partition(".")[0]
    called = type(given).__name__
    if library == "builtins":
        return f"{called}."
    if library == "datasets":
        return f"{called} of Hugging Face's datasets. {_of_hugging_face(given)}"
    return f"{called} of {library}. Give its images and labels as arrays."


def _of_hugging_face(given):
    """What to do with a `datasets.Dataset` or the like, by what its columns are."""
    features = getattr(given, "features", None)
    if not isinstance(features, dict):
        return 'Give one of its parts, such as rows["train"].'
    image = next((key for key in features if type(features[key]).__name__ == "Image"), "image")
    named = next((key for key in features if hasattr(features[key], "names")), None)
    label = f'rows["{named or "label"}"]'
    names = f', rows.features["{named}"].names' if named else ""
    return (
        f'Give its columns: gp.Dataset.from_arrays([*rows["{image}"]], [*{label}]{names}); or '
        "write it as a Parquet file and give its path."
    )


def given_parts(given, first_label=None):
    """The `Dataset`s of arrays.

    Args:
        given: images, `(images, labels)`, or `((images, labels), (images, labels))`, the training
            and the test part, as `Dataset.from_arrays` takes them. A list is one array.
        first_label: as for `Dataset.from_arrays`.

    Returns:
        A list of one or two; the ranges of their values and the classes of their labels are found
        together.

    Raises:
        UsageError: they are no such arrays.
    """
    pairs = [_pair(part) for part in (given if _are_both_parts(given) else [given])]
    return datasets_of(pairs, first_label=first_label)


def load_given(given, data_dir, options, allow_overlap=False):
    """`(train_set, test_set, findings)`: the sets as `load` gives them, without a recipe, since
    only the caller has these arrays."""
    of_files = {option: getattr(options, option) for option in SETTLED if option not in OF_ARRAYS}
    for option, value in {"data_dir": data_dir, **of_files}.items():
        if value is not None:
            raise UsageError(f"`{option}` is for files; the data are arrays. Remove it.")
    reading = shaped(LoadedData(*given_parts(given, options.first_label)), options)
    reading = upright(reading, options)
    say_polarity(reading, options.invert)
    say_orientation(reading)
    say_empty_classes(reading.train, is_alone=reading.test is None)
    train_set = refuse_overlap(reading.train, reading.test, allow_overlap)
    return train_set, reading.test, reading.findings


def as_dataset(given):
    """A `Dataset` of arrays; what is one, or None, is returned as it is.

    Raises:
        UsageError: it is a name or a path, or no such arrays.
    """
    if given is None or isinstance(given, Dataset):
        return given
    if isinstance(given, (str, os.PathLike)):
        raise UsageError(
            "The data should be a Dataset or arrays here. Load them first: "
            f"`ganprofile.load({str(given)!r})[0]`. Received: {given!r}."
        )
    return given_parts(given)[0]


def refuse_labels_apart(given, parameter):
    """Refuse labels in the place of a name, the usual slip of who fits and predicts.

    Args:
        given: what should be a name or None.
        parameter: which one.

    Raises:
        UsageError: it is something else.
    """
    if given is not None and not isinstance(given, str):
        raise UsageError(
            f"`{parameter}` should be a name. Received: {type(given).__name__}. Images and their "
            "labels are given together, as one tuple (images, labels)."
        )


def with_test(given, test):
    """Arrays for a training part and for a test part, as `given_parts` takes both."""
    return _pair(given), _pair(test)


def datasets_of(pairs, class_names=(), first_label=None, name=NAME, **columns):
    """`Dataset`s of pairs of images and labels; all else as for `Dataset.from_arrays`."""
    _check_columns(columns)
    columns = _with_numbered_writers(columns, name)
    if isinstance(class_names, Iterator):  # which could be asked once
        class_names = tuple(class_names)
    images, said = _each([pair[0] for pair in pairs], images_as_array, name)
    where = f"The labels of {name}"
    labels, said_of_labels = _each(
        [pair[1] for pair in pairs], labels_by_heading, where, class_names
    )
    labels, more = _labels_as_one(labels, where)
    said_of_labels += more
    ends = np.cumsum([len(array) for array in images[:-1]], dtype=int)
    images, more = _as_one(images, name)
    pixels, sentences = to_uint8_images(images, name)
    said += [*more, *sentences]
    indices = [None] * len(pairs)
    if labels is not None:
        arguments = where, class_names, first_label
        indices, class_names, more = to_labels(labels, len(pixels), *arguments)
        indices, said = np.split(indices, ends), [*said, *said_of_labels, *more]
    for sentence in said:
        say(sentence)
    parts = zip(np.split(pixels, ends), indices, PARTS, strict=False)
    return [
        Dataset(part, labels, class_names, **{"name": name, "split": split, **columns})
        for part, labels, split in parts
    ]


def images_as_array(given, where):
    """Images of any kind as what NumPy rightly takes for an array of numbers; `(images, said)`."""
    given, said = pictures_as_array(without_gradient(given), where)
    given, more = pixels_in_order(given, where)
    return given, [*said, *more]


def _each(given, take, *arguments):
    """What `take` makes of each, a list, and the sentences of all."""
    taken = [take(one, *arguments) for one in given]
    return [one for one, _ in taken], [sentence for _, said in taken for sentence in said]


def _check_columns(columns):
    """Refuse columns that a `Dataset` has no place of their own for."""
    known = [field.name for field in dataclasses.fields(Dataset)]
    for column in columns:
        if column not in known:
            raise UsageError(
                f"Dataset.from_arrays takes no `{column}`. A column of your own is one of the "
                f"attributes: `attributes={{{column!r}: ...}}`.{did_you_mean(column, known)}"
            )


def _with_numbered_writers(columns, name):
    """Columns of which those who wrote are numbers, with an attribute that keeps their names."""
    writers = columns.get("writers")
    if np.ma.is_masked(writers):
        writers = np.array(writers.tolist(), object)  # None where it is masked
    writers = np.asarray(writers)
    if writers.ndim != 1 or writers.dtype.kind not in "USOf":
        return columns
    (numbers,), (names,) = numbered([writers], name), named([writers], name)
    attributes = {**(columns.get("attributes") or {}), **names}
    return {**columns, "writers": numbers, "attributes": attributes}


def _pair(given):
    """`(images, labels)`, of which the labels may be None."""
    if not isinstance(given, tuple):
        return given, None
    if len(given) != 2 or given[0] is None or any(isinstance(part, Dataset) for part in given):
        kinds = ", ".join(type(part).__name__ for part in given)
        raise UsageError(f"Arrays are a tuple (images, labels). Received: ({kinds}).")
    return given


def _are_both_parts(given):
    return isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], tuple)


def _labels_as_one(labels, where):
    """The labels of all parts as one array, or None, and what was assumed."""
    if all(array is None for array in labels):
        return None, []
    plain = [None if array is None else plain_labels(array, where) for array in labels]
    _refuse_other_shapes("labels", plain)
    return joined_labels(plain, where)


def _as_one(images, name):
    """The images of all parts as one array, whose range is found together, and what was assumed."""
    if len(images) == 1:
        return images[0], []
    _refuse_other_shapes("images", images)
    said = hold_together(images, name)
    return np.concatenate(images), said


def _refuse_other_shapes(kind, arrays):
    """Refuse parts that are no one array."""
    if any(array is None for array in arrays):
        raise UsageError(f"Both parts need {kind}, or none of them. Received: one of them only.")
    shapes = [np.shape(without_gradient(array)) for array in arrays]
    if len({shape[1:] for shape in shapes}) > 1:
        received = " and ".join(map(str, shapes))
        raise UsageError(
            f"The {kind} of both parts should have one shape, counted along the first axis. "
            f"Received: {received}."
        )
