"""The picture files that the rows of a table name."""

import functools
import itertools
import os
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from ganprofile.datasets.loaders.columns import names_picture
from ganprofile.datasets.loaders.embedded_pictures import from_base64
from ganprofile.datasets.loaders.parts import ABOUT_LABELS, folder_part, name_part
from ganprofile.datasets.loaders.pictures import is_picture
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import composed, printable

LONGEST_NAME = 255
MOST_LOOKED_THROUGH = 500_000  # entries of folders
LISTED = 3
STEP = re.compile(r"[\\/]")  # from one folder of a name to the next


class NamedFiles:
    """Finds what the rows of a table name, below a folder.

    Args:
        folder: what names are relative to.
        confined: names may not lead out of it, since others wrote them.
    """

    def __init__(self, folder, confined=False):
        self._folder, self._confined = folder, confined
        self._index, self._folders, self._parts = None, set(), set()
        self._taken, self._guessed = set(), []

    def find_all(self, asked, tolerant):
        """The files that rows name, each `(table, number, name, part)` as `find` takes them.

        What one row names as it is written, no other means that names another folder.
        """
        there = [self._as_written(table, number, name) for table, number, name, _ in asked]
        self._taken = {*filter(None, there)}
        return [
            file or self._otherwise(*one, tolerant) for file, one in zip(there, asked, strict=True)
        ]

    def find(self, table, number, name, tolerant, part=None):
        """The file that row `number` of a table names.

        It may be written with `\\` between folders, in the other of Unicode's forms, with other
        capitals, without the ending or without its folder, if only one picture can be meant: of
        several, the one in a folder of that part of the set, or called as the table is. A folder
        that it names and that has pictures is the one that it lies in.

        Raises:
            GanprofileError: there is none and `tolerant` is not set, or it lies outside.
        """
        return self.find_all([(table, number, name, part)], tolerant)[0]

    def _as_written(self, table, number, name):
        """The file that a row names as it is, or None."""
        is_long = any(len(step) > LONGEST_NAME for step in STEP.split(name))
        if is_long or from_base64(name) is not None:
            raise GanprofileError(
                f"{table}: row {number} has {name!r:.60}..., which is longer than the name of a "
                "file. Write pictures into files, and their names into the table."
            )
        file = self._path(name)
        if self._confined and not _lies_below(file, self._folder):
            if is_absolute(name):  # on the machine where the table was written
                return None
            raise GanprofileError(f"{table}: row {number} names {name!r}, which lies outside.")
        return self._as_listed(file, name) if _is_file(file) else None

    def _as_listed(self, file, name):
        """The path of a file below the folder as `pictures` has it: one file has one path."""
        if not is_absolute(name) and ".." not in STEP.split(name):
            return file
        for path_of in (os.path.abspath, os.path.realpath):  # the second knows links
            place = Path(path_of(file.parent))
            if place.is_relative_to(folder := path_of(self._folder)):
                return self._folder / place.relative_to(folder) / file.name
        return Path(os.path.normpath(file))

    def _path(self, name):
        file = self._folder / name.replace("\0", "?")
        return file if _is_file(file) else self._folder / name.replace("\0", "?").replace("\\", "/")

    def _otherwise(self, table, number, name, part, tolerant):
        """The file that a row names in other words."""
        several = self._by_other_name(name.replace("\\", "/"))
        of_part = [one for one in several if part and folder_part(one, self._folder) == part]
        if part and part in self._parts and name_part(Path(table).stem) == part:
            several = of_part  # `train.csv` lists what lies in train/
        called = Path(table).stem.lower()  # as NumtaDB's `training-a.csv`
        beside = [one for one in several if called in {*self._above(one)} - {*ABOUT_LABELS}]
        found = next((some[0] for some in (several, of_part, beside) if len(some) == 1), None)
        if found is not None:
            meant = self._place(found).as_posix()
            if composed(meant) != composed(name):  # Unicode's forms are no other name
                self._guessed.append((name, found))
            return found
        row = f"{table}: row {number} names {name!r}"
        is_outside = self._confined and is_absolute(name)
        if tolerant and not is_outside:
            return self._path(name)  # reading it will fail, and the findings list it
        if several:
            there = ", ".join(printable(self._place(one)) for one in several[:LISTED])
            raise GanprofileError(
                f"{row}, which may be any of {len(several):,} files, such as {there}. Write their "
                "folders into the table."
            )
        if is_outside:
            raise GanprofileError(f"{row}, which lies outside.")
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

    @functools.cached_property
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
            for file in self.pictures:
                for key in _spellings(composed(self._place(file).as_posix()).lower()):
                    self._index.setdefault(key, []).append(file)
                self._folders.update(self._above(file))
                self._parts.add(folder_part(file, self._folder))
        asked = composed(name).removeprefix("./")
        folders, _, bare = asked.rpartition("/")
        # Of .jpeg, .jpg is another ending.
        keys = [asked, bare, *([asked.rpartition(".")[0]] if names_picture(asked) else [])]
        # A folder that is there is meant: a file of that name in another is another picture.
        told = {*folders.lower().split("/")} & self._folders
        taken = self._taken if folders else set()
        for key in keys:
            some = self._index.get(key.lower(), [])
            some = [file for file in some if told <= self._above(file)]
            some = [file for file in some if key != bare or file not in taken]
            places = {file: composed(self._place(file).as_posix()) for file in some}
            if some:  # those with the same capitals, if there are any
                return [file for file in some if key in _spellings(places[file])] or some
        return []

    def _above(self, file):
        """The names of the folders in which a file lies, in small letters."""
        return {*map(str.lower, map(composed, self._place(file).parts[:-1]))}


def _spellings(place):
    """What a file may be called that lies there: with folders and without, with its ending and
    without."""
    bare = place.rpartition("/")[2]
    return {place, bare, place.rpartition(".")[0], bare.rpartition(".")[0]}


def is_absolute(name):
    """Whether a name says where a file lies on a machine, of whatever system."""
    return PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).drive)


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
