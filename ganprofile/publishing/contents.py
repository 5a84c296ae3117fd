"""What files that are to leave say: their text, columns of text, and who wrote their images."""

import re
from pathlib import PurePosixPath

from ganprofile.datasets.formats.attributes import FILE as ATTRIBUTES
from ganprofile.datasets.loaders.writers import WRITER_NAMES
from ganprofile.errors import GanprofileError
from ganprofile.storage.arrays import open_arrays

TEXTS = (".csv", ".json", ".jsonl", ".txt", ".md", ".yaml", ".yml", ".tsv", ".html", ".xml")
LARGEST_TEXT = 50 * 10**6
SHORTEST = 3  # letters of a name that is looked for in texts
MOST_NAMES = 1000


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


def naming_writers(files):
    """Which files say by name who wrote images, as far as an import knows the names.

    Args:
        files: path in what leaves -> a `Path`, or bytes.

    Returns:
        `(paths, names)`: lists of str, in order.
    """
    tables = [name for name in files if PurePosixPath(name).name == ATTRIBUTES]
    names, found = set(), set()
    for table in tables:
        column = columns_of(files[table]).get(WRITER_NAMES)
        if column is not None:
            found.add(table)
            names |= set(column.tolist()) - {""}
    looked_for = [re.escape(name) for name in sorted(names) if len(name) >= SHORTEST]
    if looked_for:
        pattern = rf"(?<!\w)(?:{'|'.join(looked_for[:MOST_NAMES])})(?!\w)"
        found |= {name for name in files if re.search(pattern, content_of(name, files[name]))}
    return sorted(found), sorted(names)
