"""Photographs and scans of handwriting: found characters, in reading order."""

import dataclasses

import numpy as np

from ganprofile.capture.glyphs import normalised
from ganprofile.capture.ink import darkening, ink_mask, reduced
from ganprofile.capture.opencv import cv2

SPECK = 0.08  # of the height of the highest piece: what is smaller both ways is a speck
RIM = 0.06  # of a side: what mostly lies so near an edge is the border of a cell
MOSTLY = 0.6


@dataclasses.dataclass(frozen=True)
class Piece:
    """What hangs together.

    Attributes:
        mask: bool `(height, width)` of the whole picture.
        top, left, bottom, right: its box, the last two excluded.
        area: how many places it has.
    """

    mask: np.ndarray
    top: int
    left: int
    bottom: int
    right: int
    area: int

    @property
    def height(self):
        return self.bottom - self.top

    @property
    def width(self):
        return self.right - self.left


def single(picture, side=28):
    """The one character of a picture, such as a cell of a form.

    Args:
        picture: uint8 `(height, width, 1 or 3)`, dark ink on lighter paper.
        side: of the image in pixels.

    Returns:
        uint8 `(side, side, 1)`, 0 = paper, 255 = ink; all paper where there is no ink.
    """
    picture = reduced(picture)
    mask = character_mask(ink_mask(darkening(picture)))
    if not mask.any():
        return np.zeros((side, side, 1), np.uint8)
    return normalised(mask, side)


def pieces(mask):
    """What hangs together in a mask, a list of `Piece`."""
    _, labels, boxes, _ = cv2().connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return [
        Piece(labels == k, top, left, top + height, left + width, area)
        for k, (left, top, width, height, area) in enumerate(boxes.tolist())
        if k
    ]


def character_mask(mask):
    """Of the ink of a cell what belongs to its character: neither its border nor specks."""
    height, width = mask.shape
    inner = [piece for piece in pieces(mask) if not _is_border(piece, height, width)]
    if not inner:
        return mask
    highest = max(max(piece.height, piece.width) for piece in inner)
    kept = [piece for piece in inner if max(piece.height, piece.width) > SPECK * highest]
    main = max(kept, key=lambda piece: piece.area)
    kept = [piece for piece in kept if _is_near(piece, main)]
    return np.logical_or.reduce([piece.mask for piece in kept])


def _is_border(piece, height, width):
    """Whether most of a piece lies along the edges of the picture."""
    inner = np.zeros((height, width), bool)
    rows, columns = max(2, round(RIM * height)), max(2, round(RIM * width))
    inner[rows : height - rows, columns : width - columns] = True
    return (piece.mask & inner).sum() < (1 - MOSTLY) * piece.area


def _is_near(piece, main):
    """Whether a piece may belong to the same character as the main one."""
    reach = 0.35 * max(main.height, main.width)
    apart_x = max(piece.left - main.right, main.left - piece.right, 0)
    apart_y = max(piece.top - main.bottom, main.top - piece.bottom, 0)
    return max(apart_x, apart_y) <= reach
