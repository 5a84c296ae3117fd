"""Tables as Hugging Face's `datasets` keeps them, in Parquet or Arrow files: each row has a picture
and its label.
"""

import collections
import contextlib
import re
from pathlib import Path

import numpy as np

from ganprofile.datasets.array_labels import plain_labels, told_labels
from ganprofile.datasets.loaders.array_names import parsed
from ganprofile.datasets.loaders.array_sets import Part, reading_of_parts
from ganprofile.datasets.loaders.arrow_tables import (
    is_table,
    missing_said,
    schema_of,
    table_of,
    tables_in,
)
from ganprofile.datasets.loaders.card_sets import told_splits
from ganprofile.datasets.loaders.columns import (
    FILE_COLUMNS,
    LABEL_COLUMNS,
    SPELLED_COLUMNS,
    SPLIT_COLUMNS,
    WRITER_COLUMNS,
    chosen,
    names_beside,
    pictures_called,
    unread_labels,
)
from ganprofile.datasets.loaders.common_labels import alike
from ganprofile.datasets.loaders.embedded_pictures import (
    Rows,
    from_base64,
    named_rows,
    reading_of_pictures,
)
from ganprofile.datasets.loaders.feature_names import class_names
from ganprofile.datasets.loaders.joined_rows import by_common_names, joined_parts
from ganprofile.datasets.loaders.lists_of_numbers import stacked
from ganprofile.datasets.loaders.loaded_data import NO_LABELS, name_of
from ganprofile.datasets.loaders.named_files import NamedFiles
from ganprofile.datasets.loaders.parts import (
    flags_said,
    split_column,
    train_and_test,
    without_unlabelled_test,
)
from ganprofile.datasets.loaders.pictures import is_picture
from ganprofile.datasets.loaders.pixel_columns import (
    as_array,
    beside_pixels,
    pixels_and_labels,
    spelled_out,
)
from ganprofile.datasets.loaders.pixel_headings import (
    FEWEST_COLUMNS,
    counted_places,
    listed,
    taken_said,
)
from ganprofile.datasets.loaders.writers import as_text
from ganprofile.errors import GanprofileError, UsageError, first_line
from ganprofile.storage.arrays import UNREADABLE
from ganprofile.storage.files import printable

WHAT = (
    "a .parquet or .arrow file with the columns image and label or a column a pixel, or a folder "
    "of such"
)
PICTURE_COLUMNS = (*FILE_COLUMNS, "pixel_values", "pixels", "data", "bytes")
ALL_LABELS = (*LABEL_COLUMNS, "fine_label")
LISTED = 6
COUNTER = r"\b(?=[a-f]*[0-9])[0-9a-f]{4,}\b|[0-9]+|\bof\b"  # of shards, and their checksums


def recognises(path):
    """Whether it is such a file, or a folder in which some lie, or in folders there."""
    if path.is_dir():
        files = tables_in(path)
        return bool(files) and (not _has_pictures(path) or any(map(_is_about_pictures, files)))
    return path.is_file() and is_table(path)


def read(path, options):
    """A `LoadedData`; the names of files or of their folders say which part each is.

    Raises:
        GanprofileError: a file is damaged, or has no column of pictures.
    """
    files = tables_in(path) if path.is_dir() else [path]
    grouped, further = _by_part(files, path) if path.is_dir() else ({"train": files}, [])
    if "train" not in grouped:
        raise GanprofileError(
            f"{printable(path)} has no file of the training part, such as train-00000-of-00001"
            f"{files[0].suffix}. Received: {', '.join(printable(file.name) for file in files[:3])}."
        )
    chosen_files, said = train_and_test(grouped, printable(path))
    said += [*further, *missing_said(files if path.is_dir() else [], printable(path))]
    pieces = {part: _pieces(files, path, options) for part, files in chosen_files.items()}
    pieces, options, more = by_common_names(pieces, printable(path), options)
    said += more
    files, more = alike([rows for some in pieces.values() for rows in some], printable(path))
    said += more
    found = [*zip([part for part, some in pieces.items() for _ in some], files, strict=True)]
    parts, more = joined_parts(found, printable(path))
    said += more
    for settled in (without_unlabelled_test, train_and_test):
        parts, more = settled(parts, printable(path))
        said += more
    parts, more = named_rows(parts, path)
    said += more
    reading = (_of_arrays if _are_numbers(found) else reading_of_pictures)(
        parts, path, name_of(path), options
    )
    reading.findings["assumed"][:0] = [*said, *parts["train"].said]
    if parts["train"].labels is None:
        reading.findings[NO_LABELS] = parts["train"].others
    return reading


def _has_pictures(path):
    """Whether picture files lie in a folder or in those below."""
    folders = (path, *(folder for folder in path.iterdir() if folder.is_dir()))
    return any(is_picture(entry) for folder in folders for entry in folder.iterdir())


def _is_about_pictures(file):
    """Whether a file has a column of pictures, or one for each pixel, by its headings."""
    import pyarrow

    with contextlib.suppress(*UNREADABLE, pyarrow.ArrowException):
        names = schema_of(file).names
        return chosen(names, PICTURE_COLUMNS) is not None or len(names) > FEWEST_COLUMNS
    return False


def _refuse_several(files, root):
    """Refuse folders each of which is a set of its own, as the Hub's configurations are."""
    folders = sorted({f.parent.name for f in files if f.parent != root} - {"data"})
    sets = [name for name in folders if parsed(name).part is None]
    if len(sets) > 1:
        raise UsageError(
            f"{printable(root)} holds several sets: {', '.join(map(printable, sets[:9]))}. "
            "Name the folder of one."
        )


def _by_part(files, root):
    """`({part: files}, said)`, as the card of the set says or else the names of files: those of no
    part are what to learn from, unless others are said to be that; then they are left aside and
    named."""
    splits, said = told_splits(files, root)
    if not splits:
        _refuse_several(files, root)
    grouped = collections.defaultdict(list)
    for file in splits or files:
        grouped[_part_of(file, root, splits.get(file))].append(file)
    others = grouped.pop(None, [])
    if others and "train" in grouped:
        names = listed([file.relative_to(root) for file in others], LISTED)
        said.append(f"{printable(root)}: {names} not read, as other files are called train.")
    elif others:
        grouped["train"] = others
    return grouped, said + _together_said(grouped, root, splits)


def _part_of(file, root, split=None):
    """The part of a file by what its split is called, else by its name or its folder's, or None."""
    if split:
        return parsed(split).part
    by_folder = parsed(file.parent.name).part if file.parent != root else None
    return parsed(file.stem).part or by_folder


def _together_said(grouped, root, splits):
    """Sentences on files of one part that may be of several sets, as their splits are called
    otherwise, or they themselves in more than numbers."""
    return [
        f"{printable(root)}: {listed([file.relative_to(root) for file in files], LISTED)} are the "
        f"images to {'learn from' if part == 'train' else 'test with'}, as one set; if they are "
        "several, name the file of one, or put its files into a folder of its own."
        for part, files in grouped.items()
        if len({splits.get(file) or _set_name(file) for file in files}) > 1
    ]


def _set_name(file):
    """The words in the name of a file but for its part, numbers and checksums."""
    return " ".join(re.sub(COUNTER, "", " ".join(parsed(file.stem).rest)).split())


def _pieces(files, path, options):
    """The `Rows` of each file of a part."""
    import pyarrow

    try:
        root = path if path.is_dir() else path.parent
        pieces = [_piece(file, root, options) for file in files]
    except (*UNREADABLE, pyarrow.ArrowException) as error:
        if isinstance(error, GanprofileError):
            raise
        raise GanprofileError(
            f"{printable(path)} is no Parquet or Arrow file ({first_line(error)})."
        ) from error
    if not any(len(piece.pictures) for piece in pieces):
        raise GanprofileError(f"{printable(path)} has no rows.")
    return [piece for piece in pieces if len(piece.pictures)]


def _piece(file, root, options):
    table = table_of(file)
    picture = _said(file, table, "image_column", options)
    picture = picture or _column_of_pictures(table, root)
    if picture is None and len(table.column_names) > FEWEST_COLUMNS:
        return _of_pixels(file, table, root, options)
    if picture is None:
        raise GanprofileError(
            f"{printable(file)} has no column of pictures, called image. "
            f"Received: {listed(table.column_names)}. Name yours with `image_column`."
        )
    pictures, said = _with_files(table[picture].to_pylist(), file, root, options)
    if not any(isinstance(one, (dict, bytes, Path)) for one in pictures):
        pictures = stacked(pictures, printable(file))
    others = [name for name in table.column_names if name != picture]
    told = _said(file, table, "label_column", options)
    label = told or chosen(others, ALL_LABELS)
    names, of_names = class_names(table.schema, label, file, root)
    numbered = label
    if told is None and not names:
        label = _spelled_out(table, others, label)
    called = f"The labels of {printable(file)}"
    labels = None
    if label is not None:
        labels = told_labels(plain_labels(table[label].to_pylist(), called))
    if labels is not None and labels.shape == (len(labels), 1):
        labels = labels[:, 0]
    there = (
        f"Of its columns, {listed(table.column_names)}, {picture} was taken for the pictures and "
        "none for the labels. Name it with `label_column`, or the pictures with `image_column`."
    )
    if label is not None:
        there = f"All labels in its column {label} are -1. Give them, or name another column."
    beside = [name for name in others if name != label]
    columns, read, more = _writers_and_splits(table, beside, file, root)
    unread = [name for name in beside if name not in read]
    said = (*said, *taken_said("the columns", picture, label, unread), *more, *of_names)
    called = [name for name in unread if chosen([name], ALL_LABELS)]
    cells = {name: table[name].to_pylist() for name in filter(None, (numbered, *called))}
    columns |= {"column": numbered or "", "unread": unread_labels(numbered, cells)}
    if numbered != label:
        columns["spelled"] = spelled_out(table[numbered].to_pylist(), table[label].to_pylist())
    return Rows(pictures, labels, names, said, there, **columns, where=printable(file))


def _spelled_out(table, names, label):
    """The column, one of `names`, that spells out what the labels number; else that of these."""
    spelled = chosen([name for name in names if name != label], SPELLED_COLUMNS)
    if label is None or spelled is None:
        return label
    columns = {name: as_text(table[name].to_pylist()) for name in (label, spelled)}
    return names_beside(label, columns) or label


def _column_of_pictures(table, root):
    """The column of pictures by its name, or None. One that holds them comes before one of names
    of files; where others count pixels, one of names of files that are not there is none."""
    names = table.column_names
    found = [one for word in PICTURE_COLUMNS if (one := chosen(names, [word])) is not None]
    if not found or not table.num_rows:
        return next(iter(found), None)
    first = {name: table[name][0].as_py() for name in found}
    holding = [name for name, value in first.items() if _holds_picture(value)]
    named = [name for name, value in first.items() if _file_name(value) is not None]
    if counted_places(names):
        named = [one for one in named if pictures_called(Path(_file_name(first[one])).stem, root)]
    missing = [name for name, value in first.items() if value is None]
    return next(iter([*holding, *named, *missing]), None)


def _holds_picture(value):
    """Whether a value is a picture itself: the bytes of its file, or the numbers of its pixels."""
    if isinstance(value, dict):
        value = value.get("bytes")
    return isinstance(value, bytes | list) or from_base64(value) is not None


def _writers_and_splits(table, names, file, root):
    """What some of the columns, by their names, say of who wrote each and of the parts, a dict; the
    names of these; and sentences on those that may."""

    def text(name):
        return _by_name(table, name, file, root) or as_text(table[name].to_pylist())

    found = {"writers": chosen(names, WRITER_COLUMNS), "splits": split_column(names, text)}
    said = [] if found["splits"] else flags_said(names, text, printable(file))
    columns = {key: name and np.array(text(name)) for key, name in found.items()}
    return columns, [*found.values()], said


def _by_name(table, name, file, root):
    """The cells of a column whose numbers have names, as text, a list; None of another column."""
    import pyarrow

    is_numbered = pyarrow.types.is_integer(table.schema.field(name).type)
    names, _ = class_names(table.schema, name, file, root) if is_numbered else ((), [])
    name_of = {**dict(enumerate(names)), -1: None}  # as libraries mark what is not told
    return as_text([name_of.get(k, k) for k in table[name].to_pylist()]) if names else None


def _of_pixels(file, table, root, options):
    """The `Rows` of a table with a column for each pixel."""
    names, where, told = table.column_names, printable(file), options.label_column
    columns = {name: as_array(table[name], where, name) for name in names}
    for name in filter(None, (chosen(names, known) for known in (WRITER_COLUMNS, SPLIT_COLUMNS))):
        cells = _by_name(table, name, file, root)
        columns[name] = columns[name] if cells is None else np.array(cells)
    label = told or chosen(names, LABEL_COLUMNS)
    called, numbered = class_names(table.schema, label, file, root), columns.get(label)
    names, columns, writers, splits = beside_pixels(names, [*columns.values()], told)
    pixels, labels, said, of_column = pixels_and_labels(names, columns, where, told)
    if splits is None:
        said += flags_said(names, dict(zip(names, columns, strict=True)).get, where)
    classes, of_names = called if labels is numbered else ((), [])
    beside = {"writers": writers, "splits": splits, "where": where, **of_column}
    said = (*said, *of_names)
    return Rows(pixels, labels, classes, said, "Name the column with `label_column`.", **beside)


def _with_files(pictures, file, root, options):
    """Pictures with the `Path`s of files in place of their names, and sentences.

    Names are relative to the folder of the table or to `root`, that of the whole set.
    """
    pictures = [from_base64(picture) or picture for picture in pictures]
    names = [_file_name(picture) for picture in pictures]
    folders = dict.fromkeys((file.parent, root))
    finders = [NamedFiles(folder, options.confined) for folder in folders]
    for place, name in enumerate(names):
        if name is not None:
            found = (_found(finder, file, place + 1, name) for finder in finders)
            pictures[place] = next(filter(None, found), None)
        if name is not None and pictures[place] is None:
            raise GanprofileError(
                f"{printable(file)} has names of files in the place of pictures, and row "
                f"{place + 1:,} names {printable(name)!r:.99}, which is not there. Put the files "
                "beside the table, or write the pictures into it; if another column holds them, "
                "name it with `image_column`."
            )
    return pictures, [one for finder in finders for one in finder.said(printable(file))]


def _found(finder, file, row, name):
    with contextlib.suppress(GanprofileError):
        return finder.find(printable(file), row, name, tolerant=False)
    return None


def _file_name(picture):
    """The name of the file that stands for a picture, or None."""
    if isinstance(picture, dict) and not picture.get("bytes"):
        picture = picture.get("path")
    return picture if isinstance(picture, str) else None


def _said(file, table, option, options):
    """The column that the user named, or None."""
    name = getattr(options, option)
    if name is not None and name not in table.column_names:
        raise UsageError(
            f"{printable(file)} has no column `{option}={name!r}`. "
            f"Received: {listed(table.column_names)}."
        )
    return name


def _are_numbers(found):
    """Whether `[(part, rows)]` have pictures as numbers, as all files have to or none."""
    file_of = {isinstance(rows.pictures, np.ndarray): rows.where for _, rows in found}
    if len(file_of) > 1:
        raise GanprofileError(
            f"{file_of[True]} has pictures as numbers, {file_of[False]} as files. Write all in one "
            "way."
        )
    return True in file_of


def _of_arrays(parts, path, name, options):
    """Pictures as lists of numbers."""
    arrays = {part: Part(rows.pictures, rows.labels, rows.writers) for part, rows in parts.items()}
    return reading_of_parts(arrays, printable(path), name, options, parts["train"].class_names)
