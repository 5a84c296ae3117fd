"""What a word names: a dataset, in any case, or what lies at a path."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from ganprofile.console import say
from ganprofile.datasets.archives import within
from ganprofile.datasets.imports import imported_names, is_imported_from
from ganprofile.datasets.sources import DATASETS
from ganprofile.errors import UsageError
from ganprofile.hub.names import PREFIX as HUB
from ganprofile.storage.files import expanded, is_there, printable
from ganprofile.storage.names import did_you_mean, in_any_case, looks_like_path

TFDS = "tfds:"
PREFIXES = (HUB, TFDS)  # of names that say where data are, `hf:user/name` and `tfds:NAME`


def place_of(name: object) -> str | None:
    """The prefix of a name that says where data are, or None."""
    if not isinstance(name, (str, os.PathLike)):
        return None
    return next((prefix for prefix in PREFIXES if os.fspath(name).startswith(prefix)), None)


def known_names() -> list[str]:
    """The names of all datasets: our own, those of packages, imported ones."""
    return [*DATASETS, *imported_names()]


def dataset_named(word: object) -> str | None:
    """The name of the dataset that is meant by a word in any case, or None."""
    return in_any_case(str(word), known_names())


def dataset_or_path(word: object) -> str:
    """The name that is meant by a word, or the word itself, a path.

    What lies here under that very name comes before a dataset whose name is written differently.
    """
    text = str(word)
    name = dataset_named(text)
    return text if name is None or (name != text and is_there(text)) else name


def say_same_name(name: str) -> None:
    """Say it where a dataset is loaded by its name, and something else here is called so, too."""
    if not is_there(name) or is_imported_from(name, name):
        return
    what = "folder" if Path(name).is_dir() else "file"
    say(
        f"{printable(name)!r} is the dataset of this name. The {what} here is meant by "
        f"'./{printable(name)}'."
    )


def is_data(word: str) -> bool:
    """Whether a word, as `dataset_or_path` returns it, names a dataset or something at a path."""
    if word in known_names():
        return True
    return bool(word) and (is_there(expanded(word)) or within(expanded(word)) is not None)


def require_data(word: object, what: str = "dataset", others: Collection[str] = ()) -> None:
    """Refuse a word that names no dataset, no path and nothing elsewhere (`PREFIXES`).

    Args:
        word: what the user typed.
        what: what was asked for, in words.
        others: names of models, which might be meant, too.

    Raises:
        UsageError: with what may be meant.
    """
    word = dataset_or_path(word)
    if place_of(word) or is_data(word):
        return
    shown = f"{printable(word)!r:.200}"
    meant = did_you_mean(word, [*others, *known_names()], paths=True)
    if word and looks_like_path(word):
        raise UsageError(f"There is no file or folder {shown}.{meant or ' Look at the path.'}")
    main = dict.fromkeys(name.partition("/")[0] for name in known_names())  # of `emnist/letters`
    raise UsageError(
        f"No {what} {shown}. Known: {', '.join([*main, *others])}; or give the path of a "
        f"folder of pictures, a table, a file of arrays or an archive.{meant}"
    )
