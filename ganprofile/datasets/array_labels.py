"""Labels as people and libraries keep them, as indices into class names."""

import decimal

import numpy as np

from ganprofile.datasets.classes import (
    in_words,
    is_whole_text,
    numbered_names,
    spelled_twice,
    tidy_labels,
)
from ganprofile.datasets.digit_names import are_digits
from ganprofile.errors import UsageError, first_line, is_whole
from ganprofile.storage.files import composed, printable
from ganprofile.transforms.arrays import without_gradient

MISSING = ("nan", "null", "none", "na", "n/a", "<na>")  # as programs write none among numbers
LONGEST = 60  # characters of a label in a sentence
MOST_UNNAMED = 10_000  # classes that may be known by number alone, beside one an image


def to_labels(values, count, where, class_names=(), first_label=None):
    """Labels in any usual form, with all that had to be assumed.

    Args:
        values: whole numbers (also as floats), or names, `(count,)`, `(count, 1)` or `(1, count)`;
            or one-hot rows `(count, num_classes)`.
        count: how many images there are.
        where: what the sentences call them, such as "The labels of digits.npz".
        class_names: the names of the classes, the first that of the label `first_label`; or which
            number is which name, as `classes.numbered_names` takes it. Without them, numbers name
            the classes themselves, and one that no image has is no class.
        first_label: the number of the first class; None takes 0, or 1 where labels are 1 to N for
            N class names. Of labels to 10 beside the names of the ten digits it has to be said: 0
            where 10 stands for zero.

    Returns:
        `(labels, class_names, said)`: int32 `(count,)`, indices into the names, a tuple; and a list
        of sentences on what was assumed.

    Raises:
        UsageError: there are more or fewer labels than images, or they do not fit the class names.
    """
    if first_label is not None and not is_whole(first_label):
        raise UsageError(f"`first_label` should be a whole number. Received: {first_label!r}.")
    values = _plain(values, count, where)
    class_names, numbered_from = numbered_names(class_names, f"{where}: class names")
    if values.ndim == 2:
        return _from_one_hot(values, where, class_names, first_label)
    if values.dtype.kind == "U":
        return _from_names(values, where, class_names, first_label)
    numbers = _whole(values, where)
    truth = [f"{where}: False and True were taken for 0 and 1."] * (values.dtype.kind == "b")
    if numbered_from is not None:
        if first_label not in (None, numbered_from):
            raise UsageError(
                f"{where}: the class names are numbered from {numbered_from}. Received: "
                f"`first_label={first_label}`. Leave it out."
            )
        first_label = numbered_from
    if class_names:
        labels, names, said = _from_numbers(numbers, where, class_names, first_label)
    else:
        labels, names, said = _named_by_numbers(numbers, where, first_label)
    return labels, names, [*truth, *said]


def _plain(values, count, where):
    """The labels as an array of numbers or of text, `(count,)` or one-hot `(count, k)`."""
    values = plain_labels(values, where)
    if values.ndim == 2 and values.shape in ((count, 1), (1, count)):
        values = values.ravel()
    one_hot = values.ndim == 2 and len(values) == count and values.dtype.kind in "buif"
    if not (values.shape == (count,) or one_hot):
        raise UsageError(
            f"{where} should hold a label for each of {count:,} images. Received: {values.size:,}, "
            f"{values.dtype} of shape {values.shape}. Give {count} integers or names."
        )
    if values.dtype.kind not in "buifU":
        first = values.ravel()[0]
        raise UsageError(
            f"{where} should be whole numbers, or names as text. Received: "
            f"{type(first).__name__}, such as {printable(repr(first)[:LONGEST])} for image 0. Give "
            "the number or the name that stands in each, or str(label)."
        )
    return values


def plain_labels(values, where):
    """Labels as an array of numbers or of text, in whatever shape they come.

    Args:
        values: as for `to_labels`.
        where: what the sentences call them.

    Raises:
        UsageError: some are missing, or they are no one array.
    """
    try:
        values = without_gradient(values)
        if np.ma.is_masked(values):
            _refuse_missing(values.ravel().tolist(), where)  # None where it is masked
        array = np.asarray(values)
        if array.ndim == 0:
            raise UsageError(
                f"{where} should be a list or an array with one for each image. Received: "
                f"{type(values).__name__}. Of what yields them, give list(...)."
            )
        if array.dtype.kind == "U" and not hasattr(values, "dtype"):
            array = np.asarray(values, object)  # in which a number is still one, and NaN no name
        if array.dtype.kind == "O":
            flat = [float(v) if isinstance(v, decimal.Decimal) else v for v in array.ravel()]
            _refuse_missing(flat, where)
            found = np.array(_spelled_alike(flat))
            array = found.reshape(*array.shape, *found.shape[1:])  # a row may be a list of its own
        if array.dtype.kind == "S":
            array = np.char.decode(array, "utf-8")
    except UsageError:
        raise
    except (ValueError, TypeError) as error:  # rows of different lengths, bytes that are no UTF-8
        raise UsageError(
            f"{where} should be one array of numbers or names ({first_line(error)})."
        ) from error
    return array


def told_labels(labels):
    """Labels, or None where all are -1, as libraries mark what is not labelled."""
    is_unlabelled = labels.dtype.kind in "iu" and len(labels) and (labels == -1).all()
    return None if is_unlabelled else labels


def _spelled_alike(values):
    """A list in which whole floats beside names are spelled as the integers that they are."""
    if not any(isinstance(value, str) for value in values):
        return values
    return [as_integer(value) for value in values]


def as_integer(value):
    """A whole float as the integer that it is; all else as it is."""
    is_whole = isinstance(value, (float, np.floating)) and float(value).is_integer()
    return int(value) if is_whole else value


def _refuse_missing(values, where):
    missing = [row for row, value in enumerate(values, 1) if is_missing(value)]
    if missing:
        raise UsageError(
            f"{where} are missing in {len(missing):,} of {len(values):,} rows, such as row "
            f"{missing[0]:,}. Give them, or leave these rows out."
        )


def is_missing(value):
    """Whether a value stands for none: None, NaN, or what pandas has for them."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, np.floating)) and value != value


def labels_of_parts(parts, where, class_names=(), first_label=None):
    """What `to_labels` gives of all parts together.

    Args:
        parts: as for `joined_labels`.
        where, class_names, first_label: as for `to_labels`.
    """
    labels, said = joined_labels(parts, where, class_names, first_label)
    if said and len(class_names):
        first_label = None  # by which numbers have become names already
    labels, names, more = to_labels(labels, len(labels), where, class_names, first_label)
    return labels, names, [*said, *more]


def joined_labels(parts, where, class_names=(), first_label=None):
    """The labels of several parts as one array, and a list of sentences on what was assumed.

    Whole numbers beside names are names, as they are where all stand in one list; where the classes
    have names, the numbers of all parts together are places among these, as they are in parts of
    numbers alone.

    Args:
        parts: arrays as `plain_labels` gives them, of shapes that fit.
        where: what the sentences call them.
        class_names, first_label: as for `to_labels`.
    """
    kinds = {"U" if part.dtype.kind == "U" else "numbers" for part in parts}
    if len(kinds) == 1:
        return np.concatenate(parts), []
    said = f"{where} are text in one part and numbers in the other, which were taken for "
    names, _ = numbered_names(class_names, where)
    if not names or any(part.ndim > 1 for part in parts):
        texts = [part if part.dtype.kind == "U" else _as_texts(part) for part in parts]
        return np.concatenate(texts), [f"{said}names."]
    parts = [_numbers_or_names(part, names) for part in parts]
    are_numbers = np.repeat([part.dtype.kind != "U" for part in parts], [*map(len, parts)])
    texts = np.concatenate([part.astype(str) for part in parts]).astype(object)
    numbers = np.concatenate([part for part in parts if part.dtype.kind != "U"])
    places, names, more = to_labels(numbers, len(numbers), where, class_names, first_label)
    texts[are_numbers] = np.array(names, object)[places]
    return texts.astype(str), [f"{said}places among the names of the classes.", *more]


def _numbers_or_names(labels, names):
    """Labels of one part, text `(n,)` as numbers where it is these and no names."""
    if labels.dtype.kind != "U":
        return labels
    texts = [composed(text.strip()) for text in labels.tolist()]
    are_numbers = not {*texts} <= {*names} and all(map(is_whole_text, texts))
    return labels.astype(np.float64) if are_numbers else labels


def _as_texts(numbers):
    texts = [str(as_integer(value)) for value in numbers.ravel().tolist()]
    return np.array(texts).reshape(numbers.shape)


def _from_one_hot(values, where, class_names, first_label):
    if not (np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all()):
        raise UsageError(
            f"{where} should hold one label for each image, or be one-hot, one 1 per row and else "
            f"0. Received: shape {values.shape}. Choose a column, or give labels.argmax(axis=1)."
        )
    columns = values.shape[1]
    if class_names and len(class_names) != columns:
        raise UsageError(
            f"{where} have {columns} one-hot columns. Received: {len(class_names)} class names."
        )
    said = f"{where} were taken for one-hot: {columns} columns with one 1 per row."
    places = values.argmax(axis=1)
    labels, names, more = to_labels(places, len(values), where, class_names, first_label or 0)
    return labels, names, [said, *more]


def _from_names(values, where, class_names, first_label):
    bare = np.char.strip(values)
    if {*map(composed, np.unique(values).tolist())} <= {*class_names}:
        bare = values  # as they are called, be it a blank
    elif all("." in one for one in bare.tolist()):
        values = bare = np.array(tidy_labels(bare.tolist()))
    if (bare == "").any():
        place = (bare == "").argmax()
        raise UsageError(f"{where}: image {place} has none. Add it, or remove the image.")
    if not class_names:
        _refuse_missing_text(bare, where)
    merged = [] if class_names else _merged(values.tolist())
    spelled, places = np.unique(values if merged else bare, return_inverse=True)
    said = spelled_twice(where, spelled.tolist())
    if merged:
        said.append(
            f"{where} {' and '.join(map(repr, merged))} are classes of their own, though they "
            "differ by blanks alone: write them in one way if one class is meant."
        )
    if first_label is not None:
        said.append(f"{where} are names, of which `first_label` says nothing.")
    found = list(map(composed, spelled.tolist()))
    by_number = _by_number if all(map(_is_number, found)) else None
    names = class_names or tuple(sorted(set(found), key=by_number))
    index_of = {name: index for index, name in enumerate(names)}
    unknown = next((name for name in found if name not in index_of), None)
    if unknown is not None:
        raise UsageError(
            f"{where} have {printable(unknown)!r}, which is none of the class names: "
            f"{in_words(names)}."
        )
    return np.array([index_of[name] for name in found], np.int32)[places], names, said


def _refuse_missing_text(labels, where):
    """Refuse text that stands for no label where all others are numbers."""
    missing = np.isin(np.char.lower(labels), MISSING)
    others = np.unique(labels[~missing]).tolist()
    if missing.any() and others and all(map(is_whole_text, others)):
        count, place = np.count_nonzero(missing), missing.argmax()
        raise UsageError(
            f"{where}: {count:,} of {len(labels):,} stand for none among numbers, the first "
            f"{str(labels[place])!r} of image {place}. Label these images, or leave them out; if "
            "it is a class, call it otherwise."
        )


def _is_number(name):
    """Whether a class is called by a whole number, in digits that Latin has."""
    return name.isascii() and name.isdecimal()


def _by_number(name):
    return int(name), name


def _merged(names):
    """The first names that differ by blanks at their ends alone; [] where none do."""
    by_bare = {}
    for name in dict.fromkeys(names):
        by_bare.setdefault(name.strip(), []).append(name)
    return next((several for several in by_bare.values() if len(several) > 1), [])


def _whole(values, where):
    """int64 `(n,)`."""
    # Half precision knows no large integer.
    whole = np.rint(values.astype(np.float64)) if values.dtype.kind == "f" else values
    strange = np.flatnonzero(~(np.isfinite(values) & (values == whole)))
    if len(strange):
        kind = "fractions" if np.isfinite(values[strange[0]]) else "NaN or infinite values"
        raise UsageError(
            f"{where} should be whole numbers, or names as text. Received: {kind}, such as "
            f"{values[strange[0]]} for image {strange[0]}."
        )
    limits = np.iinfo(np.int32)
    if not limits.min <= whole.min() <= whole.max() <= limits.max:
        raise UsageError(
            f"{where} should be 32-bit integers. Received: {whole.min()}..{whole.max()}."
        )
    return whole.astype(np.int64)


def _from_numbers(numbers, where, class_names, first_label):
    low, high, count = int(numbers.min()), int(numbers.max()), len(class_names)
    first, said = first_label or 0, []
    if low >= 1 and high == 10 and are_digits(class_names):
        if first_label is None:
            raise UsageError(
                f"{where} are {low}..{high} for the class names {in_words(class_names, 10)}, so "
                f"that 10 may stand for zero, as in SVHN, or for the last, "
                f"{printable(class_names[-1])!r}. Say `first_label=0` if 10 is zero and each other "
                "number the digit itself, or `first_label=1` if 1 is the first class."
            )
        if first_label == 0:
            said = [f"{where}: 10 was taken for zero, {printable(class_names[0])!r}."]
            numbers, high = numbers % 10, 9
    elif first_label is None and low >= 1 and high == count:
        first = 1
        said = [
            f"{where} are {low}..{high} for {count} class names, so that 1 was taken for the "
            f"first, {printable(class_names[0])!r}."
        ]
    elif low >= 1 and high < count and _are_places(class_names):
        said = bool(first) * [
            f"{where}: by `first_label={first}` the label {first} is the class "
            f"{printable(class_names[0])!r}, though the names are numbers: without it each label "
            "is the class of its number."
        ]
    elif first_label is None and low >= 1 and high < count:
        said = [
            f"{where}: no image has the label 0, which was taken for the first class, "
            f"{printable(class_names[0])!r}; if 1 is the first, say `first_label=1`."
        ]
    if low == -1 and first == 0:
        none = np.flatnonzero(numbers < 0)
        raise UsageError(
            f"{where}: {len(none):,} of {len(numbers):,} are -1, which stands for none, the first "
            f"that of image {none[0]}. Leave these images out, or label them."
        )
    if low < first or high >= first + count:
        raise UsageError(
            f"{where} should be {first}..{first + count - 1} for its {count} class "
            f"names. Received: {low}..{high}."
        )
    return (numbers - first).astype(np.int32), class_names, said


def _are_places(class_names):
    """Whether names are the numbers 0, 1, 2, ... of the labels themselves, as where libraries know
    how many classes there are and not what they are called."""
    are_numbers = all(name.isdecimal() for name in class_names)
    return are_numbers and [*map(int, class_names)] == [*range(len(class_names))]


def _named_by_numbers(numbers, where, first_label):
    """Every number that occurs is the name of a class."""
    found, indices = np.unique(numbers, return_inverse=True)
    low, high = int(found[0]), int(found[-1])
    are_signs = found.tolist() == [-1, 1]  # else -1 often marks what is not labelled
    first = low if are_signs else max(low, 0)
    first = first if first_label is None else first_label
    if low < first:
        raise UsageError(
            f"{where} should be {first} or more. Received: {low}..{high}. Leave out the "
            f"images that have no label, or say `first_label={low}` if {low} is a class."
        )
    if high - first >= MOST_UNNAMED + len(numbers):
        raise UsageError(
            f"{where} go up to {high:,} for {len(numbers):,} images. "
            "Give class_names, or number the classes 0, 1, 2, ..."
        )
    said = []
    if low != 0 and first_label is None:
        said.append(f"{where} are {low}..{high}; the classes are named by these numbers.")
    if found.tolist() == [*range(1, 11)] and first_label is None:
        said.append(
            f"{where}: if 10 stands for the digit zero, as in SVHN, name the classes: a file "
            "class_names.csv beside it with the lines 1,1 to 9,9 and 10,0. If 1 stands for zero "
            "and 10 for nine, as in LIBSVM's usps, with the lines 1,0 to 10,9."
        )
    gaps = np.setdiff1d(np.arange(first, high + 1), found)
    if len(gaps) and not are_signs:
        said.append(
            f"{where}: no image has the label {in_words(gaps.tolist())}; no class is made of it."
        )
    return indices.astype(np.int32), tuple(map(str, found.tolist())), said
