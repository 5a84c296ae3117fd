"""What the headings of a table say: which columns are pixels, and in which order."""

import collections
import re

import numpy as np

from ganprofile.datasets.array_images import SMALLEST_SIDE
from ganprofile.storage.files import printable

INDEX_COLUMNS = ("", "unnamed:_0", "index", "id")
FEWEST_COLUMNS = SMALLEST_SIDE**2
LISTED, FEW = 9, 6
# Headings of two numbers each that say which of them counts along a row.
_ROW, _COLUMN = "r(ow)?_?#", "c(ol(umn)?)?_?#"
ROW_FIRST, COLUMN_FIRST = f"{_ROW}_?{_COLUMN}|y_?#_?x_?#", f"{_COLUMN}_?{_ROW}|x_?#_?y_?#"


def count_columns(numbers):
    """Whether cells that are numbers count columns: whole ones, on and on or each once between the
    first and the last; or 0, 0.1, 0.2, as pandas tells columns apart that have one name.

    Args:
        numbers: their texts.
    """
    if not all(re.fullmatch(r"[0-9]+(\.[0-9]+)?", one) for one in numbers):
        return False
    repeated = [one.rpartition(".") for one in numbers if "." in one]
    if repeated:
        there = {*numbers}
        before = [f"{stem}.{int(n) - 1}" if int(n) > 1 else stem for stem, _, n in repeated]
        return len(there) == len(numbers) and there.issuperset(before)
    whole = np.array(list(map(int, numbers)))
    steps = np.diff(whole), np.diff(np.sort(whole))
    return bool((steps[0] > 0).all() or (steps[1] == 1).all())


def pixel_places(names):
    """The places of the columns whose headings count the pixels of an image, in order; [] where
    none do.

    Args:
        names: the headings, () without.
    """
    alike = counted_places(names)
    return alike if makes_square(len(alike)) else []


def counted_places(names):
    """The same of images of any shape."""
    stems = [re.sub(r"[0-9]+", "#", simple(name)) for name in names]
    counts = collections.Counter(stem for stem in stems if "#" in stem)
    most = max(counts.values(), default=0)
    alike = [place for place, stem in enumerate(stems) if counts.get(stem) == most]
    return alike if most >= FEWEST_COLUMNS else []


def as_counted(names, places, where):
    """Places of pixels in the order in which their headings count them, and sentences.

    Programs sort columns by text (`pixel1`, `pixel10`, `pixel100`), or in no order.
    """
    stem = re.sub(r"[0-9]+", "#", names[places[0]])
    counted = {place: tuple(map(int, re.findall(r"[0-9]+", names[place]))) for place in places}
    if re.search(COLUMN_FIRST, stem):
        counted = {place: (numbers[1], numbers[0]) for place, numbers in counted.items()}
    numbers = [counted[place] for place in places]
    if len({*numbers}) < len(numbers) or numbers == sorted(numbers):
        return places, []
    by_column = [number[::-1] for number in numbers]
    says = re.search(f"{COLUMN_FIRST}|{ROW_FIRST}", stem)
    if not says and by_column == sorted(by_column):
        return places, []  # `0x0`, `1x0`, ...: the first may count along a row as well
    ordered = sorted(places, key=counted.get)
    first, last = (printable(names[place]) for place in (ordered[0], ordered[-1]))
    return ordered, [
        f"{where}: the columns of pixels do not stand in order, and were taken as their headings "
        f"count them, {first} to {last}."
    ]


def is_index(names):
    """Whether the first heading is that of a column that numbers the rows."""
    return bool(names) and simple(names[0]) in INDEX_COLUMNS


def has_column(names, name):
    """Whether a heading is that of a name, in whatever case and with whatever between its words."""
    return name is not None and simple(name) in map(simple, names)


def listed(names, most=LISTED):
    """Some names for a sentence, and how many more there are."""
    names = [printable(name) for name in names]
    more = [f"and {len(names) - most:,} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more]) or "none"


def taken_said(columns, picture, label, unread):
    """What is to be said, in a list, of which columns were taken where others are left. No file is
    named, so that it is said once of several.

    Args:
        columns: what sentences call them.
        picture, label: the names of those taken; the latter may be None.
        unread: the names of those left.

    Example:
        >>> from ganprofile.datasets.loaders.pixel_headings import taken_said
        >>> taken_said("the columns", "image", "y", ["age"])
        ['Of the columns, image was taken for the pictures and y for the labels; not read: age.']
    """
    if not unread:
        return []
    labels = "none for the labels" if label is None else f"{printable(label)} for the labels"
    return [
        f"Of {columns}, {printable(picture)} was taken for the pictures and {labels}; not read: "
        f"{listed(unread, FEW)}."
    ]


def simple(name):
    """A heading without what people write in one way or another: case, spaces, dots, dashes."""
    return re.sub(r"[\s.-]+", "_", str(name).strip().lower())


def makes_square(count):
    """Whether so many pixels are a square image, grey or of three colours."""
    return any(
        round((count / colours) ** 0.5) ** 2 * colours == count >= FEWEST_COLUMNS
        for colours in (1, 3)
    )
