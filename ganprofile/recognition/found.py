"""The characters of picture files, as a reader wants them, and what is odd about the files."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from ganprofile.console import counted
from ganprofile.datasets.capture.glyphs import BOX
from ganprofile.datasets.capture.ink import has_light_ink, reduced
from ganprofile.datasets.capture.page import (
    LARGER,
    LOOSE,
    PALE,
    Character,
    Page,
    characters,
    left_out_said,
    read_page,
)
from ganprofile.datasets.capture.photo import single as only_character
from ganprofile.datasets.inspection import filled_shares
from ganprofile.datasets.loaders.pictures import read_header, read_picture
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

Rows: TypeAlias = list[list[Character]]

WHOLE = (0.0, 0.0, 1.0, 1.0)
SEVERAL = 6  # characters in a picture that is to hold one: those of some scripts have loose parts
GLANCE = 500  # pixels of the longer side in which they are counted
ALIKE = 2.5  # pixels: characters of one size differ by less


@dataclasses.dataclass(frozen=True)
class FoundIn:
    """What was found in a picture.

    Attributes:
        path: of its file.
        rows: of its characters.
        problem: why it could not be read, a sentence; None where it was.
        light_ink: whether its ink is lighter than its paper.
        frames: how many pictures the file holds, of which the first is looked at.
        seen: how many characters seem to be there where one was looked for, if they are several.
        passed_over: how many pieces of ink on a page may be characters and were not taken for any,
            by why.
        cut: how many characters touch the edge of a page, which may cut them off.
    """

    path: Path
    rows: Rows
    problem: str | None = None
    light_ink: bool = False
    frames: int = 1
    seen: int = 0
    passed_over: Counter[str] = dataclasses.field(default_factory=Counter)
    cut: int = 0

    @property
    def is_odd(self) -> bool:
        """Whether there is something to be said of it."""
        counts = self.frames - 1, self.seen, self.passed_over.total(), self.cut
        return self.light_ink or any(counts)


@dataclasses.dataclass(frozen=True)
class Finder:
    """How characters are looked for.

    Attributes:
        side: of their images, in pixels.
        filled: the share of it that their longer side fills.
        single: whether a picture holds one.
        bits: of the levels of pictures, as for `read_picture`.
        keep_size: what is known of the pictures that a reader learned from whose characters kept
            their sizes: how many pixels one of middling size is long, or `"auto"`; else None.
    """

    side: int
    filled: float = BOX
    single: bool = False
    bits: int | None = None
    keep_size: float | str | None = None

    @property
    def middling(self) -> float | None:
        """How many pixels a character of middling size is long, where that is known."""
        return None if isinstance(self.keep_size, str) else self.keep_size

    def find(self, path: Path) -> FoundIn:
        """The characters of a picture file, row by row; none of one without ink."""
        try:
            picture, frames = read_picture(path, self.bits), read_header(path).frames
        except GanprofileError as error:
            return FoundIn(path, [], str(error))
        light_ink = has_light_ink(picture)
        picture = 255 - picture if light_ink else picture
        page = self._page(picture)
        seen = self._seen(picture) if page.rows else 0
        passed_over = Counter({why: page.left_out[why] for why in (LOOSE, LARGER, PALE)})
        return FoundIn(path, page.rows, None, light_ink, frames, seen, +passed_over, page.cut)

    def _page(self, picture: np.ndarray) -> Page:
        if not self.single:
            return read_page(picture, self.side, self.filled, self.keep_size is not None)
        image = only_character(picture, self.side, self.filled, self.middling)
        return Page([[Character(image, WHOLE)]] if image.any() else [], Counter())

    def _seen(self, picture: np.ndarray) -> int:
        """How many characters a picture holds that is to hold one, if they are several; else 0."""
        if not self.single:
            return 0
        count = sum(map(len, characters(reduced(picture, GLANCE), self.side)))
        return count if count >= SEVERAL else 0


def together(paths: Sequence[Path], finder: Finder, count: int) -> Iterator[list[FoundIn]]:
    """What is found in pictures, as many at a time as hold so many characters."""
    some: list[FoundIn] = []
    for path in paths:
        some.append(finder.find(path))
        if sum(len(row) for one in some for row in one.rows) >= count:
            yield some
            some = []
    if some:
        yield some


def usual_filled(images: np.ndarray) -> float:
    """The share of the side that photographed characters are to fill, as those of a dataset do.

    Args:
        images: uint8 `(n, height, width, channels)`, 255 = ink.

    Returns:
        The median of the images where they are of one size, such as those cropped to their ink; as
        in MNIST where they are as large as there, or not of one size.
    """
    shares = filled_shares(images)
    shares = shares[shares > 0]
    if not len(shares):
        return BOX
    low, middle, high = np.quantile(shares, (0.1, 0.5, 0.9))
    near = ALIKE / images.shape[1]
    return float(middle) if high - low < near <= abs(middle - BOX) else BOX


def oddities(found: Sequence[FoundIn]) -> list[str]:
    """What is to be said of the pictures that were read, in sentences."""
    several = [one for one in found if one.frames > 1]
    cut = [one for one in found if one.cut and one.rows]
    light = [one for one in found if one.light_ink and one.rows]
    pages = [one for one in found if one.seen]
    loose = [one for one in found if one.passed_over]
    said = []
    if light:
        said.append(
            f"{_named(light)} shows light ink on dark paper, and was read with the two exchanged."
        )
    if pages:
        said.append(
            f"{_named(pages)} seems to hold {pages[0].seen:,} characters, of which one was read. "
            "Leave out `single` to read them all."
        )
    if loose:
        said.append(
            f"{_named(loose)} shows ink that was taken for no character, though it may be one: "
            f"{left_out_said(loose[0].passed_over)}."
        )
    if cut:
        said.append(
            f"{_named(cut)} shows {counted(cut[0].cut, 'character')} at its edge: what is cut off "
            "is read by what is left of it."
        )
    if several:
        said.append(
            f"{_named(several)} holds {several[0].frames:,} pictures, of which the first was read. "
            "Save each as a file of its own to read them all."
        )
    return said


def _named(found: Sequence[FoundIn]) -> str:
    """The first picture, and how many are as it is."""
    others = len(found) - 1
    return printable(found[0].path) + (f" (as {others:,} more)" if others else "")
