"""Whether pictures lie on their side or upside down, as a reader sees it.

Cameras say in EXIF how they were held, and scanners and programs that drop it say nothing. A
reader is surer of characters that stand as those that it learned from: it reads some of them as
they are and turned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ganprofile.console import percent
from ganprofile.datasets.orientation import turned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ganprofile.recognition.reader import Reader

TURNS = (90, 180, 270)  # degrees, clockwise
# Characters that are looked at of the first picture, or of all with few; of each further one at
# least; that tell of a picture.
MOST, EACH, FEWEST = 200, 20, 10
# With k-nn, 3 of 2,000 random draws of ten upright photographed digits went so far the other way,
# none of forty; of forty on their side nearly all, of forty upside down 26 % and 85 %.
CLEAR, BETTER = 2.0, 0.05  # standard errors of the mean gain in certainty, and that gain


class Lying:
    """How sure a reader is of characters, as they are and turned.

    Args:
        reader: the `Reader`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._paths: list[Path] = []  # of each character that is looked at
        self._images: list[NDArray[np.uint8]] = []
        self._read: list[float] = []
        self._pictures = 0  # with many characters
        self._left = MOST  # for pictures with few

    def look(self, path: Path, images: Sequence[NDArray[np.uint8]], read: Sequence[float]) -> None:
        """Take in the characters of a picture, to look at them in the end.

        Args:
            path: of the picture.
            images: its characters, uint8 `(height, width, 1)`, as the reader read them.
            read: how sure it was of each.
        """
        count = min(len(images), self._share(len(images)))
        self._paths.extend([path] * count)
        self._images.extend(images[:count])
        self._read.extend(read[:count])

    def _share(self, count: int) -> int:
        """How many characters of a picture with so many are looked at, however many came before."""
        if count < FEWEST:  # which tell together
            share = min(count, self._left)
            self._left -= share
            return share
        self._pictures += 1
        return max(EACH, MOST // self._pictures)

    def sentences(self) -> Iterator[str]:
        """What to tell the user: of pictures with many characters one by one, else of all."""
        if not self._images:
            return
        # All at once, for a network takes as long for one image as for many.
        some = np.stack(self._images)
        turns = [self._reader.read(turned(some, rotate=degrees))[1] for degrees in TURNS]
        rows_of_all = np.stack([self._read, *turns], axis=1)
        paths = np.array([str(path) for path in self._paths])
        of_each = {path: rows_of_all[paths == path] for path in dict.fromkeys(paths.tolist())}
        few = [rows for rows in of_each.values() if len(rows) < FEWEST]
        for path, rows in of_each.items():
            if found := _better(rows):
                yield _sentence(path, found)
        if few and (found := _better(np.concatenate(few))):
            yield _sentence("The pictures", found)


def _better(rows: NDArray[Any]) -> tuple[int, float, float] | None:
    """The turn that a reader is clearly surer after, and how sure it is before and after."""
    if len(rows) < FEWEST:
        return None
    means = rows.mean(axis=0)
    best = 1 + int(means[1:].argmax())
    gain = rows[:, best] - rows[:, 0]
    if gain.mean() < max(BETTER, CLEAR * gain.std(ddof=1) / len(gain) ** 0.5):
        return None
    return TURNS[best - 1], means[0], means[best]


def _sentence(what: str, found: tuple[int, float, float]) -> str:
    degrees, *certainties = found
    before, after = map(percent, certainties)
    lie = "upside down" if degrees == 180 else "on their side"
    return (
        f"{what}: the characters seem to lie {lie}: turned by {degrees} degrees clockwise, they "
        f"are read with a certainty of {after}% on average in place of {before}%. Look at them, "
        "and turn the pictures if so."
    )
