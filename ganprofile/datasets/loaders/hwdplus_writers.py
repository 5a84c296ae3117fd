"""HWD+'s `WriterInfo.npy`: who wrote each image, and what is known of the writers.

The order of its columns is not documented but for the first, the digit. So nothing is taken on
trust: the writer's number is the column that behaves like one, and each characteristic must have as
many writers in its groups as Beaulac and Rosenthal (2022, table 1) published.
"""

import dataclasses

import numpy as np

from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.arrays import UNREADABLE
from ganprofile.storage.files import printable

WRITER_INFO = "WriterInfo.npy"
WRITERS, DIGITS, REPLICATES = 97, 10, 14
ROWS_A_WRITER = DIGITS * REPLICATES
ROWS = WRITERS * ROWS_A_WRITER

# The order in which the paper introduces them; digit and writer are found without being named.
DEFAULT_WRITER_COLUMNS = (
    "age",
    "gender",
    "height",
    "language",
    "handedness",
    "education",
    "medium",
)
# Writers in each group. How the files code the groups is not published, so only the sizes count.
PUBLISHED_COUNTS = {
    "gender": (51, 46),
    "language": (75, 16, 6),
    "handedness": (84, 13),
    "education": (55, 22, 13, 7),
    "medium": (45, 44, 8),
}
OLDEST = 110
TALLEST_TO_SMALLEST = 4  # in whatever unit; children took part
_COLUMNS = 2 + len(DEFAULT_WRITER_COLUMNS)
_SHOWN_GROUPS = 6


@dataclasses.dataclass(frozen=True)
class WriterTable:
    """What is known of each image.

    Attributes:
        digits: int32 `(13580,)`, 0..9.
        writers: int32 `(13580,)`, the numbers in the file.
        characteristics: name -> `(13580,)`, int32 where all values are whole, else float64, with
            NaN where an age or height was not given.
    """

    digits: np.ndarray
    writers: np.ndarray
    characteristics: dict


def read_writers(path, writer_columns=DEFAULT_WRITER_COLUMNS):
    """The `WriterTable` in a `WriterInfo.npy`.

    Args:
        path: the file.
        writer_columns: the names of the columns besides digit and writer, from left to right.

    Raises:
        UsageError: `writer_columns` are not the seven names.
        GanprofileError: the file is not what the paper describes; the sentence shows what it is.
    """
    if sorted(writer_columns) != sorted(DEFAULT_WRITER_COLUMNS):
        raise UsageError(
            f"`writer_columns` should be {','.join(DEFAULT_WRITER_COLUMNS)} in the order of the "
            f"file. Received: {','.join(writer_columns)}."
        )
    table = _loaded(path)
    digits = _digits(table[:, 0], path)
    writer_column = _writer_column(table, digits, path)
    rest = [column for column in range(1, _COLUMNS) if column != writer_column]
    named = dict(zip(writer_columns, rest, strict=True))
    _, first_rows = np.unique(table[:, writer_column], return_index=True)
    _check_characteristics(table[first_rows], named, writer_columns, path)
    return WriterTable(
        digits,
        table[:, writer_column].astype(np.int32),
        {name: _narrowed(table[:, named[name]]) for name in DEFAULT_WRITER_COLUMNS},
    )


def plain_array(path, mapped=False):
    """What is in a `.npy` file, left on the disk if `mapped`.

    Raises:
        GanprofileError: it is damaged, or holds Python objects.
    """
    try:
        return np.load(path, "r" if mapped else None, allow_pickle=False)
    except UNREADABLE as error:
        raise GanprofileError(
            f"{printable(path)} is not a readable .npy file of plain numbers ({error})."
        ) from error


def _loaded(path):
    """The file as float64 `(13580, 9)`."""
    table = plain_array(path)
    shape, dtype = getattr(table, "shape", None), getattr(table, "dtype", type(table).__name__)
    if shape == (_COLUMNS, ROWS):
        raise GanprofileError(
            f"{printable(path)} lies on its side: its shape is {shape}. Save its transpose."
        )
    if shape != (ROWS, _COLUMNS) or dtype.kind not in "iuf":
        raise GanprofileError(
            f"{printable(path)} should hold numbers of the shape {(ROWS, _COLUMNS)}: digit, writer "
            f"and {len(DEFAULT_WRITER_COLUMNS)} characteristics of {ROWS:,} images. "
            f"Received: {dtype} {shape}."
        )
    return table.astype(float)


def _digits(values, path):
    found, counts = np.unique(values, return_counts=True)
    if not np.array_equal(found, range(DIGITS)) or set(counts) != {WRITERS * REPLICATES}:
        raise GanprofileError(
            f"Column 0 of {printable(path)} should be the digit, 0..9 with "
            f"{WRITERS * REPLICATES:,} rows each. Received: {_groups(found, counts)}."
        )
    return values.astype(np.int32)


def _writer_column(table, digits, path):
    """The column that has every digit of 97 writers 14 times; all others are constant in it."""
    candidates = [c for c in range(1, _COLUMNS) if _numbers_writers(table[:, c], digits)]
    if len(candidates) != 1:
        found = "; ".join(f"column {c}: {_summary(table[:, c])}" for c in range(1, _COLUMNS))
        raise GanprofileError(
            f"{printable(path)} should have one column with the writer: {WRITERS} whole numbers, "
            f"{REPLICATES} rows each for every digit. Received: {found}."
        )
    (writer_column,) = candidates
    writers, index = np.unique(table[:, writer_column], return_inverse=True)
    order = np.argsort(index, kind="stable")
    grouped = table[order].reshape(WRITERS, ROWS_A_WRITER, _COLUMNS)
    same = (grouped == grouped[:, :1]) | (np.isnan(grouped) & np.isnan(grouped[:, :1]))
    for column in set(range(1, _COLUMNS)) - {writer_column}:
        if not same[:, :, column].all():
            odd = int(np.argmin(same[:, :, column].all(axis=1)))
            values = np.unique(grouped[odd, :, column], return_counts=True)
            raise GanprofileError(
                f"Column {column} of {printable(path)} should be the same in all rows of a writer. "
                f"Writer {writers[odd]:g} (column {writer_column}) has {_groups(*values)}."
            )
    return writer_column


def _numbers_writers(values, digits):
    if not np.array_equal(values, np.rint(values)) or np.abs(values).max() > 2**31 - 1:
        return False
    found, index = np.unique(values, return_inverse=True)
    counts = np.zeros((len(found), DIGITS), int)
    np.add.at(counts, (index, digits), 1)
    return len(found) == WRITERS and bool((counts == REPLICATES).all())


def _check_characteristics(writers, named, writer_columns, path):
    """Hold the columns, here a row per writer, against what was published."""
    wrong = [name for name, column in named.items() if not _fits(name, writers[:, column])]
    if not wrong:
        return
    found = "; ".join(
        f"column {column}: {_summary(writers[:, column])}{_fitting(writers[:, column])}"
        for column in named.values()
    )
    published = ", ".join(f"{n} {_joined(sizes)}" for n, sizes in PUBLISHED_COUNTS.items())
    raise GanprofileError(
        f"{printable(path)} does not fit the published counts of writers ({published}): column "
        f"{named[wrong[0]]}, taken for {wrong[0]}, has {_summary(writers[:, named[wrong[0]]])}. "
        f"Its columns, in writers: {found}. Say their order with `writer_columns`, which is "
        f"{','.join(writer_columns)} now."
    )


def _fits(name, values):
    if name in PUBLISHED_COUNTS:
        return np.array_equal(values, np.rint(values)) and _sizes(values) == PUBLISHED_COUNTS[name]
    return PLAUSIBLE[name](values[~np.isnan(values)])


def _is_age(values):
    return bool(len(values) and values.min() >= 1 and values.max() <= OLDEST)


def _is_height(values):
    return bool(
        len(values) and values.min() > 0 and values.max() / values.min() <= TALLEST_TO_SMALLEST
    )


# Their distributions are published as figures only.
PLAUSIBLE = {"age": _is_age, "height": _is_height}


def _sizes(values):
    """How many writers each group has, the largest first."""
    return tuple(sorted(np.unique(values, return_counts=True)[1].tolist(), reverse=True))


def _fitting(values):
    names = [name for name, sizes in PUBLISHED_COUNTS.items() if sizes == _sizes(values)]
    return f" (as {names[0]})" if names else ""


def _summary(values):
    sizes = _sizes(values)
    if len(sizes) <= _SHOWN_GROUPS:
        return _joined(sizes)
    return f"{len(sizes):,} values in {np.nanmin(values):g}..{np.nanmax(values):g}"


def _joined(sizes):
    return "/".join(str(size) for size in sizes)


def _groups(values, counts):
    shown = [f"{v:g} x {n}" for v, n in zip(values, counts, strict=True)]
    return ", ".join(shown[: 2 * DIGITS]) + (", ..." if len(shown) > 2 * DIGITS else "")


def _narrowed(values):
    whole = np.array_equal(values, np.rint(values)) and np.abs(values).max() <= 2**31 - 1
    return values.astype(np.int32) if whole else values
