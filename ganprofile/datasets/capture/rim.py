"""What on a picture of a page belongs to the page: neither a table beside it nor its rim."""

import numpy as np

from ganprofile.datasets.capture.rows import is_in_row

LARGE = 2.0  # times the usual height: what is so large and cut off by the edge is no character
FLAT = 0.25  # of the usual height: what lies so near the edge as a whole is its rim
LEGIBLE = 10  # pixels: what is smaller both ways says nothing of how large characters are
PALER = 0.25  # of the darkest ink: what is paler was not written with a pen


def on_page(found, shape):
    """Pieces without the rim of the picture and what goes beyond it, such as a table, and how many
    go beyond it.

    Both are known by the characters that are whole: a picture may end close around its characters.
    """
    legible = [piece for piece in found if piece.length >= LEGIBLE]
    whole = [piece for piece in legible if min(margins(piece, shape)) > 0] or legible
    usual = usual_height(whole)
    within = [piece for piece in found if not _is_beyond(piece, shape, usual)]
    on_page = [piece for piece in within if not _is_rim(piece, shape, usual, whole)]
    return on_page, len(found) - len(within)


def as_dark(found, deeper):
    """Pieces without those that are far paler than others, and how many these are: the grain of a
    dark table is dark beside the table alone.

    Args:
        found: a list of `Piece`.
        deeper: by how many levels each place is darker than its paper, in each colour, floats
            `(height, width, 1 or 3)`.
    """
    if not found:
        return [], 0
    depth = deeper.max(axis=-1)
    depths = np.array([_mean_within(depth, piece) for piece in found])
    legible = [piece.length >= LEGIBLE for piece in found]
    darkest = depths[legible if any(legible) else slice(None)].max()
    dark = [piece for piece, one in zip(found, depths, strict=True) if one >= PALER * darkest]
    return dark, len(found) - len(dark)


def _mean_within(levels, piece):
    here = levels[piece.top : piece.bottom, piece.left : piece.right]
    return float(here[piece.ink].mean())


def margins(piece, shape):
    """How far a piece is from the left, right, upper and lower edge of the picture, in pixels."""
    height, width = shape
    return piece.left, width - piece.right, piece.top, height - piece.bottom


def _is_beyond(piece, shape, usual):
    """Whether it is something large that the edge of the picture cuts off."""
    return min(margins(piece, shape)) == 0 and piece.length > LARGE * usual


def _is_rim(piece, shape, usual, others):
    """Whether it lies flat along an edge, and is no stroke as high as its neighbours, such as a 1.

    Args:
        piece: a `Piece`.
        shape: of the picture.
        usual: the usual height of characters.
        others: pieces that may be its neighbours.
    """
    left, right, above, below = margins(piece, shape)
    beside = min(left, right) + piece.width < FLAT * usual
    if beside and piece.height > usual / 2:
        others = [one for one in others if one is not piece and one.length > usual / 2]
        return bool(others) and not piece_in_row(piece, others, usual)
    return beside or min(above, below) + piece.height < FLAT * usual


def usual_height(found):
    """The usual height of characters: half of all ink lies in pieces that are so large or larger,
    however many specks there are."""
    if not found:
        return 0
    largest = sorted(found, key=lambda piece: piece.length, reverse=True)
    areas = np.cumsum([piece.area for piece in largest])
    return largest[np.searchsorted(areas, areas[-1] / 2)].length


def touching(found, shape):
    """How many pieces as large as characters touch the edge of the picture."""
    usual = usual_height(found)
    return sum(min(margins(one, shape)) == 0 and one.length > usual / 2 for one in found)


def piece_in_row(piece, others, usual):
    """Whether a piece has a neighbour in its row among some pieces."""
    boxes = np.array([other.box for other in others], np.int64).reshape(-1, 4)
    return is_in_row(np.array(piece.box), boxes, usual)
