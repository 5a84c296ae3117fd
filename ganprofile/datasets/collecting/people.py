"""What is known of the people who filled sheets: a table with a row for each."""

import csv
import re
from pathlib import Path

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.formats.attributes import ORIGIN
from ganprofile.datasets.formats.soft_labels import OLD_COLUMN
from ganprofile.datasets.loaders.columns import is_number
from ganprofile.datasets.loaders.csv_rows import cells_of, csv_rows
from ganprofile.datasets.loaders.table_text import DELIMITERS, simple
from ganprofile.datasets.loaders.text_encoding import decoded, guessed_encoding
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable
from ganprofile.storage.names import did_you_mean

WRITER = "writer"
REPLICATE = "replicate"  # the column of a collection: which of a writer's images of a class it is
OURS = (ORIGIN, OLD_COLUMN)  # how further columns of sets begin
SEPARATOR = r"\s*sep=.\s*"  # Excel's note above the headings


def read_characteristics(path):
    """What is known of writers, number -> column -> value; numbers where a column has no others,
    and none begins with a zero as codes do.

    Args:
        path: a table of any separator, whose columns have names.

    Raises:
        GanprofileError: it lacks the column `writer`, names one twice, or has a column that is
            called as one of a collection's own.
    """
    path = Path(path)
    rows, has_commas = _rows(path)
    numbers = [row.get(WRITER) for row in rows]
    if not rows or not all(number and number.strip().isdecimal() for number in numbers):
        raise GanprofileError(
            f"{printable(path)} should have the column writer with the numbers on the sheets. "
            f"Received: {numbers[:3]}."
        )
    numbers = [int(number) for number in numbers]
    if len(set(numbers)) < len(numbers):
        raise GanprofileError(f"{printable(path)} has a writer twice. Keep one row of each.")
    columns = [name for name in rows[0] if name != WRITER]
    _refuse_own(path, columns)
    values = {name: _typed([row[name].strip() for row in rows], has_commas) for name in columns}
    # Spreadsheets end rows with separators of columns that nobody filled.
    named = [name for name in columns if name or any(row[name].strip() for row in rows)]
    if "" in named:
        raise GanprofileError(f"{printable(path)} has a column without a name. Give it one.")
    _commas_said(path, {name: values[name] for name in named})
    return {number: {name: values[name][k] for name in named} for k, number in enumerate(numbers)}


def known_of(writer, known):
    """What is known of a writer, column -> value.

    Args:
        writer: the number.
        known: as `read_characteristics` gives it; empty where there is no table.

    Raises:
        GanprofileError: the table has no row for it.
    """
    if known and writer not in known:
        raise GanprofileError(
            f"The table of writers has no row for writer {writer}. Add one, with empty cells for "
            "what is not known."
        )
    return known.get(writer, {})


def _rows(path):
    """Rows as dicts of text, and whether commas are decimal points, as where spreadsheets take
    semicolons for the separator."""
    if not path.is_file():
        meant = did_you_mean(path, paths=Path.is_file) or " Say where the CSV is."
        raise GanprofileError(f"{printable(path)} does not exist.{meant}")
    try:
        text, encoding = decoded(path.read_bytes())
        lines = text.splitlines(keepends=True)
        lines = lines[1:] if lines and re.fullmatch(SEPARATOR, lines[0]) else lines
        delimiter = _delimiter(lines)
        rows = list(csv_rows(printable(path), lines, _heading, delimiter=delimiter))
    except (OSError, ValueError, csv.Error) as error:
        raise GanprofileError(f"{printable(path)} cannot be read as CSV ({error}).") from error
    for sentence in guessed_encoding(printable(path), encoding):
        say(sentence)
    return rows, delimiter == ";"


def _heading(name):
    """A column's name; that of the writers' however it is written."""
    return WRITER if simple(name) == WRITER else name.strip()


def _delimiter(lines):
    """The separator with which a heading is `writer`, or a comma where none is."""
    first = next((line for line in lines if line.strip()), "")
    for delimiter in DELIMITERS:
        if WRITER in map(simple, cells_of([first], delimiter=delimiter)[0] if first else ()):
            return delimiter
    return ","


def _refuse_own(path, columns):
    """Refuse columns that a set would take for its own."""
    own = next((name for name in columns if name == REPLICATE or name.startswith(OURS)), None)
    if own is not None:
        raise GanprofileError(
            f"{printable(path)} has the column {own!r}, as a collection calls one of its own. "
            "Give it another name."
        )


def _typed(texts, has_commas):
    """Numbers where all are, NaN for an empty cell; texts otherwise, as codes and names are."""
    plain = [text.replace(",", ".") if has_commas else text for text in texts]
    numbers = [float(text or "nan") if _may_be_number(text) else np.inf for text in plain]
    are_numbers = any(map(np.isfinite, numbers)) or not any(texts)
    return numbers if are_numbers and np.inf not in np.abs(numbers) else texts


def _may_be_number(text):
    """Whether a cell is a number or says that there is none; `007` is a code."""
    return not text or (is_number(text) and not re.match(r"[+-]?0[0-9]", text))


def _commas_said(path, columns):
    """What is to be said of columns that stayed texts for the commas in their numbers.

    Args:
        path: of the table.
        columns: name -> values.
    """
    for name, values in columns.items():
        odd = [cell for cell in values if isinstance(cell, str) and "," in cell]
        if odd and not isinstance(_typed(values, has_commas=True)[0], str):
            say(
                f"{printable(path)}: the column {printable(name)!r} is kept as text, as it cannot "
                f"be told whether {printable(odd[0])} has a decimal point. Write points, or no "
                "commas between thousands."
            )
