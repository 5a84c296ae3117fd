"""Which table in a folder of pictures says what they show."""

import re
import unicodedata

from ganprofile.datasets.formats.checksums import MANIFEST
from ganprofile.datasets.loaders.class_mapping import class_folders, is_mapping, mapping_of_folders
from ganprofile.datasets.loaders.class_table import describes, is_class_table
from ganprofile.datasets.loaders.columns import may_number_classes, pictures_called
from ganprofile.datasets.loaders.csv_rows import is_aside
from ganprofile.datasets.loaders.json_tables import json_rows
from ganprofile.datasets.loaders.label_files import is_submission
from ganprofile.datasets.loaders.lacking import lacks, made_from, without_label
from ganprofile.datasets.loaders.loaded_data import FIELDS, FOLDERS
from ganprofile.datasets.loaders.mapping_files import EmptyLine, read_mapping
from ganprofile.datasets.loaders.named_files import NamedFiles
from ganprofile.datasets.loaders.part_lists import is_part_list
from ganprofile.datasets.loaders.parts import PART_OF, name_part, part_of, spoken_part, words
from ganprofile.datasets.loaders.pictures import SUFFIXES as PICTURES
from ganprofile.datasets.loaders.pictures import is_picture
from ganprofile.datasets.loaders.pixel_headings import listed
from ganprofile.datasets.loaders.table_text import SUFFIXES, layout_of, rows_of
from ganprofile.datasets.loaders.text_encoding import beginning
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import expanded, printable
from ganprofile.storage.names import did_you_mean

SPREADSHEETS = (".xlsx", ".xls", ".ods", ".xml", ".parquet", ".feather", ".pkl", ".mat")
ABOUT_THE_SET = r"readme|licen[sc]e|copying|changelog|citation"  # prose, whatever it looks like
PROSE = r"notes?|about|info"  # unless its columns say otherwise
SEPARATORS = (",", ";", "\t", "|")
PICTURE_NAME = re.compile(r"\.(" + "|".join(suffix[1:] for suffix in PICTURES) + r")\b", re.I)
OF_OURS = ("dataset.json", MANIFEST)
NAMED = 6  # tables in a sentence
NESTED = (".xml", ".json")  # which have no columns
COLUMNS_NEEDED = "A table of labels has a column image and a column label"


def label_tables(path, labels=None):
    """The tables that label pictures.

    Args:
        path: a table, or a folder of pictures.
        labels: the table that the user named, in the folder or anywhere.

    Returns:
        A list of `(part of the set or None, path of the table)`; empty where there is none.

    Raises:
        UsageError: which table is meant cannot be told, or the one that was named is none.
    """
    if path.is_file():
        is_one = path.suffix.lower() in SUFFIXES and layout_of(path) is not None
        return [(None, path)] if is_one else []
    if not path.is_dir() or labels == FOLDERS:
        return []
    if labels is not None:
        return [(None, _named(path, labels))]
    tables = [file for file in tables_in(path) if layout_of(file) is not None]
    if not tables:
        return _in_parts(path)
    if len(tables) < 2:
        return [(None, tables[0])]
    by_part = _by_part(tables)
    if len(by_part) == len(tables) and None not in by_part and "train" in by_part:
        return [*by_part.items()]
    if are_pieces(tables):
        return [(None, table) for table in tables]
    refuse(path, tables)


def _by_part(tables):
    """`{part: table}` by what their names do not have in common: of `rec_gt_train` and
    `rec_gt_test` `train` and `test`."""
    common = set.intersection(*({*words(table.stem)} for table in tables))
    own = ([word for word in words(table.stem) if word not in common] for table in tables)
    return {name_part(" ".join(some)): table for some, table in zip(own, tables, strict=True)}


def are_pieces(tables):
    """Whether several tables are pieces of one: of the same columns, and each of other pictures,
    as NumtaDB's `training-a.csv` and `training-b.csv`; none that speaks of another part is.
    """
    spoken_of = {PART_OF.get(word) for table in tables for word in words(table.stem)}
    if not spoken_of <= {None, "train"}:
        return False
    try:
        layouts = [layout_of(table) for table in tables]
        rows = [rows_of(*one)[0] for one in zip(tables, layouts, strict=True)]
    except GanprofileError:
        return False
    columns = {(layout.file, *some[0]) for layout, some in zip(layouts, rows, strict=True) if some}
    files = [row[layouts[0].file] for some in rows for row in some if layouts[0].file in row]
    return len(columns) == 1 and len(set(files)) == len(files) == sum(map(len, rows))


def _in_parts(path):
    """The tables in folders such as `train` and `test`, each beside its pictures, as Hugging Face's
    `metadata.csv`, as `label_tables` lists them; empty where they are not in all of them.
    """
    folders = {part_of(one.name): one for one in path.iterdir() if one.is_dir()}
    found = {}
    for part, folder in folders.items():
        tables = [file for file in tables_in(folder) if layout_of(file) is not None]
        if part is None or len(tables) != 1 or not any(map(is_picture, folder.rglob("*"))):
            return []
        found[part] = tables[0]
    return [*found.items()] if "train" in found else []


def table_in(folder, name):
    """The table of a name in a folder, in whichever of Unicode's forms, or None."""
    forms = (name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD")))
    return next((folder / form for form in forms if (folder / form).is_file()), None)


def refuse_tables(folder, options, used=()):
    """Refuse a folder of pictures in which a table lies that is not read.

    Raises:
        UsageError: unless the user has said what the labels are.
    """
    if options.labels is None:
        others = [table for table in tables_in(folder) if table not in used]
        if others and not used:
            _refuse_set(folder)
        if others:
            refuse(folder, [*used, *others])


def _refuse_set(folder):
    """Refuse a folder among others whose tables label what lies in it."""
    try:
        tables = [table for _, table in label_tables(folder)]
        finder = NamedFiles(folder)
        for table in tables:
            layout = layout_of(table)
            row = rows_of(table, layout)[0][0]
            finder.find(printable(table), 1, row[layout.file], tolerant=False)
    except (GanprofileError, LookupError):
        return
    names = " and ".join(printable(table.name) for table in tables)
    if names:
        raise UsageError(
            f"{printable(folder)} is a set of its own by {names}, which labels the pictures there. "
            f"Give that folder alone; or say `labels={FOLDERS!r}` if what the folders are called "
            "labels them; or, to read several as one, write a table of all into the folder around "
            "them."
        )


def refuse(folder, tables):
    """Say that the user has to say which table counts.

    Raises:
        UsageError: always.
    """
    where, names = printable(folder), [printable(table.name) for table in tables]
    names = " and ".join(names) if len(names) <= NAMED else listed(names, NAMED)
    known = [table for table in tables if layout_of(table) is not None]
    if len(tables) > 1 and known:
        likely = next((one for one in known if spoken_part(one.stem) == "train"), known[0])
        raise UsageError(
            f"{where} holds the tables {names}: which of them has the labels cannot be told. Say "
            f"`labels={printable(likely.name)!r}` or `labels={FOLDERS!r}` (what the folders are "
            "called)."
        )
    if known:
        inside = f"{folder.name}/{tables[0].name}"
        raise UsageError(
            f"{where} holds the table {names}, which labels pictures that lie elsewhere. Give the "
            f"folder around both, and say `labels={printable(inside)!r}`; or put it elsewhere."
        )
    _refuse_unknown(folder, tables, names)


def _refuse_unknown(folder, tables, names):
    """Refuse tables in a folder, none of which is understood, and say what to do."""
    unread = [one for one in tables if one.suffix.lower() not in SUFFIXES]
    otherwise = (
        f"; or say `labels={FOLDERS!r}` (what the folders are called) if it is no table of labels"
        if len(class_folders(folder)) != 1  # which would be the only class
        else ""
    )
    which = f"the tables {names}" if len(tables) > 1 else f"the table {names}"
    way = "Save it as CSV" if unread else "Call them image and label, or write labels.csv"
    if tables[0].suffix.lower() in NESTED:
        way = "Write labels.csv"
    way = made_from(tables) or without_label(tables) or f"{way}, with the columns image and label"
    if not unread and describes(tables[0], class_folders(folder)):
        way += "; if it says what folders are called, call it classes.csv and its columns folder "
        way += "and class_name"
    raise UsageError(
        f"{printable(folder)} holds {which}, in which no columns of pictures and labels were "
        f"found. {way}{otherwise}."
    )


def _named(folder, labels):
    table = table_in(folder, labels) or expanded(labels)
    if not table.is_file():
        _refuse_field(str(labels))
        raise UsageError(
            f"`labels` should be {FOLDERS}, a pattern of paths such as '{{label}}_*', or a table, "
            f"in {printable(folder)} or elsewhere. "
            f"Received: {printable(str(labels))!r}, which does not exist."
        )
    is_text = table.suffix.lower() in SUFFIXES
    if is_text and layout_of(table) is not None:
        return table
    naming = mapping_of_folders(folder)
    if naming is not None and naming.path == table:
        raise UsageError(
            f"{printable(table)} says what the classes are called. Leave `labels` out."
        )
    lacking = made_from([table]) or without_label([table])
    if lacking is None:
        picture = min(filter(is_picture, folder.rglob("*")), default=None)
        lacking = f"In it {lacks(picture and picture.relative_to(folder))}"
    classes = [
        one for one in folder.iterdir() if one.is_dir() and any(map(is_picture, one.iterdir()))
    ]
    otherwise = f"; or say `labels={FOLDERS!r}`" if len(classes) > 1 else ""
    raise UsageError(
        f"No columns of pictures and labels were found in {printable(table)}. "
        f"{lacking if is_text else f'{COLUMNS_NEEDED}; save it as CSV'}{otherwise}."
    )


def _refuse_field(labels):
    """Refuse a pattern of paths that does not say where labels stand."""
    named = re.findall(r"\{(\w*)\}", labels)
    if not named:
        return
    strange = next((name for name in named if name not in FIELDS), None)
    what = "has no {label}" if strange is None else f"has the field {{{strange}}}, which is none"
    raise UsageError(
        f"The pattern `labels={labels!r}` {what}. It says with {{label}} where labels stand in "
        f"paths; fields are {{{'}, {'.join(FIELDS)}}}.{did_you_mean(strange, FIELDS)}"
    )


def tables_in(folder):
    """The tables beside pictures, understood or not, but for those that name classes, those that
    list the pictures of a part, and those to hand in."""
    if all((folder / name).is_file() for name in OF_OURS):
        return []  # a set that ganprofile wrote as one part of another
    files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    files = [file for file in files if file.is_file() and not is_class_table(file)]
    files = [file for file in files if not is_submission(file) and not is_part_list(file)]
    files = [file for file in files if _is_table(file) and not _names_classes(file)]
    naming = mapping_of_folders(folder) if files else None
    return [file for file in files if naming is None or file != naming.path]


def _names_classes(file):
    """Whether a table names the classes of numbered labels, and lists no pictures."""
    if not is_mapping(file):
        return False
    try:
        return bool(read_mapping(file).names)
    except EmptyLine:  # which is said where the names are read
        return True
    except GanprofileError:
        return False


def _is_table(file):
    """Whether a file is a table, understood or not, rather than notes."""
    suffix = file.suffix.lower()
    if suffix in SPREADSHEETS:
        return True
    if suffix not in SUFFIXES or not file.stat().st_size:
        return False
    if suffix == ".json":
        return _lists_something(file)
    if suffix != ".txt":
        return True
    if re.match(ABOUT_THE_SET, file.stem.lower()):
        return False
    return layout_of(file) is not None or _has_rows(file)


def _lists_something(file):
    try:
        return bool(json_rows(file)) or _mentions_pictures(beginning(file))
    except (OSError, ValueError, RecursionError):
        return True


def _has_rows(file):
    """Whether lines of text look like rows: they name pictures, or have as many cells each."""
    lines = [line.strip() for line in beginning(file) if line.strip()]
    if re.match(PROSE, file.stem.lower()) or not lines:
        return False
    if _mentions_pictures(lines) or _begin_with_names(lines, file.parent):
        return True
    counts = [{line.count(separator) for line in lines} for separator in SEPARATORS]
    return len(lines) > 2 and any(len(count) == 1 and count != {0} for count in counts)


def _begin_with_names(lines, folder):
    """Whether each line begins with what another picture is called but for the ending, as in IAM's
    `words.txt`; the first may hold headings.
    """
    rows = [re.split(r"[\s,;|]+", line) for line in lines if not is_aside(line)]
    names = [row[0] for row in rows]
    is_list = 0 < len({*names}) == len(names)  # labels of pictures, one a line, come again
    if not is_list or may_number_classes(names, [row[-1] for row in rows]):
        return False
    return all(pictures_called(name, folder) for name in names[1:2] + names[-1:])


def _mentions_pictures(lines):
    return 2 * sum(bool(PICTURE_NAME.search(line)) for line in lines) >= max(1, len(lines))
