"""A folder that ganprofile wrote, in any of its formats, or one with such parts, as imports are."""

import dataclasses

from ganprofile.datasets.formats.checksums import MANIFEST
from ganprofile.datasets.loaders.loaded_data import PARTS, LoadedData
from ganprofile.datasets.loaders.shaping import shaped
from ganprofile.datasets.stored import INFO as KEYS
from ganprofile.datasets.stored import read_stored
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import printable, read_json

WHAT = "a folder that ganprofile wrote"
INFO = "dataset.json"
REPORT = "report.json"  # of an import, beside its parts


def recognises(path):
    """Whether it says of itself what it holds, or all folders in it are parts that do."""
    return is_set(path) or bool(_parts(path))


def read(path, options):
    """A `LoadedData` in the order in which the set was written.

    Raises:
        UsageError: the parts have other classes.
        GanprofileError: the folder is damaged, or a part of an import is lost.
    """
    if is_set(path):
        return shaped(LoadedData(read_stored(path)), options)
    refuse_lost_parts(path)
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


def counted_parts(folder):
    """The parts of which the report of an import counts images; none where there is no report."""
    try:
        counts = read_json(folder / REPORT).get("images")
    except GanprofileError:
        return ()
    return PARTS[: len(counts)] if isinstance(counts, dict) else ()


def refuse_lost_parts(folder):
    """Refuse an import of which a part that its report counts is not there any more.

    Raises:
        GanprofileError: a folder is missing.
    """
    lost = [part for part in counted_parts(folder) if not (folder / part).is_dir()]
    if lost:
        raise GanprofileError(
            f"{printable(folder)} lacks the folder {lost[0]}, of which its {REPORT} counts images: "
            "copy it again, or import the data again with `force=True`."
        )


def is_set(folder):
    """Whether ganprofile wrote a folder, be it damaged; others, such as StyleGAN's, have a
    `dataset.json` of their own."""
    if not (folder / INFO).is_file() or (folder / MANIFEST).is_file():
        return (folder / INFO).is_file()
    try:
        return 2 * len(KEYS.keys() & read_json(folder / INFO)) > len(KEYS)
    except GanprofileError:
        return False


def _parts(path):
    """`{part: folder}` where all folders in one are parts that ganprofile wrote, else {}."""
    if not is_set(path / PARTS[0]):
        return {}
    folders = [one for one in path.iterdir() if one.is_dir() and not one.name.startswith(".")]
    are_ours = all(one.name in PARTS and is_set(one) for one in folders)
    return {part: path / part for part in PARTS if path / part in folders} if are_ours else {}
