"""What the `README.md` of a set on Hugging Face's Hub says of its files: which set and which part
each is of.
"""

import posixpath
import re
from fnmatch import fnmatch

import yaml

from ganprofile.datasets.loaders.pixel_headings import listed
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

CARD = "README.md"
FOLDERS_ABOVE = 3  # of a file: of its part, of its set, of the repository
LARGEST = 2**20  # characters of a card that are looked at
LISTED = 6
TRUE = "true", "True", "TRUE"
USUAL = "default"  # the set that is meant where none is named
LEARN_FROM = "train"  # the split of files that are named without one


def said_in(card):
    """The YAML that a `README.md` begins with, a dict of text; empty where there is none.

    A class called `no`, `12:30` or `1_0` is none of YAML's truths and numbers.
    """
    try:
        text = card.read_text("utf-8")[:LARGEST]
        front = re.match(r"---\s*\n(.*?)\n---", text, re.DOTALL)[1]
        said = yaml.load(front, Loader=yaml.BaseLoader)
    except (OSError, TypeError, ValueError, yaml.YAMLError):
        return {}
    return said if isinstance(said, dict) else {}


def split_in(config, file):
    """The name of the split that a file is of in one of the `configs`; `""` where only its folder
    is named, and None where it is not of that set.

    Args:
        config: a dict of the card's.
        file: `Path`, relative to the folder of the card.
    """
    path, folder = file.as_posix(), str(config.get("data_dir") or "")
    patterns = _patterns(config.get("data_files") or ({"": "**"} if folder else None))
    found = ((split, posixpath.normpath(posixpath.join(folder, one))) for split, one in patterns)
    return next((split for split, pattern in found if _fits(path, pattern)), None)


def _patterns(files, split=LEARN_FROM):
    """`[(split, pattern)]` of a text, a list, a dict with a `path`, or one by splits."""
    if isinstance(files, str):
        return [(split, files)]
    if isinstance(files, dict) and "path" in files:
        return _patterns(files["path"], str(files.get("split", split)))
    if isinstance(files, dict):
        return [pair for name, some in files.items() for pair in _patterns(some, str(name))]
    several = files if isinstance(files, list) else ()
    return [pair for one in several for pair in _patterns(one, split)]


def _fits(path, pattern):
    is_as_deep = path.count("/") == pattern.count("/") or "**" in pattern
    return is_as_deep and fnmatch(path, pattern)


def told_splits(files, root):
    """Which split each file of a set is of, as the card in their folder or around it says.

    Args:
        files: `Path`s in `root`.
        root: the folder that was named.

    Returns:
        `({file: split}, said)`, a split `""` where only the folder is named; files that are of none
        are left out and named. `{}` where no card says anything of them.

    Raises:
        UsageError: they are of several sets, none of which is the usual one.
    """
    there = root.resolve()
    for folder in (there, *there.parents[: FOLDERS_ABOVE - 1]):
        paths = {file: (there / file.relative_to(root)).relative_to(folder) for file in files}
        configs = said_in(folder / CARD).get("configs")
        sets = {}
        for config in configs if isinstance(configs, list) else ():
            if not isinstance(config, dict):
                continue
            found = {file: split_in(config, path) for file, path in paths.items()}
            found = {file: split for file, split in found.items() if split is not None}
            if found and found not in [one for one, _ in sets.values()]:
                name = str(config.get("config_name", USUAL))
                sets[name] = found, name == USUAL or config.get("default") in TRUE
        if sets:
            return _usual(sets, files, root)
    return {}, []


def _usual(sets, files, root):
    """The only set of several names, or that which is meant where none is named."""
    usual = [name for name, (_, is_usual) in sets.items() if is_usual or len(sets) == 1]
    if not usual:
        names = ", ".join(map(printable, sets))
        first = next(iter(next(iter(sets.values()))[0]))
        beside = {file for file in files if file.parent == first.parent}
        has_folder = first.parent != root and beside <= {*next(iter(sets.values()))[0]}
        one = first.parent if has_folder else first
        remedy = f"Name the {'folder' if has_folder else 'file'} of one, such as {printable(one)}"
        further = "" if has_folder else ", or put the files of one into a folder of their own"
        raise UsageError(
            f"{printable(root)} holds several sets, as {CARD} says: {names}. {remedy}{further}."
        )
    found = sets[usual[0]][0]
    left = listed([file.relative_to(root) for file in files if file not in found], LISTED)
    if len(found) == len(files):
        return found, []
    return found, [
        f"{printable(root)}: {left} not read, as {CARD} does not name it for the set "
        f"{printable(usual[0])}."
    ]
