"""A page with several characters: where they are, in the order in which one reads."""

import dataclasses
import itertools

import numpy as np

from ganprofile.datasets.capture.glyphs import BOX, kept_length, normalised
from ganprofile.datasets.capture.ink import darkening, ink_mask, reduced
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.capture.photo import gap, pieces, put_together
from ganprofile.datasets.capture.ruling import without_dark_lines

SPECK = 0.25  # of the usual height: what is smaller both ways is a dot or dirt
TALLEST = 4.0  # times the usual height: what is taller is no character
BESIDE = 0.15  # of the usual height: so near, a small piece belongs to a character
ABOVE = 0.6  # of the usual height: the same where it stands above or below it
WORD_GAP = 4.0  # times the usual height: characters of a row are not further apart
OVERLAP = 0.4  # of the lower one's height: so much neighbours in a row share
LARGE = 2.0  # times the usual height: what is so large and cut off by the edge is no character
FLAT = 0.25  # of the usual height: what lies so near the edge as a whole is its rim
MOST_TILTED = 40  # degrees
LEVEL = 2  # degrees: rows that are so level are left as they are
LEGIBLE = 10  # pixels: what is smaller both ways says nothing of how large characters are
FEWEST = 4  # characters with a neighbour, without which nothing can be said of rows


@dataclasses.dataclass(frozen=True)
class Character:
    """A character on a page.

    Attributes:
        image: uint8 `(side, side, 1)`, as `glyphs.normalised` gives it.
        box: `(top, left, bottom, right)` in shares of the picture, 0..1.
    """

    image: np.ndarray
    box: tuple[float, float, float, float]


def characters(picture, side=28, filled=BOX, keep_size=False):
    """The characters of a page.

    Args:
        picture: uint8 `(height, width, 1 or 3)`, dark ink on lighter paper, rows within
            `MOST_TILTED` degrees of level.
        side: of the images in pixels.
        filled: the share of it that a character's longer side fills.
        keep_size: whether the characters of the page keep their sizes beside each other instead:
            one of middling size then fills `glyphs.KEPT`.

    Returns:
        A list of rows from top to bottom, each a list of `Character` from left to right.
    """
    picture = reduced(picture)
    dark = darkening(picture)
    mask = without_dark_lines(ink_mask(dark), dark)
    found = _on_page(pieces(mask), mask.shape)
    groups, turn = _grouped(found), _Turn(0.0, mask.shape)
    tilt = _tilt(groups)
    if abs(tilt) > LEVEL:
        turn = _Turn(tilt, mask.shape)
        groups = _grouped(pieces(turn.applied(put_together(found, mask.shape))))
    rows = _rows(groups)
    lengths = [_longer_side(group) for row in rows for group in row]
    middling = np.median(lengths) if keep_size and lengths else None

    def character(group):
        share = filled
        if middling is not None:
            share = kept_length(_longer_side(group), middling, side) / side
        ink = put_together(group, turn.shape)
        return Character(normalised(ink, side, share), turn.back(_box(group)))

    return [[character(group) for group in row] for row in rows]


def _on_page(found, shape):
    """Pieces without the rim of the picture and what goes beyond it, such as a table.

    Both are known by the characters that are whole: a picture may end close around its characters.
    """
    legible = [piece for piece in found if _size(piece) >= LEGIBLE]
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
    return min(_margins(piece, shape)) == 0 and _size(piece) > LARGE * usual


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
        others = [one for one in others if one is not piece and _size(one) > usual / 2]
        return bool(others) and not _is_in_row(piece, others, usual)
    return beside or min(above, below) + piece.height < FLAT * usual


def _size(piece):
    return max(piece.height, piece.width)


def _usual(found):
    """The usual height of characters: half of all ink lies in pieces that are so large or larger,
    however many specks there are."""
    if not found:
        return 0
    largest = sorted(found, key=_size, reverse=True)
    areas = np.cumsum([piece.area for piece in largest])
    return _size(largest[np.searchsorted(areas, areas[-1] / 2)])


def _tilt(groups):
    """How far rows fall to the right, in degrees: as most characters' neighbours do."""
    boxes = np.array([_box(group) for group in groups]).reshape(-1, 4)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    usual = np.median(boxes[:, 2] - boxes[:, 0]) if len(boxes) else 0
    angles = []
    for middle in middles:
        down, right = (middles - middle).T
        apart = np.hypot(down, right)
        beside = (right > 0) & (np.abs(down) < np.tan(np.radians(MOST_TILTED)) * right)
        beside &= apart < WORD_GAP * usual
        if beside.any():
            nearest = np.argmin(np.where(beside, apart, np.inf))
            angles.append(np.degrees(np.arctan2(down[nearest], right[nearest])))
    return float(np.median(angles)) if len(angles) >= FEWEST else 0.0


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


def _longer_side(group):
    top, left, bottom, right = _box(group)
    return int(max(bottom - top, right - left))


def _grouped(found):
    """Pieces that are characters, each with the small pieces that belong to it.

    A small piece that belongs to none is a character if it stands in a row with others, such as the
    zero of Arabic; else it is dirt.
    """
    usual = _usual(found)
    whole = [piece for piece in found if usual / 2 < _size(piece) < TALLEST * usual]
    groups, alone = [[piece] for piece in whole], []
    for piece in found:
        if not SPECK * usual < _size(piece) <= usual / 2:
            continue
        owner = _owner(piece, whole, usual)
        if owner is not None:
            groups[owner].append(piece)
        elif _is_in_row(piece, whole, usual):
            alone.append([piece])
    return groups + alone


def _owner(piece, whole, usual):
    """Which whole piece a small one belongs to, by its number: the nearest, where that is near, or
    the one below or above it; None where there is none."""
    gaps = np.array([gap(piece, other) for other in whole])
    near = gaps < BESIDE * usual
    under = [other.left < piece.right and piece.left < other.right for other in whole]
    near |= np.array(under, bool) & (gaps < ABOVE * usual)
    return int(np.argmin(np.where(near, gaps, np.inf))) if near.any() else None


def _is_in_row(piece, others, usual):
    """Whether a piece has a neighbour in its row."""
    pairs = ((piece, other) for other in others)
    return any(
        _follows(_box([one]), _box([next_one]), usual)
        for pair in pairs
        for one, next_one in itertools.permutations(pair)
    )


def _rows(groups):
    """Groups in rows: each is linked with the next one to its right at about its height."""
    boxes = [_box(group) for group in groups]
    usual = np.median([bottom - top for top, _, bottom, _ in boxes]) if boxes else 0
    row_of = list(range(len(groups)))
    for k, box in enumerate(boxes):
        right = [j for j, other in enumerate(boxes) if j != k and _follows(box, other, usual)]
        if right:
            nearest = min(right, key=lambda j: boxes[j][1])
            old, new = row_of[nearest], row_of[k]
            row_of = [new if row == old else row for row in row_of]
    rows = [
        sorted((k for k in range(len(groups)) if row_of[k] == row), key=lambda k: boxes[k][1])
        for row in sorted(set(row_of))
    ]
    rows.sort(key=lambda row: np.mean([boxes[k][0] + boxes[k][2] for k in row]))
    return [[groups[k] for k in row] for row in rows]


def _follows(box, other, usual):
    """Whether a box lies to the right of another, in its row."""
    top, left, bottom, right = box
    shared = min(bottom, other[2]) - max(top, other[0])
    lower = min(bottom - top, other[2] - other[0])
    near = other[1] - right < WORD_GAP * usual
    return left < other[1] and near and shared > OVERLAP * lower
