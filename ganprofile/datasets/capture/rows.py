"""Which characters of a page stand in one row, by the boxes around them.

A box is `(top, left, bottom, right)` in pixels, the last two excluded; boxes are int64 `(n, 4)`.
"""

import itertools

import numpy as np

NEAR = 4.0  # times the usual height: characters that are further apart say less of rows
OVERLAP = 0.4  # of the lower one's height: so much neighbours in a row share
NEIGHBOURS = 3  # characters, the last ones of a part of a row, that say how high it stands
MOST_TILTED = 40  # degrees
FEWEST = 4  # characters with a neighbour, without which nothing can be said of rows
AGREE = 4  # degrees: where characters are far apart, so nearly most of them say the same


def tilt(boxes):
    """How far rows fall to the right, in degrees: as most characters' neighbours do."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    usual = np.median(boxes[:, 2] - boxes[:, 0]) if len(boxes) else 0
    near = _angles(middles, NEAR * usual)
    if len(near) >= FEWEST:
        return float(np.median(near))
    wide = _angles(middles, np.inf)
    middle = np.median(wide) if len(wide) >= FEWEST else 0.0
    return float(middle) if len(wide) and np.median(np.abs(wide - middle)) < AGREE else 0.0


def _angles(middles, reach):
    """At what angle the nearest character to the right lies, where there is one within reach."""
    angles = []
    for middle in middles:
        down, right = (middles - middle).T
        apart = np.hypot(down, right)
        beside = (right > 0) & (np.abs(down) < np.tan(np.radians(MOST_TILTED)) * right)
        beside &= apart < reach
        if beside.any():
            nearest = np.argmin(np.where(beside, apart, np.inf))
            angles.append(np.degrees(np.arctan2(down[nearest], right[nearest])))
    return np.array(angles)


def is_in_row(box, boxes, usual):
    """Whether one of some boxes is a near neighbour in the row of another box, for which heights
    below the usual one count as that."""
    right = _follows(box, boxes, usual) & (_apart(box, boxes) < NEAR * usual)
    left = _follows(boxes, box, usual) & (_apart(boxes, box) < NEAR * usual)
    return bool((right | left).any())


def rows_of(boxes):
    """The rows in which boxes stand.

    Each is linked with the next one near to its right at about its height; then parts of rows that
    stand at about one height beside each other are put together, however wide the gap is.

    Returns:
        A list from top to bottom of int64 arrays: places in `boxes`, from left to right.
    """
    boxes = _levelled(boxes, tilt(boxes))
    usual = np.median(boxes[:, 2] - boxes[:, 0]) if len(boxes) else 0
    beside = boxes[:, None]
    follows = _follows(beside, boxes, usual) & (_apart(beside, boxes) < NEAR * usual)
    row_of = np.arange(len(boxes))
    for k in np.flatnonzero(follows.any(axis=1)):
        following = np.argmin(np.where(follows[k], boxes[:, 1], np.inf))
        row_of[row_of == row_of[following]] = row_of[k]
    parts = [np.flatnonzero(row_of == row) for row in np.unique(row_of)]
    rows = sorted(_joined(parts, boxes, usual), key=lambda row: boxes[row][:, [0, 2]].mean())
    return [row[np.argsort(boxes[row, 1], kind="stable")] for row in rows]


def _levelled(boxes, degrees):
    """Boxes as high as they would stand if rows did not fall to the right by some degrees."""
    falls = np.tan(np.radians(degrees)) * (boxes[:, 1] + boxes[:, 3]) / 2
    return boxes - falls[:, None] * np.array([1, 0, 1, 0])


def _joined(parts, boxes, usual):
    """Parts of rows, those that are of one row put together, the nearest first."""
    rows, row_of = dict(enumerate(parts)), np.arange(len(parts))
    gaps = {
        pair: _gaps(*(boxes[parts[k]] for k in pair)).min()
        for pair in itertools.combinations(range(len(parts)), 2)
    }
    for pair in sorted((pair for pair in gaps if gaps[pair] > 0), key=gaps.get):
        one, other = row_of[list(pair)].tolist()
        if one != other and _are_one_row(boxes[rows[one]], boxes[rows[other]], usual):
            rows[one] = np.concatenate([rows[one], rows.pop(other)])
            row_of[row_of == other] = one
    return rows.values()


def _are_one_row(boxes, others, usual):
    """Whether no box stands above one of the others, and those next to each other share heights."""
    gaps = _gaps(boxes, others)
    if gaps.min() <= 0:
        return False
    ends = [
        some[np.argsort(gaps.min(axis=axis), kind="stable")[:NEIGHBOURS]]
        for some, axis in ((boxes, 1), (others, 0))
    ]
    bands = [np.concatenate([end.min(axis=0)[:2], end.max(axis=0)[2:]]) for end in ends]
    return bool(_share(*bands, usual))


def _follows(boxes, others, usual):
    """Whether the others lie to the right of boxes, in their rows: bool, as they are broadcast."""
    return (boxes[..., 1] < others[..., 1]) & _share(boxes, others, usual)


def _share(boxes, others, usual):
    """Whether boxes stand at about the height of the others: bool, as they are broadcast.

    One that is lower than usual counts as if it were not: it may stand high or low in its row.
    """
    (tops, bottoms), (other_tops, other_bottoms) = (
        (middles - halves, middles + halves)
        for some in (boxes, others)
        for middles in [(some[..., 0] + some[..., 2]) / 2]
        for halves in [np.maximum(some[..., 2] - some[..., 0], usual) / 2]
    )
    shared = np.minimum(bottoms, other_bottoms) - np.maximum(tops, other_tops)
    return shared > OVERLAP * np.minimum(bottoms - tops, other_bottoms - other_tops)


def _gaps(boxes, others):
    """How far boxes and the others are apart to the side, in pixels, `(n, m)`; below 0 where one
    stands above the other."""
    return np.maximum(_apart(boxes[:, None], others), _apart(others, boxes[:, None]))


def _apart(boxes, others):
    """How far the others begin to the right of where boxes end, in pixels."""
    return others[..., 1] - boxes[..., 3]
