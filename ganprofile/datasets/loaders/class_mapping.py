"""Files that name the classes of numbered labels: EMNIST's mappings, Kaggle's class maps."""

import contextlib
import csv
import dataclasses
import json
import re
import sys

import numpy as np

from ganprofile.datasets.array_labels import are_digits
from ganprofile.datasets.loaders.array_names import LABELS, parsed
from ganprofile.datasets.loaders.columns import LABEL_COLUMNS, chosen
from ganprofile.datasets.loaders.table_text import (
    DELIMITERS,
    decoded,
    guessed_encoding,
    layout_of,
)
from ganprofile.errors import GanprofileError, first_line
from ganprofile.storage.arrays import UNREADABLE
from ganprofile.storage.files import composed, printable

SUFFIXES = (".txt", ".csv", ".tsv", ".json")
_KIND = r"(class|label|char(acter)?)(e?s)?"
NAMES = re.compile(
    rf"{_KIND}[\s_-]*(map|mapping|names?|dict)|mapping|classes"
    rf"|(idx|index)[\s_-]*(to|2)[\s_-]*{_KIND}|{_KIND}[\s_-]*(to|2)[\s_-]*(idx|index)",
    re.IGNORECASE,
)
LABELS_FILE = re.compile(r"labels?", re.IGNORECASE)  # a name a line, as TensorFlow Lite has it
CODE_POINT = re.compile(r"(U\+|0x|\\u)([0-9A-Fa-f]{4,6})")
MOST_BYTES = 2**20
NAME_COLUMNS = ("char", "character", "class_name", "label_name", "name", "letter", *LABEL_COLUMNS)
FIRST_PRINTABLE = 33  # in Unicode; smaller numbers are no codes of characters


@dataclasses.dataclass(frozen=True)
class Mapping:
    """What the numbers of labels are called.

    Attributes:
        path: the file that says it.
        names: label -> name; where it is a list of names, that of the first is 0.
        is_list: whether it is a list, so that 1 may be the first label as well.
        said: further sentences for the user.
    """

    path: object
    names: dict
    is_list: bool = False
    said: tuple = ()

    def named(self, labels):
        """Numbers as names, an array of text `(n,)`; labels that are text stay so.

        Raises:
            GanprofileError: a number is not in the file.
        """
        labels = np.ravel(labels)
        if labels.dtype.kind not in "buif":
            return labels
        unknown = sorted({*labels.tolist()} - self.names.keys())
        if unknown:
            several = len(unknown) > 1
            missing = ", ".join(f"{label:g}" for label in unknown)
            raise GanprofileError(
                f"{printable(self.path)} names no class{'es' * several} {missing}, which "
                f"{'are labels' if several else 'is a label'}. Complete it, or put it elsewhere."
            )
        return np.array([self.names[label] for label in labels.tolist()])

    @property
    def class_names(self):
        """The names in the order of their numbers, each once."""
        return tuple(dict.fromkeys(self.names[label] for label in sorted(self.names)))

    @property
    def sentence(self):
        """What to tell the user."""
        first = min(self.names)
        number = "the first" if self.is_list else first
        return " ".join(
            (
                f"{printable(self.path)} was taken for the names of the classes: {number} is "
                f"{printable(self.names[first])!r}.",
                *self.said,
            )
        )


def named_classes(reading, folder):
    """A `LoadedData` with the names of its classes where a file in the folder of the set says what
    its numbers are called, or where all are code points such as `U+306F`; what is done is said.

    Raises:
        GanprofileError: there is a file of names that cannot be understood.
    """
    mapping = mapping_beside(folder) or _list_in(folder, len(reading.train.class_names))
    return with_characters(reading) if mapping is None else renamed(reading, mapping)


def mapping_beside(path):
    """The `Mapping` that lies in a folder, or beside a file and is about the same set; or None.

    Raises:
        GanprofileError: there is one that cannot be understood.
    """
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
    """
    for file in sorted(folder.iterdir()):
        if LABELS_FILE.fullmatch(file.stem) and _may_name(file):
            with contextlib.suppress(GanprofileError):
                mapping = read_mapping(file)
                if len({*mapping.names.values()}) == len(mapping.names) == count:
                    return mapping
    return None


def with_characters(reading):
    """A `LoadedData` whose classes are all called by code points, with the characters instead."""
    found = reading.train.class_names
    called = tuple(map(_character, found))
    if None in called or len({*map(composed, called)}) < len(called):
        return reading
    said = (
        f"The classes are called by code points: {printable(found[0])} became "
        f"{printable(called[0])!r}, and so on."
    )
    return _saying(_recalled(reading, called), said)


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


def renamed(reading, mapping):
    """A `LoadedData` whose classes are called by numbers, with the names of a `Mapping`.

    Classes with other names, or numbers that it does not have, stay as they are, which is said.
    """
    found = reading.train.class_names
    names = mapping.names
    from_one = mapping.is_list and {*found} == {str(number + 1) for number in names}
    if from_one and not are_digits(names.values()):
        names = {number + 1: name for number, name in names.items()}
    by_text = {str(number): name for number, name in names.items()}
    said = mapping.sentence
    if {*found} <= {*names.values()}:
        return reading
    if not {*found} <= {*by_text} or len({*names.values()}) < len(names):
        said = f"{printable(mapping.path)} is not read: it does not number the classes found here."
        said += " Of 1 to 10, 10 may be the digit zero or the last." * from_one
    else:
        reading = _recalled(reading, tuple(by_text[number] for number in found))
    return _saying(reading, said)


def _recalled(reading, class_names):
    """A `LoadedData` whose classes have other names."""
    return reading.each(lambda part: dataclasses.replace(part, class_names=class_names))


def _saying(reading, said):
    """The same with one more sentence for the user."""
    findings = reading.findings
    return dataclasses.replace(
        reading, findings={**findings, "assumed": [*findings.get("assumed", ()), said]}
    )


def _about(file):
    """The words in a mapping's name that say which set it is of."""
    return set(parsed(NAMES.sub(" ", _stem(file))).rest)


def _stem(path):
    return path.name.partition(".")[0]


def is_mapping(file):
    """Whether a file is, by its name, one that names classes, and does not label pictures."""
    labels_images = parsed(file.stem).part is not None and parsed(file.stem).role == LABELS
    return NAMES.search(file.stem) is not None and not labels_images and _may_name(file)


def _may_name(file):
    """Whether a file may name classes, by its ending, its size, and since it lists no pictures."""
    is_text = file.suffix.lower() in SUFFIXES and file.is_file()
    return is_text and file.stat().st_size <= MOST_BYTES and layout_of(file) is None


def read_mapping(path):
    """The `Mapping` in a file: rows of a number and a name or code, in any order of columns; JSON
    of these; or a name a line, the first that of 0.

    Raises:
        GanprofileError: it is none of these.
    """
    try:
        text, encoding = decoded(path.read_bytes())
        text = text.lstrip("\ufeff")
        content = json.loads(text) if path.suffix.lower() == ".json" else None
        names = _of_lines(text) if content is None else _of_json(content)
    except (*UNREADABLE, KeyError, csv.Error) as error:
        raise GanprofileError(
            f"{printable(path)} should name classes: rows of a number and a name "
            f"({first_line(error)}). Put it right, or elsewhere."
        ) from error
    is_list = isinstance(names, list)
    names = dict(enumerate(names)) if is_list else names
    said = () if all(map(str.isascii, names.values())) else guessed_encoding(path, encoding)
    return Mapping(path, names, is_list, tuple(said))


def _of_json(content):
    if isinstance(content, list):
        return list(map(str, content))
    if all(_is_whole(value) for value in content.values()):
        return {int(value): name for name, value in content.items()}
    return {int(label): str(name) for label, name in content.items()}


def _of_lines(text):
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError("it is empty")
    rows = next(filter(None, (_separated(lines, one) for one in DELIMITERS)), None)
    if rows is None:
        return [line.strip() for line in lines]
    names = [re.sub(r"[\s.-]+", "_", cell.strip().lower()) for cell in rows[0]]
    has_heading = not any(map(_is_whole, rows[0]))
    columns = list(zip(*rows[has_heading:], strict=True))
    numbers = [k for k, column in enumerate(columns) if all(map(_is_whole, column))]
    unique = [k for k in numbers if len({*map(int, columns[k])}) == len(columns[k])]
    if not unique or len(columns) < 2:
        raise ValueError("no column numbers them, each once")
    label = unique[0]
    others = [k for k in range(len(columns)) if k != label]
    told = chosen([names[k] for k in others], NAME_COLUMNS) if has_heading else None
    texts = [k for k in others if k not in numbers]
    name = names.index(told) if told is not None else (texts or others)[0]
    return {
        int(number): _name(value, name in numbers and not has_heading)
        for number, value in zip(columns[label], columns[name], strict=True)
    }


def _separated(lines, delimiter):
    """Rows of one length, two or more cells, or None."""
    lines = [re.sub(" +", " ", line.strip()) for line in lines] if delimiter == " " else lines
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    is_table = len(rows[0]) > 1 and len({*map(len, rows)}) == 1
    return rows if is_table and any(map(_is_whole, rows[-1])) else None


def _name(value, may_be_code):
    """EMNIST's mappings give the code of a character, others `U+0995`."""
    if may_be_code and int(value) >= FIRST_PRINTABLE:
        return chr(int(value))
    return _character(value) or value


def _character(name):
    """What a code point such as `U+306F` stands for, or None where a name is none of a character
    that can be seen."""
    code = CODE_POINT.fullmatch(name)
    number = int(code[2], 16) if code else 0
    shown = FIRST_PRINTABLE <= number <= sys.maxunicode and chr(number).isprintable()
    return chr(number) if shown else None


def _is_whole(cell):
    """Whether a cell is a number as files count; digits of other scripts are names of classes."""
    return re.fullmatch(r"-?[0-9]+", str(cell).strip()) is not None
