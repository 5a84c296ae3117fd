"""Where things lie on a sheet: one-inch cells, as those of Beaulac and Rosenthal (2022), section
3.1, between markers by which a scan is found again.

Lengths are inches, from the upper left corner of the grid. All that is printed beside the grid lies
left and right of it, where A4 and Letter both have room.
"""

import dataclasses
import json
import math
import re
import unicodedata
import zlib

from ganprofile.console import say
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.characters import as_written
from ganprofile.storage.files import composed, is_text, printable, read_json, write_json

MOST_ROWS, MOST_COLUMNS = 10, 7  # what fits on a page
MARKER = 0.35  # the side of a marker
BESIDE = 0.08  # between it and the grid
INSET = 0.02  # between the ends of the grid and the outer markers
CORNERS = 4
FIRST_CODE = 100  # numbers of markers: below are corners, four a page, from here on digits of codes
BASE = 900  # of these digits
MOST_PAGES = FIRST_CODE // CORNERS
MOST_WRITERS = BASE**2 - 1


@dataclasses.dataclass(frozen=True)
class Layout:
    """What is written where on the sheets of a collection.

    Attributes:
        classes: what is written, a name per class.
        rows: of a page.
        columns: of a page.
        rows_per_class: one below the other.

    Raises:
        UsageError: it does not fit on pages.
    """

    classes: tuple[str, ...] = tuple("0123456789")
    rows: int = MOST_ROWS
    columns: int = MOST_COLUMNS
    rows_per_class: int = 2

    def __post_init__(self):
        if not 2 <= self.rows <= MOST_ROWS or not 1 <= self.columns <= MOST_COLUMNS:
            raise UsageError(
                f"One-inch cells leave room for 2..{MOST_ROWS} rows and 1..{MOST_COLUMNS} columns "
                f"on a page. Received: {self.rows} rows, {self.columns} columns."
            )
        if self.rows_per_class < 1 or self.rows % self.rows_per_class:
            raise UsageError(
                "`rows_per_class` should divide the rows of a page. Received: "
                f"{self.rows_per_class} of {self.rows}."
            )
        if len(set(self.classes)) != len(self.classes) or len(self.classes) < 2:
            raise UsageError(
                f"A sheet needs two classes or more, each once. Received: {list(self.classes)}."
            )
        if not all(is_text(name) and name.strip() for name in self.classes):
            raise UsageError(f"A class is a character or a word. Received: {list(self.classes)}.")
        if self.pages > MOST_PAGES:
            raise UsageError(
                f"{len(self.classes)} classes fill {self.pages} pages, and {MOST_PAGES} are as "
                "many as can be told apart. Take fewer `rows_per_class`, or two kinds of sheets."
            )

    @property
    def classes_a_page(self):
        """How many classes a page has room for."""
        return self.rows // self.rows_per_class

    @property
    def pages(self):
        """How many pages a writer fills."""
        return math.ceil(len(self.classes) / self.classes_a_page)

    @property
    def replicates(self):
        """How many images of each class a writer gives."""
        return self.rows_per_class * self.columns

    def class_of(self, page, row):
        """The class of a row, an index, or None where the last page stays empty."""
        number = page * self.classes_a_page + row // self.rows_per_class
        return number if number < len(self.classes) else None

    @property
    def code(self):
        """A number by which sheets of this kind are known, 0 .. `MOST_WRITERS`."""
        return zlib.crc32(json.dumps(dataclasses.asdict(self)).encode()) % BASE**2

    def corners(self, page):
        """The markers at the corners of a page's grid, number -> `(left, top)`."""
        left, right = self._sides
        top, bottom = INSET, self.rows - INSET - MARKER
        places = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return {CORNERS * page + number: place for number, place in enumerate(places)}

    def code_places(self):
        """Where the two digits of a sheet's and of a writer's code are, name -> places."""
        tops = [self.rows / 2 - 0.05 - MARKER, self.rows / 2 + 0.05]
        return {
            name: [(beside, top) for top in tops]
            for name, beside in zip(("sheet", "writer"), self._sides, strict=True)
        }

    def printed(self, page, writer):
        """All markers of a page, a list of `(number, (left, top))`."""
        places = self.code_places()
        digits = {"sheet": divmod(self.code, BASE), "writer": divmod(writer, BASE)}
        codes = [
            (FIRST_CODE + digit, place)
            for name in places
            for digit, place in zip(digits[name], places[name], strict=True)
        ]
        return [*self.corners(page).items(), *codes]

    @property
    def _sides(self):
        """The left edges of the markers on both sides of the grid."""
        return -BESIDE - MARKER, self.columns + BESIDE

    def save(self, path):
        """Write it as JSON."""
        write_json(path, dataclasses.asdict(self))

    @classmethod
    def load(cls, path):
        """Read what `save` wrote.

        Raises:
            GanprofileError: the file is missing or damaged.
        """
        content = read_json(path)
        try:
            return cls(**{**content, "classes": tuple(content["classes"])})
        except (KeyError, TypeError, UsageError) as error:
            raise GanprofileError(f"{printable(path)} describes no sheet ({error}).") from error


def classes_of(text):
    """Classes as they are given on the command line.

    Args:
        text: characters and ranges of such, `0-9a-f`, or names and ranges between commas,
            `ka,ga,0-9`. What stands for no character by itself in a range is left out and said.

    Returns:
        A tuple of names.

    Raises:
        UsageError: a range goes backwards, or between what is several code points.
    """
    text = composed(text)
    if "," not in text:
        return tuple(_characters(text))
    found = []
    for name in map(str.strip, text.split(",")):
        if re.fullmatch(r"(?:.-.)+", name):
            _refuse_backwards(name)
            found += _characters(name)
        else:
            found.append(name)
    return tuple(found)


def _characters(text):
    """Characters, and all of each range."""
    written = as_written(text)
    while written:
        first, between, last = (*written, "", "")[:3]
        if between == "-" and _is_range(first, last):
            yield from _range(first, last)
            written = written[3:]
        else:
            yield written.pop(0)


def _is_range(first, last):
    """Whether a hyphen stands between ends of a range; else it is a character as they are.

    Raises:
        UsageError: it seems meant as one, and is none.
    """
    if not last:
        return False
    if len(first + last) > 2:
        raise UsageError(
            "A range goes between characters of one code point each. Write commas between what is "
            f"meant. Received: {first}-{last}."
        )
    if (first.isalpha() and last.isalpha()) or (first.isdigit() and last.isdigit()):
        _refuse_backwards(f"{first}-{last}")
    return first <= last


def _range(first, last):
    """The ends of a range and all characters between them."""
    between = [chr(code) for code in range(ord(first), ord(last) + 1)]
    found = [one for one in between if one in (first, last) or _stands_alone(one)]
    if len(found) < len(between):
        out = next(one for one in between if one not in found)
        say(
            f"The range {first}-{last} has {len(between) - len(found)} of {len(between)} code "
            f"points that stand for no character by itself and are left out, such as "
            f"U+{ord(out):04X} ({unicodedata.name(out, 'not assigned')}). Add what is meant."
        )
    return found


def _stands_alone(character):
    """Whether it is a letter, digit or sign: no mark, blank, tatweel or number without a use."""
    kind = unicodedata.category(character)
    return kind[0] in "LNPS" and kind != "Lm"


def _refuse_backwards(ranges):
    for first, last in re.findall("(.)-(.)", ranges):
        if first > last:
            raise UsageError(
                f"A range goes from the earlier character to the later one: {last}-{first}. "
                f"Received: {ranges}. Where the hyphen is a class, write commas: {first},-,{last}."
            )
