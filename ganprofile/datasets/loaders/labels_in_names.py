"""What the names of picture files seem to say of them, as `A_001.png` or `writer3_digit4.bmp`."""

import collections
import dataclasses
import itertools
import re

from ganprofile.datasets.loaders.columns import LABEL_COLUMNS
from ganprofile.datasets.loaders.label_files import labels_not_read
from ganprofile.datasets.loaders.loaded_data import LABEL_FIELD
from ganprofile.datasets.loaders.parts import are_parts
from ganprofile.storage.files import printable

PEOPLE = (
    "writers?|users?|usr|persons?|people|authors?|subjects?|participants?|students?|hands?|subj"
)
LABEL_WORDS = {*LABEL_COLUMNS} - {"y", "text"}  # a place, and what is written whole
WRITER_FIELD, SPLIT_FIELD = "{writer}", "{split}"


@dataclasses.dataclass(frozen=True)
class ToldByNames:
    """Where the labels stand in the names of files.

    Attributes:
        word: a label, such as `A`.
        name: of the file in which it stands.
        pattern: as `labels` takes it, without an ending; None where names are not alike enough.
        is_called: whether labels are called so there, as in `digit4` or `label_4`.
    """

    word: str
    name: str
    pattern: str | None
    is_called: bool

    @property
    def sentence(self):
        """What they may say, and what to do, for a sentence to go on with another way."""
        way = f"if so, say `labels={self.pattern!r}`, or " if self.pattern else "if so, "
        return f"names of the files may say what they show, as {self.word!r} in {self.name}: {way}"


def told_by_names(names):
    """The `ToldByNames` of files, or None: at one place in their names a few words come up again
    and again, which are called labels or do not only count.

    Args:
        names: with their endings, of one folder or several.
    """
    pieces = [re.split(r"([\s_.()-]+)", name.rpartition(".")[0]) for name in names]
    if len({*map(len, pieces)}) > 1:
        return None
    words, between = (
        list(zip(*(row[first::2] for row in pieces), strict=True)) for first in (0, 1)
    )
    called = [_called(words, place) for place in range(len(words))]
    kinds = (
        lambda place: called[place].lower() in LABEL_WORDS,
        lambda place: not (_before_numbers(words[place]) or any(map(str.isdecimal, words[place]))),
        lambda place: True,  # numbers may count
    )
    for is_told, place in itertools.product(kinds, range(len(words))):
        counts = collections.Counter(words[place])
        comes_again = len(counts) > 1 and min(counts.values()) > 1
        if comes_again and is_told(place) and not _are_people(called[place]):
            pattern = _pattern(place, words, between, called)
            return ToldByNames(words[place][0], names[0], pattern, is_told is kinds[0])
    return None


def told_by_paths(files, are_writers=False):
    """The same of pictures in folders, with a pattern of their paths.

    Args:
        files: paths below the folder that is given.
        are_writers: whether the folders right around them are writers.
    """
    told = told_by_names([printable(file.name) for file in files])
    if told is None or told.pattern is None:
        return told
    around, inside = _folders(files, are_writers), told.pattern
    if WRITER_FIELD in around:
        inside = re.sub(r"[^\W\d_]*\{writer\}", "*", inside)
    return dataclasses.replace(told, name=printable(files[0]), pattern=around + inside)


def _called(words, place):
    """What a column of words is called: `digit` of `digit4` and of `digit_4`; "" for nothing."""
    above = {*words[place - 1]} if place else {""}
    return _before_numbers(words[place]) or (above.pop() if len(above) == 1 else "")


def _before_numbers(column):
    """The letters that stand before a number in each word of a column, if these are the same."""
    matches = [re.fullmatch(r"([^\W\d_]+)[0-9]+", word) for word in column]
    letters = {match[1] for match in matches} if all(matches) else {""}
    return letters.pop() if len(letters) == 1 else ""


def _are_people(called):
    return re.fullmatch(PEOPLE, called, re.IGNORECASE) is not None


def _pattern(place, words, between, called):
    """Where the labels stand in names, as `labels` takes it; None where names differ otherwise."""
    if any(len({*signs}) > 1 for signs in between):
        return None
    parts = [column[0] if len({*column}) == 1 else "*" for column in words]
    people = [k for k, part in enumerate(parts) if part == "*" and _are_people(called[k])]
    for k in people[:1]:
        parts[k] = _before_numbers(words[k]) + WRITER_FIELD
    before = _before_numbers(words[place])
    parts[place] = before * (before.lower() in LABEL_WORDS) + LABEL_FIELD
    signs = [column[0] for column in between]
    return "".join(part + sign for part, sign in itertools.zip_longest(parts, signs, fillvalue=""))


def _folders(files, are_writers):
    """The folders of a pattern of paths, each with a slash behind it."""
    folders = [file.parent.parts for file in files]
    if len({*map(len, folders)}) > 1:
        return "**/"
    fields = []
    for level in reversed([*zip(*folders, strict=True)]):  # of two that say parts the inner one
        is_part = are_parts({*level}) and SPLIT_FIELD not in fields
        is_writer = (are_writers and not fields) or _are_people(_before_numbers(level))
        is_writer = is_writer and WRITER_FIELD not in fields
        fields.append(SPLIT_FIELD if is_part else WRITER_FIELD if is_writer else "*")
    return "".join(f"{field}/" for field in reversed(fields))


def one_class_said(path, top, files, name):
    """What is to be said of a set of a single class, of which an import's report says it.

    Args:
        path: the folder in which that of the class lies.
        top: that of the set.
        files: the pictures.
        name: of the class.
    """
    told = told_by_paths([file.relative_to(top) for file in files])
    folder = files[0].parent.name
    unread = labels_not_read(top)
    ways = f" {unread}" if unread else f" The {told.sentence}sort them." if told else ""
    return (
        f"{printable(path)}: all {len(files):,} pictures lie in the folder {printable(folder)}, so "
        f"that they have one label, {name!r}. If they show several characters, sort them into a "
        f"folder for each, unless they are to be labelled.{ways}"
    )
