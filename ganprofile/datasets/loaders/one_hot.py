"""One-hot labels in columns of tables."""

import re

import numpy as np

from ganprofile.datasets.loaders.columns import is_number
from ganprofile.storage.files import printable

CODE_POINT = re.compile(r"\d+[eE]\d+")  # no program writes a number so, without a point and a sign


def one_hot(names, columns):
    """The labels that columns of 0 and 1 say together, one 1 in each row; None where they do not.

    Args:
        names: the headings, () without.
        columns: an array `(n,)` of numbers or of text for each column.

    Returns:
        The headings as text `(n,)`, or the numbers in these if they differ in nothing else; without
        headings, `(n, columns)`.
    """
    places = _numbers(columns)
    if places is None or not (np.isin(places, (0, 1)).all() and (places.sum(axis=1) == 1).all()):
        return None
    if not names:
        return places
    numbers = [re.fullmatch(r"(.*?)([0-9]+)", name) for name in names]
    are_counted = all(numbers) and len({number[1] for number in numbers}) == 1
    if are_counted and len({int(number[2]) for number in numbers}) == len(names):
        return np.array([int(number[2]) for number in numbers])[places.argmax(axis=1)]
    return np.array(names)[places.argmax(axis=1)]


def odd_rows(columns):
    """Which rows are not one-hot in columns that seem to be: numbers of rows from 0; None where
    most are not."""
    places = _numbers(columns)
    if places is None:
        return None
    odd = ~np.isin(places, (0, 1)).all(axis=1) | (places.sum(axis=1) != 1)
    return np.flatnonzero(odd) if odd.mean() < 0.5 else None


def one_hot_said(names, columns):
    """What to say of columns that were taken for one-hot labels."""
    which = f", {printable(names[0])} to {printable(names[-1])}," if names else ""
    return f"{len(columns)} columns{which} were taken for one-hot labels."


def as_numbers(column):
    """Text as floats where all of it is numbers, but names such as `1` and `01`, which are one
    number, or `1e1` among others, or code points such as `4E00`."""
    if column.dtype.kind != "U" or not all(map(is_number, column)):
        return column
    spelled = {re.sub(r"\.0*$", "", text.strip()) for text in {*column.tolist()}}
    with_exponent = sum("e" in text.lower() for text in spelled)
    are_names = len({*map(float, spelled)}) < len(spelled) or 0 < with_exponent < len(spelled)
    are_names |= any(map(CODE_POINT.fullmatch, spelled))
    return column if are_names else column.astype(float)


def zeros_said(column, where):
    """A sentence on labels, text `(n,)`, that lose zeros before them where they are numbers, in a
    list; [] of others."""
    padded = (text for text in column.tolist() if re.fullmatch(r"\s*0+[0-9]+(\.0*)?\s*", text))
    first = next(padded, None) if as_numbers(column).dtype.kind == "f" else None
    if first is None:
        return []
    return [
        f"{where}: labels with zeros before them, such as {first.strip()!r}, were taken for "
        f"numbers, {float(first):g}. If they are to stay as they are written, save them as .npz or "
        "Parquet, as text."
    ]


def _numbers(columns):
    """Two columns or more as one array `(n, columns)`; None where some are no numbers."""
    columns = [_as_numbers_or_truth(column) for column in columns]
    are_numbers = len(columns) > 1 and all(column.dtype.kind in "buif" for column in columns)
    return np.stack(columns, axis=1) if are_numbers else None


def _as_numbers_or_truth(column):
    """The same, where `True` and `False` are numbers, too, as pandas writes them."""
    is_truth = column.dtype.kind == "U" and np.isin(column, ("True", "False")).all()
    return (column == "True").astype(int) if is_truth else as_numbers(column)
