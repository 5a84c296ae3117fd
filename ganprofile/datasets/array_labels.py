"""Labels as people and libraries keep them, as indices into class names."""

import dataclasses

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.classes import in_words
from ganprofile.errors import UsageError, first_line
from ganprofile.files import printable

MOST_UNNAMED = 10_000  # classes that may be known by number alone, beside one an image


@dataclasses.dataclass(frozen=True)
class Labels:
    """What an array of labels says.

    Attributes:
        indices: int32 `(n,)`, into `class_names`.
        class_names: the names of the classes.
        first: the number that stood for the first class; None where labels are no numbers.
        said: sentences on what was assumed.
    """

    indices: np.ndarray
    class_names: tuple[str, ...]
    first: int | None = None
    said: tuple[str, ...] = ()


def to_labels(values, count, where, class_names=(), first_label=None):
    """Labels in any usual form, with all that had to be assumed.

    Args:
        values: whole numbers (also as floats), or names, `(count,)`, `(count, 1)` or `(1, count)`;
            or one-hot rows `(count, num_classes)`.
        count: how many images there are.
        where: what the sentences call it, such as a file.
        class_names: the names of the classes, the first that of the label `first_label`. Without
            them, numbers name the classes themselves, and one that no image has is no class.
        first_label: the number of the first class; None takes 0, or 1 where labels are 1 to N for
            N class names.

    Returns:
        `Labels`.

    Raises:
        UsageError: there are more or fewer labels than images, or they do not fit the class names.
    """
    values = _plain(values, count, where)
    class_names = tuple(map(str, class_names))
    if values.ndim == 2:
        return _from_one_hot(values, where, class_names, first_label)
    if values.dtype.kind == "U":
        return _from_names(values, where, class_names, first_label)
    numbers = _whole(values, where)
    if class_names:
        return _from_numbers(numbers, where, class_names, first_label)
    return _named_by_numbers(numbers, where, first_label)


def said_labels(values, count, where, class_names=(), first_label=None):
    """As `to_labels`, with its sentences said: `(indices, class_names, findings)`, of which the
    last is for a `Reading`, `{"first_label": ...}` where labels are numbers."""
    found = to_labels(values, count, printable(where), class_names, first_label)
    for sentence in found.said:
        say(sentence)
    findings = {} if found.first is None else {"first_label": found.first}
    return found.indices, found.class_names, findings


def _plain(values, count, where):
    """The labels as an array of numbers or of text, `(count,)` or one-hot `(count, k)`."""
    try:
        values = np.asarray(values)
        if values.dtype.kind == "O":
            values = np.array(values.tolist())
        if values.dtype.kind == "S":
            values = np.char.decode(values, "utf-8")
    except (ValueError, TypeError) as error:  # rows of different lengths, bytes that are no UTF-8
        raise UsageError(
            f"Labels of {where} should be one array of numbers or names ({first_line(error)})."
        ) from error
    if values.ndim == 2 and values.shape in ((count, 1), (1, count)):
        values = values.ravel()
    one_hot = values.ndim == 2 and len(values) == count and values.dtype.kind in "buif"
    if not (values.shape == (count,) or one_hot) or values.dtype.kind not in "buifU":
        raise UsageError(
            f"Labels of {where} should be {count:,} integers or names, one an image. "
            f"Received: {values.dtype} of shape {values.shape}."
        )
    return values


def _from_one_hot(values, where, class_names, first_label):
    if not (np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all()):
        raise UsageError(
            f"Labels of {where} with {values.shape[1]} values an image should be one-hot: one 1 "
            "and else 0. Give the index of each class instead, such as labels.argmax(axis=1)."
        )
    columns = values.shape[1]
    if class_names and len(class_names) != columns:
        raise UsageError(
            f"One-hot labels of {where} have {columns} columns. Received: {len(class_names)} "
            "class names."
        )
    said = f"{where}: rows of {columns} values were taken for one-hot labels."
    found = to_labels(values.argmax(axis=1), len(values), where, class_names, first_label or 0)
    return dataclasses.replace(found, first=None, said=(said, *found.said))


def _from_names(values, where, class_names, first_label):
    said = ()
    if first_label is not None:
        said = (f"{where}: labels are names, of which --first-label says nothing.",)
    names = class_names or tuple(np.unique(values).tolist())
    index_of = {name: index for index, name in enumerate(names)}
    unknown = next((name for name in values.tolist() if name not in index_of), None)
    if unknown is not None:
        raise UsageError(
            f"{where} has the label {printable(unknown)!r}, which is none of its class names: "
            f"{in_words(names)}."
        )
    return Labels(
        np.array([index_of[name] for name in values.tolist()], np.int32), names, None, said
    )


def _whole(values, where):
    """int64 `(n,)`."""
    whole = np.rint(values) if values.dtype.kind == "f" else values
    strange = np.flatnonzero(~(np.isfinite(values) & (values == whole)))
    if len(strange):
        raise UsageError(
            f"Labels of {where} should be whole numbers, or names as text. "
            f"Received: {values[strange[0]]} for image {strange[0]}."
        )
    limits = np.iinfo(np.int32)
    if not limits.min <= whole.min() <= whole.max() <= limits.max:
        raise UsageError(
            f"labels of {where} should be 32-bit integers. Received: {whole.min()}..{whole.max()}."
        )
    return whole.astype(np.int64)


def _from_numbers(numbers, where, class_names, first_label):
    low, high, count = int(numbers.min()), int(numbers.max()), len(class_names)
    first, said = first_label or 0, ()
    if first_label is None and low >= 1 and high == count:
        first = 1
        said = (
            f"{where}: labels are {low}..{high} for {count} class names, so that 1 was taken for "
            f"the first, {printable(class_names[0])!r}.",
        )
    elif first_label is None and low >= 1 and high < count:
        said = (
            f"{where}: no image has the label 0, which was taken for the first class, "
            f"{printable(class_names[0])!r}; if 1 is the first, say --first-label 1.",
        )
    if low < first or high >= first + count:
        raise UsageError(
            f"Labels of {where} should be {first}..{first + count - 1} for its {count} class "
            f"names. Received: {low}..{high}."
        )
    return Labels((numbers - first).astype(np.int32), class_names, first, said)


def _named_by_numbers(numbers, where, first_label):
    """Every number that occurs is the name of a class."""
    found, indices = np.unique(numbers, return_inverse=True)
    low, high = int(found[0]), int(found[-1])
    first = max(low, 0) if first_label is None else first_label
    if low < first:
        raise UsageError(
            f"Labels of {where} should be {first} or more. Received: {low}..{high}. Leave out the "
            f"images that have no label, or say --first-label {low} if {low} is a class."
        )
    if high - first >= MOST_UNNAMED + len(numbers):
        raise UsageError(
            f"Labels of {where} go up to {high:,} for {len(numbers):,} images. "
            "Give class_names, or number the classes 0, 1, 2, ..."
        )
    said = []
    if low > 0 and first_label is None:
        said.append(f"{where}: labels are {low}..{high}; the classes are named by these numbers.")
    gaps = np.setdiff1d(np.arange(first, high + 1), found)
    if len(gaps):
        said.append(
            f"{where}: no image has the label {in_words(gaps.tolist())}; no class is made of it."
        )
    return Labels(indices.astype(np.int32), tuple(map(str, found.tolist())), first, tuple(said))
