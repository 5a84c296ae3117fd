"""Who wrote what, as people's tables, files and arrays say it: by numbers or by names."""

import dataclasses
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


def numbered_alike(parts):
    """Parts in which a number is one person's and a name has one number, as far as all parts say
    who wrote what by name; arrays that became parts one by one were numbered one by one.

    Args:
        parts: `Dataset`s; the first keeps its numbers, and who is new in another gets the next.

    Returns:
        The same in a list; as they are where each person has one number already, or where people
        within one part have one name.
    """
    if any(part.writers is None or WRITER_NAMES not in part.attributes for part in parts):
        return list(parts)
    people = [_people(part) for part in parts]
    if any(len({name for name, _ in some}) < len(some) for some in people):
        return list(parts)
    together = set().union(*people)
    if all(len({one[k] for one in together}) == len(together) for k in (0, 1)):
        return list(parts)
    number_of = dict(people[0]) if people else {}
    for name in sorted({name for name, _ in together} - number_of.keys()):
        number_of[name] = max(number_of.values(), default=UNKNOWN) + 1
    return [_with_numbers(part, number_of) for part in parts]


def _people(part):
    """The name and number of everybody who is known to have written in a `Dataset`, pairs."""
    pairs = zip(part.attributes[WRITER_NAMES].tolist(), part.writers.tolist(), strict=True)
    return {(name, number) for name, number in pairs if number > UNKNOWN}


def _with_numbers(part, number_of):
    names = part.attributes[WRITER_NAMES].tolist()
    known = (part.writers > UNKNOWN).tolist()
    pairs = zip(names, known, strict=True)
    writers = [number_of[name] if is_known else UNKNOWN for name, is_known in pairs]
    return dataclasses.replace(part, writers=np.array(writers, np.int32))


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
