"""Pictures listed in a CSV or JSON-lines file with the columns file, label and others."""

import csv
import json

import numpy as np

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.readers.gathering import gather
from ganprofile.datasets.readers.reading import Reading
from ganprofile.errors import GanprofileError
from ganprofile.files import printable

WHAT = "a CSV or JSON-lines file with the columns file,label[,writer][,split], or its folder"
USUAL_NAMES = ("labels.csv", "metadata.csv", "labels.jsonl", "metadata.jsonl")
FILE_COLUMNS = ("file", "file_name")
OWN_COLUMNS = ("label", "writer", "split")
PARTS = ("train", "test")


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
    if path.is_file() and path.suffix.lower() in (".csv", ".jsonl"):
        columns = _columns_of(path)
        return path if "label" in columns and set(FILE_COLUMNS) & columns else None
    if path.is_dir():
        named = [path / name for name in USUAL_NAMES]
        return next((table for table in named if table.is_file() and _table(table)), None)
    return None


def _columns_of(path):
    """The column names, as far as the first line tells."""
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        line = file.readline(100_000)
    try:
        first = json.loads(line) if path.suffix.lower() == ".jsonl" else next(csv.reader([line]))
    except (ValueError, StopIteration, RecursionError, csv.Error):
        return set()
    return set(first) if isinstance(first, (dict, list)) else set()


def _rows(table):
    """All rows as dicts of text."""
    try:
        with open(table, newline="", encoding="utf-8-sig") as file:
            if table.suffix.lower() == ".csv":
                rows = list(csv.DictReader(file))
            else:
                rows = [json.loads(line) for line in file if line.strip()]
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        raise GanprofileError(
            f"{table} cannot be read as UTF-8 CSV or JSON lines ({error})."
        ) from error
    if not rows:
        raise GanprofileError(f"{table} lists no picture.")
    return [_row(table, number, row) for number, row in enumerate(rows, 1)]


def _row(table, number, row):
    if not isinstance(row, dict) or None in row or None in row.values():
        raise GanprofileError(f"{table}: row {number} has not as many values as there are columns.")
    row = {str(column): str(value).strip() for column, value in row.items()}
    if not row.get("label"):
        raise GanprofileError(f"{table}: row {number} has no label.")
    return row


def _file(table, number, row, options):
    name = next((row[column] for column in FILE_COLUMNS if row.get(column)), None)
    if name is None:
        raise GanprofileError(f"{table}: row {number} names no file.")
    file = table.parent / name.replace("\0", "?")
    if options.confined and not _lies_below(file, table.parent):
        raise GanprofileError(f"{table}: row {number} names {name!r}, which lies outside.")
    if _is_file(file):
        return file
    if options.tolerant:
        return file  # reading it will fail, and the findings list it
    raise GanprofileError(f"{table}: row {number} names {name!r}, which does not exist.")


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
    columns["file"] = np.array([row.get("file") or row.get("file_name") for row in rows])
    if "writer" in given:
        writers = [row.get("writer", "") for row in rows]
        columns["writer"] = _numbered(writers)
        if [str(number) for number in columns["writer"]] != writers:
            columns["writer_name"] = np.array(writers)
    return columns


def _numbered(writers):
    """Numbers as they are; names of writers as 0, 1, ... in sorted order; -1 where empty."""
    try:
        return np.array([int(writer or -1) for writer in writers], np.int32)
    except (ValueError, OverflowError):
        names = sorted(set(writers) - {""})
        number_of = {"": -1, **{name: number for number, name in enumerate(names)}}
        return np.array([number_of[writer] for writer in writers], np.int32)
