"""The sheet of all that was read, in reading order."""

import dataclasses
import itertools
import operator
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.console import counted, percent
from ganprofile.figures import save_overview
from ganprofile.figures.lettering import drawn_name, followed
from ganprofile.figures.reading import OverviewCell

MOST_SHOWN = 400  # characters: more nobody looks at, and it stays one picture
LONGEST = 24  # letters of a class's name; cells become as wide as the longest of them needs


@dataclasses.dataclass
class Overview:
    """What was read so far.

    Attributes:
        cells: the first `MOST_SHOWN`, `((number, name) of the picture, cell)`; None for a picture
            of one character, whose name its cell has.
        pictures: how many were read.
        characters: how many were found in them.
        doubtful: how many of these are doubtful.
        empty: in how many pictures nothing was found; some of them may be unreadable.
        left_out: how many characters are not among `cells`.
        left_out_doubtful: how many of these are doubtful.
        left_out_empty: how many pictures in which nothing was found are not, either.
    """

    cells: list[tuple[tuple[int, str] | None, OverviewCell]] = dataclasses.field(
        default_factory=list
    )
    pictures: int = 0
    characters: int = 0
    doubtful: int = 0
    empty: int = 0
    left_out: int = 0
    left_out_doubtful: int = 0
    left_out_empty: int = 0

    def add(
        self,
        path: Path,
        rows: Sequence[Sequence[tuple[dict[str, Any], np.ndarray]]],
        problem: str | None = None,
    ) -> None:
        """Note a picture.

        Args:
            path: of it.
            rows: of characters, each what was read and the image in which it was read.
            problem: why it could not be read, or None.
        """
        found = list(itertools.chain.from_iterable(rows))
        self.pictures += 1
        self.characters += len(found)
        self.doubtful += sum(one["doubtful"] for one, _ in found)
        self.empty += not found
        name, picture = path.stem, None
        if len(found) > 1:
            name, picture = "", (self.pictures, path.name)
        cells = [OverviewCell(image, _label(one), one["doubtful"], name) for one, image in found]
        cells = cells or [OverviewCell(None, "unreadable" if problem else "nothing", True, name)]
        room = max(0, MOST_SHOWN - len(self.cells))
        self.cells += [(picture, cell) for cell in cells[:room]]
        self.left_out += len(found[room:])
        self.left_out_doubtful += sum(one["doubtful"] for one, _ in found[room:])
        self.left_out_empty += not found and not room

    def save(self, path: Path, level: float) -> None:
        """Write the sheet.

        Args:
            path: a PNG file.
            level: the certainty below which characters are doubtful, 0..1.
        """
        groups = [
            (picture and picture[1], [cell for _, cell in some])
            for picture, some in itertools.groupby(self.cells, operator.itemgetter(0))
        ]
        save_overview(path, groups, self.sentences(level))

    def sentences(self, level: float) -> list[str]:
        """What stands above the sheet."""
        said = [
            f"{counted(self.characters, 'character')} of {counted(self.pictures, 'picture')}, in "
            f"the order in which they were read; {self.doubtful:,} less sure than "
            f"{100 * level:g} %: framed, with a ?."
        ]
        if self.empty:
            said.append(f"Nothing was found in {counted(self.empty, 'picture')}: framed, too.")
        left_out = []
        if self.left_out:
            left_out.append(f"{self.left_out:,} more, {self.left_out_doubtful:,} doubtful")
        if self.left_out_empty:
            pictures = counted(self.left_out_empty, "picture")
            left_out.append(f"{pictures} in which nothing was found")
        return said + ([f"Not shown: {', and '.join(left_out)}."] if left_out else [])


def _label(one: dict[str, Any]) -> str:
    """A character as it was read, and how surely, whatever the user asked for."""
    mark = "?" * one["doubtful"]
    return followed(drawn_name(one["label"], LONGEST), f"{mark} {percent(one['probability'])} %")
