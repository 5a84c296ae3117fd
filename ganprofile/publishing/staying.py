"""What of a folder stays here: links, hidden files, what Python would run, and results that show
people's images.
"""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ganprofile.datasets.loaders.loaded_data import NO_CONTENT
from ganprofile.datasets.loaders.mat_files import HDF5
from ganprofile.evaluation.pictures import GRIDS, PAIRS
from ganprofile.evaluation.result import RESULT
from ganprofile.hub.download import CODE, PICKLES
from ganprofile.recognition.reader import FILE, FOLDS

CARD = "README.md"
OF_KERAS = ("model_config", "layer_names", "keras_version")  # what its HDF5 files say of themselves
REPORTS = (".html", ".htm")
PROFILE = "profile.json"  # of how people write, which pictures show and a table says by name
OF_PROFILES = ("map.png", "hands.png", "means.png", "nearest.png")
WRITTEN_BY_US = b"Written by ganprofile "  # below every report
A_PICTURE = b"data:image/"
CLASSIFIER = "classifier"  # how the files that a reader reads with begin


def goes_of_reader(name):
    """Whether a file of a reader's folder is what reads, or says what that is."""
    return name in (FILE, CARD) or name.startswith(CLASSIFIER)


# What goes of a folder of results, which a folder of data may hold, by the file that marks it.
INSIDE: dict[str, Callable[[str], bool]] = {
    FILE: goes_of_reader,
    RESULT: lambda name: name not in (GRIDS, PAIRS),
}


@dataclasses.dataclass
class Listed:
    """The files below a folder, paths from there.

    Attributes:
        names: those that go.
        left_out: those that stay, and folders, which end in `/`.
        of_people: those of `left_out` that show images of people.
    """

    names: list[str] = dataclasses.field(default_factory=list)
    left_out: list[str] = dataclasses.field(default_factory=list)
    of_people: list[str] = dataclasses.field(default_factory=list)


def listed(folder, goes):
    """Which files below a folder go and which stay, a `Listed`.

    Args:
        folder: a `Path`.
        goes: a function of a file's path from the folder: whether it goes.
    """
    found = Listed()
    rules = {folder: (folder, goes)}
    for place, folders, files in os.walk(folder):
        place = Path(place)
        rule = rules.get(place) or _rule_inside(place, files) or rules[place.parent]
        rules[place] = rule
        linked = [one for one in folders if Path(place, one).is_symlink()]
        hidden = [one for one in folders if one.startswith(NO_CONTENT)]
        inside = place.relative_to(folder)
        found.left_out += [f"{(inside / one).as_posix()}/" for one in (*linked, *hidden)]
        folders[:] = sorted(set(folders) - {*linked, *hidden})
        for file in sorted(files):
            _sort_in(found, place / file, (inside / file).as_posix(), rule)
    found.left_out.sort()
    found.of_people.sort()
    return found


def _rule_inside(place, files):
    """Where the folder of a result begins and what of it goes, or None where it is none."""
    return next(((place, goes) for mark, goes in INSIDE.items() if mark in files), None)


def _sort_in(found, file, name, rule):
    root, goes = rule
    is_plain = not file.is_symlink() and file.is_file()
    may_go = is_plain and not file.name.startswith(NO_CONTENT) and not _runs(file)
    shows = may_go and _shows_people(file)
    if may_go and not shows and goes(file.relative_to(root).as_posix()):
        found.names.append(name)
        return
    found.left_out.append(name)
    if shows:
        found.of_people.append(name)


def _runs(file):
    """Whether Python would run it, or unpickle it: the Hub's users should not have to ask."""
    named_so = any(PurePosixPath(file.name).match(pattern) for pattern in (*CODE, *PICKLES))
    return named_so or (file.suffix.lower() in HDF5 and _is_network(file))


def _is_network(file):
    """Whether an HDF5 file is a network as older versions of Keras save it, in which code may be,
    or nothing that can be opened."""
    import h5py

    try:
        with h5py.File(file, "r") as opened:
            return any(mark in opened.attrs for mark in OF_KERAS)
    except OSError:
        return True


def _shows_people(file):
    """Whether it is a result that shows real images, of whoever wrote what it was made of."""
    if file.suffix.lower() in REPORTS:
        content = file.read_bytes()
        return WRITTEN_BY_US in content and A_PICTURE in content
    marks = {FOLDS: FILE, GRIDS: RESULT, PAIRS: RESULT, **dict.fromkeys(OF_PROFILES, PROFILE)}
    return file.name in marks and file.with_name(marks[file.name]).is_file()
