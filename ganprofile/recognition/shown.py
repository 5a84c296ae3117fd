"""What is kept of the pictures that were read, to be looked at: some, and a sheet of all."""

import dataclasses
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.console import few, percent, say
from ganprofile.datasets.archives import is_archive
from ganprofile.datasets.loaders.pictures import SUFFIXES, is_picture, read_picture
from ganprofile.errors import UsageError
from ganprofile.figures import save_read_page
from ganprofile.figures.lettering import followed
from ganprofile.figures.reading import OVERVIEW
from ganprofile.recognition.calibration import own_calibration
from ganprofile.recognition.overview import Overview
from ganprofile.storage.files import expanded, file_name, printable, refuse_existing
from ganprofile.storage.names import as_word, by_numbers, require_there, resolved
from ganprofile.storage.paths import StrPath
from ganprofile.storage.places import check_writable

READ_WELL = 0.99  # the share read rightly from which on a reader's certainty is enough
# Where the reader's certainty was not measured: of MNIST's test images, three convnets of MNIST say
# less of 5 %, and read more than 99.9 % of the others rightly.
USUAL_LEVEL = 0.7
UNSURE = "?"
LISTED = 6  # folders or files that a sentence names
# Which pictures get a PNG, by what was read in them.
SHOWN: dict[str, Callable[[Any], bool]] = {
    "none": lambda read: False,
    "doubtful": lambda read: read.doubtful,
    "all": lambda read: True,
}


def doubt_level(info: dict[str, Any], sure: float = 0.0) -> float:
    """The certainty below which what is read is doubtful.

    Args:
        info: content of `reader.json`.
        sure: how sure the reader has to be, where the user says it; 0 asks the reader's card.

    Returns:
        `sure`; else the lowest level of the card with which the reader reads `READ_WELL` rightly,
        or the highest where it does so with none; `USUAL_LEVEL` where it was not measured,
        as of a student, whose card tells of its teachers.

    Example:
        >>> from ganprofile.recognition.shown import doubt_level
        >>> levels = [{"level": 0.9, "accuracy": 0.98}, {"level": 0.95, "accuracy": 0.995}]
        >>> measured = {"calibration": {"images": 100, "sure": levels}}
        >>> doubt_level(measured), doubt_level({}), doubt_level({}, 0.5)
        (0.95, 0.7, 0.5)
    """
    if sure:
        return sure
    measured = own_calibration(info).get("sure") or []
    known = [one for one in measured if one["accuracy"] is not None]
    if not known:
        return USUAL_LEVEL
    enough = [one["level"] for one in known if one["accuracy"] >= READ_WELL]
    return min(enough) if enough else max(one["level"] for one in known)


def pictures_at(given: Iterable[StrPath]) -> list[Path]:
    """The picture files that are meant, those of a folder in the order of their names.

    Args:
        given: paths of pictures, and of folders of some; what lies deeper in them is not read.

    Raises:
        UsageError: nothing is at a path, or an archive, or a folder holds no picture.
    """
    found: list[Path] = []
    for path in map(expanded, given):
        require_there("picture", path, lambda one: one.is_dir() or is_picture(one))
        if is_archive(path):
            raise UsageError(f"{printable(path)} is an archive. Unpack it, and name its folder.")
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(filter(is_picture, path.iterdir()), key=lambda one: by_numbers(one.name))
        if not inside:
            raise UsageError(_without_pictures(path))
        _say_what_is_passed_over(path)
        found += inside
    return found


def _say_what_is_passed_over(folder: Path) -> None:
    """Name what is not read in a folder of pictures: other files, such as HEIC, and folders."""
    others = sorted(
        one.name
        for one in folder.iterdir()
        if one.is_file() and not one.name.startswith(".") and not is_picture(one)
    )
    if others:
        say(
            f"{printable(folder)}: passed over, for no {', '.join(SUFFIXES)} files: "
            f"{few([*map(printable, others)], LISTED)}."
        )
    below = _folders_with_pictures(folder)
    if below:
        say(
            f"{printable(folder)}: folders of pictures in it are not looked into. Name them, too, "
            f"to read what they hold: {_listed(below)}."
        )


def _folders_with_pictures(folder: Path) -> list[Path]:
    """The folders in a folder that hold pictures, however deep, in the order of their names."""
    found = []
    for below, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if Path(below) != folder and any(is_picture(Path(below, name)) for name in names):
            found.append(Path(below))
    return sorted(found, key=lambda one: by_numbers(str(one)))


def _listed(folders: list[Path]) -> str:
    """Some folders, as they are named on a command line."""
    return few([*map(as_word, folders)], LISTED, " ")


def _without_pictures(folder: Path) -> str:
    """The sentence on a folder in which no picture lies."""
    below = _folders_with_pictures(folder)
    if not below:
        kinds = ", ".join(SUFFIXES)
        return f"{printable(folder)} holds no picture. Name a folder of {kinds} files."
    return (
        f"{printable(folder)} holds no picture itself, but folders of some, which are not looked "
        f"into. Name these: {_listed(below)}."
    )


@dataclasses.dataclass
class ShownPictures:
    """The folder of what is kept of some pictures.

    Attributes:
        folder: None writes nothing.
        show: a name in `SHOWN`.
        force: whether older ones are replaced.
        level: the certainty below which characters are doubtful, 0..1.
        overview: of what was read so far.
        places: where the PNG of each picture goes.
        replaces: whether older ones are there.
    """

    folder: Path | None
    show: str
    force: bool
    level: float = USUAL_LEVEL
    overview: Overview = dataclasses.field(default_factory=Overview)
    places: dict[Path, Path] = dataclasses.field(default_factory=dict)
    replaces: bool = False

    def check(self, paths: Sequence[Path]) -> None:
        """Refuse what cannot be written, before anything is read.

        Raises:
            UsageError: `show` is no name in `SHOWN`, a file is there already, or two would be one.
            GanprofileError: writing is not allowed there.
        """
        self.show = resolved("choice of pictures", self.show, SHOWN)
        if self.folder is None:
            return
        sheet = self.folder / OVERVIEW
        # Without its sheet nothing there is of an earlier reading, but somebody's own.
        self.replaces = self.force and sheet.is_file()
        shows = self.show != "none"
        self.places = _places(self.folder, paths) if shows or self.replaces else {}
        read = {path.resolve() for path in paths}
        if not shows:  # only taken away
            kept = read | {sheet.resolve()}
            self.places = {a: b for a, b in self.places.items() if b.resolve() not in kept}
        places = list(self.places.values())
        if sheet in places:
            raise UsageError(f"A picture is called {OVERVIEW}, as the sheet of all is. Rename it.")
        for place in (sheet, *places):
            if place.resolve() in read:
                raise UsageError(
                    f"{place} is a picture that is to be read. Choose another `output`."
                )
            refuse_existing(place, self.force)
        check_writable(sheet)

    def keep(self, read: Any, images: Sequence[Sequence[np.ndarray]], bits: int | None) -> Any:
        """Note a picture for the sheet, and write its PNG where it is to have one.

        Args:
            read: a `ReadPicture`.
            images: those of its characters, row by row, as they were read.
            bits: of its levels, as for `read_picture`.

        Returns:
            The `ReadPicture`, with the path of the PNG if there is one.
        """
        if self.folder is None:
            return read
        rows = [list(zip(*pair, strict=True)) for pair in zip(read.rows, images, strict=True)]
        self.overview.add(read.path, rows, read.problem)
        place = self.places.get(read.path)
        if place is None or read.problem:
            return read
        if not SHOWN[self.show](read):
            if self.replaces:
                place.unlink(missing_ok=True)  # of an earlier reading, in which it was shown
            return read
        place.parent.mkdir(parents=True, exist_ok=True)
        drawn = [[(image, one["box"], caption(one)) for one, image in row] for row in rows]
        save_read_page(place, read_picture(read.path, bits), drawn)
        return dataclasses.replace(read, shown=place)

    def finish(self) -> None:
        """Write the sheet of all."""
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.overview.save(self.folder / OVERVIEW, self.level)


def _places(folder: Path, paths: Sequence[Path]) -> dict[Path, Path]:
    """Where each picture's PNG goes: under its name, with that of its folder where two are alike,
    and with its suffix where these are, too.

    Raises:
        UsageError: two are alike even so.
    """
    names = {path: file_name(path.stem) for path in paths}
    for called in (lambda path: path.stem, lambda path: path.name):
        names |= {
            path: f"{file_name(path.resolve().parent.name)}-{file_name(called(path))}"
            for path in _alike(names)
        }
    for path in _alike(names)[:1]:
        same = [printable(one) for one in names if names[one].casefold() == names[path].casefold()]
        raise UsageError(
            f"{same[0]} and {same[1]} would be shown in one file, {printable(names[path])}.png. "
            "Read them into an `output` each, or rename one."
        )
    return {path: folder / f"{name}.png" for path, name in names.items()}


def _alike(names: dict[Path, str]) -> list[Path]:
    """The pictures of whose names there are several where capitals do not count."""
    counts = Counter(name.casefold() for name in names.values())
    return [path for path, name in names.items() if counts[name.casefold()] > 1]


def caption(one: dict[str, Any]) -> str:
    """A character as it was read, and how surely."""
    return followed(said(one), f" {percent(one['probability'])} %")


def said(one: dict[str, Any]) -> str:
    """The label of a character on one line, `UNSURE` where that is not sure."""
    return printable(one["label"]) if one.get("sure", True) else UNSURE
