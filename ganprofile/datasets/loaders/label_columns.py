"""Labels of images in a table of their own: a row for each, in the images' order or by number."""

import csv
import dataclasses

import numpy as np

from ganprofile.datasets.loaders.columns import LABEL_COLUMNS, chosen
from ganprofile.datasets.loaders.table_text import DELIMITERS
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

ID_COLUMNS = ("id", "index", "image_id", "imageid", "", "unnamed: 0")


@dataclasses.dataclass(frozen=True)
class LabelColumn:
    """Labels as a table holds them.

    Attributes:
        labels: `(n,)`, floats where all are numbers, else text.
        ids: text `(n,)`, which image each is of; None where the table does not say.
    """

    labels: np.ndarray
    ids: np.ndarray | None = None


def label_column(text):
    """The `LabelColumn` of a table: that of the labels, else the last.

    Args:
        text: the content of the table, with a line of headings or without.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    rows = next(filter(None, (_separated(lines, one) for one in DELIMITERS)), None)
    rows = rows or [[_bare(line)] for line in lines]
    names = [cell.lower() for cell in rows[0]]
    name = chosen(names, LABEL_COLUMNS)
    is_heading = not any(map(is_number, rows[0])) and (name is not None or len(names) > 1)
    place = names.index(name) if name is not None else -1
    rows = rows[is_heading:]
    values = [row[place] for row in rows]
    ids = chosen(names, ID_COLUMNS) if is_heading and len(names) > 1 else None
    return LabelColumn(
        np.array(values, float if all(map(is_number, values)) else str),
        None if ids is None else np.array([row[names.index(ids)] for row in rows]),
    )


def in_order(column, image_ids, table):
    """Labels in the order of the images, and sentences.

    Args:
        column: the `LabelColumn`.
        image_ids: text `(n,)`, the numbers of the images in their own table, or None.
        table: where the labels lie, for sentences.

    Raises:
        GanprofileError: the numbers of the images say another order than that of the rows, and not
            which.
    """
    labels, ids = column.labels, column.ids
    if ids is None or (image_ids is not None and np.array_equal(ids, image_ids)):
        return labels, []
    if len({*ids}) == len(ids):
        if image_ids is not None and sorted(ids) == sorted(image_ids):
            row_of = {number: row for row, number in enumerate(ids)}
            rows = [row_of[number] for number in image_ids]
            return labels[rows], [f"{table}: rows were put in the order of the images' numbers."]
        if all(map(is_number, ids)):
            numbers = ids.astype(float)
            if (np.diff(numbers) > 0).all() and image_ids is None:
                return labels, []
            counts = np.arange(len(ids))
            if image_ids is None and any(
                np.array_equal(np.sort(numbers), counts + first) for first in (0, 1)
            ):
                said = f"{table}: rows were put in the order of their numbers."
                return labels[np.argsort(numbers)], [said]
        elif image_ids is None:
            return labels, []
    raise GanprofileError(
        f"{table}: which image each row labels cannot be told by its first number, "
        f"{printable(str(ids[0]))!r} for row 1. Put the rows in the order of the images, or number "
        "both from 0."
    )


def is_number(cell):
    """Whether a cell is a number as files write them; digits of other scripts are names."""
    try:
        float(cell)
    except ValueError:
        return False
    return cell.isascii()


def _separated(lines, delimiter):
    """Rows of two or more cells each, as many in all, or None."""
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    rows = [[_bare(cell) for cell in row] for row in reader]
    return rows if rows and len(rows[0]) > 1 and len({*map(len, rows)}) == 1 else None


def _bare(cell):
    return cell.strip(" \t'\"")
