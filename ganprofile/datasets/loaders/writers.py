"""Who wrote what, as people's tables, files and arrays say it: by numbers or by names."""

import math

import numpy as np

from ganprofile.errors import UsageError

UNKNOWN = -1


def is_whole(cell):
    """Whether a cell is a whole number, as `12` or pandas' `12.0`."""
    try:
        return float(cell).is_integer()
    except ValueError:
        return False


def as_text(cells):
    """Cells of a column as text, a list; `""` where nothing stands."""
    return ["" if cell is None else str(cell) for cell in cells]


def numbered(parts, where):
    """The writers of all parts by numbers that are the same in each.

    Args:
        parts: an array `(n,)` of numbers, text or bytes for each part, or None.
        where: what the sentence calls the set.

    Returns:
        int64 `(n,)` for each, or None: numbers as they are, names as 0, 1, ... in sorted order of
        all parts together, -1 where nothing is told.

    Raises:
        UsageError: numbers are not whole.

    Example:
        >>> numbered([np.array(["bo", "anna"]), np.array(["cy", ""])], "mine.csv")
        [array([1, 0]), array([ 2, -1])]
    """
    parts = [None if part is None else np.ravel(part) for part in parts]
    texts = [[] if part is None else _texts(part, where) for part in parts]
    names = {text for some in texts for text in some} - {""}
    if all(map(is_whole, names)):
        number_of = {name: int(float(name)) for name in names}
    else:
        number_of = {name: number for number, name in enumerate(sorted(names))}
    number_of[""] = UNKNOWN
    return [
        None if part is None else np.array([number_of[text] for text in some], np.int64)
        for part, some in zip(parts, texts, strict=True)
    ]


def _texts(part, where):
    if part.dtype.kind == "S":
        return [cell.decode("utf-8", "replace").strip() for cell in part.tolist()]
    if part.dtype.kind != "f":
        return [text.strip() for text in as_text(part.tolist())]
    odd = part[~(np.isnan(part) | (part == np.rint(part)))]
    if len(odd):
        raise UsageError(
            f"The writers of {where} should be whole numbers or names. Received: {odd[0]}."
        )
    return ["" if math.isnan(number) else str(int(number)) for number in part.tolist()]
