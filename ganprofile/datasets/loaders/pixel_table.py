"""Tables whose rows are the pixels of an image and its label, as Kaggle keeps MNIST."""

import csv
import gzip
import io
import re

import numpy as np

from ganprofile.datasets.loaders.array_names import LABELS, parsed
from ganprofile.datasets.loaders.array_sets import Part, named_by, reading_of_parts
from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.datasets.loaders.columns import LABEL_COLUMNS, chosen
from ganprofile.datasets.loaders.loaded_data import NO_LABELS
from ganprofile.datasets.loaders.official import SIDE, upright
from ganprofile.datasets.loaders.pixel_columns import (
    FEWEST_COLUMNS,
    as_array,
    has_column,
    pixel_places,
    pixels_and_labels,
)
from ganprofile.datasets.loaders.table_text import DELIMITERS, decoded
from ganprofile.errors import GanprofileError, first_line
from ganprofile.storage.files import printable

WHAT = "a CSV with the pixels of an image and its label in each row, or a folder of such"
SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
HEAD = 2**20
NEEDED = "Give it a column called label, or put a table of labels beside it."
ROWS_LOOKED_AT = 3


def recognises(path):
    """Whether it is such a table, or a folder in which one lies."""
    if path.is_dir():
        return any(map(_is_pixel_table, _tables(path)))
    return path.is_file() and _is_pixel_table(path)


def read(path, options):
    """A `LoadedData`; in a folder, what the tables are called says which part each is.

    Raises:
        GanprofileError: a table is damaged, two are for one part, its pixels make no square, or it
            cannot be told which column has the labels.
        UsageError: there is no column of the name that the user gave for the labels.
    """
    tables = [path] if path.is_file() else [t for t in _tables(path) if _is_pixel_table(t)]
    parts, said = {}, []
    for table in [*tables]:
        part = parsed(_stem(table)).part or "train"
        part = part if path.is_dir() else "train"
        if part in parts:
            names = " and ".join(printable(table.name) for table in tables)
            raise GanprofileError(
                f"{printable(path)} has the tables {names}; which is the {part} part cannot be "
                "told. Give one of them, or call them train.csv and test.csv."
            )
        parts[part], sentences = _part(table, options.label_column, part)
        said += sentences
        if parts[part].labels is None and (labels := _labels_beside(table)) is not None:
            parts[part] = Part(parts[part].images, _column(labels))
            said.append(f"{printable(labels)} was taken for the labels.")
            tables.append(labels)
    mapping, class_names = mapping_beside(path), ()
    if mapping is not None and any(part.labels is not None for part in parts.values()):
        parts, class_names = named_by(mapping, parts)
        said.append(mapping.sentence)
        tables.append(mapping.path)
    others = [t.name for t in _tables(path) if t not in tables] if path.is_dir() else []
    said += [f"{printable(path)}: {', '.join(others)} not read."] if others else []
    name = printable(path.resolve().name if path.is_dir() else _stem(path))
    reading = reading_of_parts(parts, printable(path), name, options, class_names)
    reading.findings["assumed"][:0] = said
    if parts["train"].labels is None:
        reading.findings[NO_LABELS] = NEEDED
    return reading


def _tables(folder):
    return sorted(file for file in folder.iterdir() if file.is_file() and _has_suffix(file))


def _has_suffix(file):
    return file.name.lower().endswith(SUFFIXES) and not file.name.startswith(".")


def _stem(table):
    return re.sub(r"(\.[ct]sv|\.txt)(\.gz)?$", "", table.name, flags=re.IGNORECASE)


def _is_pixel_table(path):
    return _has_suffix(path) and _layout(path) is not None


def _open(path):
    return gzip.open(path) if path.name.lower().endswith(".gz") else open(path, "rb")


def _layout(path):
    """`(delimiter, headings or None)`, or None where rows are no numbers."""
    try:
        with _open(path) as file:
            content = file.read(HEAD)
        lines = list(io.StringIO(decoded(content, final=False)[0], newline=""))
        lines = [line for line in lines if line.strip()][:ROWS_LOOKED_AT]
        for delimiter in DELIMITERS:
            rows = list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
            if rows and len(rows[0]) > FEWEST_COLUMNS:
                headings = rows[0] if _is_heading(rows) else None
                first = rows[1 if headings else 0 :][:1]
                is_one = first and len(first[0]) == len(rows[0])
                is_one = is_one and (_words_in(first[0]) <= 1 or bool(pixel_places(headings or ())))
                return (delimiter, headings) if is_one else None
    except (OSError, EOFError, ValueError, csv.Error):
        pass
    return None


def _words_in(row):
    return sum(not _is_number(cell) for cell in row)


def _is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _is_heading(rows):
    """Whether the first row names columns: by words, or by numbers of which none is there twice."""
    if _words_in(rows[0]) > 1:
        return True
    return len({*rows[0]}) == len(rows[0]) and any(len({*r}) < len(r) for r in rows[1:])


def _labels_beside(table):
    """The only table beside one of pixels that is called labels, of the same part, or None."""
    part = parsed(_stem(table)).part
    like = [
        file
        for file in _tables(table.parent)
        if (parsed(_stem(file)).part, parsed(_stem(file)).role) == (part, LABELS)
    ]
    return like[0] if len(like) == 1 else None


def _column(path):
    """The only column of a table, or that of the labels beside others, without its heading."""
    with _open(path) as file:
        lines = [line for line in decoded(file.read())[0].splitlines() if line.strip()]
    rows = [[cell.strip(" \t'") for cell in row] for row in csv.reader(lines)]
    names = [cell.lower() for cell in rows[0]]
    name = chosen(names, LABEL_COLUMNS)
    is_heading = not any(map(_is_number, rows[0])) and (name is not None or len(names) > 1)
    place = names.index(name) if name is not None else -1
    values = [row[place] for row in rows[is_heading:]]
    return np.array(values, float if all(map(_is_number, values)) else str)


def _part(path, label_column, part):
    """The images and labels of a table, and sentences."""
    delimiter, headings = _layout(path)
    names, where = headings or (), printable(path)
    if part != "train" and not has_column(names, label_column):
        label_column = None  # what is to be read by others often has no labels
    columns = _columns(path, delimiter, headings is not None, pixel_places(names))
    pixels, labels, said = pixels_and_labels(names, columns, where, label_column)
    side = round(pixels.shape[1] ** 0.5)
    if side == SIDE and path.name.lower().startswith("emnist-"):  # stored with the axes exchanged
        pixels = upright(pixels.reshape(-1, side, side), "emnist").reshape(len(pixels), -1)
        said.append(f"{where}: images are turned upright, as EMNIST's files need it.")
    return Part(pixels, labels), said


def _columns(path, delimiter, has_headings, pixels):
    """All columns as arrays; pixels as bytes, else as floats.

    `pixels` are the places of those that are known to be some; without, none has labels that is
    neither among the first two nor the last.
    """
    import pyarrow
    from pyarrow import csv as arrow_csv

    with _open(path) as file:
        text = decoded(file.read())[0].encode()
    if delimiter == " ":
        text = re.sub(rb"(?m)^ +| +$", b"", re.sub(rb" +", b" ", text))
    options = {
        "read_options": arrow_csv.ReadOptions(
            autogenerate_column_names=True, skip_rows=int(has_headings)
        ),
        "parse_options": arrow_csv.ParseOptions(delimiter=delimiter),
    }
    for kind in (pyarrow.uint8(), pyarrow.float32()):
        try:
            first = arrow_csv.open_csv(pyarrow.BufferReader(text), **options).schema
            known = [first.names[place] for place in pixels] or first.names[2:-1]
            types = dict.fromkeys(known, kind)
            convert = arrow_csv.ConvertOptions(column_types=types)
            table = arrow_csv.read_csv(
                pyarrow.BufferReader(text), convert_options=convert, **options
            )
            return [as_array(column, printable(path)) for column in table.columns]
        except pyarrow.ArrowInvalid as error:
            problem = error
    raise GanprofileError(f"{printable(path)} is no table of numbers ({first_line(problem)}).")
