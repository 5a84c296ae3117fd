"""Tables whose rows are the pixels of an image and its label, as Kaggle keeps MNIST."""

import csv
import dataclasses
import gzip
import io
import re

import numpy as np

from ganprofile.datasets.loaders.array_names import LABELS, parsed
from ganprofile.datasets.loaders.array_sets import Part, named_by, reading_of_parts
from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.datasets.loaders.columns import holds_pixels, is_number
from ganprofile.datasets.loaders.common_labels import alike, padded_said
from ganprofile.datasets.loaders.csv_columns import csv_columns
from ganprofile.datasets.loaders.csv_rows import is_aside
from ganprofile.datasets.loaders.embedded_pictures import Rows
from ganprofile.datasets.loaders.joined_rows import joined_parts
from ganprofile.datasets.loaders.label_columns import in_order, label_column, unquoted
from ganprofile.datasets.loaders.loaded_data import NO_LABELS
from ganprofile.datasets.loaders.official import SIDE, upright
from ganprofile.datasets.loaders.parts import flags_said, part_folders, part_of
from ganprofile.datasets.loaders.pixel_columns import beside_pixels, counts_rows, pixels_and_labels
from ganprofile.datasets.loaders.pixel_headings import (
    FEWEST_COLUMNS,
    count_columns,
    has_column,
    is_index,
    pixel_places,
)
from ganprofile.datasets.loaders.pixels_in_text import columns_in_text, long_cells
from ganprofile.datasets.loaders.table_text import DELIMITERS
from ganprofile.datasets.loaders.text_encoding import decoded, guessed_encoding
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.arrays import UNREADABLE
from ganprofile.storage.files import printable

WHAT = "a CSV or ARFF with the pixels of an image and its label in each row, or a folder of such"
# Those of UCI's sets, too; each may be compressed.
SUFFIXES = (".csv", ".tsv", ".txt", ".arff", ".data", ".tra", ".tes", ".train", ".test")
HEAD, LONGEST_HEAD = 2**20, 2**25
NEEDED = "Give it a column called label, or put a table of labels beside it."
ROWS_LOOKED_AT = 3
NO_ASIDE = re.compile(r"(?m)^[ \t]*(?!#|//|%|sep=.$)\S.*$")
NUMBER = re.compile(r"(?<!\w)\d")
# What separates cells in spite of another mark in them: commas stand in 0,5, and blanks anywhere.
STRONGER = {",": ";\t|", " ": ";\t|,"}
STRONGER |= dict.fromkeys(set(DELIMITERS) - STRONGER.keys(), "")


def recognises(path):
    """Whether it is such a table, or a folder in which one lies."""
    if path.is_dir():
        return any(map(_is_pixel_table, _tables_of_set(path)))
    return path.is_file() and _is_pixel_table(path)


def read(path, options):
    """A `LoadedData`; in a folder, what the tables are called says which part each is.

    Raises:
        GanprofileError: a table is damaged, two are for one part, its pixels make no square, or it
            cannot be told which column has the labels.
        UsageError: there is no column of the name that the user gave for the labels.
    """
    tables = [path] if path.is_file() else _of_parts(path)
    found, said = {}, []
    for table in [*tables]:
        below = None if table.parent == path else part_of(table.parent.name)
        part = (below or parsed(_stem(table)).part or "train") if path.is_dir() else "train"
        if part in found:
            names = " and ".join(printable(table.name) for table in tables)
            raise GanprofileError(
                f"{printable(path)} has the tables {names}; which is the {part} part cannot be "
                "told. Give one of them, or call them train.csv and test.csv."
            )
        rows, ids = _rows(table, options.label_column, part)
        if rows.labels is None and (labels := _labels_beside(table)) is not None:
            rows = _labelled_by(labels, rows, ids)
            tables.append(labels)
        found[part] = rows
    files, more = alike([*found.values()], printable(path))
    said += [one for rows in files for one in (*rows.said, *padded_said(rows))] + more
    parts, more = joined_parts([*zip(found, files, strict=True)], printable(path))
    said += more
    parts = {part: Part(rows.pictures, rows.labels, rows.writers) for part, rows in parts.items()}
    mapping, class_names = mapping_beside(path), ()
    if mapping is not None and any(part.labels is not None for part in parts.values()):
        parts, class_names = named_by(mapping, parts)
        said.append(mapping.sentence)
        tables.append(mapping.path)
    there = _tables_of_set(path) if path.is_dir() else []
    names = mapping.path.name if mapping is not None else None
    others = [file.relative_to(path) for file in there if file not in tables and file.name != names]
    if others:
        said.append(f"{printable(path)}: {', '.join(map(printable, others))} not read.")
    name = printable(path.resolve().name if path.is_dir() else _stem(path))
    reading = reading_of_parts(parts, printable(path), name, options, class_names)
    reading.findings["assumed"][:0] = said
    if parts["train"].labels is None:
        reading.findings[NO_LABELS] = NEEDED
    return reading


def _tables(folder):
    return sorted(file for file in folder.iterdir() if file.is_file() and _has_suffix(file))


def _tables_of_set(folder):
    """Those in a folder, else, where none is of pixels, those in its folders train and test."""
    own = _tables(folder)
    below = [table for one in part_folders(folder) for table in _tables(one)]
    return own if not below or any(map(_is_pixel_table, own)) else below


def _of_parts(folder):
    """The tables of pixels in a folder; where one is called train, only those that are parts."""
    tables = [table for table in _tables_of_set(folder) if _is_pixel_table(table)]
    if any(table.parent != folder for table in tables):
        return tables
    named = {table: parsed(_stem(table)).part for table in tables}
    is_said = "train" in named.values()
    return [table for table in tables if named[table] or not is_said]


def _has_suffix(file):
    name = file.name.lower().removesuffix(".gz")
    return name.endswith(SUFFIXES) and not name.startswith(".")


def _stem(table):
    """A table's name without what says nothing of its content."""
    return re.sub(r"(\.([ct]sv|txt|arff|data))?(\.gz)?$", "", table.name, flags=re.IGNORECASE)


def _is_pixel_table(path):
    return _has_suffix(path) and _layout(path) is not None


def _open(path):
    return gzip.open(path) if path.name.lower().endswith(".gz") else open(path, "rb")


@dataclasses.dataclass(frozen=True)
class _Layout:
    """How a table is written: what separates cells; the headings, or None; and the column whose
    cells hold all pixels of an image as text, or None."""

    delimiter: str
    headings: list | None
    text: int | None = None


def _layout(path):
    """The `_Layout` of a table, or None where rows are no numbers."""
    try:
        with _open(path) as file:
            content = file.read(HEAD)
            while _is_cut(content) and (more := file.read(HEAD)):
                content += more
        text = _without_header(decoded(content, final=False)[0])
        lines = list(io.StringIO(text, newline=""))
        lines = [line for line in lines if line.strip()][:ROWS_LOOKED_AT]
        with long_cells():
            return next(filter(None, (_separated_by(one, lines) for one in DELIMITERS)), None)
    except (*UNREADABLE, csv.Error):
        return None


def _is_cut(content):
    """Whether text ends within the first rows that are looked at, as a row of 65,536 pixels may."""
    are_there = content.count(b"\n") >= ROWS_LOOKED_AT
    return not are_there and len(content) < LONGEST_HEAD and not content.count(0)


def _separated_by(delimiter, lines):
    """The `_Layout` of the first lines of a table, or None where this does not separate them."""
    rows = list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    if not rows or any(other in cell for cell in rows[0] for other in STRONGER[delimiter]):
        return None
    headings = rows[0] if _is_heading(rows, delimiter) else None
    first = rows[1 if headings else 0 :][:1]
    if not first or len(first[0]) != len(rows[0]):
        return None
    places = [place for place, cell in enumerate(first[0]) if holds_pixels(cell)]
    if delimiter != " " and len(places) == 1 < len(first[0]):
        return _Layout(delimiter, headings, places[0])
    is_one = len(rows[0]) > FEWEST_COLUMNS
    is_one = is_one and (_words_in(first[0], delimiter) <= 1 or pixel_places(headings or ()))
    return _Layout(delimiter, headings) if is_one else None


def _words_in(row, delimiter):
    """How many cells are no numbers, of which those between other separators may have commas."""
    point = {} if delimiter == "," else {",": "."}
    return sum(not is_number(cell.translate(str.maketrans(point))) for cell in row)


def _is_heading(rows, delimiter):
    """Whether the first row names columns: by words, or by numbers that count them."""
    if len(rows) > 1 and any(map(holds_pixels, rows[1])):
        return not any(map(holds_pixels, rows[0]))
    if _words_in(rows[0], delimiter) > 1:
        return True
    numbers = [cell.strip() for cell in rows[0] if is_number(cell)]
    return len(rows) > 1 and len(numbers) + 1 >= len(rows[0]) and count_columns(numbers)


def _labels_beside(table):
    """The only table beside one of pixels that is called labels, of the same part, or None."""
    part = parsed(_stem(table)).part
    like = [
        file
        for file in _tables(table.parent)
        if (parsed(_stem(file)).part, parsed(_stem(file)).role) == (part, LABELS)
    ]
    return like[0] if len(like) == 1 else None


def _labelled_by(table, rows, ids):
    """`Rows` with the labels of another table, and with what else this tells of each image.

    Args:
        table: the path of the other table.
        rows: of the pixels.
        ids: the numbers of the images, text `(n,)`, or None.
    """
    text, said = _text(table)
    where = printable(table)
    column = label_column(text, len(rows.pictures), where)
    if len(column.labels) != len(rows.pictures):
        raise UsageError(
            f"{where} should have a label for each of {len(rows.pictures):,} images of "
            f"{rows.where}. Received: {len(column.labels):,}."
        )
    order, sentences = in_order(column, ids, where)
    said = [f"{where} was taken for the labels.", *said, *column.said, *sentences]
    told = {"labels": column.labels[order], "said": (*rows.said, *said)}
    told["written"] = None if column.written is None else (column.written[order], where)
    told |= {"column": column.column, "unread": column.unread}
    for key, cells in column.beside.items():
        if getattr(rows, key) is None:
            told |= {key: cells[order]} | ({"where": where} if key == "splits" else {})
    return dataclasses.replace(rows, **told)


def _text(table):
    """What a table holds, and a sentence where its encoding had to be guessed."""
    try:
        with _open(table) as file:
            text, encoding = decoded(file.read())
    except UNREADABLE as error:
        if isinstance(error, GanprofileError):
            raise
        raise GanprofileError(
            f"{printable(table)} is damaged or incomplete ({error}). Get a whole copy of it."
        ) from error
    return _without_header(text), guessed_encoding(printable(table), encoding)


def _without_header(text):
    """A table whose headings are `@attribute pixel1 real`, as OpenML's are, as one that has them in
    a line; others without what stands above their first row."""
    header, *rows = re.split(r"(?im)^@data[ \t]*\r?$", text, maxsplit=1)
    if not rows:
        return _without_notes(text)
    names = re.findall(r"""(?im)^@attribute\s+(?:'([^']+)'|"([^"]+)"|(\S+))""", header)
    names = [f'"{name}"' if "," in name else name for name in map("".join, names)]
    cells = re.sub(r"(?m)^[ \t]*%.*\n?", "", rows[0]).strip()
    if "'" in cells:  # quotes of its own kind
        cells = re.sub(r"(?m)(?<![^,\s])'((?:[^'\\\n]|\\.)*)'(?=\s*(?:,|$))", _quoted, cells)
    return "\n".join([",".join(names), cells])


def _without_notes(text):
    """A table without comments and Excel's note on the separator above its first row; a comment of
    as many cells as the numbers below it has the headings, as NumPy writes them."""
    start, found = 0, NO_ASIDE.search(text)
    row = found[0] if found else ""
    while end := text.find("\n", start) + 1:
        line, below = text[start:end], text[end : text.find("\n", end)]
        are_as_many = any(below.count(one) == line.count(one) > 0 for one in DELIMITERS)
        is_above_numbers = not (is_aside(below) or line.startswith("sep=")) and NUMBER.search(below)
        is_row = line.strip() and (not is_aside(line) or _is_row(line, row or below))
        if is_row or (are_as_many and is_above_numbers):
            break
        start = end
    return text[start:]


def _is_row(line, row):
    """Whether what begins as a comment is a row, of a class that is called `#` or alike: the mark
    alone in a list, or beside it an image, or as many numbers as another row has."""
    line, row = line.strip(), row.strip()
    if re.fullmatch("#|%|//", line):
        return bool(row) and not any(one in row for one in DELIMITERS)
    return any(_are_alike(line.split(one)[1:], row.split(one)[1:]) for one in DELIMITERS)


def _are_alike(cells, others):
    """Whether cells behind the first hold an image, or nothing but numbers, as many as others."""
    are_numbers = len(cells) == len(others) > 0 and all(map(is_number, cells + others))
    return are_numbers or any(holds_pixels(cell.strip('" ')) for cell in cells)


def _quoted(cell):
    """A cell between single quotes as CSV has it."""
    text = re.sub(r"\\(.)", r"\1", cell[1]).replace('"', '""')
    return f'"{text}"'


def _as_written(spelled, labels, written):
    """Number -> name, with the zeros that stand before names that are numbers.

    Args:
        spelled: the same, as Arrow reads numbers.
        labels: as Arrow reads them, `(n,)`.
        written: the same as text, or None.
    """
    if not spelled or written is None:
        return spelled
    text_of = dict(zip(labels.astype(str).tolist(), written.tolist(), strict=True))
    return {number: text_of.get(name, name) for number, name in spelled.items()}


def _rows(path, told, part):
    """The `Rows` of a table of pixels, and the numbers of its images, text `(n,)` or None."""
    layout, where = _layout(path), printable(path)
    names = layout.headings or ()
    if part != "train" and not has_column(names, told):
        told = None  # what is to be read by others often has no labels
    text, guessed = _text(path)
    if layout.text is not None:
        names, columns, doubts = columns_in_text(text, layout, where)
    else:
        names, columns, doubts = csv_columns(text, layout, where)
    meant = [(columns[place], *told) for place, told in doubts.items()]
    names, columns, writers, splits = beside_pixels(names, columns, told)
    ids = columns[0].astype(str) if is_index(names) else None
    counted = []
    if told is None and ids is None and counts_rows(names, columns) and _labels_beside(path):
        ids, names, columns = columns[0].astype(str), names[1:], columns[1:]
        counted = [f"{where}: the first column counts the rows and is left out."]
    pixels, labels, said, of_column = pixels_and_labels(names, columns, where, told)
    of_labels = (one for column, *one in meant if column is labels)
    read, (labels, written) = labels, next(of_labels, (labels, None))
    spelled = _as_written(of_column.get("spelled", {}), read, written)
    if labels is not None and labels.dtype.kind == "U":
        labels = np.array(unquoted(labels.tolist()))
        spelled = dict(zip(spelled, unquoted([*spelled.values()]), strict=True))
    if names and splits is None:
        said += flags_said(names, dict(zip(names, columns, strict=True)).get, where)
    said += guessed if labels is not None and labels.dtype.kind == "U" else []
    side = round(pixels.shape[1] ** 0.5)
    if side == SIDE and path.name.lower().startswith("emnist-"):  # stored with the axes exchanged
        pixels = upright(pixels.reshape(-1, side, side), "emnist").reshape(len(pixels), -1)
        said.append(f"{where}: images are turned upright, as EMNIST's files need it.")
    beside = {"writers": writers, "splits": splits, "where": where, **of_column, "spelled": spelled}
    beside["written"] = None if written is None else (written, where)
    return Rows(pixels, labels, (), (*counted, *said), NEEDED, **beside), ids
