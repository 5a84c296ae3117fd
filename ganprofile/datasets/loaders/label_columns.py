"""Labels of images in a table of their own: a row for each, in the images' order or by number."""

import dataclasses
import re

import numpy as np

from ganprofile.datasets.array_labels import MISSING
from ganprofile.datasets.loaders.columns import (
    LABEL_COLUMNS,
    WRITER_COLUMNS,
    chosen,
    is_number,
    unread_labels,
)
from ganprofile.datasets.loaders.csv_rows import cells_of
from ganprofile.datasets.loaders.one_hot import as_numbers, one_hot, one_hot_said
from ganprofile.datasets.loaders.parts import flags_said, split_column
from ganprofile.datasets.loaders.table_text import DELIMITERS
from ganprofile.datasets.loaders.text_encoding import lines_of
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

ID_COLUMNS = ("id", "index", "image_id", "imageid", "", "unnamed:_0")
LISTED = 9


@dataclasses.dataclass(frozen=True)
class LabelColumn:
    """Labels as a table holds them.

    Attributes:
        labels: `(n,)`, numbers where all are some, else text; or one-hot, `(n, classes)`.
        ids: text `(n,)`, which image each is of; None where the table does not say.
        said: sentences on what had to be assumed.
        beside: what else is told of each, text `(n,)`: `writers` and `splits`, as `Rows` have them.
        written: labels as they are written, text `(n,)`; None of one-hot ones.
        column, unread: what the labels' column is called, and others are, as `Rows` have them.
    """

    labels: np.ndarray
    ids: np.ndarray | None = None
    said: tuple[str, ...] = ()
    beside: dict = dataclasses.field(default_factory=dict)
    written: np.ndarray | None = None
    column: str = ""
    unread: tuple[str, ...] = ()


def label_column(text, count, table):
    """The `LabelColumn` of a table: that of the labels, those of one-hot labels, else the last.

    Args:
        text: the content of the table, with a line of headings or without.
        count: how many images there are; a row more than these is a line of headings.
        table: where the labels lie, for sentences.

    Raises:
        GanprofileError: which of several columns has the labels cannot be told.
    """
    lines = [line for line in lines_of(text) if line.strip()]
    rows = next(filter(None, (_separated(lines, one) for one in DELIMITERS)), None)
    rows = rows or [[_bare(line)] for line in lines]
    has_heading = _has_heading(rows, count)
    names = rows[0] if has_heading else []
    heading = _heading_said(*rows, table=table) if has_heading else ()
    columns = [np.array(column) for column in zip(*rows[has_heading:], strict=True)]
    place, doubts = _numbering(names, columns, table)
    ids = None
    if place is not None:
        ids, names = columns.pop(place), [*names[:place], *names[place + 1 :]]
    labels, said, written = _labels(names, columns, table)
    if labels.dtype.kind == "U":
        refuse_missing(labels.tolist(), table)
    beside, more = _beside(names, columns, table)
    column = chosen(names, LABEL_COLUMNS) or ""
    cells = {name: cells.tolist() for name, cells in zip(names, columns, strict=False)}
    unread = unread_labels(column, cells) if column else ()
    return LabelColumn(
        labels, ids, (*heading, *said, *doubts, *more), beside, written, column, unread
    )


def _beside(names, columns, table):
    """What columns say of writers and parts, a dict, and sentences on one that may."""
    cells = dict(zip(names, columns, strict=False))
    others = [name for name in names if name != chosen(names, LABEL_COLUMNS)]
    told = {"writers": chosen(others, WRITER_COLUMNS), "splits": split_column(others, cells.get)}
    said = [] if told["splits"] else flags_said(others, cells.get, table)
    return {key: cells[name] for key, name in told.items() if name is not None}, said


def _has_heading(rows, count):
    """Whether the first of some rows, lists of cells, is of headings."""
    first, *others = rows
    if len(rows) == count + 1:
        return _names_columns(first, others)
    if any(map(is_number, first)):
        return False
    told = chosen(first, LABEL_COLUMNS)
    if told is None or len(rows) != count:
        return told is not None or (len(first) > 1 and len(rows) != count)
    # There is a row for each image, so that `y` or `text` is the first label, unless nothing below
    # is like it: then a row is missing.
    labels = [row[first.index(told)] for row in others]
    is_label = told in labels or (len(told) == 1 and not all(map(is_number, labels)))
    return not is_label


def _names_columns(first, others):
    """Whether the first of some rows, of which there is one too many, is no row of labels: it has a
    word for them, or numbers that count the columns, or nothing that stands below as well."""
    told = [cell for cell in first if cell.strip()]
    counts = told == list(map(str, range(len(told))))  # as pandas writes columns without names
    is_told = counts or chosen(first, LABEL_COLUMNS) is not None
    return is_told or not _stand_below(first, others)


def _heading_said(first, *others, table):
    """A sentence, in a list, on a first row that may be one of labels; [] on another."""
    if not (any(map(is_number, first)) and _stand_below(first, others)):
        return []
    return [
        f"{table}: the first line, {','.join(first)!r}, was taken for a heading, since there is "
        "one more than there are images; if it is a label, an image is missing."
    ]


def _stand_below(first, others):
    """Whether a cell of the first row stands in its column of the others, too."""
    below = zip(*others, strict=False)
    return any(cell in column for cell, column in zip(first, below, strict=False))


def _numbering(names, columns, table):
    """The place of the column that numbers the images, by its heading or since it counts them in
    another order than that of the rows, or None; and sentences on one that may.
    """
    told = chosen(names, ID_COLUMNS) if len(names) > 1 else None
    if told is not None:
        return names.index(told), ()
    numbers = {k: _numbers(column) for k, column in enumerate(columns) if len(columns) > 1}
    if (label := chosen(names, LABEL_COLUMNS)) is not None:
        numbers.pop(names.index(label), None)
    unordered = [k for k, some in numbers.items() if some is not None and (np.diff(some) < 0).any()]
    counting = [k for k in unordered if _counts(numbers[k]) and not _is_sorted(columns[k])]
    place = counting[0] if len(counting) < len(columns) and counting else None
    labels_last = [len(columns) - 1] if label is None else []
    doubtful = [k for k in unordered if k != place and k not in labels_last]
    called = [repr(printable(names[k])) if names else f"number {k + 1}" for k in doubtful]
    return place, tuple(
        f"{table}: the column {one} may number the images, but is not read. If it does, call it id "
        "and count from 0."
        for one in called
    )


def _numbers(column):
    """The numbers of a column in which each stands once, also within names such as `7.png`, int64
    `(n,)`; None of another."""
    found = [re.fullmatch(r"(\D*)0*([0-9]{1,18})(\.0+|\D*)", cell) for cell in column.tolist()]
    if not all(found) or len({(one[1], one[3]) for one in found}) > 1:
        return None
    numbers = np.array([int(one[2]) for one in found])
    return numbers if len(np.unique(numbers)) == len(numbers) else None


def _is_sorted(column):
    """Whether text stands in its own order, as files are listed: 1, 10, 11, 2."""
    return np.array_equal(column, np.sort(column))


def _counts(numbers):
    """Whether numbers are all of those from 0 or from 1 on, in any order."""
    first = numbers.min()
    return first in (0, 1) and numbers.max() - first == len(numbers) - 1


def _labels(names, columns, table):
    """Labels, sentences, and labels as they are written or None, of columns without those that
    number the images."""
    name = chosen(names, LABEL_COLUMNS)
    if name is not None:
        column = columns[names.index(name)]
        return as_numbers(column), (), column
    if (labels := one_hot(names, columns)) is not None:
        return labels, (f"{table}: {one_hot_said(names, columns)}",), None
    if len(columns) > 2 or (names and len(columns) > 1):
        given = ", ".join(map(printable, names[:LISTED])) or f"{len(columns)} without headings"
        raise GanprofileError(
            f"{table}: which of its columns has the labels cannot be told: {given}. Call it label."
        )
    return as_numbers(columns[-1]), (), columns[-1]


def in_order(column, image_ids, table):
    """Which rows are those of the images, in their order, for an index; and sentences.

    Args:
        column: the `LabelColumn`.
        image_ids: text `(n,)`, the numbers of the images in their own table, or None.
        table: where the labels lie, for sentences.

    Raises:
        GanprofileError: the numbers of the images say another order than that of the rows, and not
            which.
    """
    ids = column.ids
    if ids is None or (image_ids is not None and np.array_equal(ids, image_ids)):
        return slice(None), []
    if len({*ids}) == len(ids):
        if image_ids is not None and sorted(ids) == sorted(image_ids):
            row_of = {number: row for row, number in enumerate(ids)}
            rows = [row_of[number] for number in image_ids]
            return rows, [f"{table}: rows were put in the order of the images' numbers."]
        numbers = None if _is_sorted(ids) else _numbers(ids)
        numbers = ids.astype(float) if numbers is None and all(map(is_number, ids)) else numbers
        if numbers is not None:
            if (np.diff(numbers) > 0).all() and image_ids is None:
                return slice(None), []
            if image_ids is None and _counts(numbers):
                said = f"{table}: rows were put in the order of their numbers."
                return np.argsort(numbers), [said]
        elif image_ids is None:
            return slice(None), []
    raise GanprofileError(
        f"{table}: which image each row labels cannot be told by its first number, "
        f"{printable(str(ids[0]))!r} for row 1. Put the rows in the order of the images, or number "
        "both from 0."
    )


def refuse_missing(labels, table, among=()):
    """Refuse `nan` among numbers, which is what pandas writes for a label that is missing, and
    labels of several lines, which swallowed rows.

    Args:
        labels: text, one a row.
        table: where they stand, for the sentence.
        among: the labels of all tables of the set, which say whether they are numbers where all
            of this one are missing.

    Raises:
        GanprofileError: with the first of such rows.
    """
    for number, label in enumerate(labels, 1):
        if len(label.splitlines()) > 1:
            raise GanprofileError(
                f"{table}: row {number} has a label of {len(label.splitlines()):,} lines, "
                f'{label!r:.40}. If a quote in it is a character, write it so: `""""`.'
            )
    missing = [number for number, label in enumerate(labels, 1) if label.lower() in MISSING]
    others = (_said(labels) or _said(among)) if missing else ()
    if others and all(map(is_number, others)):
        raise GanprofileError(
            f"{table}: row {missing[0]} has no label, but {labels[missing[0] - 1]!r}. Give it one, "
            "or remove it."
        )


def _said(labels):
    """Those that are not missing."""
    return {label for label in labels if label.lower() not in MISSING}


def unquoted(labels):
    """Labels as text without the quotes that stand around all of them, as `'a'` in a CSV, where
    these are no quotes."""
    quoted = [re.fullmatch(r"(['\"`])(.+)\1", label) for label in labels]
    if not all(quoted) or len({one[1] for one in quoted}) > 1:
        return labels
    return [one[2].strip() or one[2] for one in quoted]


def _separated(lines, delimiter):
    """Rows of two or more cells each, as many in all, or None."""
    rows = [[_bare(cell) for cell in row] for row in cells_of(lines, delimiter)]
    return rows if rows and len(rows[0]) > 1 and len({*map(len, rows)}) == 1 else None


def _bare(cell):
    """A cell without blanks and quotes around it; a quote by itself is a label."""
    cell = cell.strip()
    quoted = re.fullmatch(r"(['\"])(.*)\1", cell)
    return quoted[2].replace(2 * quoted[1], quoted[1]).strip(" \t") if quoted else cell
