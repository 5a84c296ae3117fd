"""What the arrays of a `Dataset` must be."""

import re
from collections.abc import Mapping

import numpy as np

from ganprofile.datasets.formats.attributes import check_plain, is_origin
from ganprofile.datasets.formats.soft_labels import no_probabilities
from ganprofile.errors import UsageError, first_line
from ganprofile.storage.files import as_json, is_text, printable

SPLIT = re.compile(r"[\w-][\w .,+=()-]{0,99}")  # a name of a folder, which leads nowhere else


def check_images(images, name):
    """Refuse what is no uint8 array `(n, height, width, 1 or 3)`.

    Raises:
        UsageError: with what it is instead.
    """
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8:
        received = getattr(images, "dtype", type(images).__name__)
        raise UsageError(
            f"Images of {name} should be a uint8 array (0 = paper, 255 = ink). "
            f"Received: {received}. Dataset.from_arrays takes other types and ranges. Check for "
            "NaN, scale to 0..255, convert with .astype('uint8')."
        )
    if 0 in images.shape:
        raise UsageError(
            f"{name} has no image: the shape should be (n, height, width, 1 or 3), n > 0. "
            f"Received: {images.shape}."
        )
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        remedy = (
            "Add the channel axis with images[..., None]"
            if images.ndim == 3
            else "Dataset.from_arrays also takes flat images and channels first"
        )
        raise UsageError(
            f"Images of {name} should have the shape (n, height, width, 1 or 3). "
            f"Received: {images.shape}. {remedy}."
        )


# column -> the smallest number in it, what those that are allowed are, and their type.
INTEGERS = {
    "writers": (-1, "0 or more, or -1 where that is not known", np.int32),
    "rows": (0, "0 or more", np.int64),
}


def checked_integers(values, column, count, name):
    """A column of `count` integers, int32 `(count,)`, or of the type in `INTEGERS`.

    Raises:
        UsageError: it is none.
    """
    if np.ma.is_masked(values):
        raise UsageError(f"{column} of {name} has masked values. Leave these images out.")
    values = np.asarray(values)
    if values.shape != (count,) or values.dtype.kind not in "iu":
        raise UsageError(
            f"{column} of {name} should be {count} integers, one an image. "
            f"Received: {values.dtype} of shape {values.shape}."
        )
    least, allowed, kind = INTEGERS.get(column, (None, "", np.int32))
    ends, limits = (values.min(), values.max()), np.iinfo(kind)
    received = f"Received: {ends[0]}..{ends[1]}."
    if not limits.min <= ends[0] <= ends[1] <= limits.max:
        raise UsageError(f"{column} of {name} should be {limits.bits}-bit integers. {received}")
    if least is not None and ends[0] < least:
        raise UsageError(f"{column} of {name} should be {allowed}. {received}")
    return values.astype(kind)


def checked_places(mask, count, name):
    """Which of `count` images are chosen, int64 `(m,)`.

    Raises:
        UsageError: neither booleans `(count,)` nor indices say it.
    """
    places = np.asarray(mask)
    if not places.size:  # of an empty list NumPy makes floats
        places = places.astype(np.int64)
    try:
        if places.ndim != 1:
            raise IndexError(f"the shape {places.shape}")
        return np.arange(count)[places]
    except IndexError as error:
        raise UsageError(
            f"Images of {name} are chosen by booleans ({count},) or by indices in 0..{count - 1}. "
            f"Received: {error}."
        ) from error


def checked_soft_labels(values, shape, what):
    """Probabilities of every class, float32 `(n, num_classes)`; without labels there is no class.

    Args:
        values: what should be that.
        shape: `(n, num_classes)`.
        what: they are called in a sentence.

    Raises:
        UsageError: they are none.
    """
    values = np.asarray(values)
    if values.shape != shape or values.dtype.kind != "f" or not shape[1]:
        raise UsageError(
            f"{what} should be floats {shape}, beside labels. "
            f"Received: {values.dtype} {values.shape}."
        )
    strange = no_probabilities(values)
    if len(strange):
        raise UsageError(
            f"{what} should be probabilities, rows of 0 or more with the sum 1. "
            f"Received: {len(strange):,} other rows, such as number {strange[0]}, "
            f"{values[strange[0]].tolist()!s:.60}. Give the softmax of logits, or divide each row "
            "by its sum."
        )
    return values.astype(np.float32, copy=False)


def is_split(value):
    """Whether a part may be called so."""
    return isinstance(value, str) and bool(SPLIT.fullmatch(value))


def check_words(name, split):
    """Refuse what a set cannot be called, nor its part.

    Raises:
        UsageError: with what it is.
    """
    if not isinstance(name, str) or not is_text(name):
        raise UsageError(f"`name` should be text. Received: {name!r:.60}.")
    if not is_split(split):
        raise UsageError(
            f"`split` of {printable(name)} should be a word or several, up to 100 letters, digits, "
            f"blanks and hyphens. Received: {split!r:.60}."
        )


def check_provenance(provenance, name):
    """Refuse what cannot be recorded of where images come from.

    Raises:
        UsageError: it is no dict, or holds what JSON cannot.
    """
    if not isinstance(provenance, dict):
        raise UsageError(f"`provenance` of {name} should be a dict. Received: {provenance!r:.60}.")
    try:
        as_json(provenance)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"`provenance` of {name} should hold what can be written as JSON "
            f"({first_line(error)}). Received: {provenance!r:.60}."
        ) from error


def checked_attributes(attributes, count, name):
    """Further columns, name -> array `(count,)`.

    Raises:
        UsageError: they are no dict, or one is no such column.
    """
    if not isinstance(attributes, Mapping | None):
        raise UsageError(
            f"`attributes` of {name} should be a dict, name -> array of a value for each image. "
            f"Received: {type(attributes).__name__}."
        )
    columns = (attributes or {}).items()
    return {column: _checked_attribute(values, column, count, name) for column, values in columns}


def _checked_attribute(values, column, count, name):
    """A further column as an array `(count,)`; text in objects becomes text.

    Raises:
        UsageError: it is none, of other values than numbers and text, or its name no text.
    """
    if not isinstance(column, str):
        raise UsageError(f"An attribute of {name} should have a name. Received: {column!r:.60}.")
    try:
        array = np.asarray(values)
    except ValueError as error:  # rows of different lengths
        raise UsageError(
            f"Attribute {column!r} of {name} should be one value an image ({first_line(error)})."
        ) from error
    if array.ndim == 0 or len(array) != count:
        received = "one" if array.ndim == 0 else len(array)
        raise UsageError(
            f"Attribute {column!r} of {name} should have {count} values. Received: {received}."
        )
    if array.ndim > 1:
        raise UsageError(
            f"Attribute {column!r} of {name} should have one value an image. Received: the shape "
            f"{array.shape}. Give each of its columns a name of its own."
        )
    if np.ma.is_masked(values):
        raise UsageError(
            f"Attribute {column!r} of {name} has masked values. Leave these images out, or say "
            "what stands for what is not known."
        )
    is_all_text = array.dtype.kind == "O" and all(isinstance(value, str) for value in array)
    array = array.astype(str) if is_all_text else array
    if not is_origin(column):
        check_plain(array, f"Attribute {column!r} of {name}")
    return array
