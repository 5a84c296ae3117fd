"""A page with several characters: where they are, in the order in which one reads."""

import dataclasses
from collections import Counter, defaultdict

import numpy as np

from ganprofile.datasets.capture.glyphs import BOX, distance, kept_length, normalised, stroke_width
from ganprofile.datasets.capture.ink import PAPER_REACH, darkening, ink_mask, paper_around, reduced
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.capture.parts import Parts, in_parts
from ganprofile.datasets.capture.photo import CUT_OFF, FAR, gaps_between, pieces, put_together
from ganprofile.datasets.capture.rim import (
    as_dark,
    on_page,
    piece_in_row,
    touching,
    usual_height,
)
from ganprofile.datasets.capture.rows import rows_of, tilt
from ganprofile.datasets.capture.ruling import without_dark_lines
from ganprofile.datasets.capture.turn import Turn

SMALL = 0.25  # of the usual height: what is smaller both ways is no character, but a dot or dirt
MARK = 0.6  # of the pen's stroke: a dot is as thick, dirt is thinner
FINEST = 3  # pixels: dots of a finer pen cannot be told from the grain of paper
TALLEST = 4.0  # times the usual height: what is taller is no character
BESIDE = 0.15  # of the usual height: so near, a small piece belongs to a character
ABOVE = 0.6  # of the usual height: the same where it stands above or below it
BROKEN = 0.6  # of the pen's breadth: so wide is a gap in a stroke at most
TALL = 0.7  # of the usual height: a piece that is taller is a character, not a part of one
LONGEST = 1.4  # times the usual height: what is longer together is more than one character
CLOSE_UP = PAPER_REACH  # of the shorter side: characters that are higher nearly fill a picture
LEVEL = 2  # degrees: rows that are so level are left as they are
# Why a piece of ink is left out.
SPECK = "thinner than the pen's stroke"
STRAY = "small and near no character"
LOOSE = "as large as a small character, but in no row"
LARGER = f"more than {TALLEST:g} times as large as characters"
PALE = "far paler than other ink"
BEYOND = "large and going beyond the picture, such as a table"
WHYS = (SPECK, STRAY, LOOSE, LARGER, PALE, BEYOND, FAR, CUT_OFF)


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
        cut: how many pieces as large as characters touch the edge of the picture, and may be cut
            off by it.
    """

    rows: list[list[Character]]
    left_out: Counter[str]
    parts: Parts | None = None
    cut: int = 0


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
    found, left_out, shape = _ink(picture)
    turn = Turn(0.0, shape)
    groups, parts, more = _together(found, turn.shape, one_class)
    degrees = tilt(_boxes(groups))
    if abs(degrees) > LEVEL:
        turn = Turn(degrees, shape)
        turned = pieces(turn.applied(put_together(found, shape)))
        groups, parts, more = _together(turned, turn.shape, one_class)
    rows = [[groups[k] for k in row] for row in rows_of(_boxes(groups))]
    lengths = [_longer_side(group) for row in rows for group in row]
    middling = np.median(lengths) if keep_size and lengths else None

    def character(group):
        share = filled
        if middling is not None:
            share = kept_length(_longer_side(group), middling, side) / side
        ink = put_together(group, turn.shape)
        return Character(normalised(ink, side, share), turn.back(_box(group)))

    found_rows = [[character(group) for group in row] for row in rows]
    return Page(found_rows, left_out + more, parts, touching(found, shape))


def _ink(picture):
    """Pieces of ink on a page, how many are left out, by why, and the shape of what was looked at.

    Around characters that nearly fill their picture is too little paper to see where shadows end.
    """
    for is_page in (True, False):
        paper = paper_around(picture, is_page)
        dark = darkening(picture, paper)
        mask = without_dark_lines(ink_mask(dark), dark)
        found, beyond = on_page(pieces(mask), mask.shape)
        if usual_height(found) <= CLOSE_UP * min(mask.shape):
            break
    found, pale = as_dark(found, paper - picture) if is_page else (found, 0)
    return found, Counter({BEYOND: beyond, PALE: pale}), mask.shape


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


def _box(group):
    """Top, left, bottom and right of all pieces together, int64 `(4,)`."""
    boxes = np.array([piece.box for piece in group])
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _boxes(groups):
    """The boxes of groups, int64 `(n, 4)`."""
    return np.array([_box(group) for group in groups], np.int64).reshape(-1, 4)


def _longer_side(group):
    top, left, bottom, right = _box(group)
    return int(max(bottom - top, right - left))


def _together(found, shape, one_class):
    """Pieces that are characters, as lists of pieces, the `Parts` of these or None, and how many
    pieces are left out, by why."""
    groups, left_out = _grouped(found, shape)
    groups, parts = _joined(groups, shape) if one_class else (groups, None)
    return groups, parts, left_out


def _grouped(found, shape):
    """Pieces that are characters, each with the small pieces that belong to it, and how many pieces
    are left out, by why.

    A small piece is a mark of the character near it. Where there is none it is a character if it
    stands in a row with others, such as the zero of Arabic, and is not too small for one.
    """
    usual = usual_height(found)
    whole = [piece for piece in found if usual / 2 < piece.length < TALLEST * usual]
    pen, alone, left_out = _pen(whole, shape), [], Counter()
    groups = _unbroken(whole, shape, pen, usual)
    group_of = {piece: group for group in groups for piece in group}
    thinnest = MARK * pen
    for piece in found:
        if piece.length >= TALLEST * usual:
            left_out[LARGER] += 1
        elif piece.length <= usual / 2:
            large, thick = piece.length > SMALL * usual, _breadth(piece) >= thinnest
            owner = _owner(piece, whole, usual) if large or thick else None
            if owner is not None:
                group_of[whole[owner]].append(piece)
            elif large and piece_in_row(piece, whole, usual):
                alone.append([piece])
            else:
                left_out[SPECK if not thick else LOOSE if large else STRAY] += 1
    return groups + alone, left_out


def _unbroken(whole, shape, pen, usual):
    """Groups of pieces: those are one that are much nearer to each other than the pen is broad, as
    where a stroke fades, and together no longer than a character; two that are as tall as one are
    two, such as those of 10."""
    reach = 2 * int(BROKEN * pen / 2) + 1
    round_pen = cv2().getStructuringElement(cv2().MORPH_ELLIPSE, (reach, reach))
    near = cv2().dilate(put_together(whole, shape).astype(np.uint8), round_pen)
    groups = defaultdict(list)
    _, labels = cv2().connectedComponents(near, connectivity=8)
    for piece in whole:
        row, column = np.argwhere(piece.ink)[0]
        groups[labels[piece.top + row, piece.left + column]].append(piece)
    one, apart = [], []
    for group in groups.values():
        tall = sum(piece.height > TALL * usual for piece in group)
        is_one = tall < 2 and _longer_side(group) <= LONGEST * usual
        (one if is_one else apart).append(group)
    return one + [[piece] for group in apart for piece in group]


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
