"""Labels in arrays, however they are written, as the numbers that a `Dataset` holds."""

import numpy as np

from ganprofile.errors import UsageError


def to_labels(values, count, where, class_names=()):
    """Labels as whole numbers from 0, with all that had to be assumed.

    Args:
        values: whole numbers (of any type, also floats), text, or a row of zeros and a one for
            each image; `(n,)`, `(n, 1)` or `(1, n)`.
        count: the number of images.
        where: what the sentences call the array.
        class_names: what the classes are called, if that is known.

    Returns:
        `(labels, class_names, said)`: int64 `(n,)`, names as a tuple, empty where the numbers from
        0 are the names, and a list of sentences.

    Raises:
        UsageError: there are more or fewer than `count`, or an image has no label or several.
    """
    values, said = _one_each(np.asarray(values), where)
    if len(values) != count:
        raise UsageError(
            f"{where} should hold a label for each of {count:,} images. Received: {len(values):,}."
        )
    names = tuple(str(name) for name in class_names)
    if values.dtype.kind in "US":
        labels, names = _of_text(values, where, names)
        return labels, names, said
    labels = _whole(values, where)
    low, high = int(labels.min()), int(labels.max())
    if low == 1 and high == len(names):
        return labels - 1, names, [*said, f"{where} was taken to number {high} classes from 1."]
    if low == 0 or names:
        return labels, names, said
    numbers, labels = np.unique(labels, return_inverse=True)
    said.append(f"{where} has the numbers {low}..{high}; they are the names of the classes.")
    return labels.reshape(-1), tuple(map(str, numbers.tolist())), said


def _one_each(values, where):
    """A label for each image, `(n,)`, and what was assumed."""
    if values.ndim == 2 and 1 in values.shape:
        return values.reshape(-1), []
    if values.ndim == 1:
        return values, []
    if values.ndim == 2 and values.dtype.kind in "buif" and _is_one_hot(values):
        said = (
            f"{where} has {values.shape[1]} columns with one 1 a row, whose places are the labels."
        )
        return values.argmax(axis=1), [said]
    raise UsageError(
        f"{where} should hold one label for each image. Received: an array of the shape "
        f"{values.shape}. Choose one of its columns."
    )


def _is_one_hot(values):
    return bool(((values == 0) | (values == 1)).all() and (values.sum(axis=1) == 1).all())


def _of_text(values, where, names):
    try:
        texts = np.char.decode(values, "utf-8") if values.dtype.kind == "S" else values
    except UnicodeDecodeError as error:
        raise UsageError(f"{where} has labels that are not UTF-8 ({error}).") from error
    texts = np.char.strip(texts)
    found, labels = np.unique(texts, return_inverse=True)
    if "" in found:
        raise UsageError(f"{where} has no label for image {int(np.argmax(texts == ''))}.")
    if not names:
        return labels.reshape(-1), tuple(found.tolist())
    strange = sorted(set(found.tolist()) - set(names))
    if strange:
        raise UsageError(f"{where} has the label {strange[0]!r}, which is not among the classes.")
    return np.array([names.index(text) for text in found])[labels.reshape(-1)], names


def _whole(values, where):
    if values.dtype.kind not in "buif" or not len(values):
        raise UsageError(
            f"{where} should hold labels as whole numbers or text. Received: {values.dtype}."
        )
    whole = np.rint(values) if values.dtype.kind == "f" else values
    if not (np.isfinite(values) & (whole == values)).all():
        raise UsageError(
            f"{where} should hold labels as whole numbers or text. Received: fractions, NaN or "
            "infinite values."
        )
    return whole.astype(np.int64)
