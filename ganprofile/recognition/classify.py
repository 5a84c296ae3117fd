"""`classify`: read photographs and scans."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from ganprofile.console import ProgressBar, say
from ganprofile.datasets.capture.page import Character, characters
from ganprofile.datasets.capture.photo import single as only_character
from ganprofile.datasets.loaders.depth import common_depth
from ganprofile.datasets.loaders.pictures import read_picture
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.figures import save_read_page
from ganprofile.recognition.reader import Reader
from ganprofile.storage.files import file_name, refuse_existing
from ganprofile.storage.names import require_there
from ganprofile.storage.paths import StrPath, several

WHOLE = (0.0, 0.0, 1.0, 1.0)
UNSURE = "?"
AT_ONCE = 32  # pictures whose characters are read together: a reader takes long to begin


Rows: TypeAlias = list[list[Character]]


@dataclasses.dataclass(frozen=True)
class ReadPicture:
    """What was read in a picture.

    Attributes:
        path: of the picture.
        rows: a list of rows, each a list of dicts: `label`, the name of the class; `probability`;
            `sure`, whether that is as much as was asked; `box`, top, left, bottom and right in
            shares of the picture.
        shown: the path of a PNG, the picture beside the characters as they were read, or None.

    Example:
        >>> from pathlib import Path
        >>> from ganprofile.recognition import ReadPicture
        >>> rows = [[{"label": "4"}, {"label": "2"}], [{"label": "7"}]]
        >>> print(ReadPicture(Path("page.png"), rows).text)
        42
        7
    """

    path: Path
    rows: list[list[dict[str, Any]]]
    shown: Path | None = None

    @property
    def text(self) -> str:
        """The labels, a line per row; `UNSURE` for those that are not sure."""
        return "\n".join("".join(map(_said, row)) for row in self.rows)

    @property
    def unsure(self) -> int:
        """How many characters are not read as surely as was asked."""
        return sum(not one.get("sure", True) for row in self.rows for one in row)


def _said(one: dict[str, Any]) -> str:
    return one["label"] if one.get("sure", True) else UNSURE


def classify(
    pictures: StrPath | Iterable[StrPath],
    reader: Reader | StrPath | None = None,
    *,
    single: bool = False,
    bits: int | None = None,
    sure: float = 0.0,
    output: StrPath | None = None,
    force: bool = False,
    progress: bool = True,
) -> list[ReadPicture]:
    """Read the characters of photographs or scans, dark ink on lighter paper.

    Args:
        pictures: paths of picture files, or one.
        reader: a `Reader` or the path of one; None takes the newest in `readers/`.
        single: whether each picture holds one character, such as a cell of a form.
        bits: how many bits the levels of pictures of more than 8 have, see `load`; None goes by the
            highest level of all.
        sure: how sure the reader has to be, a probability in 0..1: characters of which it is less
            sure are `?` in `text`. Teachers and their student are about as sure as they are right.
        output: the folder for a PNG for each picture: the picture beside the characters in the form
            in which they were read; None writes none.
        force: replace older ones.
        progress: whether to show a bar, of several pictures.

    Returns:
        A list of `ReadPicture`, one a picture.

    Raises:
        UsageError: no pictures are named, or a PNG is there already.
        GanprofileError: a picture or the reader cannot be read.

    Example:
        >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
        >>> from PIL import Image
        >>> digit = gp.load("digits")[1].images[0, :, :, 0]
        >>> Image.fromarray(255 - digit).save("digit.png")
        >>> (read,) = gp.classify(["digit.png"], reader, single=True)
        >>> read.text in reader.info["class_names"]
        True
    """
    if not 0 <= sure <= 1:
        raise UsageError(f"`sure` should be a probability, from 0 to 1. Received: {sure}.")
    paths = [Path(path) for path in several(pictures)]
    if not paths:
        raise UsageError("Name one picture or more. Received: none.")
    for path in paths:  # before a reader is looked for, or a folder made
        require_there("picture", path)
    shown = _places(paths, output, force)
    reader = reader if isinstance(reader, Reader) else Reader.open(reader)
    if sure and not (reader.info.get("calibration") or {}).get("images"):
        say(
            f"How sure {reader.path} is was not held against images that it had not seen: {sure:g} "
            "is as its network says it. Teachers are held so: ganprofile classify --train."
        )
    side = _side_of(reader)
    found: list[ReadPicture] = []
    bits = common_depth(paths, bits).bits
    with ProgressBar(len(paths), progress and len(paths) > 1) as bar:
        for first in range(0, len(paths), AT_ONCE):
            some = []
            for path in paths[first : first + AT_ONCE]:
                some.append(_found(read_picture(path, bits), side, single))
                bar.show_rate(len(found) + len(some), "pictures")
            places = shown[first : first + AT_ONCE]
            found += _read(paths[first : first + AT_ONCE], places, some, reader, bits, sure)
    return found


def _places(paths: Sequence[Path], output: StrPath | None, force: bool) -> list[Path] | list[None]:
    """Where the PNG of each picture goes."""
    if output is None:
        return [None] * len(paths)
    Path(output).mkdir(parents=True, exist_ok=True)
    places = [Path(output) / f"{file_name(path.stem)}.png" for path in paths]
    if len(set(places)) < len(places):
        raise UsageError("Two of the pictures have the same name. Read them one after the other.")
    for place in places:
        refuse_existing(place, force)
    return places


def _side_of(reader: Reader) -> int:
    """Of the images that a reader reads."""
    height, width, channels = reader.info["image_shape"]
    if height != width or channels != 1:
        raise GanprofileError(
            f"{reader.path} reads images of {height}x{width}x{channels}; photographs become square "
            "and grey. Train one on such images: ganprofile classify --train mnist."
        )
    return height


def _found(picture: np.ndarray, side: int, single: bool) -> Rows:
    """The characters of a picture, row by row."""
    return (
        [[Character(only_character(picture, side), WHOLE)]] if single else characters(picture, side)
    )


def _read(
    paths: Sequence[Path],
    places: Sequence[Path | None],
    some: Sequence[Rows],
    reader: Reader,
    bits: int | None,
    sure: float,
) -> Iterator[ReadPicture]:
    """Read the characters of some pictures, all together."""
    images = [character.image for rows in some for row in rows for character in row]
    said = iter(zip(*reader.read(np.stack(images)), strict=True)) if images else iter(())
    names = reader.info["class_names"]
    for path, place, rows in zip(paths, places, some, strict=True):
        read = [
            [_described(character, *next(said), names, sure) for character in row] for row in rows
        ]
        if place is not None:
            drawn = [_as_drawn(*pair) for pair in zip(rows, read, strict=True)]
            save_read_page(place, read_picture(path, bits), drawn)
        yield ReadPicture(path, read, place)


def _described(
    character: Character, label: int, probability: float, names: Sequence[str], sure: float
) -> dict[str, Any]:
    return {
        "label": names[label],
        "probability": float(probability),
        "sure": bool(probability >= sure),
        "box": list(character.box),
    }


def _as_drawn(
    row: Sequence[Character], read: Sequence[dict[str, Any]]
) -> list[tuple[np.ndarray, tuple[float, ...], str]]:
    """Image, box and caption of every character of a row."""
    return [
        (character.image, character.box, f"{_said(one)} {100 * one['probability']:.0f} %")
        for character, one in zip(row, read, strict=True)
    ]
