"""Files that name the classes of numbered labels: EMNIST's mappings, Kaggle's class maps."""

import collections
import contextlib
import dataclasses
import re

from ganprofile.datasets.digit_names import are_digits
from ganprofile.datasets.loaders.array_names import LABELS, parsed
from ganprofile.datasets.loaders.class_table import is_class_table
from ganprofile.datasets.loaders.code_points import FIRST_PRINTABLE, character
from ganprofile.datasets.loaders.columns import is_number
from ganprofile.datasets.loaders.mapping_files import EmptyLine, Mapping, numbers_of, read_mapping
from ganprofile.datasets.loaders.parts import part_of
from ganprofile.datasets.loaders.table_text import layout_of
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import composed, printable

SUFFIXES = (".txt", ".csv", ".tsv", ".json")
_KIND = r"(class|label|char(acter)?)(e?s)?"
NAMES = re.compile(
    rf"{_KIND}[\s_-]*(map|mapping|names?|dict)|mapping|classes"
    rf"|(idx|index|id)[\s_-]*(to|2)[\s_-]*{_KIND}|{_KIND}[\s_-]*(to|2)[\s_-]*(idx|index|id)",
    re.IGNORECASE,
)
LABELS_FILE = re.compile(r"labels?", re.IGNORECASE)  # a name a line, as TensorFlow Lite has it
MOST_BYTES = 2**20


def named_classes(reading, folder, first_label=None):
    """A `LoadedData` with the names of its classes where a file in the folder of the set says what
    its numbers are called, or where all are code points such as `U+306F`; what is done is said.

    Args:
        first_label: the number of the first class of a list of names; None takes 0, or 1 where the
            classes are called 1 to N for N names.

    Raises:
        GanprofileError: there is a file of names that cannot be understood.
    """
    mapping = _naming(folder, len(reading.train.class_names))
    if mapping is not None:
        return renamed(reading, mapping, first_label)
    why = f"it has no name for each of the {len(reading.train.class_names)} classes"
    return with_characters(saying_list(reading, folder, why))


def _naming(folder, count):
    """The `Mapping` in the folder of a set, else in those of its parts, such as `train/`; or None.

    Raises:
        UsageError: two parts call classes otherwise.
    """
    for places in ([folder], _parts_in(folder)):
        found = [_mapping_in(p) or _list_in(p, count) or mapping_of_folders(p) for p in places]
        if mapping := _agreed(found, folder):
            return mapping
    return None


def _parts_in(folder):
    """The folders of the parts of a set, such as `train/`, that first."""
    parts = [one for one in sorted(folder.iterdir()) if one.is_dir() and part_of(one.name)]
    return sorted(parts, key=lambda one: part_of(one.name) != "train")


def _agreed(found, folder):
    """The `Mapping` of the parts of the set in a folder, each has one or None; or None.

    Raises:
        UsageError: two parts call classes otherwise.
    """
    mappings = [mapping for mapping in found if mapping is not None]
    if any(one.names != mappings[0].names for one in mappings):
        raise UsageError(
            f"{' and '.join(printable(one.path) for one in mappings)} call classes otherwise. "
            f"Put the right one into {printable(folder)}, and the others elsewhere."
        )
    return mappings[0] if mappings else None


def saying_list(reading, folder, why=None):
    """A `LoadedData` whose classes are called by numbers, with a sentence on a file called labels
    in a folder, which is not read, and why; others as they are."""
    found = reading.train.class_names
    if not found or len(numbers_of(found)) < len(found):
        return reading
    for file in sorted(folder.iterdir()):
        if LABELS_FILE.fullmatch(file.stem) and _may_name(file):
            why = why or f"if it names the classes, call it class_names{file.suffix}"
            return reading.saying(f"{printable(file)} is not read: {why}.")
    return reading


def mapping_beside(path):
    """The `Mapping` that lies in a folder, else in those of its parts, or beside a file and is
    about the same set; or None.

    Raises:
        GanprofileError: there is one that cannot be understood.
        UsageError: two parts call classes otherwise.
    """
    if (mapping := _mapping_in(path)) is not None or not path.is_dir():
        return mapping
    return _agreed(map(_mapping_in, _parts_in(path)), path)


def _mapping_in(path):
    """The same without those of parts."""
    folder = path if path.is_dir() else path.parent
    own = set(parsed(_stem(path)).rest)
    found = [file for file in sorted(folder.iterdir()) if is_mapping(file)]
    like = [file for file in found if path.is_dir() or _about(file) <= own]
    like = [file for file in like if _about(file) == own] or like
    return read_mapping(like[0]) if len(like) == 1 else None


def _list_in(folder, count):
    """The `Mapping` of a file called labels in a folder of classes, or None.

    Elsewhere such a file labels images, one after the other, so it counts where it names as many
    classes as there are.

    Raises:
        EmptyLine: it does so but for an empty line.
    """
    for file in sorted(folder.iterdir()):
        if LABELS_FILE.fullmatch(file.stem) and _may_name(file):
            try:
                mapping = read_mapping(file)
            except GanprofileError as error:
                if isinstance(error, EmptyLine) and count in error.counts:
                    raise
                continue
            if len({*mapping.names.values()}) == len(mapping.names) == count:
                return mapping
    return None


def mapping_of_folders(folder):
    """The `Mapping` in the only table in a folder, whatever it is called, that has a row for each
    of the class folders, which are called by numbers, and for no other; or None.

    Words alone are names there, since what else is numbered by class may be counts.
    """
    numbers = set(numbers_of(class_folders(folder)).values())
    found = [file for file in sorted(folder.iterdir()) if numbers and _may_name(file)]
    mappings = []
    for file in found:
        with contextlib.suppress(GanprofileError):
            mapping = read_mapping(file)
            names = mapping.names.values()
            are_words = len({*names}) == len(names) and not any(map(is_number, names))
            if are_words and not mapping.is_list and mapping.names.keys() == numbers:
                mappings.append(mapping)
    return mappings[0] if len(mappings) == 1 else None


def class_folders(folder):
    """The names of the folders in a folder, or in that of its training part."""
    folders = [one for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")]
    training = [one for one in folders if part_of(one.name) == "train"]
    below = [one for one in training[0].iterdir() if one.is_dir()] if training else folders
    return [one.name for one in below]


def with_characters(reading):
    """A `LoadedData` whose classes are all called by code points, with the characters instead."""
    found = reading.train.class_names
    called = tuple(map(character, found))
    if None in called or len({*map(composed, called)}) < len(called):
        return reading
    said = (
        f"The classes are called by code points: {printable(found[0])} became "
        f"{printable(called[0])!r}, and so on."
    )
    return _recalled(reading, called).saying(said)


def mapping_among(arrays, where):
    """Arrays without the one that is a `Mapping`, a label and the code of a character in each row,
    as EMNIST's MATLAB files have it; and this, or None.

    Args:
        arrays: name -> array.
        where: what sentences call the file.
    """
    for name, array in arrays.items():
        is_one = name.split()[-1:] == ["mapping"] and array.ndim == 2 and array.dtype.kind in "iu"
        if is_one and array.shape[1] in (2, 3) and array[:, 1].min() >= FIRST_PRINTABLE:
            names = {int(row[0]): chr(row[1]) for row in array}
            others = {key: other for key, other in arrays.items() if key != name}
            return others, Mapping(f"{where}: {name}", names)
    return arrays, None


def renamed(reading, mapping, first_label=None):
    """A `LoadedData` whose classes are called by numbers, with the names of a `Mapping`.

    Classes with other names, or numbers that it does not have, stay as they are, which is said.
    """
    found = reading.train.class_names
    names = mapping.names
    numbers = numbers_of(found)
    from_one = mapping.is_list and {*numbers.values()} == {number + 1 for number in names}
    if mapping.is_list and first_label is not None:
        names = {number + first_label: name for number, name in names.items()}
        reading = dataclasses.replace(
            reading, findings={**reading.findings, "first_label": first_label}
        )
    elif from_one and not are_digits(names.values()):
        names = {number + 1: name for number, name in names.items()}
    by_text = {text: names[number] for text, number in numbers.items() if number in names}
    said = mapping.sentence
    if {*found} <= {*names.values()}:
        return reading.saying(*as_named(mapping, by_text, found))
    unnamed = [name for name in found if name not in by_text]
    twice = [name for name, count in collections.Counter(names.values()).items() if count > 1]
    if unnamed or twice:
        why = f"calls several classes {twice[0]!r}" if twice else ""
        if unnamed:
            why = f"does not number the classes found here, such as {unnamed[0]!r}"
        said = f"{printable(mapping.path)} is not read: it {printable(why)}."
        said += " Of 1 to 10, 10 may be the digit zero or the last." * from_one
    else:
        reading = _recalled(reading, tuple(by_text[name] for name in found))
        if mapping.is_list:
            said += _doubts_of_list(names, {*numbers.values()}, first_label)
    return reading.saying(said)


def _doubts_of_list(names, numbers, first_label):
    """What else to say of a list of names of which some name no class; "" where all do.

    Args:
        names: number -> name, of the list.
        numbers: of the classes that were found.
        first_label: that was said, or None.
    """
    if len(names) == len(numbers):
        return ""
    said = f" It has {len(names)} names for {len(numbers)} classes."
    if first_label is None and 0 not in numbers:
        said += (
            f" No class is called 0, which was taken for the first, {printable(names[0])!r}; if 1 "
            "is the first, say `first_label=1`."
        )
    return said


def as_named(mapping, by_text, found):
    """What to say of a map whose names are those of the classes as they are, in a list: its numbers
    may be so, too. Nothing where it does not number them all, or calls none otherwise.

    Args:
        mapping: a `Mapping`.
        by_text: what it calls each number that is among those of the classes, by its text.
        found: what the classes are called.
    """
    if not {*found} <= {*by_text} or all(by_text[name] == name for name in found):
        return []
    return [
        f"{printable(mapping.path)} is not read: the classes are called as its names already. If "
        "they are its numbers, call them otherwise, such as class_0."
    ]


def _recalled(reading, class_names):
    """A `LoadedData` whose classes have other names."""
    return reading.each(lambda part: dataclasses.replace(part, class_names=class_names))


def _about(file):
    """The words in a mapping's name that say which set it is of."""
    return set(parsed(NAMES.sub(" ", _stem(file))).rest)


def _stem(path):
    return path.name.partition(".")[0]


def is_mapping(file):
    """Whether a file is, by its name, one that names classes, and does not label pictures."""
    labels_images = parsed(file.stem).part is not None and parsed(file.stem).role == LABELS
    return NAMES.search(file.stem) is not None and not labels_images and _may_name(file, False)


def _may_name(file, with_made=True):
    """Whether a file may name classes, by its ending, its size, and since it lists no pictures, as
    `layout_of` finds out, or folders."""
    is_text = file.suffix.lower() in SUFFIXES and file.is_file()
    if not is_text or file.stat().st_size > MOST_BYTES:
        return False
    return layout_of(file, with_made=with_made) is None and not is_class_table(file)
