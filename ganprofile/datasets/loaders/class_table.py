"""`classes.csv` in a folder of class folders: which folder is which class."""

import collections
import contextlib
import csv
import io

from ganprofile.datasets.classes import in_words
from ganprofile.datasets.formats.imagefolder import CLASSES
from ganprofile.datasets.loaders.columns import FILE_COLUMNS, chosen
from ganprofile.datasets.loaders.csv_rows import cells_of, csv_rows
from ganprofile.datasets.loaders.mapping_files import NAME_COLUMNS
from ganprofile.datasets.loaders.table_text import DELIMITERS, simple
from ganprofile.datasets.loaders.text_encoding import beginning, decoded, guessed_encoding
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import composed, printable

FOLDER_COLUMNS = ("folder", "folder_name", "directory", "dir")
# Beside `label`, a number in what ganprofile writes.
CLASS_COLUMNS = ("class_name", *NAME_COLUMNS)
LISTED = 3


def is_class_table(path):
    """Whether a file is called `classes.csv` and has columns of folders and of classes' names."""
    return path.name.lower() == CLASSES and path.is_file() and _columns(path) is not None


def describes(path, folders):
    """Whether a column of a table in lines has all of some names of folders and no others, as one
    that says what they are called."""
    lines = [line.strip() for line in beginning(path) if line.strip()][1:]
    with contextlib.suppress(csv.Error):
        columns = (zip(*cells_of(lines, one), strict=False) for one in DELIMITERS)
        return any({*folders} == {*map(str.strip, cells)} for some in columns for cells in some)
    return False


def named_folders(places, folders):
    """What folders of classes are called by the first `classes.csv` there is.

    Args:
        places: folders in which it may lie.
        folders: the names of the class folders.

    Returns:
        `(names, said)`: folder -> class name, empty without a table; and sentences.

    Raises:
        GanprofileError: a row is cut off, or names no class or a folder twice.
    """
    tables = (one for place in places for one in sorted(filter(is_class_table, place.iterdir())))
    path = next(tables, None)
    if path is None:
        return {}, []
    delimiter, folder, name = _columns(path)
    text, encoding = decoded(path.read_bytes())
    names, where = {}, printable(path)
    lines = io.StringIO(text, newline="")
    for number, row in enumerate(csv_rows(where, lines, simple, delimiter=delimiter), 1):
        one, called = composed(row[folder].strip()).rstrip("/"), composed(row[name])
        if not (one and called):
            raise GanprofileError(f"{where}: row {number} lacks its {name if one else folder}.")
        if names.setdefault(one, called) != called:
            raise GanprofileError(
                f"{where} calls the folder {printable(one)} {names[one]!r} and, in row {number}, "
                f"{called!r}. Remove one of the rows."
            )
    said = guessed_encoding(where, encoding)
    return names, said + _doubts(names, [composed(one) for one in folders], where)


def _doubts(names, folders, where):
    """Sentences on folders that get one name, and those that get none."""
    together = collections.defaultdict(list)
    for folder in folders:
        together[names.get(folder)].append(printable(folder))
    unnamed = together.pop(None, [])
    said = [
        f"{where} gives the folders {in_words(some)} one name, {name!r}: they are one class."
        for name, some in together.items()
        if len(some) > 1
    ]
    if unnamed:
        listed = ", ".join(unnamed[:LISTED])
        said.append(f"{where} does not name {len(unnamed):,} class folders, such as {listed}.")
    return said


def _columns(path):
    """What separates columns, and those of the folders and of the classes; None of another file."""
    line = next((line for line in beginning(path) if line.strip()), "")
    for delimiter in DELIMITERS:
        names = [simple(cell) for cell in cells_of([line], delimiter)[0]]
        folder, name = chosen(names, FOLDER_COLUMNS), chosen(names, CLASS_COLUMNS)
        if folder and name and chosen(names, FILE_COLUMNS) is None:
            return delimiter, folder, name
    return None
