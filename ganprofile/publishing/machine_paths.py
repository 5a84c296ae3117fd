"""Paths of this machine in what is to leave: cut from ganprofile's records, found in others."""

import json
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from ganprofile.datasets.formats.attributes import FILE as ATTRIBUTES
from ganprofile.publishing.contents import columns_of, content_of
from ganprofile.storage.files import json_bytes, read_json

RECORDS = (
    *("config.json", "dataset.json", "reader.json", "evaluation.json", "expectation.json"),
    *("benchmark.json", "summary.json", "study.json", "profile.json", "report.json"),
)
NAMES = {"class_names", "class_counts", "names"}  # where a record names classes
# Where people's files lie, on any machine: what is pushed may have been made on another one.
ROOTS = ("home", "Users", "root", "mnt", "media", "data", "scratch", "tmp", "var", "Volumes")
WINDOWS = r"(?<!\w)[A-Za-z]:(?:\\{1,2}[^\\/\s\"',;]+){2}"


def without_places(file):
    """A JSON file's content with the last name of every absolute path only; None if it has none.

    A class may be called as a path is; the images name it, too, so that it stays.
    """
    content = read_json(file)
    cleaned = _cleaned(content, set(_class_names(content)))
    if cleaned == content:
        return None
    return json_bytes(cleaned)


def _class_names(value):
    """All names of classes in a record, wherever it lists or counts them."""
    inside = ()
    if isinstance(value, dict):
        inside = value.values()
        for known in NAMES & value.keys():
            names = value[known] if isinstance(value[known], (list, dict)) else ()
            yield from (name for name in names if isinstance(name, str))
    elif isinstance(value, list):
        inside = value
    for one in inside:
        yield from _class_names(one)


def _cleaned(value, names):
    """The same for a part of the content; `names` stay, and keys that would become one."""
    if isinstance(value, dict):
        keys = [_cleaned(name, names) for name in value]
        keys = keys if len(set(keys)) == len(keys) else list(value)
        return {key: _cleaned(one, names) for key, one in zip(keys, value.values(), strict=True)}
    if isinstance(value, list):
        return [_cleaned(one, names) for one in value]
    if not isinstance(value, str) or value in names:
        return value
    for kind in (PurePosixPath, PureWindowsPath):
        if kind(value).is_absolute() and len(kind(value).parts) > 1:
            return kind(value).name
    return value


def has_place(name, file, folder):
    """Whether a file, text or columns, holds an absolute path that is one of some machine.

    Args:
        name: its path in what leaves.
        file: a `Path`, or bytes.
        folder: that is to leave.
    """
    if PurePosixPath(name).name == ATTRIBUTES:
        columns = columns_of(file).values()
        texts = ["\n".join(sorted(set(column.tolist()))) for column in columns]
    else:
        texts = [content_of(name, file)]
    places = {str(Path.home()), str(folder.resolve().parent)} - {"/", ""}
    # In JSON, letters that are not ASCII are escaped.
    spelled = {*places, *(json.dumps(place)[1:-1] for place in places)}
    own = "|".join(f"{re.escape(place)}[/\\\\]" for place in sorted(spelled))
    pattern = "|".join(filter(None, (own, _anywhere(), WINDOWS)))
    return any(re.search(pattern, text) for text in texts)


def _anywhere():
    """A pattern of absolute paths of two names and more, below a folder that machines have."""
    here = (one.name for one in Path("/").iterdir() if one.is_dir())
    roots = "|".join(sorted(map(re.escape, {*ROOTS, *here})))
    return rf"(?<![\w./\\:-])/(?:{roots})/[^\s/\"',;:<>]+"
