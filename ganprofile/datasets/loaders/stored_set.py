"""A folder that ganprofile wrote, in any of its formats, or one with such parts, as imports are."""

import dataclasses
import os
from pathlib import Path

from ganprofile.datasets.formats.attributes import REAL
from ganprofile.datasets.formats.checksums import INFO, MANIFEST
from ganprofile.datasets.formats.imagefolder import METADATA_COLUMNS
from ganprofile.datasets.formats.set_writer import MANIFEST_COLUMNS
from ganprofile.datasets.loaders.loaded_data import PARTS, LoadedData
from ganprofile.datasets.loaders.shaping import shaped
from ganprofile.datasets.loaders.text_encoding import beginning
from ganprofile.datasets.loaders.writers import numbered_alike
from ganprofile.datasets.stored import INFO as KEYS
from ganprofile.datasets.stored import read_stored
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.figures.reading import OVERVIEW, is_overview
from ganprofile.storage.files import printable, read_json

WHAT = "a folder that ganprofile wrote"
ALWAYS = 5  # columns that manifests have, of whatever version
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
        return shaped(LoadedData(read_stored(path)), options).saying(*_not_read(path, [path]))
    refuse_lost_parts(path)
    folders = _parts(path)
    parts = [
        dataclasses.replace(read_stored(folder), split=part) for part, folder in folders.items()
    ]
    if any(part.class_names != parts[0].class_names for part in parts):
        raise UsageError(
            f"{printable(path)} has a training and a test part of other classes, or in another "
            "order. Write them with the same `class_names`."
        )
    reading = shaped(LoadedData(*numbered_alike(parts)), options)
    return reading.saying(*_not_read(path, folders.values()))


def _not_read(path, folders):
    """What is to be said of sets that lie inside of the folders that are read."""
    return written_said(path, [one for one in written_below(path) if one not in [*folders]])


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


def refuse_headless(folder):
    """Refuse a set that ganprofile wrote, or one with such parts, that lost its `dataset.json`: by
    its files alone its labels, and what of it is synthetic, would be guessed.

    Raises:
        GanprofileError: a folder has our manifest alone.
    """
    for one in (folder, *(folder / part for part in PARTS)):
        if (one / MANIFEST).is_file() and not (one / INFO).is_file() and _is_ours(one / MANIFEST):
            raise GanprofileError(
                f"{printable(one)} has the {MANIFEST} of a set that ganprofile wrote, but not its "
                f"{INFO}, which says what it holds. Copy the whole set again; or, to read its "
                f"files as your own, move {MANIFEST} elsewhere."
            )


def refuse_synthetic(table, rows):
    """Refuse the `metadata.csv` of a set that lost its `dataset.json` where it has synthetic
    images: nothing would tell them from what people wrote any more.

    Args:
        table: its path.
        rows: dicts of text, at least one.

    Raises:
        GanprofileError: a row is of such an image.
    """
    is_ours = {*METADATA_COLUMNS} <= rows[0].keys()
    if is_ours and any(row["source"] not in (REAL, "") for row in rows):
        raise GanprofileError(
            f"{printable(table)} lists synthetic images, as ganprofile's sets do, and no {INFO} "
            "beside it says how they were made. Copy the whole set again."
        )


def _is_ours(manifest):
    """Whether a table has the headings that all of our manifests begin with."""
    heading = next(iter(beginning(manifest)), "").strip().split(",")
    return tuple(heading[:ALWAYS]) == MANIFEST_COLUMNS[:ALWAYS]


def is_set(folder):
    """Whether ganprofile wrote a folder, be it damaged; others, such as StyleGAN's, have a
    `dataset.json` of their own."""
    if not (folder / INFO).is_file() or (folder / MANIFEST).is_file():
        return (folder / INFO).is_file()
    try:
        return 2 * len(KEYS.keys() & read_json(folder / INFO)) > len(KEYS)
    except GanprofileError:
        return False


def is_written(folder):
    """Whether ganprofile wrote a folder: a set, or what is kept of pictures that were read."""
    return is_set(folder) or is_overview(folder / OVERVIEW)


def written_below(path):
    """The folders that ganprofile wrote anywhere below a folder, in order."""
    walked = ((Path(place), names) for place, _, names in os.walk(path))
    marked = [folder for folder, names in walked if INFO in names or OVERVIEW in names]
    # What is kept of pictures may be read itself.
    return sorted(one for one in marked if (is_set if one == path else is_written)(one))


def written_said(path, folders):
    """What is to be said of folders that ganprofile wrote among a person's own pictures, which are
    left out, in a list, [] where there are none."""
    sets = [one for one in folders if is_set(one)]
    kinds = {
        ("is a set that ganprofile wrote", "are sets that ganprofile wrote"): sets,
        ("is what classify kept of pictures that were read",) * 2: sorted({*folders} - {*sets}),
    }
    return [
        f"{printable(path)}: {', '.join(printable(one.relative_to(path)) for one in some)} "
        f"{words[len(some) > 1]}, and left out."
        for words, some in kinds.items()
        if some
    ]


def refuse_alone(path, folders, pictures, what):
    """Refuse pictures that all lie in what ganprofile wrote.

    Args:
        path: the folder that was given.
        folders: what ganprofile wrote below it.
        pictures: the files.
        what: what the sentence calls them.

    Raises:
        UsageError: always.
    """
    holding = [one for one in folders if any(file.is_relative_to(one) for file in pictures)]
    if sets := [one for one in holding if is_set(one)]:
        raise UsageError(
            f"{printable(path)}: {what} lie in sets that ganprofile wrote alone, whose images may "
            f"be synthetic. Give one of them, such as {printable(sets[0])}, without `labels`."
        )
    raise UsageError(
        f"{printable(path)}: {what} lie alone in what classify kept of pictures that were read. "
        f"Give the folder of those pictures; or, to read what was kept, {printable(holding[0])} "
        "itself."
    )


def _parts(path):
    """`{part: folder}` where all folders in one are parts that ganprofile wrote, else {}."""
    if not is_set(path / PARTS[0]):
        return {}
    folders = [one for one in path.iterdir() if one.is_dir() and not one.name.startswith(".")]
    are_ours = all(one.name in PARTS and is_set(one) for one in folders)
    return {part: path / part for part in PARTS if path / part in folders} if are_ours else {}
