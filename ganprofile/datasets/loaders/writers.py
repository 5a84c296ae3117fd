"""Who wrote what, as people's tables, files and arrays say it: by numbers or by names."""

import math
import re

import numpy as np

from ganprofile.datasets.array_labels import is_missing
from ganprofile.errors import UsageError

UNKNOWN = -1
WRITER_NAMES = "writer_name"  # the column of a set whose writers are no numbers
NUMBER = re.compile(r"(0|[1-9][0-9]*|-1)(\.0)?")
LARGEST = np.iinfo(np.int32).max  # as a `Dataset` counts them


def is_whole(cell):
    """Whether a cell is the number of a writer, as `12` or pandas' `12.0`.

    What a number would not be written as (`007`, `1_12`, `1e3`, digits of other scripts) is a name,
    as two of them may be of one value; so is a number that is too long, such as that of a phone.
    """
    return NUMBER.fullmatch(cell.strip()) is not None and float(cell) <= LARGEST


def as_text(cells):
    """Cells of a column as text, a list; `""` where nothing stands."""
    return ["" if is_missing(cell) else str(cell) for cell in cells]


def numbered(parts, where):
    """The writers of all parts by numbers that are the same in each.

    Args:
        parts: an array `(n,)` of numbers, text or bytes for each part, or None.
        where: what the sentence calls the set.

    Returns:
        int64 `(n,)` for each, or None: numbers as they are where all are, else names as 0, 1, ...
        in sorted order of all parts together, -1 where nothing is told.

    Raises:
        UsageError: numbers are not whole.

    Example:
        >>> numbered([np.array(["bo", "anna"]), np.array(["cy", ""])], "mine.csv")
        [array([1, 0]), array([ 2, -1])]
    """
    texts = [texts_of(part, where) for part in parts]
    names = _names(texts)
    if all(map(is_whole, names)):
        number_of = {name: int(float(name)) for name in names}
    else:
        number_of = {name: number for number, name in enumerate(sorted(names))}
    number_of[""] = UNKNOWN
    return [
        None if some is None else np.array([number_of[text] for text in some], np.int64)
        for some in texts
    ]


def named(parts, where):
    """The columns of each part's set that keep who wrote it by name, dicts.

    Args:
        parts, where: as for `numbered`.

    Returns:
        `{WRITER_NAMES: text (n,)}` for each part; nothing where writers are not told, or all by
        numbers.

    Example:
        >>> named([np.array(["bo", "anna"])], "mine.csv")[0]["writer_name"].tolist()
        ['bo', 'anna']
    """
    texts = [texts_of(part, where) for part in parts]
    are_numbers = all(map(is_whole, _names(texts)))
    return [{} if some is None or are_numbers else {WRITER_NAMES: np.array(some)} for some in texts]


def _names(texts):
    return {text for some in texts if some for text in some} - {""}


def texts_of(part, where):
    """The writers of a part as a list of text, `""` where none is told; None without any."""
    if part is None:
        return None
    part = np.ravel(part)
    if part.dtype.kind == "S":
        return [cell.decode("utf-8", "replace").strip() for cell in part.tolist()]
    if part.dtype.kind != "f":
        return [text.strip() for text in as_text(part.tolist())]
    odd = part[~(np.isnan(part) | (np.isfinite(part) & (part == np.rint(part))))]
    if len(odd):
        raise UsageError(
            f"The writers of {where} should be whole numbers or names. Received: {odd[0]}."
        )
    return ["" if math.isnan(number) else str(int(number)) for number in part.tolist()]
