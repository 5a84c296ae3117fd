"""What stands in a file that names classes: numbers and names, in either order, or names alone."""

import collections
import csv
import dataclasses
import itertools
import json
import re

import numpy as np

from ganprofile.console import few
from ganprofile.datasets.loaders.code_points import CODE_POINT, called, character, decimal
from ganprofile.datasets.loaders.columns import LABEL_COLUMNS, chosen
from ganprofile.datasets.loaders.csv_rows import cells_of
from ganprofile.datasets.loaders.json_tables import key_twice, single_value
from ganprofile.datasets.loaders.table_text import DELIMITERS
from ganprofile.datasets.loaders.text_encoding import decoded, guessed_encoding, lines_of
from ganprofile.errors import GanprofileError, first_line
from ganprofile.storage.arrays import UNREADABLE
from ganprofile.storage.files import printable

NUMBERED = re.compile(r"(-?[0-9]+)(?:\s*[:=)]\s*|\s+)(\S.*)")  # `0: digit 0`, `0 Digit 0`
COMMENT = re.compile(r"#\s+\S.*")
HEADING = re.compile(r"(class|label|char|character)([\s_-]*names?|e?s)?|names?", re.IGNORECASE)
NAME_COLUMNS = ("char", "character", "class_name", "label_name", "name", "letter", *LABEL_COLUMNS)
# Of several columns of numbers, that which numbers the classes; `label` beside `index` is a name,
# unless a third column has the names: then `index` counts the rows.
ROW_COLUMNS = ("index", "idx", "id")
CLASS_COLUMNS = ("class_id", "label_id", "class_index", "label_index", "class_idx", "label_idx")
CLASS_COLUMNS += ("number", "label", "target", "class")
NUMBER_COLUMNS = (*ROW_COLUMNS, *CLASS_COLUMNS)
LISTED = 5  # numbers in a sentence
BOTH_WAYS = (
    "Its names are numbers, too: if they are the other way round, call the columns label and "
    "character, or the file idx_to_class or class_to_idx."
)


class EmptyLine(GanprofileError, ValueError):
    """An empty line stands among the names of classes, of which each counts.

    Attributes:
        counts: of the names, without such lines and with them.
    """

    def __init__(self, message, counts):
        super().__init__(message)
        self.counts = counts


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
        """Numbers as names, an array of text `(n,)`; labels that are text stay so. One-hot
        rows stay, too: their columns are the classes in the order of their numbers.

        Raises:
            GanprofileError: a number is not in the file.
        """
        if np.ndim(labels) == 2 and 1 not in np.shape(labels):
            return labels
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
        """The names in the order of their numbers, each once; those of a list, whose places count,
        all of them."""
        names = [self.names[label] for label in sorted(self.names)]
        return tuple(names if self.is_list else dict.fromkeys(names))

    @property
    def sentence(self):
        """What to tell the user."""
        first = min(self.names)
        number = "the first" if self.is_list else first
        return " ".join(
            (
                f"{printable(self.path)} was taken for the names of the classes: {number} is "
                f"{printable(self.names[first])!r}.",
                *self._merged,
                *self.said,
            )
        )

    @property
    def _merged(self):
        """A sentence on names that several numbers have, in a list; [] where none has."""
        numbers = collections.defaultdict(list)
        for label, name in sorted(self.names.items()):
            numbers[name].append(str(label))
        several = {name: some for name, some in numbers.items() if len(some) > 1}
        if self.is_list or not several:  # a list of names with one twice is refused
            return []
        (name, first), *others = several.items()
        more = f"; so are the numbers of {len(others):,} more" if others else ""
        return [
            f"It calls {few(first, LISTED, ' and ')} alike, {printable(name)!r}, so that they are "
            f"one class{more}."
        ]


def read_mapping(path):
    """The `Mapping` in a file: rows of a number and a name or code, in any order of columns; JSON
    of these; or a name a line, the first that of 0.

    Raises:
        EmptyLine: it is a list of names, and one of them may be missing.
        GanprofileError: it is none of these.
    """
    try:
        text, encoding = decoded(path.read_bytes())
        text = text.lstrip("\ufeff")
        content = (
            json.loads(text, object_pairs_hook=_once) if path.suffix.lower() == ".json" else None
        )
        number_first = _number_first(path.stem)
        read, content = (_of_lines, text) if content is None else (_of_json, content)
        heading = _heading(text) if read is _of_lines else None
        names, is_doubtful = read(content, number_first)
    except (*UNREADABLE, KeyError, csv.Error) as error:
        said = (
            f"{printable(path)} should name classes: rows of a number and a name "
            f"({first_line(error)}). Put it right, or elsewhere."
        )
        if isinstance(error, EmptyLine):
            raise EmptyLine(said, error.counts) from error
        raise GanprofileError(said) from error
    is_list = isinstance(names, list)
    heading = heading if is_list else None
    names = dict(enumerate(names[heading is not None :])) if is_list else names
    said = [] if all(map(str.isascii, names.values())) else guessed_encoding(path, encoding)
    said += [BOTH_WAYS] if is_doubtful and _differs_the_other_way(names) else []
    if heading is not None:
        said.append(
            f"Its first line, {printable(heading)!r}, was taken for a heading; if it is a class, "
            "put the names into a list in JSON."
        )
    return Mapping(path, names, is_list, tuple(said))


def _once(pairs):
    """An object of JSON; a ValueError where a key has two values in it."""
    if (twice := key_twice(pairs)) is not None:
        raise ValueError(f"{printable(twice)!r} stands there twice")
    return dict(pairs)


def _number_first(stem):
    """Whether the number of a class stands before its name, by what a file is called, such as
    `idx_to_class`; None where this does not say it."""
    pair = re.search(r"([a-z]+)[\s_-]*(?:to|2)[\s_-]*([a-z]+)", stem.lower())
    are_numbers = [word in ("idx", "index", "id") for word in pair.groups()] if pair else []
    return are_numbers[0] if sum(are_numbers) == 1 else None


def _differs_the_other_way(names):
    """Whether names are numbers, some of them those of classes, that would number them otherwise
    than they are numbered."""
    if not all(map(_is_whole, names.values())):
        return False
    other_way = {int(name): str(number) for number, name in names.items()}
    return bool(names.keys() & other_way.keys()) and other_way != names


def _of_json(content, number_first):
    """`(names, is_doubtful)`: a list, or number -> name; and whether it may be name -> number.

    What stands there as text is a name, though it may look like a number.
    """
    values = list(content.values()) if isinstance(content, dict) else content
    if not values:
        raise ValueError("it is empty")
    if len(values) == 1 and isinstance(values[0], list | dict):
        return _of_json(values[0], number_first)  # under a heading of its own
    if isinstance(content, list):
        if all(isinstance(row, list | dict) for row in content):
            return _of_rows(_rows_of_json(content), number_first)
        return list(map(_text, content)), False
    may_be_names = all(map(_is_whole, content))
    may_be_numbers = all(map(_is_whole, values)) and len({*map(int, values)}) == len(values)
    are_both, is_doubtful = may_be_names and may_be_numbers, False
    if not are_both:
        number_first = may_be_names or not may_be_numbers
    elif number_first is None:
        number_first = all(isinstance(value, str) for value in values)
        is_doubtful = not number_first
    if number_first:
        return {int(label): _text(name) for label, name in content.items()}, is_doubtful
    return {int(value): name for name, value in content.items()}, is_doubtful


def _text(value):
    """A name in JSON, perhaps in a list or object of its own."""
    value = single_value(value)
    if value is None or isinstance(value, list | dict):
        raise ValueError(f"{value!r:.40} is no name")
    return str(value)


def _rows_of_json(content):
    """Rows of cells of a list of lists, or of objects with the same keys, which come first."""
    if isinstance(content[0], dict):
        rows = [[row[key] for key in content[0]] for row in content]
        return [[*content[0]], *([*map(str, row)] for row in rows)]
    return [[*map(str, row)] for row in content]


def _lines(text):
    """Lines that are not empty, without comments before the first."""
    lines = [line for line in map(str.strip, lines_of(text)) if line]
    return lines[_comments(lines) :]


def _comments(lines):
    """How many lines are comments above the first row; a class may be called `#`, and its number
    stands where that of the next row does."""
    first = next((k for k, line in enumerate(lines) if not COMMENT.fullmatch(line)), len(lines))
    numbers = [[_is_whole(cell) for cell in line.split()] for line in lines[: first + 1]]
    below = numbers[-1] if numbers else []
    while first and any(below) and numbers[first - 1] == below:
        first -= 1
    return first


def _heading(text):
    """What stands above a list of names, or None."""
    first, *below = _lines(text) or [""]
    return first if below and HEADING.fullmatch(first) else None


def _of_lines(text, number_first):
    """The same of lines, rows of a number and a name or a name each."""
    lines = _lines(text)
    if not lines:
        raise ValueError("it is empty")
    *signs, blank = DELIMITERS
    rows = next(filter(None, (_separated(lines, one) for one in signs)), None)
    rows = rows or _numbered(lines, _columns(lines, blank, number_first))
    if rows is not None:
        return _of_rows(rows, number_first)
    _refuse_gap([line.rstrip("\r\n") for line in lines_of(text.rstrip())])
    return lines, False


def _refuse_gap(lines):
    """Raise an `EmptyLine` where one stands among names, of which each counts: it may be a
    name, a blank. Where every other line is empty, none is one."""
    first = next(k for k, line in enumerate(lines) if line and not COMMENT.fullmatch(line.strip()))
    gaps = [k for k in range(first, len(lines)) if not lines[k].strip()]
    if gaps and gaps != [*range(first + 1, len(lines), 2)]:
        names = len(lines) - first
        raise EmptyLine(
            f"line {gaps[0] + 1} is empty: if a blank is a name, write a list of names in JSON; "
            "else remove the line",
            (names - len(gaps), names),
        )


def _columns(lines, blank, number_first):
    """The rows that blanks separate into columns, rather than into words; or None."""
    rows = _separated(lines, blank)
    return None if rows and number_first is None and _are_words(rows) else rows


def _are_words(rows):
    """Whether blanks separate words of names that have a number in them, such as `digit 0`: what
    would be the names comes twice, with numbers that count, or no column has numbers alone.

    Behind numbers, `0 a` and `1 a`, and below headings it has to be the same in all: several
    numbers may be one class, but hardly all.
    """
    columns = [*zip(*rows, strict=True)]
    texts = [column for column in columns if not all(map(_is_whole, column[1:]))]
    is_number_first = _is_whole(rows[-1][0])
    if not texts or len(texts) == len(columns):
        return bool(texts) and not is_number_first
    names = texts[0]
    is_headed = not any(map(_is_whole, rows[0])) and names[0] not in names[1:]
    names = names[is_headed:]
    if len({*names}) == 1 or is_number_first or is_headed:
        return len({*names}) == 1 < len(names)
    numbers = next((column for column in columns if all(map(_is_whole, column))), None)
    is_numbering = numbers is not None and not _count_on([*zip(*texts, strict=True)], numbers)
    return len({*names}) < len(names) and not is_numbering


def _count_on(names, numbers):
    """Whether the numbers beside each name count on from line to line, as words such as `digit 0`
    and `digit 1` do, or one comes twice, so that they number no classes."""
    of_name = collections.defaultdict(list)
    for name, number in zip(names, map(int, numbers), strict=True):
        of_name[name].append(number)
    pairs = (pair for some in of_name.values() for pair in itertools.pairwise(some))
    are_twice = len({*map(int, numbers)}) < len(numbers)
    return are_twice or all(after == before + 1 for before, after in pairs)


def _numbered(lines, columns):
    """Rows of a number and a name that may have blanks in it; what blanks separate where these are
    columns; or None.

    Args:
        lines: without blanks around them.
        columns: the rows that blanks separate, or None.
    """
    matches = [NUMBERED.fullmatch(line) for line in lines]
    if None in matches or (columns and _are_columns(columns)):
        return columns
    rows = [list(match.groups()) for match in matches]
    are_unique = all(len({*column}) == len(rows) for column in zip(*rows, strict=True))
    return rows if are_unique else None


def _are_columns(rows):
    """Whether blanks separate columns, rather than words of a name: numbers alone, or two cells, or
    a name and its code point."""
    first, *columns = zip(*rows, strict=True)
    if not all(map(_is_whole, first)):
        return False  # a colon stands between
    texts, numbers = [], []
    for column in columns:
        are_codes = all(_is_whole(cell) or CODE_POINT.fullmatch(cell) for cell in column)
        (numbers if are_codes else texts).append(column)
    are_names = texts and len({*texts[0]}) == len(rows)
    return len(rows[0]) == 2 or not texts or bool(numbers and are_names)


def _of_rows(rows, number_first):
    """The same of rows of cells, perhaps below headings."""
    headings = [re.sub(r"[\s.-]+", "_", cell.strip().lower()) for cell in rows[0]]
    has_heading = not any(map(_is_whole, rows[0]))
    columns = list(zip(*rows[has_heading:], strict=True))
    numbers = [k for k, column in enumerate(columns) if all(map(_is_whole, column))]
    unique = [k for k in numbers if len({*map(int, columns[k])}) == len(columns[k])]
    if not unique or len(columns) < 2:
        raise ValueError("no column numbers them, each once")
    headings = headings if has_heading else []
    texts = [k for k in range(len(columns)) if k not in numbers]
    if texts and not headings:
        _refuse_two_numberings([columns[k] for k in unique])
    rows_last = (*CLASS_COLUMNS, *ROW_COLUMNS) if texts else NUMBER_COLUMNS
    label, is_said = _numbering(headings, unique, number_first, rows_last)
    others = [k for k in range(len(columns)) if k != label]
    told = chosen([headings[k] for k in others], NAME_COLUMNS) if headings else None
    if headings and told is None and not texts and number_first is None:
        raise ValueError(f"no column has names, as class_name would: {', '.join(headings)}")
    name = headings.index(told) if told is not None else (texts or others)[0]
    found = called(headings[name], columns[name]) if headings else decimal(columns[name])
    names = found or [*map(_name, columns[name])]
    by_number = dict(zip(map(int, columns[label]), names, strict=True))
    return by_number, not is_said and name in unique


def _refuse_two_numberings(columns):
    """Raise a ValueError where two columns without headings number names, each otherwise."""
    numbered = [[*map(int, column)] for column in columns]
    for one, other in itertools.pairwise(numbered):
        if one != other and sorted(one) == sorted(other):
            raise ValueError("two columns number them, each otherwise: head that one label")


def _numbering(headings, places, number_first, known):
    """Which of several columns of numbers numbers the classes, and whether anything says so.

    Args:
        headings: of all columns; [] without.
        places: of those that may number them.
        number_first: whether the file's name says that the first does; None where it does not.
        known: what such columns are called, in the order in which they count.
    """
    there = [headings[k] for k in places] if headings else []
    if (told := chosen(there, known)) is not None:
        return headings.index(told), True
    named = chosen(there, NAME_COLUMNS)
    rest = [k for k in places if not headings or headings[k] != named]
    if named is not None and rest:
        return rest[0], True
    is_last = number_first is False
    return places[-1 if is_last else 0], number_first is not None


def _separated(lines, delimiter):
    """Rows of one length, two or more cells, or None."""
    lines = [re.sub(" +", " ", line) for line in lines] if delimiter == " " else lines
    rows = [[cell.strip() for cell in row] for row in cells_of(lines, delimiter)]
    is_table = len(rows[0]) > 1 and len({*map(len, rows)}) == 1
    return rows if is_table and any(map(_is_whole, rows[-1])) else None


def _name(value):
    return character(value) or value


def _is_whole(cell):
    """Whether a cell is a number as files count; digits of other scripts are names of classes."""
    return re.fullmatch(r"-?[0-9]+", str(cell).strip()) is not None


def numbers_of(names):
    """name -> number of those that are numbers, `001` too, unless it is `1` beside `001`."""
    numbers = {name: int(name) for name in names if _is_whole(name)}
    if len({*numbers.values()}) == len(numbers):
        return numbers
    return {name: number for name, number in numbers.items() if name == str(number)}
