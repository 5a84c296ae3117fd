"""What is made stays outside the folder that is read, where it would be taken for more pictures."""

import os

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.formats.checksums import INFO
from ganprofile.datasets.naming import dataset_or_path, known_names, place_of
from ganprofile.errors import UsageError
from ganprofile.storage.files import expanded, printable


def refuse_inside(output, *given):
    """Refuse to make something inside a folder of pictures that is read.

    Args:
        output: the file or folder that is to be made; None keeps nothing.
        *given: what is read: names or paths, `Dataset`s, pairs of them; whatever else is no folder.

    Raises:
        UsageError: it would lie in one of them, or be one of them. A set that ganprofile wrote may
            hold more.
    """
    if output is None:
        return
    place = expanded(output).resolve()
    for folder in filter(None, map(_folder, _each(given))):
        is_set = (folder / INFO).is_file()
        if place != folder and (is_set or not place.is_relative_to(folder)):
            continue
        outside = folder.parent / (place.name if place != folder else f"{place.name}-made")
        outside = str(outside) if expanded(output).is_absolute() else os.path.relpath(outside)
        why = (
            "is what is read, and would be replaced by what is made of it"
            if is_set
            else f"would lie in {printable(folder)}, whose pictures are read: what is made there "
            "would be taken for more of them"
        )
        raise UsageError(
            f"{printable(output)} {why}. Name a place outside, such as `output={outside!r}`."
        )


def _each(given):
    """The same without the pairs that hold them."""
    for one in given:
        yield from _each(one) if isinstance(one, (tuple, list)) else (one,)


def _folder(given):
    """The folder that is meant by a name or path, or that a `Dataset` was read from, or None."""
    if isinstance(given, Dataset):
        given = dict(given.recipe[0]).get("load") if given.recipe else None
    if not isinstance(given, (str, os.PathLike)) or place_of(word := dataset_or_path(given)):
        return None
    if word in known_names() or not (folder := expanded(word).resolve()).is_dir():
        return None
    return folder
