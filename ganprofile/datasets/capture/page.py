"""A page with several characters: where they are, in the order in which one reads."""

import dataclasses
from collections import Counter

import numpy as np

from ganprofile.datasets.capture.glyphs import BOX, distance, kept_length, normalised, stroke_width
from ganprofile.datasets.capture.ink import darkening, ink_mask, reduced
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.capture.parts import Parts, in_parts
from ganprofile.datasets.capture.photo import CUT_OFF, FAR, gaps_between, pieces, put_together
from ganprofile.datasets.capture.rows import is_in_row, rows_of, tilt
from ganprofile.datasets.capture.ruling import without_dark_lines

SMALL = 0.25  # of the usual height: what is smaller both ways is no character, but a dot or dirt
MARK = 0.6  # of the pen's stroke: a dot is as thick, dirt is thinner
FINEST = 3  # pixels: dots of a finer pen cannot be told from the grain of paper
TALLEST = 4.0  # times the usual height: what is taller is no character
BESIDE = 0.15  # of the usual height: so near, a small piece belongs to a character
ABOVE = 0.6  # of the usual height: the same where it stands above or below it
LARGE = 2.0  # times the usual height: what is so large and cut off by the edge is no character
FLAT = 0.25  # of the usual height: what lies so near the edge as a whole is its rim
LEVEL = 2  # degrees: rows that are so level are left as they are
LEGIBLE = 10  # pixels: what is smaller both ways says nothing of how large characters are
# Why a piece of ink is left out. The last two of a page may be characters.
SPECK = "thinner than the pen's stroke"
STRAY = "small and near no character"
LOOSE = "as large as a small character, but in no row"
LARGER = f"more than {TALLEST:g} times as large as characters"
WHYS = (SPECK, STRAY, LOOSE, LARGER, FAR, CUT_OFF)


@dataclasses.dataclass(frozen=True)
class Character:
    """A character on a page.

    Attributes:
        image: uint8 `(side, side, 1)`, as `glyphs.normalised` gives it.
        box: `(top, left, bottom, right)` in shares of the picture, 0..1.
    """

    image: np.ndarray
    box: tuple[float, float, float, float]


@dataclasses.dataclass(frozen=True)
class Page:
    """What was found on a page.

    Attributes:
        rows: a list of rows from top to bottom, each a list of `Character` from left to right.
        left_out: how many pieces of ink belong to no character, by why.
        parts: where a page of one character was read that consists of parts, or may, these.
    """

    rows: list[list[Character]]
    left_out: Counter[str]
    parts: Parts | None = None


def characters(picture, side=28, filled=BOX, keep_size=False):
    """The rows of characters of a page, as `read_page` finds them."""
    return read_page(picture, side, filled, keep_size).rows


def read_page(picture, side=28, filled=BOX, keep_size=False, one_class=False):
    """The characters of a page.

    Args:
        picture: uint8 `(height, width, 1 or 3)`, dark ink on lighter paper, rows within
            `MOST_TILTED` degrees of level.
        side: of the images in pixels.
        filled: the share of it that a character's longer side fills.
        keep_size: whether the characters of the page keep their sizes beside each other instead:
            one of middling size then fills `glyphs.KEPT`.
        one_class: whether all characters of the page are the same, so that parts of it are known.

    Returns:
        A `Page`.
    """
    picture = reduced(picture)
    dark = darkening(picture)
    mask = without_dark_lines(ink_mask(dark), dark)
    found = _on_page(pieces(mask), mask.shape)
    (groups, left_out), turn = _grouped(found, mask.shape), _Turn(0.0, mask.shape)
    groups, parts = _joined(groups, turn.shape) if one_class else (groups, None)
    degrees = tilt(_boxes(groups))
    if abs(degrees) > LEVEL:
        turn = _Turn(degrees, mask.shape)
        turned = pieces(turn.applied(put_together(found, mask.shape)))
        groups, _ = _grouped(turned, turn.shape)
        groups, parts = _joined(groups, turn.shape) if one_class else (groups, None)
    rows = [[groups[k] for k in row] for row in rows_of(_boxes(groups))]
    lengths = [_longer_side(group) for row in rows for group in row]
    middling = np.median(lengths) if keep_size and lengths else None

    def character(group):
        share = filled
        if middling is not None:
            share = kept_length(_longer_side(group), middling, side) / side
        ink = put_together(group, turn.shape)
        return Character(normalised(ink, side, share), turn.back(_box(group)))

    return Page([[character(group) for group in row] for row in rows], left_out, parts)


def left_out_said(left_out):
    """Counts by why, in words.

    Args:
        left_out: as of a `Page`, or of a picture of one character.

    Example:
        >>> from ganprofile.datasets.capture.page import SPECK, STRAY, left_out_said
        >>> left_out_said({SPECK: 1200, STRAY: 3})
        "1,200 thinner than the pen's stroke, 3 small and near no character"
    """
    return ", ".join(f"{left_out[why]:,} {why}" for why in WHYS if left_out.get(why))


def _on_page(found, shape):
    """Pieces without the rim of the picture and what goes beyond it, such as a table.

    Both are known by the characters that are whole: a picture may end close around its characters.
    """
    legible = [piece for piece in found if piece.length >= LEGIBLE]
    whole = [piece for piece in legible if min(_margins(piece, shape)) > 0] or legible
    usual = _usual(whole)
    return [
        piece
        for piece in found
        if not (_is_beyond(piece, shape, usual) or _is_rim(piece, shape, usual, whole))
    ]


def _margins(piece, shape):
    """How far a piece is from the left, right, upper and lower edge of the picture, in pixels."""
    height, width = shape
    return piece.left, width - piece.right, piece.top, height - piece.bottom


def _is_beyond(piece, shape, usual):
    """Whether it is something large that the edge of the picture cuts off."""
    return min(_margins(piece, shape)) == 0 and piece.length > LARGE * usual


def _is_rim(piece, shape, usual, others):
    """Whether it lies flat along an edge, and is no stroke as high as its neighbours, such as a 1.

    Args:
        piece: a `Piece`.
        shape: of the picture.
        usual: the usual height of characters.
        others: pieces that may be its neighbours.
    """
    left, right, above, below = _margins(piece, shape)
    beside = min(left, right) + piece.width < FLAT * usual
    if beside and piece.height > usual / 2:
        others = [one for one in others if one is not piece and one.length > usual / 2]
        return bool(others) and not _is_in_row(piece, others, usual)
    return beside or min(above, below) + piece.height < FLAT * usual


def _usual(found):
    """The usual height of characters: half of all ink lies in pieces that are so large or larger,
    however many specks there are."""
    if not found:
        return 0
    largest = sorted(found, key=lambda piece: piece.length, reverse=True)
    areas = np.cumsum([piece.area for piece in largest])
    return largest[np.searchsorted(areas, areas[-1] / 2)].length


class _Turn:
    """A page turned by some degrees, on paper that is large enough.

    Attributes:
        shape: `(height, width)` of that paper.
    """

    def __init__(self, degrees, shape):
        height, width = shape
        cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(abs(degrees)))
        size = np.array([width * cosine + height * sine, width * sine + height * cosine])
        self._matrix = cv2().getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        self._matrix[:, 2] += (size - (width, height)) / 2
        self._before = np.array([height, width])
        self.shape = tuple(np.ceil(size[::-1]).astype(int).tolist())

    def applied(self, mask):
        """A mask, turned."""
        levels = mask.astype(np.uint8) * 255
        return cv2().warpAffine(levels, self._matrix, self.shape[::-1]) > 127

    def back(self, box):
        """Where the box of something on the turned page lies on the page as it was, in shares."""
        top, left, bottom, right = box
        corners = np.array([[(left, top), (right, top), (left, bottom), (right, bottom)]], float)
        places = cv2().transform(corners, cv2().invertAffineTransform(self._matrix))[0, :, ::-1]
        shares = np.clip(places / self._before, 0, 1)
        return tuple(np.concatenate([shares.min(axis=0), shares.max(axis=0)]).tolist())


def _box(group):
    """Top, left, bottom and right of all pieces together, int64 `(4,)`."""
    boxes = np.array([(piece.top, piece.left, piece.bottom, piece.right) for piece in group])
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _boxes(groups):
    """The boxes of groups, int64 `(n, 4)`."""
    return np.array([_box(group) for group in groups], np.int64).reshape(-1, 4)


def _longer_side(group):
    top, left, bottom, right = _box(group)
    return int(max(bottom - top, right - left))


def _grouped(found, shape):
    """Pieces that are characters, each with the small pieces that belong to it, and how many pieces
    are left out, by why.

    A small piece is a mark of the character near it. Where there is none it is a character if it
    stands in a row with others, such as the zero of Arabic, and is not too small for one.
    """
    usual = _usual(found)
    whole = [piece for piece in found if usual / 2 < piece.length < TALLEST * usual]
    groups, alone, left_out = [[piece] for piece in whole], [], Counter()
    thinnest = MARK * _pen(whole, shape)
    for piece in found:
        if piece.length >= TALLEST * usual:
            left_out[LARGER] += 1
        elif piece.length <= usual / 2:
            large, thick = piece.length > SMALL * usual, _breadth(piece) >= thinnest
            owner = _owner(piece, whole, usual) if large or thick else None
            if owner is not None:
                groups[owner].append(piece)
            elif large and _is_in_row(piece, whole, usual):
                alone.append([piece])
            else:
                left_out[SPECK if not thick else LOOSE if large else STRAY] += 1
    return groups + alone, left_out


def _joined(groups, shape):
    """Groups of pieces, those that are parts of one character together, and the `Parts` or None."""
    boxes = _boxes(groups)

    def looks():
        longest = max(map(_longer_side, groups))
        inks = [put_together(group, shape) for group in groups]
        shares = [BOX * _longer_side(group) / longest for group in groups]
        made = [normalised(ink, filled=share) for ink, share in zip(inks, shares, strict=True)]
        return np.array(made, float).reshape(len(groups), -1)

    parts = in_parts(boxes, looks)
    if parts is None or not parts.certain:
        return groups, parts
    placed = set(np.concatenate(parts.groups).tolist())
    alone = [group for k, group in enumerate(groups) if k not in placed]
    return [[piece for k in some for piece in groups[k]] for some in parts.groups] + alone, parts


def _pen(whole, shape):
    """How broad the strokes of characters are, in pixels."""
    ink = put_together(whole, shape)
    return max(FINEST, stroke_width(distance(ink), ink) - 1)


def _breadth(piece):
    """How broad a small piece is: as a circle of its area, or where it is broadest if that is less,
    as of lines that cross."""
    return min(2 * np.sqrt(piece.area / np.pi), 2 * distance(np.pad(piece.ink, 1)).max())


def _owner(piece, whole, usual):
    """Which whole piece a small one belongs to, by its number: the nearest that is close beside it,
    or below or above it; None where there is none."""
    gaps = np.array([gaps_between(piece, other) for other in whole]).reshape(-1, 2)
    near = (gaps < np.array([BESIDE, ABOVE]) * usual).all(axis=1)
    return int(np.argmin(np.where(near, gaps.max(axis=1), np.inf))) if near.any() else None


def _is_in_row(piece, others, usual):
    """Whether a piece has a neighbour in its row."""
    return is_in_row(_box([piece]), _boxes([[other] for other in others]), usual)
