"""Folders that may be writers, whose characters are told by the names of the files."""

import re
from pathlib import PurePath

import numpy as np

from ganprofile.datasets.loaders import labels_in_names
from ganprofile.datasets.loaders.edges import thinned
from ganprofile.images import luminance
from ganprofile.storage.files import printable

COMPARED = 1_000  # images at most
FEWEST = 3  # folders, and names of files
ALIKE = 0.3  # of images resemble those of their file name, beyond chance
PEOPLE = re.compile(rf"({labels_in_names.PEOPLE})[ _.-]*\d+", re.IGNORECASE)
PIECES = re.compile(r"(parts?|folds?|batch|chunk|shard|pages?)[ _.-]*\d+", re.IGNORECASE)
LISTED = 3
WAY = "`labels='{writer}/{label}'`, with a * in place of what else is in their names"


def doubt_of(dataset):
    """A sentence where images of one file name in several folders look alike, and those of one
    folder do not, as if a folder were a writer who wrote every character once; else None.

    Args:
        dataset: a `Dataset` of pictures in class folders, with the attribute `file`.
    """
    files = [*map(PurePath, dataset.attributes["file"])]
    ways = dict.fromkeys(zip(*map(_names, files), strict=True))
    some = next(filter(None, (_alike(dataset, files, stems) for stems in ways)), None)
    if some is None:
        return None
    listed = ", ".join(
        map(printable, list(dict.fromkeys(file.parent.name for file in files))[:LISTED])
    )
    way = _pattern(files, are_writers=True) or WAY
    return (
        f"pictures called alike in different folders, such as {some.name}, look alike: the folders "
        f"({listed}, ...) may be writers, and the names of the files tell the characters. If so, "
        f"say {way}; if not, `labels='folders'`"
    )


def _pattern(files, are_writers=False):
    """The `labels` that names of files seem to tell, for a sentence, or None."""
    told = labels_in_names.told_by_paths(files, are_writers)
    names = ((told and told.pattern) or "").split("/")[-1]
    is_told = names not in ("", labels_in_names.LABEL_FIELD)  # which what else stands there hides
    return f"`labels={told.pattern!r}`" if is_told else None


def _names(file):
    """What a file is called, without what its folder is, and without numbers, too."""
    bare = file.stem.replace(file.parent.name, "")
    return file.stem, bare, re.sub("[0-9]+", "", bare)


def _alike(dataset, files, stems):
    """One of the files whose names `stems` are alike in different folders, if these look alike and
    not those of a folder; else None."""
    labels = dataset.labels
    stems, names = np.unique(stems, return_inverse=True)
    folders = np.bincount(np.unique(np.stack([names, labels]), axis=1)[0], minlength=len(stems))
    shared = (folders >= FEWEST)[names]  # a name that is in one folder tells nothing
    if shared.sum() < len(files) / 2 or len(np.unique(names[shared])) < FEWEST:
        return None
    some = np.flatnonzero(shared)
    some = some[:: -(-len(some) // COMPARED)]
    by_name, by_folder = resemblances(dataset.images[some], names[some], labels[some])
    called = [file.parent.name for file in files]
    are_people = sum(map(bool, map(PEOPLE.fullmatch, called))) > len(called) / 2
    if by_name < ALIKE or (by_name < by_folder and not are_people):
        return None
    return files[some[0]]


def doubt_of_pieces(dataset):
    """A sentence where all class folders are called as pieces of a set are, such as `Part01`; else
    None.

    Args:
        dataset: as for `doubt_of`.
    """
    class_names = dataset.class_names
    if not all(map(PIECES.fullmatch, class_names)):
        return None
    listed = ", ".join(map(printable, class_names[:LISTED]))
    files = [*map(PurePath, dataset.attributes["file"])]
    way = _pattern(files) or "`labels='**/*_{label}'` or so"
    return (
        f"the classes are called by folders ({listed}) that seem to be pieces of the set. If the "
        f"names of the files tell the characters, say {way}; if the folders are the classes, "
        "`labels='folders'`"
    )


def resemblances(images, names, folders):
    """How often the nearest image of another folder has the same file name, and the nearest of
    another name the same folder, both beyond chance: 0 where that is what chance gives, at most 1.
    """
    grey = luminance(thinned(images)).reshape(len(images), -1).astype(np.float32)
    squares = (grey**2).sum(axis=1)
    far = squares[:, None] + squares - 2 * grey @ grey.T
    same_name, same_folder = (kind[:, None] == kind for kind in (names, folders))
    return tuple(
        _beyond_chance(np.where(left_out, np.inf, far), wanted, ~left_out)
        for left_out, wanted in ((same_folder, same_name), (same_name, same_folder))
    )


def _beyond_chance(distances, wanted, compared):
    """How often the nearest is one that is wanted, beyond how often chance gives one."""
    rows = np.flatnonzero(compared.any(axis=1))
    if not len(rows):
        return 0.0
    found = wanted[rows, distances[rows].argmin(axis=1)].mean()
    chance = (wanted & compared).sum() / compared.sum()
    return float((found - chance) / max(1 - chance, 1e-9))
