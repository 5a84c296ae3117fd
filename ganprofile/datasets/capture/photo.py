"""A picture of one character, and the pieces of ink that pictures are made of."""

import dataclasses
from collections import Counter

import numpy as np

from ganprofile.datasets.capture.frame import THIN, without_frame
from ganprofile.datasets.capture.glyphs import (
    BOX,
    cropped,
    distance,
    kept_length,
    normalised,
    stroke_width,
)
from ganprofile.datasets.capture.ink import FAINTEST, darkening, ink_mask, reduced
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.capture.ruling import without_lines_across

SPECK = 0.08  # of the height of the highest piece: what is smaller both ways is a speck
RIM = 0.06  # of a side: what mostly lies so near an edge is the border of a cell
MOSTLY = 0.6
PART = 0.4  # of the longest piece: what is so long is a part of the character, wherever it stands
ALONG = 0.5  # of its length: so much of a piece that lies along an edge is as near to it
NEAR = 0.35  # of the longer side of the character: so near to it, what is smaller belongs to it
# Why a piece of ink is left out, though it is no speck.
FAR = "small and far from the character"
CUT_OFF = "large and cut off by the edge of the picture, or along it"


@dataclasses.dataclass(frozen=True, eq=False)
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
    def box(self):
        return self.top, self.left, self.bottom, self.right

    @property
    def height(self):
        return self.bottom - self.top

    @property
    def width(self):
        return self.right - self.left

    @property
    def length(self):
        return max(self.height, self.width)


def single(picture, side=28, filled=BOX, middling=None):
    """The one character of a picture, as `read_single` finds it, uint8 `(side, side, 1)`."""
    return read_single(picture, side, filled, middling)[0]


def read_single(picture, side=28, filled=BOX, middling=None):
    """The one character of a picture, such as a cell of a form.

    Args:
        picture: uint8 `(height, width, 1 or 3)`, dark ink on lighter paper.
        side: of the image in pixels.
        filled: the share of it that the character's longer side fills.
        middling: how many pixels of the picture a character of middling size is long, where
            characters keep their sizes instead, or None.

    Returns:
        uint8 `(side, side, 1)`, 0 = paper, 255 = ink; all paper where there is no ink. And a
        `Counter`: how many pieces of ink that are no specks were left out, by why.
    """
    small = reduced(picture)
    mask, left_out = _character(darkening(small))
    if not mask.any():
        return np.zeros((side, side, 1), np.uint8), left_out
    if middling is not None:
        length = max(cropped(mask).shape)
        filled = kept_length(length, middling * len(small) / len(picture), side) / side
    return normalised(mask, side, filled), left_out


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
    return _character(dark)[0]


def _character(dark):
    """What `character_mask` gives, and how many pieces that are no specks are left out, by why."""
    mask = without_frame(without_lines_across(ink_mask(dark), dark), dark > FAINTEST)
    found = pieces(mask)
    inner = [piece for piece in found if not is_border(piece, mask.shape)]
    if not inner:
        return mask, Counter()
    longest = max(piece.length for piece in inner)
    large = [piece for piece in found if piece.length >= PART * longest]
    main = max(inner, key=lambda piece: piece.area)
    parts = [piece for piece in large if piece is main or _is_part(piece, large, mask.shape)]
    legible = [piece for piece in inner if piece.length > SPECK * longest]
    kept = _with_near_ones(parts, [piece for piece in legible if piece not in parts])
    left_out = [piece for piece in {*large, *legible} if piece not in kept]
    whys = (CUT_OFF if piece in large else FAR for piece in left_out)
    return put_together(kept, mask.shape), Counter(whys)


def _is_part(piece, large, shape):
    """Whether a large piece is a part of the character wherever it stands: where no edge cuts it
    off as it does borders and other characters, or the picture is cut out so close that another
    ends at the opposite edge; and of two that lie along opposite edges, both are strokes if they
    are as broad."""
    if not _edges(piece, shape).any():
        return True
    if is_border(piece, shape):
        others = [one for one in large if _breadth(piece) > THIN * _breadth(one)]
        ends = _along
    else:
        others, ends = [one for one in large if not is_border(one, shape)], _edges
    opposite = np.roll(ends(piece, shape), 2)
    return any((ends(one, shape) & opposite).any() for one in others if one is not piece)


def _breadth(piece):
    """How broad the strokes of a piece are, in pixels."""
    padded = np.pad(piece.ink, 1)
    return stroke_width(distance(padded), padded)


def _along(piece, shape):
    """Along which edges of a picture a piece lies, in the order of `_edges`, bool `(4,)`."""
    rims = [max(2, round(RIM * length)) for length in shape]
    near = [np.rot90(piece.ink, turn)[: rims[turn % 2]].any(axis=0).sum() for turn in (0, 3, 2, 1)]
    return _edges(piece, shape) & (np.array(near) >= ALONG * piece.length)


def _edges(piece, shape):
    """Whether a piece comes to the upper, left, lower and right edge of a picture, bool `(4,)`."""
    height, width = shape
    return np.array([piece.top, piece.left, height - piece.bottom, width - piece.right]) == 0


def _with_near_ones(parts, others):
    """The parts of a character, and all that is near to them or to what is near to them."""
    reach, kept, near = NEAR * _length_of_all(parts), [], parts
    while near:
        kept = [*kept, *near]
        others = [piece for piece in others if piece not in near]
        near = [one for one in others if any(max(gaps_between(one, k)) <= reach for k in near)]
    return kept


def _length_of_all(some):
    """The longer side of the box around pieces."""
    return max(
        max(piece.bottom for piece in some) - min(piece.top for piece in some),
        max(piece.right for piece in some) - min(piece.left for piece in some),
    )


def is_border(piece, shape):
    """Whether most of a piece lies along the edges of a picture of a `(height, width)`."""
    firsts = (piece.top, piece.left)
    inside = [
        (place + first >= rim) & (place + first < length - rim)
        for place, first, length in zip(np.indices(piece.ink.shape), firsts, shape, strict=True)
        for rim in [max(2, round(RIM * length))]
    ]
    return (piece.ink & inside[0] & inside[1]).sum() < (1 - MOSTLY) * piece.area


def gaps_between(piece, other):
    """How far apart the boxes of two pieces are to the side and in height, in pixels."""
    return (
        max(piece.left - other.right, other.left - piece.right, 0),
        max(piece.top - other.bottom, other.top - piece.bottom, 0),
    )
