"""A picture of one character, and the pieces of ink that pictures are made of."""

import dataclasses

import numpy as np

from ganprofile.datasets.capture.frame import without_frame
from ganprofile.datasets.capture.glyphs import BOX, cropped, kept_length, normalised
from ganprofile.datasets.capture.ink import FAINTEST, darkening, ink_mask, reduced
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.capture.ruling import without_lines_across

SPECK = 0.08  # of the height of the highest piece: what is smaller both ways is a speck
RIM = 0.06  # of a side: what mostly lies so near an edge is the border of a cell
MOSTLY = 0.6
NEAR = 0.35  # of the longer side of the largest piece: so near, another belongs to it


@dataclasses.dataclass(frozen=True)
class Piece:
    """What hangs together.

    Attributes:
        ink: bool `(height, width)` of its box.
        top, left, bottom, right: the box, the last two excluded.
        area: how many places it has.
    """

    ink: np.ndarray
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


def single(picture, side=28, filled=BOX, middling=None):
    """The one character of a picture, such as a cell of a form.

    Args:
        picture: uint8 `(height, width, 1 or 3)`, dark ink on lighter paper.
        side: of the image in pixels.
        filled: the share of it that the character's longer side fills.
        middling: how many pixels of the picture a character of middling size is long, where
            characters keep their sizes instead, or None.

    Returns:
        uint8 `(side, side, 1)`, 0 = paper, 255 = ink; all paper where there is no ink.
    """
    small = reduced(picture)
    mask = character_mask(darkening(small))
    if not mask.any():
        return np.zeros((side, side, 1), np.uint8)
    if middling is not None:
        length = max(cropped(mask).shape)
        filled = kept_length(length, middling * len(small) / len(picture), side) / side
    return normalised(mask, side, filled)


def pieces(mask):
    """What hangs together in a mask, a list of `Piece`."""
    _, labels, boxes, _ = cv2().connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return [
        Piece(
            *(labels[top : top + height, left : left + width] == k, top, left),
            *(top + height, left + width, area),
        )
        for k, (left, top, width, height, area) in enumerate(boxes.tolist())
        if k
    ]


def put_together(some, shape):
    """The ink of some pieces in their places, bool of a `(height, width)`."""
    mask = np.zeros(shape, bool)
    for piece in some:
        mask[piece.top : piece.bottom, piece.left : piece.right] |= piece.ink
    return mask


def character_mask(dark):
    """Of the ink of a cell what belongs to its character: neither its border nor specks.

    Args:
        dark: what `darkening` gave.

    Returns:
        bool `(height, width)`.
    """
    mask = without_frame(without_lines_across(ink_mask(dark), dark), dark > FAINTEST)
    inner = [piece for piece in pieces(mask) if not is_border(piece, mask.shape)]
    if not inner:
        return mask
    highest = max(max(piece.height, piece.width) for piece in inner)
    kept = [piece for piece in inner if max(piece.height, piece.width) > SPECK * highest]
    main = max(kept, key=lambda piece: piece.area)
    kept = [piece for piece in kept if _is_near(piece, main)]
    return put_together(kept, mask.shape)


def is_border(piece, shape):
    """Whether most of a piece lies along the edges of a picture of a `(height, width)`."""
    firsts = (piece.top, piece.left)
    inside = [
        (place + first >= rim) & (place + first < length - rim)
        for place, first, length in zip(np.indices(piece.ink.shape), firsts, shape, strict=True)
        for rim in [max(2, round(RIM * length))]
    ]
    return (piece.ink & inside[0] & inside[1]).sum() < (1 - MOSTLY) * piece.area


def _is_near(piece, main):
    """Whether a piece may belong to the same character as the main one."""
    return max(gaps_between(piece, main)) <= NEAR * max(main.height, main.width)


def gaps_between(piece, other):
    """How far apart the boxes of two pieces are to the side and in height, in pixels."""
    return (
        max(piece.left - other.right, other.left - piece.right, 0),
        max(piece.top - other.bottom, other.top - piece.bottom, 0),
    )
