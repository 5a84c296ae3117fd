"""The picture files that the rows of a table name."""

import itertools
import os
import re
from pathlib import Path

from ganprofile.datasets.loaders.columns import names_picture
from ganprofile.datasets.loaders.parts import folder_part
from ganprofile.datasets.loaders.pictures import is_picture
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import composed, printable

LONGEST_NAME = 255
MOST_LOOKED_THROUGH = 500_000  # entries of folders
LISTED = 3


class NamedFiles:
    """Finds what the rows of a table name, below a folder.

    Args:
        folder: what names are relative to.
        confined: names may not lead out of it, since others wrote them.
    """

    def __init__(self, folder, confined=False):
        self._folder, self._confined = folder, confined
        self._index = None
        self._guessed = []

    def find(self, table, number, name, tolerant, part=None):
        """The file that row `number` of a table names.

        It may be written with `\\` between folders, in the other of Unicode's forms, with other
        capitals, without the ending or without its folder, if only one picture can be meant: of
        several, the one in a folder of that part of the set.

        Raises:
            GanprofileError: there is none and `tolerant` is not set, or it lies outside.
        """
        if any(len(step) > LONGEST_NAME for step in re.split(r"[\\/]", name)):
            raise GanprofileError(
                f"{table}: row {number} has {name!r:.60}..., which is longer than the name of a "
                "file. Write pictures into files, and their names into the table."
            )
        file = self._folder / name.replace("\0", "?")
        if not _is_file(file):
            file = self._folder / name.replace("\0", "?").replace("\\", "/")
        if self._confined and not _lies_below(file, self._folder):
            raise GanprofileError(f"{table}: row {number} names {name!r}, which lies outside.")
        if _is_file(file):
            return _plain(file)
        several = self._by_other_name(name.replace("\\", "/"))
        of_part = [one for one in several if part and folder_part(one, self._folder) == part]
        found = next((some[0] for some in (several, of_part) if len(some) == 1), None)
        if found is not None:
            meant = self._place(found).as_posix()
            if composed(meant) != composed(name):  # Unicode's forms are no other name
                self._guessed.append((name, found))
            return found
        if tolerant:
            return file  # reading it will fail, and the findings list it
        row = f"{table}: row {number} names {name!r}"
        if several:
            there = ", ".join(printable(self._place(one)) for one in several[:LISTED])
            raise GanprofileError(
                f"{row}, which may be any of {len(several):,} files, such as {there}. Write their "
                "folders into the table."
            )
        raise GanprofileError(f"{row}, which does not exist. Put it there, or remove the row.")

    def _place(self, file):
        return file.relative_to(self._folder)

    def said(self, table):
        """Sentences on names that were understood otherwise than they are written."""
        if not self._guessed:
            return []
        name, file = self._guessed[0]
        meant = printable(self._place(file))
        return [
            f"{table}: {len(self._guessed):,} names were found with other capitals, another ending "
            f"or in another folder, such as {name!r} for {meant}."
        ]

    def pictures(self):
        """All pictures below the folder but hidden ones, sorted."""
        entries = itertools.islice(self._folder.rglob("*"), MOST_LOOKED_THROUGH)
        return sorted(
            entry
            for entry in entries
            if is_picture(entry)
            and not any(step.startswith(".") for step in self._place(entry).parts)
        )

    def _by_other_name(self, name):
        """The pictures that may be meant, a list."""
        if self._index is None:
            self._index = {}
            for file in self.pictures():
                place = composed(file.relative_to(self._folder).as_posix()).lower()
                bare = place.rpartition("/")[2]
                for key in {place, bare, place.rpartition(".")[0], bare.rpartition(".")[0]}:
                    self._index.setdefault(key, []).append(file)
        key = composed(name).removeprefix("./").lower()
        found = self._index.get(key) or self._index.get(key.rpartition("/")[2]) or []
        if not found and names_picture(key):  # .jpg where .jpeg or .png lies there
            found = self._index.get(key.rpartition(".")[0]) or []
        return found


def _plain(file):
    """A path without `..`, so that one file has one path."""
    return Path(os.path.normpath(file)) if ".." in file.parts else file


def _lies_below(file, folder):
    try:
        return file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a name too long, a loop of links
        return False


def _is_file(file):
    try:
        return file.is_file()
    except OSError:
        return False
