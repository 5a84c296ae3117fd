"""Pictures listed in a table with a column of files, one of labels, and perhaps others."""

import collections
import dataclasses

import numpy as np

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.formats.attributes import is_origin
from ganprofile.datasets.loaders.boxes import are_places, box_columns, cut_out
from ganprofile.datasets.loaders.columns import WRITER_COLUMNS, chosen, people_said
from ganprofile.datasets.loaders.folder_doubts import doubts_by_folders
from ganprofile.datasets.loaders.gathering import Hands, gather
from ganprofile.datasets.loaders.label_columns import unquoted
from ganprofile.datasets.loaders.label_tables import label_tables, refuse_tables
from ganprofile.datasets.loaders.loaded_data import NOTHING, PARTS, LoadedData, name_of
from ganprofile.datasets.loaders.named_files import NamedFiles
from ganprofile.datasets.loaders.parts import (
    flags_said,
    folder_part,
    name_part,
    names_of_parts,
    part_of,
    split_column,
    train_and_test,
)
from ganprofile.datasets.loaders.stored_set import refuse_synthetic
from ganprofile.datasets.loaders.table_labels import refuse_other_labels, settle_labels, spelled_out
from ganprofile.datasets.loaders.table_text import layout_of, rows_of
from ganprofile.datasets.loaders.training_folders import rows_of_training_folders
from ganprofile.datasets.loaders.unsorted import refuse_unlabelled
from ganprofile.datasets.loaders.words import said_of_words
from ganprofile.datasets.loaders.writers import named, numbered
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import composed, printable

WHAT = "a table (CSV, text or JSON) with a column image and a column label, or its folder"
LONGEST_TEXT = 1000
OWN_COLUMNS = ("file", "label", "writer", "split")
USUAL = "the columns 'file' and 'label'"
LISTED = 3


def recognises(path):
    """Whether it is such a table, or a folder in which one lies."""
    try:
        return bool(label_tables(path))
    except UsageError:  # several; `read` says so
        return True


def is_table(path):
    """Whether it is such a table itself, and no folder; of it, too, `NOTHING` may be said."""
    return path.is_file() and recognises(path)


def read(path, options):
    """A `LoadedData`; class names are the labels, in sorted order; further columns are attributes.

    Raises:
        UsageError: which table is meant cannot be told.
        GanprofileError: a row names no file or a missing one, lacks its label, or contradicts
            another.
    """
    named = None if options.labels == NOTHING else options.labels
    tables = label_tables(path, named)
    if path.is_dir():
        asked = dataclasses.replace(options, labels=named)
        refuse_tables(path, asked, [table for _, table in tables])
    root = path if path.is_dir() else path.parent
    where = " and ".join(printable(table) for _, table in tables)
    rows, said = _all_rows(tables, path, root, options)
    if options.labels != NOTHING:
        refuse_unlabelled(rows)
    finder = NamedFiles(root, options.confined)
    asked = [
        (table, number, row["file"], part_of(row["split"]) or name_part(table.stem))
        for table, number, row in rows
    ]
    files = finder.find_all(asked, options.tolerant)
    if path.is_dir():
        more = rows_of_training_folders(tables, rows, files, finder.pictures, root)
        rows, files, said = rows + more[0], files + more[1], said + more[2]
    said += finder.said(where) + _repeated(files, rows, where, options.tolerant)
    said += _unlisted(finder, files, root, where) if path.is_dir() else []
    if path.is_dir() and named is None:
        for _, table in tables:
            layout = _layout(table, options.zip_encoding)
            said += doubts_by_folders(table, layout, rows, files, root)
    said += said_of_words([row["label"] for _, _, row in rows], where)
    reading = from_rows([row for _, _, row in rows], files, root, where, said, options)
    return reading.named(name_of(path))


def from_rows(rows, files, root, where, said, options):
    """A `LoadedData` of pictures and what is told of each.

    Args:
        rows: a dict for each picture: `label`, `file`, `split`, maybe `writer`, and others.
        files: the pictures.
        root: the folder that they lie in.
        where: what sentences call the set.
        said: what was assumed, sentences.
        options: `LoadOptions`.

    Raises:
        GanprofileError: no picture is of the split train, or a file cannot be read.
    """
    said = [*said, *_parts_by_folders(files, rows, root, where)]
    class_names = sorted({row["label"] for row in rows})
    gathered = gather(files, options, root, _hands(rows, class_names))
    whole = _dataset(gathered, [rows[k] for k in gathered.kept], class_names)
    splits = np.array([rows[k]["split"] for k in gathered.kept])
    parts, more = _parts(where, whole, splits, is_labelled=options.labels != NOTHING)
    findings = gathered.findings_with({"assumed": said + more})
    return LoadedData(*parts, findings=findings).named(printable(root.resolve().name))


def _all_rows(tables, path, root, options):
    """`[(table, number, row)]` of all tables, and what was assumed."""
    read = [_read(table, options.zip_encoding) for _, table in tables]
    as_read = [(layout, some) for layout, some, _ in read]
    refuse_other_labels(as_read, [table for _, table in tables])
    layouts, said = spelled_out(as_read, printable(path))
    rows, spelled = [], []
    for (part, table), layout, (_, some, sentences) in zip(tables, layouts, read, strict=True):
        spelled += [row.get(layout.label, "").strip() for row in some]
        checked, more = _rows(table, part, layout, some, is_given=table == path)
        if part is not None and table.parent != root:  # names are relative to the part's folder
            for row in checked:
                row["file"] = f"{table.parent.name}/{row['file']}"
        rows += [(table, number, row) for number, row in enumerate(checked, 1)]
        said += [*more, *sentences]
    headings = {table: layout.label for (_, table), layout in zip(tables, layouts, strict=True)}
    said += settle_labels(rows, headings, spelled, options.first_label)
    if len(tables) > 1 and tables[0][0] is None:
        names = " and ".join(printable(table.name) for _, table in tables)
        said.append(f"{names} have the same columns and name other pictures each: all are read.")
    return rows, said


def _read(table, code_page):
    """The `Layout` of a table, its rows as they are written, and sentences."""
    layout = _layout(table, code_page)
    rows, said = rows_of(table, layout, code_page)
    if not rows:
        raise GanprofileError(f"{table} lists no picture.")
    refuse_synthetic(table, rows)
    return layout, rows, said


def _rows(table, part, layout, rows, is_given):
    """The rows of a table with `file`, `label` as it is written, `split` and maybe `writer`, and
    what was assumed, above all that the table counts."""
    if are_places([row.get(layout.label, "").strip() for row in rows]):
        raise UsageError(f"{table}: {cut_out(f'the column {layout.label!r} marks')}.")

    def cells_of(name):
        return [row.get(name, "").strip() for row in rows]

    others = [name for name in rows[0] if name not in ("", None, layout.file, layout.label)]
    _refuse_own(table, others)
    split = split_column(others, cells_of)
    said = [] if split else flags_said(filter(None, rows[0]), cells_of, table)
    writer = chosen(filter(None, rows[0]), WRITER_COLUMNS)
    checked = [_row(table, number, row, layout) for number, row in enumerate(rows, 1)]
    labels = unquoted([row["label"] for row in checked])
    for row, label in zip(checked, labels, strict=True):
        row["label"] = label
        row["split"] = row.pop(split, "") if split else part or ""
        if writer:
            row["writer"] = row.pop(writer, "")
    if not (is_given and layout.taken == USUAL):
        said = [f"{table}: {layout.taken} were taken for the files and their labels.", *said]
    if split not in (None, "split"):
        said.append(f"{table}: the column {split!r} says to which part each picture belongs.")
    if writer not in (None, "writer"):
        said.append(f"{table}: the column {writer!r} was taken for the writers.")
    return checked, said + people_said(filter(None, rows[0]), table)


def _layout(table, code_page):
    return layout_of(table, code_page) or layout_of(table)


def _row(table, number, row, layout):
    row = {column: text.strip() for column, text in row.items() if column}  # but pandas' index
    file = row.pop(layout.file, "")  # as it lies on the disk
    row["label"] = row.pop(layout.label, "")
    row = {"file": file, **{column: composed(text) for column, text in row.items()}}
    if not row["label"]:
        raise GanprofileError(f"{table}: row {number} has no label. Give it one, or remove it.")
    if not row["file"]:
        raise GanprofileError(f"{table}: row {number} names no file.")
    for column, text in row.items():
        if column != "file" and len(text) > LONGEST_TEXT:
            raise GanprofileError(
                f"{table}: row {number} has {len(text):,} characters in the column {column!r}; "
                f"{LONGEST_TEXT:,} are the most. Shorten it or remove the column."
            )
    return row


def _refuse_own(table, columns):
    """Refuse a column that would say of people's images that they were made."""
    own = next(filter(is_origin, columns), None)
    if own is not None:
        raise GanprofileError(
            f"{printable(table)} has the column {own!r}, as sets that ganprofile wrote call one of "
            "their own. Give it another name."
        )


def _parts_by_folders(files, rows, root, where):
    """Let rows that say no part have that of their files' folders, if all have one; sentences."""
    parts = [folder_part(file, root) for file in files]
    if any(row["split"] for row in rows) or None in parts or not {"train"} < {*parts}:
        return []
    for row, part in zip(rows, parts, strict=True):
        row["split"] = part
    counts = collections.Counter(parts)
    listed = ", ".join(f"{counts[part]:,} of {part}" for part in sorted(counts))
    return [f"{where} names no parts: the folders of its pictures were taken for them ({listed})."]


def _repeated(files, rows, where, tolerant):
    """What is to be said of files that several rows name."""
    labels = collections.defaultdict(set)
    for file, (_, _, row) in zip(files, rows, strict=True):
        labels[file].add(row["label"])
    odd = [(file, sorted(several)) for file, several in labels.items() if len(several) > 1]
    if boxes := box_columns(rows[0][2]):
        columns = f"the columns {', '.join(boxes)}"
        if len(labels) < len(files):
            raise UsageError(f"{where}: {cut_out(f'{columns} mark')}.")
        return [f"{where}: {columns} are not read: each picture is taken as a whole."]
    if odd:
        file, several = odd[0]
        sentence = (
            f"{where} gives {printable(file.name)} the labels {' and '.join(map(repr, several))}"
            + (f", and {len(odd) - 1:,} other files several, too" if len(odd) > 1 else "")
            + ". Remove the wrong rows."
        )
        if not tolerant:
            raise GanprofileError(sentence)
        return [sentence]
    again = len(files) - len(labels)
    return [f"{where}: {again:,} rows name a file that another row names, too."] if again else []


def _unlisted(finder, files, root, where):
    """What is to be said of the pictures that no row names."""
    others = sorted({*finder.pictures} - {*files})
    if not others:
        return []
    names = ", ".join(printable(file.relative_to(root)) for file in others[:LISTED])
    return [f"{len(others):,} pictures that {where} does not list are left out, such as {names}."]


def _hands(rows, class_names):
    """Who wrote each row's picture and what, `Hands`; None where no column says it."""
    if not any("writer" in row for row in rows):
        return None
    return Hands(_writers(rows), _labels(rows, class_names))


def _writers(rows):
    return numbered([_told_writers(rows)], "")[0]


def _told_writers(rows):
    return np.array([row.get("writer", "") for row in rows])


def _labels(rows, class_names):
    number_of = {name: label for label, name in enumerate(class_names)}
    return np.array([number_of[row["label"]] for row in rows], np.int32)


def _dataset(gathered, rows, class_names):
    columns = _columns(rows)
    return Dataset(
        gathered.images,
        labels=_labels(rows, class_names),
        class_names=class_names,
        writers=columns.pop("writer", None),
        attributes=columns,
    )


def _parts(where, whole, splits, is_labelled):
    """The parts that the column split names, and sentences; what is to be tested must be learned,
    unless nobody asks for labels."""
    empty = splits == ""
    splits = names_of_parts(np.where(empty, "train", splits), where)
    if not (splits == "train").any():
        raise GanprofileError(f"{where}: there is no picture of the split train.")
    masks = {part: splits == part for part in dict.fromkeys(splits.tolist())}
    masks, said = train_and_test(masks, where)
    if empty.any() and not empty.all():
        said = [*said, f"{where}: rows that say no part ({empty.sum():,}) were taken for training."]
    strange = np.setdiff1d(*(whole.labels[masks.get(p, splits == "")] for p in reversed(PARTS)))
    if len(strange) and is_labelled:
        name = whole.class_names[strange[0]]
        raise GanprofileError(
            f"{where}: there are test pictures of the label {name!r}, but none to train."
        )
    return [whole.part(masks[part], part) for part in PARTS if part in masks], said


def _columns(rows):
    """`writer` as int64, every further column as text."""
    given = {column for row in rows for column in row}
    columns = {
        column: np.array([row.get(column, "") for row in rows])
        for column in sorted(given - set(OWN_COLUMNS))
    }
    columns["file"] = np.array([row["file"] for row in rows])
    if "writer" in given:
        columns["writer"] = _writers(rows)
        columns |= named([_told_writers(rows)], "")[0]
    return columns
