"""`classify`: read photographs and scans."""

import dataclasses
from pathlib import Path

import numpy as np

from ganprofile.capture.page import Character, characters
from ganprofile.capture.photo import single as only_character
from ganprofile.datasets.readers.depth import common_depth
from ganprofile.datasets.readers.pictures import read_picture
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.figures import save_read_page
from ganprofile.files import file_name, refuse_existing
from ganprofile.reading.reader import Reader

WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclasses.dataclass(frozen=True)
class ReadPicture:
    """What was read in a picture.

    Attributes:
        path: of the picture.
        rows: a list of rows, each a list of dicts: `label`, the name of the class; `probability`;
            `box`, top, left, bottom and right in shares of the picture.
        shown: the path of a PNG, the picture beside the characters as they were read, or None.
    """

    path: Path
    rows: list
    shown: Path | None = None

    @property
    def text(self):
        """The labels, a line a row."""
        return "\n".join("".join(one["label"] for one in row) for row in self.rows)


def classify(pictures, reader=None, *, single=False, bits=None, output="classified", force=False):
    """Read the characters of photographs or scans, dark ink on lighter paper.

    Args:
        pictures: paths of picture files.
        reader: a `Reader` or the path of one; None takes the newest in `readers/`.
        single: whether each picture holds one character, such as a cell of a form.
        bits: how many bits the levels of pictures of more than 8 have, see `load`.
        output: the folder for a PNG for each picture: the picture beside the characters in the form
            in which they were read; None writes none.
        force: replace older ones.

    Returns:
        A list of `ReadPicture`, one a picture.

    Raises:
        UsageError: no pictures are named, or a PNG is there already.
        GanprofileError: a picture or the reader cannot be read.
    """
    paths = [Path(path) for path in pictures]
    if not paths:
        raise UsageError("Name one picture or more. Received: none.")
    shown = _places(paths, output, force)
    reader = reader if isinstance(reader, Reader) else Reader.open(reader)
    side = _side_of(reader)
    bits = common_depth(paths, bits).bits
    return [
        _read(path, read_picture(path, bits), place, reader, side, single)
        for path, place in zip(paths, shown, strict=True)
    ]


def _places(paths, output, force):
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


def _side_of(reader):
    """Of the images that a reader reads."""
    height, width, channels = reader.info["image_shape"]
    if height != width or channels != 1:
        raise GanprofileError(
            f"{reader.path} reads images of {height}x{width}x{channels}; photographs become square "
            "and grey. Train one on such images: ganprofile classify --train mnist."
        )
    return height


def _read(path, picture, place, reader, side, single):
    if single:
        rows = [[Character(only_character(picture, side), WHOLE)]]
    else:
        rows = characters(picture, side)
    read = [_read_row(row, reader) for row in rows]
    if place is not None:
        save_read_page(place, picture, [_as_drawn(*pair) for pair in zip(rows, read, strict=True)])
    return ReadPicture(path, read, place)


def _read_row(row, reader):
    labels, probabilities = reader.read(np.stack([character.image for character in row]))
    return [
        {
            "label": reader.info["class_names"][label],
            "probability": float(probability),
            "box": list(character.box),
        }
        for character, label, probability in zip(row, labels, probabilities, strict=True)
    ]


def _as_drawn(row, read):
    """Image, box and caption of every character of a row."""
    return [
        (character.image, character.box, f"{one['label']} {100 * one['probability']:.0f} %")
        for character, one in zip(row, read, strict=True)
    ]
