"""A folder that ganprofile wrote, in any of its formats, or one with such parts, as imports are."""

import dataclasses

from ganprofile.datasets.loaders.loaded_data import PARTS, LoadedData
from ganprofile.datasets.loaders.shaping import shaped
from ganprofile.datasets.stored import read_stored
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

WHAT = "a folder that ganprofile wrote"
INFO = "dataset.json"


def recognises(path):
    """Whether it says of itself what it holds, or all folders in it are parts that do."""
    return (path / INFO).is_file() or bool(_parts(path))


def read(path, options):
    """A `LoadedData` in the order in which the set was written.

    Raises:
        UsageError: the parts have other classes.
        GanprofileError: the folder is damaged.
    """
    if (path / INFO).is_file():
        return shaped(LoadedData(read_stored(path)), options)
    parts = [
        dataclasses.replace(read_stored(folder), split=part)
        for part, folder in _parts(path).items()
    ]
    if any(part.class_names != parts[0].class_names for part in parts):
        raise UsageError(
            f"{printable(path)} has a training and a test part of other classes, or in another "
            "order. Write them with the same `class_names`."
        )
    return shaped(LoadedData(*parts), options)


def _parts(path):
    """`{part: folder}` where all folders in one are parts that ganprofile wrote, else {}."""
    if not (path / PARTS[0] / INFO).is_file():
        return {}
    folders = [one for one in path.iterdir() if one.is_dir() and not one.name.startswith(".")]
    are_ours = all(one.name in PARTS and (one / INFO).is_file() for one in folders)
    return {part: path / part for part in PARTS if path / part in folders} if are_ours else {}
