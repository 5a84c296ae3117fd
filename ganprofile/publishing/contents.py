"""What files that are to leave say: their text, columns of text, and who wrote their images."""

import csv
import itertools
import json
import re
from pathlib import PurePosixPath

from ganprofile.datasets.formats.attributes import FILE as ATTRIBUTES
from ganprofile.datasets.loaders.writers import WRITER_NAMES
from ganprofile.datasets.origins import ORIGIN, SHEETS
from ganprofile.errors import GanprofileError
from ganprofile.storage.arrays import open_arrays

TEXTS = (".csv", ".json", ".jsonl", ".txt", ".md", ".yaml", ".yml", ".tsv", ".html", ".xml")
LARGEST_TEXT = 50 * 10**6
SHORTEST = 3  # letters of a name that is looked for in texts
MOST_NAMES = 1000
PEOPLE = "name"  # a column of a collection's or a profile's table of writers
INFO = "dataset.json"
WRITERS = "writers.csv"  # a table of a profile, a row for each writer


def content_of(name, file):
    """The text of a file, empty of what is none or very large.

    Args:
        name: its path in what leaves.
        file: a `Path`, or bytes.
    """
    if PurePosixPath(name).suffix.lower() not in TEXTS:
        return ""
    if not isinstance(file, bytes):
        if file.stat().st_size > LARGEST_TEXT:
            return ""
        file = file.read_bytes()
    return file.decode(errors="replace")


def columns_of(file):
    """Column -> array of text of an `attributes.npz`; none of a file that is not ours."""
    try:
        arrays = open_arrays(file)
        names = arrays.pop("names").tolist()
        columns = {name: arrays[str(k)] for k, name in enumerate(names)}
    except (GanprofileError, KeyError):
        return {}
    return {name: values for name, values in columns.items() if values.dtype.kind == "U"}


def names_in(name, files):
    """The people whom a column of a file calls by name, a set; empty where none does.

    Args:
        name: its path in what leaves.
        files: path in what leaves -> a `Path`, or bytes.
    """
    found, place = [], PurePosixPath(name)
    if place.name == ATTRIBUTES:
        columns = columns_of(files[name])
        is_collected = PEOPLE in columns and _is_of_sheets(place.with_name(INFO), files)
        asked = (WRITER_NAMES, *[PEOPLE] * is_collected)  # elsewhere they may be of anything
        found = [columns[one].tolist() for one in asked if one in columns]
    elif place.name == WRITERS:
        rows = csv.DictReader(content_of(name, files[name]).splitlines())
        found = [[row.get(PEOPLE) or "" for row in rows]]
    return {*itertools.chain(*found)} - {""}


def _is_of_sheets(place, files):
    """Whether a `dataset.json` is that of a set which people filled sheets for."""
    name = str(place)
    try:
        origins = json.loads(content_of(name, files[name]))["provenance"][ORIGIN]
    except (KeyError, ValueError, TypeError):
        return False
    return isinstance(origins, list) and SHEETS in origins


def naming_writers(files):
    """Which files say by name who wrote images, as far as an import, a collection's table of
    writers or a profile knows the names.

    Args:
        files: path in what leaves -> a `Path`, or bytes.

    Returns:
        `(paths, names)`: lists of str, in order.
    """
    told = {name: names_in(name, files) for name in files}
    found = {name for name, people in told.items() if people}
    names = set().union(*told.values())
    looked_for = [re.escape(name) for name in sorted(names) if len(name) >= SHORTEST]
    if looked_for:
        pattern = rf"(?<!\w)(?:{'|'.join(looked_for[:MOST_NAMES])})(?!\w)"
        found |= {name for name in files if re.search(pattern, content_of(name, files[name]))}
    return sorted(found), sorted(names)
