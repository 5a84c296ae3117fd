"""Tables as people write them: rows of text, whatever their encoding, separators and headings."""

import csv
import dataclasses
import re

import numpy as np

from ganprofile.datasets.array_labels import as_integer
from ganprofile.datasets.loaders.columns import (
    FEWEST_PIXELS,
    FILE_COLUMNS,
    LABEL_COLUMNS,
    chosen,
    file_and_label,
    names_picture,
    place_of_bare_names,
)
from ganprofile.datasets.loaders.csv_rows import cells_of, csv_rows, is_aside
from ganprofile.datasets.loaders.json_tables import FILE, LABEL, json_rows, pair_of, single_value
from ganprofile.datasets.loaders.made_names import MadeNames, made_names
from ganprofile.datasets.loaders.one_hot import odd_rows, one_hot
from ganprofile.datasets.loaders.text_encoding import beginning, decoded, guessed_encoding, lines_of
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import composed, printable

LINES_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
SUFFIXES = LINES_SUFFIXES + JSON_SUFFIXES
DELIMITERS = (",", ";", "\t", "|", " ")
LOOKED_AT = 100  # rows
UNREADABLE = (OSError, ValueError, RecursionError, csv.Error)


@dataclasses.dataclass(frozen=True)
class Layout:
    """How a table is to be read.

    Attributes:
        file, label: the columns that name the pictures and their classes.
        delimiter: between the columns, or None in JSON.
        first: the line, from 0, that holds the headings or the first row.
        names: the columns' names where no line has them, else None.
        hot: the columns that are one-hot labels together, `()` where one has the labels.
        made: of which columns the names of pictures are made, or None where one has them.
    """

    file: str
    label: str
    delimiter: str | None = None
    first: int = 0
    names: tuple[str, ...] | None = None
    hot: tuple[str, ...] = ()
    made: MadeNames | None = None

    @property
    def taken(self):
        """What is taken for the files and their labels, for a sentence."""
        if self.made is not None:
            names = f"{printable(self.made.picture)} as {self.made.template}"
            return f"the names of pictures, {names}, and the column {self.label!r}"
        if self.names is not None and not self.hot:
            return "its two columns"
        labels = "one-hot columns" if self.hot else repr(self.label)
        return f"the column{'s' * (not self.hot)} {self.file!r} and {labels}"


def simple(name):
    """A heading without what does not count in it."""
    return composed(name).strip().lower()


def head(path):
    """The beginning of the first line that is not empty."""
    line = next((line for line in beginning(path) if line.strip()), "")
    return line.strip()[:80]


def layout_of(path, code_page=None, with_made=True):
    """The `Layout` of a table that names pictures and their classes, or None where it does not.

    Args:
        path, code_page: of the table.
        with_made: whether names may be made of its cells, for which all pictures are listed.
    """
    try:
        if path.suffix.lower() in JSON_SUFFIXES:
            return _json_layout(json_rows(path), path.parent)
        found = _lines_layout(beginning(path, code_page), path.parent)
        return found or (_made_layout(path) if with_made else None)
    except UNREADABLE:
        return None


def rows_of(path, layout, code_page=None):
    """All rows as dicts of text, and sentences on how they were read.

    Raises:
        GanprofileError: the table is damaged, has a column twice or a row of another length.
    """
    try:
        if layout.delimiter is None:
            rows = json_rows(path)
            _refuse_several(rows, layout.label, path)
            return [_simple_row(row) for row in rows], []
        text, encoding = decoded(path.read_bytes(), code_page=code_page)
        lines = _separated(lines_of(text)[layout.first :], layout.delimiter)
        rows = list(csv_rows(path, lines, simple, layout.names, delimiter=layout.delimiter))
    except UNREADABLE as error:
        if isinstance(error, GanprofileError):
            raise
        raise GanprofileError(f"{path} cannot be read as a table or JSON ({error}).") from error
    rows = _labelled(rows, layout, path) if layout.hot else rows
    said = guessed_encoding(path, encoding, code_page)
    return (rows, said) if layout.made is None else _with_files(rows, said, layout.made, path)


def _with_files(rows, said, made, path):
    """Rows with the pictures that are called by their cells; others are left out, which is said."""
    rows = [row | {FILE: made.file_of(row)} for row in rows]
    there = [row for row in rows if row[FILE]]
    if len(there) < len(rows):
        left = len(rows) - len(there)
        said = [*said, f"{path}: {left:,} rows whose picture is not there are left out."]
    return there, said


def ways_of_names(path):
    """A `Layout` for each way in which pictures around a table without their names may be called by
    its cells, `[]` where they are not; its label column is None where no heading names one."""
    layout = _without_files(path)
    try:
        rows = rows_of(path, layout)[0] if layout else []
    except GanprofileError:
        return []
    ways = made_names(rows, path.parent) if rows else []
    return [dataclasses.replace(layout, made=way) for way in ways]


def _without_files(path):
    """The `Layout` of a table that has headings, none of them of names of pictures; or None."""
    names, delimiter, first = headed(path) or ((), None, None)
    if not 1 < len(names) < FEWEST_PIXELS or chosen(names, FILE_COLUMNS) is not None:
        return None
    return Layout(FILE, chosen(names, LABEL_COLUMNS), delimiter, first)


def headed(path):
    """`(headings, what separates them, their line)` of a table that is no JSON, or None."""
    lines = beginning(path) if path.suffix.lower() in LINES_SUFFIXES else []
    first = next((k for k, line in enumerate(lines) if line.strip() and not is_aside(line)), None)
    if first is None:
        return None
    by = {one: cells_of(_separated([lines[first]], one), one)[0] for one in DELIMITERS}
    delimiter = max(by, key=lambda one: len(by[one]))
    return [*map(simple, by[delimiter])], delimiter, first


def _made_layout(path):
    """The `Layout` of a table whose cells certainly make the names of pictures, or None."""
    layout = _without_files(path)
    ways = ways_of_names(path) if layout and layout.label else []
    return ways[0] if len(ways) == 1 else None


def _simple_row(row):
    return {simple(name): _as_cell(value) for name, value in row.items()}


def _as_cell(value):
    """A value of JSON as a cell of a table."""
    value = single_value(value)
    return "" if value is None else str(as_integer(value))


def _refuse_several(rows, label, path):
    """Refuse JSON whose rows have more than one label."""
    for number, row in enumerate(rows, 1):
        values = [value for name, value in row.items() if simple(name) == label]
        if any(isinstance(single_value(value), list | dict) for value in values):
            raise GanprofileError(
                f"{path}: row {number} should have one label. Received: {values[0]!r:.80}. Write "
                "one, or remove the row."
            )


def _json_layout(rows, folder):
    if not rows:
        return None
    names = list(dict.fromkeys(simple(name) for row in rows for name in row))
    cells = [[_simple_row(row).get(name, "") for name in names] for row in rows[:LOOKED_AT]]
    found = file_and_label(names, cells, folder)
    return found and Layout(*found)


def _separated(lines, delimiter):
    """Lines for `csv.reader`; blanks at their ends separate nothing."""
    return [line.strip() for line in lines] if delimiter == " " else lines


def _lines_layout(lines, folder):
    """The `Layout` of lines, by the first separator with which they make sense."""
    there = [k for k, line in enumerate(lines) if line.strip()]
    first = next((k for k in there if not is_aside(lines[k])), len(lines))
    marked = next((k for k in there if k < first and _labels_by_mark(lines[k])), first)
    starts = [k for k in dict.fromkeys((marked, first)) if k < len(lines)]
    found = (_by(delimiter, lines, start, folder) for start in starts for delimiter in DELIMITERS)
    return next(filter(None, found), None)


def _by(delimiter, lines, first, folder):
    some = _separated(lines[first : first + LOOKED_AT], delimiter)
    cells = [row for row in cells_of(some, delimiter) if row]
    if len(cells[0]) < 2:
        return None
    names = [simple(name) for name in cells[0]]
    if not any(map(names_picture, cells[0])):
        found = file_and_label(names, cells[1:], folder)
        if found:
            return Layout(*found, delimiter, first)
        hot = _of_one_hot(cells, delimiter, first)
        further = _rows(lines[first + LOOKED_AT :], delimiter)
        place = None if hot else place_of_bare_names(cells, folder, further)
        pair = (LABEL, FILE) if place else (FILE, LABEL)
        return hot if place is None else Layout(FILE, LABEL, delimiter, first, pair)
    above = _heading_in_comment(lines[:first], delimiter, len(names))
    if above is not None:
        found = file_and_label(above, cells, folder)
        return found and Layout(*found, delimiter, first, tuple(above))
    pair = pair_of(cells[0])
    are_pictures = [one == FILE for one in pair]
    if all(len(row) == 2 and [*map(names_picture, row)] == are_pictures for row in cells):
        return Layout(FILE, LABEL, delimiter, first, pair)
    return None


def _rows(lines, delimiter):
    """The cells of lines, which are not looked at before they are asked for."""
    yield from cells_of(_separated(lines, delimiter), delimiter)


def _of_one_hot(cells, delimiter, first):
    """The `Layout` of a table whose columns but that of the files are one-hot labels, or None."""
    names = [composed(name).strip() for name in cells[0]]
    rows = [row for row in cells[1:] if len(row) == len(names)]
    file = chosen(names, FILE_COLUMNS)
    if file is None or not rows:
        return None
    hot = tuple(name for name in names if name != file)
    place_of = {name: place for place, name in reversed([*enumerate(names)])}
    columns = [np.array([row[place_of[name]].strip() for row in rows]) for name in hot]
    if odd_rows(columns) is None:
        return None
    # The names of classes keep their capitals: the line that has them is passed over.
    return Layout(file, LABEL, delimiter, first + 1, tuple(names), hot)


def _labelled(rows, layout, path):
    """Rows with a label in place of one-hot columns."""
    columns = [np.array([row[name].strip() for row in rows]) for name in layout.hot]
    labels = one_hot(layout.hot, columns)
    if labels is None:
        odd = odd_rows(columns)
        which = "" if odd is None else f"; row {odd[0] + 1} is not"
        raise GanprofileError(
            f"{path}: the columns {layout.hot[0]} to {layout.hot[-1]} should be one-hot, one 1 in "
            f"each row and else 0{which}. Put them right, or write one column label."
        )
    return [
        {name: row[name] for name in row if name not in layout.hot} | {LABEL: str(label)}
        for row, label in zip(rows, labels.tolist(), strict=True)
    ]


def _heading_in_comment(asides, delimiter, count):
    """The columns' names in the last comment above the rows, or None."""
    if not asides:
        return None
    line = re.sub(r"^\s*(#|//|%)+\s*", "", asides[-1])
    names = cells_of([line], delimiter)[0]
    return [simple(name) for name in names] if len(names) == count else None


def _labels_by_mark(line):
    """Whether what begins as a comment is a row: its label is the mark, `# 1.png`, or the picture
    is called so, `#1.png,x`."""
    cells = {one: cells_of([line.strip()], one)[0] for one in DELIMITERS}
    return any(
        (len(row) == 2 and re.fullmatch(r"\s*[#%/]+\s*", row[0]) and names_picture(row[1]))
        or (len(row) > 1 and one != " " and names_picture(row[0]) and " " not in row[0].strip())
        for one, row in cells.items()
    )
