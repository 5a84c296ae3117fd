"""What the columns of people's tables and the arrays in their files are called."""

import glob
import itertools
import re
from pathlib import PurePosixPath

from ganprofile.datasets.array_images import SMALLEST_SIDE
from ganprofile.datasets.loaders.pictures import SUFFIXES
from ganprofile.datasets.loaders.pixel_headings import pixel_places

# In this order: of several that a table has, the first is meant.
FILE_COLUMNS = (
    *("file", "file_name", "filename", "image", "path", "img", "file_path", "filepath"),
    *("image_path", "img_path", "image_name", "img_name", "image_file", "image_filename", "fname"),
    *("imagepath", "imagename", "image_id", "picture", "photo", "images", "files", "filenames"),
)
LABEL_COLUMNS = (
    *("label", "labels", "class", "class_name", "classname", "target", "category", "text"),
    *("character", "char", "letter", "digit", "symbol", "y", "class_label", "label_name"),
    *("targets", "classes", "transcription", "ground_truth", "gt", "latex", "class_id", "label_id"),
    *("classid", "labelid", "unicode", "codepoint", "code_point"),
    "choice",  # as Label Studio has it
)
SPELLED_COLUMNS = ("class_name", "classname", "label_name", "character", "char", "letter")
ID_COLUMNS = ("id", "ids", "uid", "uuid", "stem", "name")  # if they name pictures that are there
SPLIT_COLUMNS = ("split", "subset", "partition")
FEWEST_PIXELS = SMALLEST_SIDE**2
WRITER_COLUMNS = ("writer", "writers", "writer_id", "writerid")
# May say who wrote as well as who owns a file, or whose age stands beside it.
PEOPLE_COLUMNS = ("author", "person", "user", "user_id", "userid", "subject", "participant")
# What else is told of a picture, and is no label where nothing else stands beside its name.
OTHER_COLUMNS = (
    *WRITER_COLUMNS,
    *PEOPLE_COLUMNS,
    *("age", "gender", "sex"),
    *("hand", "handedness"),
    *("fold", "folds", "id", "index", "idx", "row", "width", "height", "size", "bytes", "channels"),
    *("md5", "sha1", "sha256", "hash", "checksum", "date", "time", "timestamp", "source", "url"),
    *("licence", "license", "quality", "confidence", "score"),
)


def chosen(names, known):
    """The column of a table that is one of `known`, or None; `y` beside `x` is a place."""
    by_word = {}
    for name in names:
        by_word.setdefault(re.sub(r"[\s.-]+", "_", name.strip().lower()), name)
    known = [word for word in known if word != "y" or "x" not in by_word]
    return next((by_word[word] for word in known if word in by_word), None)


def names_beside(label, columns):
    """The column that spells out the classes that another only numbers, or None: for each number
    one name, and for each name one number.

    Args:
        label: the column of the labels.
        columns: name -> cells, a list of text, of all columns.

    Example:
        >>> names_beside("label", {"label": ["0", "1", "0"], "class_name": ["a", "b", "a"]})
        'class_name'
    """
    numbers = columns.get(label)
    if not numbers or not all(re.fullmatch(r"-?[0-9]+", cell.strip()) for cell in numbers):
        return None
    names = chosen([name for name in columns if name != label], SPELLED_COLUMNS)
    pairs = {*zip(numbers, columns[names], strict=True)} if names else ()
    are_told = all(name.strip() for _, name in pairs)
    is_one_to_one = len(pairs) == len({*numbers}) == len({name for _, name in pairs})
    return names if is_one_to_one and are_told else None


def unread_labels(label, columns):
    """The columns that are called labels beside that of the labels, and say something else.

    Args:
        label: the column of the labels.
        columns: name -> cells, a list, of all that may be such.
    """
    others = [name for name in columns if name != label and chosen([name], LABEL_COLUMNS)]
    return tuple(name for name in others if columns[name] != columns.get(label))


def people_said(names, table):
    """A sentence on a column that may say who wrote, where none surely does; [] where none may.

    Args:
        names: of all columns.
        table: what the sentence calls the table.
    """
    names = list(names)
    people = None if chosen(names, WRITER_COLUMNS) else chosen(names, PEOPLE_COLUMNS)
    if people is None:
        return []
    return [
        f"{table}: the column {people!r} is kept as it is. If it says who wrote each picture, "
        "call it writer."
    ]


def names_picture(text):
    """Whether a cell is the name of a picture file."""
    return PurePosixPath(str(text).strip().replace("\\", "/")).suffix.lower() in SUFFIXES


def is_number(cell):
    """Whether a cell is a number as files write them; digits of other scripts are names."""
    try:
        float(cell)
    except ValueError:
        return False
    return cell.isascii() and "_" not in cell  # which Python takes for a mark between digits


def numbers_in(cell):
    """The texts of the numbers in a cell such as `0 0 12` or `[0, 0, 12]`."""
    return re.sub(r"[\[\](), \n]+", " ", cell).strip().split(" ")


def holds_pixels(cell):
    """Whether a cell is the numbers of a whole image."""
    if len(cell) < 2 * FEWEST_PIXELS - 1:
        return False
    numbers = numbers_in(cell)
    return len(numbers) >= FEWEST_PIXELS and all(map(is_number, numbers))


def _holds_pixels(names, file, row, folder):
    """Whether a row has the pixels of an image, in the cell that may name its file or in columns of
    their own; then there is no such file."""
    cell = row[names.index(file)]
    if holds_pixels(cell) or re.match(r"\s*\[.*\.\.\.", cell):  # cut short by NumPy
        return True
    stem = PurePosixPath(cell.strip().replace("\\", "/")).stem
    return bool(pixel_places(names)) and not (folder and pictures_called(stem, folder))


def pictures_called(cell, folder):
    """How many pictures below a folder have the name in a cell, without its ending: 0, 1 or 2 for
    any more.
    """
    if not cell.strip():
        return 0
    found = folder.rglob(f"{glob.escape(cell.strip())}.*")
    return len([*itertools.islice(filter(names_picture, found), 2)])


def _are_bare_names(cells, folder):
    """Whether the first and the last cell are the names, without endings, of just one picture each
    below a folder.
    """
    return all(pictures_called(cell, folder) == 1 for cell in (cells[0], cells[-1]))


def may_number_classes(names, labels):
    """Whether what stands beside labels are numbers, and no label comes twice: a list of what the
    classes are called is such, too.
    """
    return all(map(is_number, names)) and len({*labels}) == len(labels)


def place_of_bare_names(rows, folder, further=()):
    """Which of two columns without headings has the names of pictures without their endings, and
    the other labels; None where there are others or that cannot be told. Where all labels are one
    and stand first or beside numbers, or stand first and a picture has two, they are words in names
    of classes, such as `digit 0`.

    Args:
        rows: the first ones, lists of cells.
        folder: a `Path` below which the pictures lie.
        further: rows behind these, where rows sorted by class have other labels.
    """
    if len(rows) < 2 or any(len(row) != 2 for row in rows):
        return None
    columns = [*zip(*rows, strict=True)]
    places = [place for place in (0, 1) if _are_bare_names(columns[place], folder)]
    if len(places) != 1:
        return None
    (place,) = places
    names, labels = columns[place], columns[1 - place]
    pairs = {*zip(names, labels, strict=True)}
    if len({*labels}) == 1:  # or rows are sorted by class
        pairs |= {(row[place], row[1 - place]) for row in further if len(row) == 2}
    are_one = len({label for _, label in pairs}) == 1
    have_several = len(pairs) > len({name for name, _ in pairs})
    are_words = are_one and all(map(is_number, names))
    are_words |= place == 1 and (are_one or have_several)
    return None if may_number_classes(names, labels) or are_words else place


def file_and_label(names, rows, folder=None):
    """The columns that name pictures and their classes.

    Args:
        names: of all columns.
        rows: some rows, lists of cells in the order of the names.
        folder: a `Path` below which pictures may lie whose names a column `id` has, without their
            endings; None knows of none.

    Returns:
        `(file column, label column)`, or None where that cannot be told: a column whose name says
        nothing is the file column if each of its cells is the name of a picture, and a second
        column beside it, of two, is the label unless its name says that it is something else.
    """
    file, label = chosen(names, FILE_COLUMNS), chosen(names, LABEL_COLUMNS)
    rows = [row for row in rows if len(row) == len(names)]
    if file is not None and any(_holds_pixels(names, file, row, folder) for row in rows[:1]):
        return None
    if file is None:
        all_pictures = [
            name
            for place, name in enumerate(names)
            if rows and all(names_picture(row[place]) for row in rows)
        ]
        file = all_pictures[0] if len(all_pictures) == 1 else None
    identifier = chosen(names, ID_COLUMNS) if len(names) < FEWEST_PIXELS else None
    if file is None and None not in (identifier, label, folder) and rows:
        cells = [row[names.index(identifier)] for row in rows]
        file = identifier if _are_bare_names(cells, folder) else None
    if file is not None and label in (None, file) and len(names) == 2:
        by_name = any(names_picture(row[names.index(file)]) for row in rows)
        others = [name for name in names if name != file and chosen([name], OTHER_COLUMNS) is None]
        label = next(iter(others), None) if by_name else None
    return None if file is None or label in (None, file) else (file, label)
