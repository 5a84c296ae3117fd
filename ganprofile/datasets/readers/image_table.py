"""Pictures listed in a CSV or JSON-lines file with the columns file, label and others."""

import csv
import json
import unicodedata

import numpy as np

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.readers.csv_rows import csv_rows
from ganprofile.datasets.readers.gathering import gather
from ganprofile.datasets.readers.reading import PARTS, Reading
from ganprofile.errors import GanprofileError
from ganprofile.files import composed, printable

WHAT = "a CSV or JSON-lines file with the columns file,label[,writer][,split], or its folder"
USUAL_NAMES = ("labels.csv", "metadata.csv", "labels.jsonl", "metadata.jsonl")
FILE_COLUMNS = ("file", "file_name", "filename")
SUFFIXES = (".csv", ".jsonl")
DELIMITERS = (",", ";", "\t")
LONGEST_TEXT = 1000
OWN_COLUMNS = ("label", "writer", "split")


def recognises(path):
    """Whether it is such a table, or a folder with one of a usual name."""
    return _table(path) is not None


def read(path, options):
    """A `Reading`; class names are the labels, in sorted order; further columns are attributes.

    Raises:
        GanprofileError: a row names no file or a missing one, or lacks its label.
    """
    table = _table(path)
    rows = _rows(table)
    files = [_file(table, number, row, options) for number, row in enumerate(rows, 1)]
    class_names = sorted({row["label"] for row in rows})
    number_of = {name: label for label, name in enumerate(class_names)}
    gathered = gather(files, options, table.parent)
    rows = [rows[index] for index in gathered.kept]
    columns = _columns(table, rows)
    whole = Dataset(
        gathered.images,
        labels=np.array([number_of[row["label"]] for row in rows], np.int32),
        class_names=class_names,
        writers=columns.pop("writer", None),
        attributes=columns,
        name=printable(table.stem if table == path else path.resolve().name),
    )
    splits = np.array([row.get("split") or "train" for row in rows])
    return Reading(*_parts(table, whole, splits), findings=gathered.findings)


def _parts(table, whole, splits):
    unknown = sorted(set(splits.tolist()) - set(PARTS))
    if unknown:
        raise GanprofileError(f"{table} has the split {unknown[0]!r}; known are train and test.")
    if not (splits == "train").any():
        raise GanprofileError(f"{table} lists no picture of the split train.")
    is_train = splits == "train"
    strange = np.setdiff1d(whole.labels[~is_train], whole.labels[is_train])
    if len(strange):
        name = whole.class_names[strange[0]]
        raise GanprofileError(
            f"{table} has test pictures of the label {name!r}, but none to train."
        )
    for part in PARTS:
        if (splits == part).any():
            yield whole.part(splits == part, part)


def _table(path):
    if path.is_file() and path.suffix.lower() in SUFFIXES:
        return path if _delimiter(path) else None
    if path.is_dir():
        named = [path / name for name in USUAL_NAMES]
        return next((table for table in named if table.is_file() and _table(table)), None)
    return None


def _delimiter(path):
    """What stands between the columns of a table with the two that are needed; None if it has not.

    JSON lines have none, and count as delimited by a comma.
    """
    line = head(path, 100_000)
    for delimiter in DELIMITERS:
        try:
            is_json = path.suffix.lower() == ".jsonl"
            columns = json.loads(line) if is_json else next(csv.reader([line], delimiter=delimiter))
        except (ValueError, StopIteration, RecursionError, csv.Error):
            continue
        names = {_simple(name) for name in columns} if isinstance(columns, (dict, list)) else set()
        if "label" in names and names & set(FILE_COLUMNS):
            return delimiter
    return None


def head(path, length=80):
    """The beginning of the first line that is not empty."""
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        lines = iter(lambda: file.readline(length), "")
        return next((line.strip() for line in lines if line.strip()), "")


def _simple(name):
    return composed(name).strip().lower()


def _rows(table):
    """All rows as dicts of text."""
    read = _csv_rows if table.suffix.lower() == ".csv" else _json_rows
    try:
        with open(table, newline="", encoding="utf-8-sig") as file:
            rows = list(read(table, file))
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        raise GanprofileError(
            f"{table} cannot be read as UTF-8 CSV or JSON lines ({error})."
        ) from error
    if not rows:
        raise GanprofileError(f"{table} lists no picture.")
    return [_row(table, number, row) for number, row in enumerate(rows, 1)]


def _json_rows(table, file):
    return (json.loads(line) for line in file if line.strip())


def _csv_rows(table, file):
    return csv_rows(table, file, _delimiter(table), _simple)


def _row(table, number, row):
    if not isinstance(row, dict):
        raise GanprofileError(f"{table}: row {number} is no object with the keys file and label.")
    row = {_simple(c): "" if value is None else str(value).strip() for c, value in row.items()}
    # Paths keep the form in which they lie on the disk.
    row = {c: text if c in FILE_COLUMNS else composed(text) for c, text in row.items()}
    if not row.get("label"):
        raise GanprofileError(f"{table}: row {number} has no label.")
    for column, text in row.items():
        if len(text) > LONGEST_TEXT:
            raise GanprofileError(
                f"{table}: row {number} has {len(text):,} characters in the column {column!r}; "
                f"{LONGEST_TEXT:,} are the most. Shorten it or remove the column."
            )
    return row


def _file(table, number, row, options):
    name = _file_name(row)
    if name is None:
        raise GanprofileError(f"{table}: row {number} names no file.")
    file = _in_its_form(table.parent, name.replace("\0", "?"))
    if options.confined and not _lies_below(file, table.parent):
        raise GanprofileError(f"{table}: row {number} names {name!r}, which lies outside.")
    if _is_file(file):
        return file
    if options.tolerant:
        return file  # reading it will fail, and the findings list it
    raise GanprofileError(f"{table}: row {number} names {name!r}, which does not exist.")


def _in_its_form(folder, name):
    """A file that may be spelled in the other of Unicode's forms than on the disk."""
    spellings = [name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD"))]
    return next((folder / s for s in spellings if _is_file(folder / s)), folder / name)


def _is_number(text):
    try:
        return float(text).is_integer()
    except ValueError:
        return False


def _file_name(row):
    return next((row[column] for column in FILE_COLUMNS if row.get(column)), None)


def _lies_below(file, folder):
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a name too long, a loop of links
        return False


def _is_file(file):
    try:
        return file.is_file()
    except OSError:
        return False


def _columns(table, rows):
    """`writer` as int32, every further column as text."""
    given = {column for row in rows for column in row}
    columns = {
        column: np.array([row.get(column, "") for row in rows])
        for column in sorted(given - set(OWN_COLUMNS) - set(FILE_COLUMNS))
    }
    columns["file"] = np.array([_file_name(row) for row in rows])
    if "writer" in given:
        writers = [row.get("writer", "") for row in rows]
        columns["writer"] = _numbered(writers)
        if any(writer and not _is_number(writer) for writer in writers):
            columns["writer_name"] = np.array(writers)
    return columns


def _numbered(writers):
    """Numbers as they are; names of writers as 0, 1, ... in sorted order; -1 where empty."""
    if all(_is_number(writer) for writer in writers if writer):
        # By way of float, since pandas writes 1.0 in a column with blanks.
        return np.array([int(float(writer or -1)) for writer in writers])
    names = sorted(set(writers) - {""})
    number_of = {"": -1, **{name: number for number, name in enumerate(names)}}
    return np.array([number_of[writer] for writer in writers], np.int32)
