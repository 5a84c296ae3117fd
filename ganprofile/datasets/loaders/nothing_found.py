"""What lies at a path that no reader recognises, in a sentence that says what to give instead."""

import collections
import contextlib
import gzip
import itertools
import json
import re
import zlib
from pathlib import Path

from ganprofile.datasets.archives import SUFFIXES as ARCHIVES
from ganprofile.datasets.loaders import official, stored_set
from ganprofile.datasets.loaders.boxes import boxes_in
from ganprofile.datasets.loaders.class_arrays import OF_CLASSES
from ganprofile.datasets.loaders.label_tables import tables_in
from ganprofile.datasets.loaders.labels_in_names import told_by_paths
from ganprofile.datasets.loaders.lacking import lacks, made_from, without_label
from ganprofile.datasets.loaders.loaded_data import NO_CONTENT
from ganprofile.datasets.loaders.parts import are_parts, folder_part, part_of
from ganprofile.datasets.loaders.pictures import OTHER_SUFFIXES, is_picture
from ganprofile.datasets.loaders.pixel_headings import listed
from ganprofile.datasets.loaders.table_text import SUFFIXES as TABLES
from ganprofile.errors import first_line
from ganprofile.storage.files import printable
from ganprofile.storage.names import as_word

READ = 2**20  # bytes of a compressed file
LOOKED_AT = 10_000  # files and folders below the path
NAMED = 6
TFDS_INFO = "dataset_info.json"
PARTITION = re.compile(r"(hsf|part|fold)[ _.-]*\d+", re.IGNORECASE)  # the first are NIST's
AS_ARRAYS = "read it with its own program, and write numpy.savez(path, images=..., labels=...)"
AS_IDX = (
    "call that of the images train-images-idx3-ubyte, and that of their labels "
    "train-labels-idx1-ubyte"
)
AS_CSV, AS_PNG = "save it as CSV", "save it as PNG"
A_PICKLE = "is a pickle, which may run any program when it is read"
A_SPREADSHEET, AN_ARCHIVE = "is a spreadsheet", "is an archive that is not read here"
# What files of these endings are, and what to do with them.
OTHERS = {
    "-ubyte": ("is a file in MNIST's format", AS_IDX),
    ".tfrecord": ("holds records of TensorFlow", AS_ARRAYS),
    **dict.fromkeys((".pkl", ".pickle", ".pt", ".joblib"), (A_PICKLE, AS_ARRAYS)),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), (A_SPREADSHEET, AS_CSV)),
    **dict.fromkeys((".rds", ".rdata"), ("is a file of R", AS_CSV)),
    **dict.fromkeys((".rar", ".7z"), (AN_ARCHIVE, "unpack it, and give the folder")),
    ".feather": ("is a table of Arrow's", "save it as Parquet"),
    **dict.fromkeys(OTHER_SUFFIXES, ("is a picture of a kind that is not read here", AS_PNG)),
    **dict.fromkeys(ARCHIVES, ("is an archive of its own", "unpack it there, or give it alone")),
}


def _damage(file):
    """What is raised where the beginning of a file cannot be decompressed by gzip, or None."""
    if file.name.lower().endswith(".gz") and file.is_file():
        try:
            with gzip.open(file) as opened:
                opened.read(READ)
        except OSError:
            return None  # it is something else
        except (EOFError, zlib.error) as error:
            return first_line(error)
    return None


def what_it_is(file):
    """What a file is that nobody reads here, in a sentence that says what to do; None where its
    ending says nothing."""
    name = re.sub(r"-\d+-of-\d+$", "", file.name.lower().removesuffix(".gz"))
    ending = next((ending for ending in OTHERS if name.endswith(ending)), None)
    if ending is None and (error := _damage(file)):
        return f"{printable(file.name)} is damaged or incomplete ({error}): get a whole copy of it"
    if ending is None and file.name.lower().endswith(COMPRESSED):
        return f"{printable(file.name)} is compressed, which is not undone here: unpack it"
    if ending is None:
        return None
    what, remedy = OTHERS[ending]
    if remedy == AS_IDX and official.recognises(file.parent):
        remedy = "give the folder in which it and that of its labels lie"
    return f"{printable(file.name)} {what}: {remedy}"


COMPRESSED = (".gz", ".bz2", ".xz", ".lzma", ".zst", ".z")
DEEPEST = 3  # folders around one set


def what_is_there(folder, where, is_set):
    """What was found in a folder, or None where there is none.

    Args:
        folder: a `Path`: the folder, or what an archive unpacks to.
        where: what the user named, for the paths to give.
        is_set: a function of a folder that tells whether a reader recognises it.
    """
    if not folder.is_dir():
        return what_it_is(folder)
    boxes = boxes_in(folder)
    if boxes is not None:
        return f"In it {boxes}"
    if (prepared := _prepared_by_tfds(folder, where)) is not None:
        return prepared
    files = list(itertools.islice(_files(folder), LOOKED_AT))
    pictures = [file.relative_to(folder) for file in files if is_picture(file)]
    sets = _sets_in(folder, is_set)
    told = told_by_paths(pictures) if pictures else None
    are_called = told is not None and told.is_called  # then folders are no classes
    return (
        _tables_said(folder, pictures, sets)
        or (None if are_called else _sets_said(folder, where, sets, pictures))
        or _pictures_said(pictures, told)
        or _others_said(folder, where, files, is_set)
    )


def _prepared_by_tfds(folder, where):
    """What is to be said of a folder that TensorFlow Datasets prepared, or None."""
    if not ((folder / TFDS_INFO).is_file() and (folder / "features.json").is_file()):
        return None
    names = [Path(where).resolve().parent.name]
    root = Path(where).resolve().parents[1]
    with contextlib.suppress(OSError, ValueError):
        name = json.loads((folder / TFDS_INFO).read_text("utf-8")).get("name")
        if root.name == name:  # the folder between is that of one of its configurations
            names, root = [name, *names], root.parent
    return (
        f"It is a set as TensorFlow Datasets prepared it: set TFDS_DATA_DIR={printable(root)} in "
        f"the environment, and give tfds:{printable('/'.join(names))}"
    )


def _tables_said(folder, pictures, sets):
    """What is to be said of tables that name no pictures, or None."""
    tables = [one for one in tables_in(folder) if one.suffix.lower() in TABLES]
    if not tables or not pictures or len(sets) > 1:
        return None
    names = listed([printable(one.name) for one in tables], NAMED)
    made = made_from(tables) or without_label(tables)
    return f"It holds {names}" + (f". {made}" if made else f", in which {lacks(pictures[0])}")


def _sets_said(folder, where, sets, pictures):
    """What is to be said of folders that can be read, or None."""
    if not sets:
        return None
    likely = next((one for one in sets if folder_part(one / "any", folder) == "train"), sets[0])
    first = Path(where, *likely.relative_to(folder).parts)
    if len(sets) == 1:
        return f"A folder in it can be read: give {printable(first)}"
    depth = len(sets[0].relative_to(folder).parts)
    given = (
        f"It holds {len(sets)} folders that can be read, each a set of its own: "
        f"{listed(_names(sets), NAMED)}. Give one of them, such as {printable(first)}"
    )
    written = [one for one in sets if stored_set.is_set(one)]
    if beside := _beside_written(where, folder, sets, written):
        return f"{given}. {beside}"
    if all(part_of(one.name) for one in sets) or are_parts([one.name for one in sets]):
        return f"{given}; or call two of them train and test, if they are parts of one set"
    # A pattern names folders of pictures alone: images of sets that were written have labels.
    if written or not any(len(picture.parts) == depth + 2 for picture in pictures):
        return given
    around = "*/" * (depth - 1)
    partitions = [one.name for one in _entries(sets[0]) if PARTITION.fullmatch(one.name)]
    if partitions:
        return (
            f"Its {len(sets)} folders, {listed(_names(sets), NAMED)}, hold folders such as "
            f"{printable(partitions[0])}, which seem to be pieces of the set: say "
            f"`labels='{around}{{label}}/*/*'`, if they are the classes"
        )
    ways = f"say `labels='{around}{{label}}/*/*'`, if they are the classes"
    if (common := _common(sets)) is not None:
        ways += (
            f", or `labels='{around}{{writer}}/{{label}}/*'`, if the folders in them are "
            f"({listed(common, NAMED)}) and they are writers; parts of one set are called train "
            "and test"
        )
    inner = next((one.name for one in _entries(sets[0]) if one.is_dir()), "...")
    return (
        f"{given}; or {ways}. `labels='{around}{{label}}/{{label}}/*'` takes both for a label, as "
        f"{printable(sets[0].name)}/{printable(inner)}"
    )


def _beside_written(where, folder, sets, written):
    """How to use sets that ganprofile wrote beside what others made as train and test, or ""."""
    parts = {part_of(one.name): Path(where, *one.relative_to(folder).parts) for one in sets}
    if len(sets) != 2 or len(written) != 1 or set(parts) != {"train", "test"}:
        return ""
    train, test = parts["train"], parts["test"]
    command = f"ganprofile benchmark {as_word(train)} --test {as_word(test)}"
    return (
        "One of the two is a set that ganprofile wrote, and the other is not, so that they are "
        f"given one by one, as in {command}"
    )


def _pictures_said(pictures, told):
    """What is to be said of pictures whose classes cannot be told but by names, or None."""
    if not pictures:
        return None
    places = list(dict.fromkeys(file.parent.as_posix() for file in pictures))
    there = f"It holds pictures, such as {printable(pictures[0])}, in {listed(places, NAMED)}"
    if told is not None:
        return f"{there}. The {told.sentence}give a table of their names and labels"
    return (
        f"{there}; which class each shows cannot be told. Sort them into a folder for each "
        "class, or give a table of their names and labels, or one folder of them for images "
        "without labels"
    )


def _others_said(folder, where, files, is_set):
    """What is to be said of files of other kinds, or of none."""
    endings = collections.Counter(file.suffix.lower() or file.name for file in files)
    kinds = [f"{count:,} {printable(ending)}" for ending, count in endings.most_common(NAMED)]
    if ".npy" in endings:
        return f"It holds {endings['.npy']:,} .npy, none of them called images. {OF_CLASSES}"
    if kinds:
        alone = next(filter(is_set, files[:NAMED]), None)
        known = next(filter(None, map(what_it_is, files)), None)
        if alone is not None:
            known = (
                f"Give a file by itself: {printable(Path(where, *alone.relative_to(folder).parts))}"
            )
        told = f". {known}" if known else ""
        return f"It holds no pictures or arrays but {', '.join(kinds)}{told}"
    folders = [one for one in _entries(folder) if one.is_dir()]
    inside = f"It holds {len(folders):,} folders without any file" if folders else "It is empty"
    return f"{inside}. Give a folder with one of pictures for each class, or a file of arrays"


def _names(folders):
    """What folders are called, with those around them as far as some are called alike."""
    depth = 1
    while len({one.parts[-depth:] for one in folders}) < len(folders):
        depth += 1
    return ["/".join(one.parts[-depth:]) for one in folders]


def _common(sets):
    """The names that the folders of several sets share, as of classes or of writers; None where
    most are of one only.
    """
    names = [{one.name for one in _entries(each) if one.is_dir()} for each in sets[:LOOKED_AT]]
    counts = collections.Counter(name for each in names for name in each)
    common = sorted(name for name, count in counts.items() if count > len(sets) / 2)
    parts = [name for name in common if part_of(name) is not None]
    return common if common and not parts and 2 * len(common) > len(counts) else None


def _sets_in(folder, is_set):
    """The folders below that can be read, on the first level where there are some."""
    level = [folder]
    for _ in range(DEEPEST):
        level = [below for one in level for below in _entries(one) if below.is_dir()][:LOOKED_AT]
        sets = [one for one in level if is_set(one)]
        if sets:
            return sets
    return []


def _files(folder):
    """All files below a folder, in order."""
    for entry in _entries(folder):
        if entry.is_dir():
            yield from _files(entry)
        else:
            yield entry


def _entries(folder):
    return sorted(one for one in folder.iterdir() if not one.name.startswith(NO_CONTENT))
