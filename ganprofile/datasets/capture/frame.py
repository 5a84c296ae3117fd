"""The printed frame of a cell: taken away, also where a stroke touches it."""

import dataclasses

import numpy as np

from ganprofile.datasets.capture.glyphs import distance, stroke_width
from ganprofile.datasets.capture.opencv import cv2

REACH = 0.2  # of a side: so far inside a frame is looked for
MOST_ASKEW = np.radians(4)
ROWS = 200  # so many, evenly spread, are looked at to find a line
FULL = 0.75  # of a line's length is seen at least: it may be dotted, or pale in places
GAP = 0.1  # of a side: so much of it may be missing in one place
EVEN = 0.8  # of a line's length at least its outer edge is straight, to a pixel
ALONE = 0.3  # of its length at least no stroke touches it
BROADEST = 0.1  # of a side
RIM = 0.08  # of a side: so near the edge of the picture a line may end before it, at round corners
CORNER = 0.1  # of a side: how round these may be
MARGIN, LEAST_MARGIN = 0.03, 3  # of a side, and in pixels: so close a character may be cut out
THIN = 0.6  # of the breadth of strokes: what is not broader is no stroke
SEEN = 0.1  # of a line: what is as dark as ink; otherwise it was left out before
NEARLY = 0.97  # of the most ink on any line: another line is as good
BEYOND = 2  # pixels: what reaches so far beyond a line's edge is a stroke
PEN = 0.05  # of the shorter side: a frame all around that is so broad was drawn with a pen
STRAY = 0.02  # of the ink: what is beyond the lines, and no more than their unevenness
LEAST = 0.15  # of the shorter side: if nothing so long is left, a lone line was the character


@dataclasses.dataclass(frozen=True)
class _Line:
    """A line along one side, seen with that side on the left.

    Attributes:
        middle: float `(height,)`, its column in every row, also beyond its ends.
        before, behind: where its edges lie, in columns from the middle.
        first, last: its first and last row.
        width: of the picture.
    """

    middle: np.ndarray
    before: int
    behind: int
    first: int
    last: int
    width: int

    @property
    def breadth(self):
        return self.before + self.behind + 1

    @property
    def outer(self):
        """How far its outer edge is from that of the picture, in columns."""
        return float((self.middle - self.before).mean())


def without_frame(mask, faint):
    """The ink of a cell without its frame: straight, even lines along its sides, end to end.

    A stroke that ends at the frame ends there; one that crosses it stays whole. What lies beyond
    the frame and is not joined to what lies within belongs to another cell.

    Args:
        mask: bool `(height, width)`.
        faint: the same, also where ink is so faint that a frame may be, but no stroke.

    Returns:
        bool `(height, width)`; the same where there is no frame.
    """
    lines = _joined({side: _line(np.rot90(faint, side)) for side in range(4)})
    lines = {side: line for side, line in lines.items() if _is_seen(np.rot90(mask, side), line)}
    rest, outside = _apart(mask, lines)
    _, labels, boxes, _ = cv2().connectedComponentsWithStats(rest.astype(np.uint8), connectivity=8)
    within = np.unique(labels[rest & ~outside])
    rest = np.isin(labels, within[within > 0])
    longest = boxes[within[within > 0], 2:4].max(initial=0)
    alone = len(lines) < 2 and longest < LEAST * min(mask.shape)
    is_character = _is_tight(rest, longest, lines) or _is_part(mask, rest, outside, lines)
    return mask if alone or is_character else rest


def _is_seen(mask, line):
    """Whether enough of a line is in a mask."""
    return _runs(mask, line.middle)[2].mean() > SEEN


def _apart(mask, lines):
    """A mask without lines, and what of the picture lies beyond them."""
    outside = np.zeros_like(mask)
    for side, line in lines.items():
        turned, beyond = _taken_away(np.rot90(mask, side), line)
        mask = np.rot90(turned, -side)
        outside |= np.rot90(beyond, -side)
    return mask, outside


def _is_tight(rest, longest, lines):
    """Whether a picture is cut so close around a character that lines may be straight strokes: what
    else there is ends where the picture does; or all lines lie along its very edge, and nothing
    else is there, or it goes on from one side to the other.

    Args:
        rest: bool `(height, width)`, the ink without the lines.
        longest: how long the longest piece of it is, in pixels.
        lines: side -> `_Line`.
    """
    is_cut = bool(lines) and all(line.outer <= LEAST_MARGIN for line in lines.values())
    broadest = max((line.breadth for line in lines.values()), default=0)
    if longest <= broadest:
        is_empty_cell = len(lines) == 4 and broadest < PEN * min(rest.shape)
        return is_cut and len(lines) > 1 and not is_empty_cell
    reached = [_reaches(np.rot90(rest, side), lines.get(side)) for side in range(4)]
    opposite = {(side + 2) % 4 for side in lines} - set(lines)
    ends = bool(opposite) and all(reached[side] for side in opposite)
    through = is_cut and any(_goes_through(rest, lines, side) for side in (0, 1))
    return (ends or through) and broadest > THIN * _stroke_width(rest)


def _is_part(mask, rest, outside, lines):
    """Whether lines are strokes of a character, as broad as its others: of a box on paper of its
    own, away from the rim of the picture; or, where three sides have one, of an E, all the others
    of which begin at them.

    Args:
        mask, rest: bool `(height, width)`, the ink, and that without the lines.
        outside: bool `(height, width)`, what lies beyond the lines.
        lines: side -> `_Line`.
    """
    if len(lines) < 3 or not rest.any() or (mask & outside).sum() > STRAY * mask.sum():
        return False
    if min(line.breadth for line in lines.values()) <= THIN * _stroke_width(rest):
        return False
    if len(lines) == 4:
        return all(line.outer > RIM * line.width for line in lines.values())
    taken = (mask & ~rest & ~outside).astype(np.uint8)
    beside = cv2().dilate(taken, np.ones((5, 5), np.uint8)) > 0
    _, labels = cv2().connectedComponents(rest.astype(np.uint8), connectivity=8)
    return len(np.unique(labels[rest & beside])) == labels.max()


def _stroke_width(rest):
    """How broad strokes are, in pixels."""
    padded = np.pad(rest, 1)  # beside the picture there is paper
    return stroke_width(distance(padded), padded)


def _goes_through(rest, lines, side):
    """Whether ink goes to a side and to the opposite one, or to the lines there, but for what is
    left of lines along the other two."""
    rest = rest.copy()
    for other in {side + 1, (side + 3) % 4} & set(lines):
        turned = np.rot90(rest, other)
        turned[:, : _near(turned, lines[other])] = False
    return all(_reaches(np.rot90(rest, end), lines.get(end)) for end in (side, side + 2))


def _near(mask, line):
    """How many columns are at the left side of a picture, or at the line along it."""
    inner = 0 if line is None else max(0, round(line.middle.mean()) + line.behind + 1)
    return inner + max(LEAST_MARGIN, round(MARGIN * mask.shape[1])) + 1


def _reaches(rest, line):
    """Whether ink goes to the left side of a picture, or to the line along it."""
    return bool(rest[:, : _near(rest, line)].any())


def _joined(found):
    """Of the lines of each side those whose ends meet others or the edge of the picture."""
    lines = {side: line for side, line in found.items() if line is not None}
    while True:
        kept = {side: line for side, line in lines.items() if _meets(side, line, lines)}
        if len(kept) == len(lines):
            return lines
        lines = kept


def _meets(side, line, lines):
    """Whether both ends of a line meet another line or the edge of the picture."""
    height = len(line.middle)
    upper, lower = lines.get((side + 1) % 4), lines.get((side - 1) % 4)
    ends = [
        (line.first, upper and upper.middle[-1]),
        (height - 1 - line.last, lower and lower.middle[0]),
    ]
    at_rim = line.middle.mean() < RIM * line.width and (upper or lower)
    free = CORNER * height if at_rim else BEYOND
    return all(
        place <= free or (other is not None and abs(place - other) <= CORNER * height)
        for place, other in ends
    )


def _line(mask):
    """The straight even line near the left side of a mask, or None."""
    height, width = mask.shape
    middle = _straightened(mask, _straightest(mask))
    before, behind, hit = _runs(mask, middle)
    first, last = _longest(_closed(hit, int(GAP * height)))
    rows = np.flatnonzero(hit[first:last]) + first
    if len(rows) < FULL * max(last - first, height / 2):
        return None
    # A stroke may touch it from within, so that its outer edge and where it is narrow count.
    before, behind = before[rows], behind[rows]
    narrow = behind <= np.quantile(behind, ALONE) + 1
    outer, inner = int(np.median(before)), int(np.median(behind[narrow]))
    straight = np.abs(before - outer) <= 1
    if straight.mean() < EVEN or outer + inner + 1 > max(3, BROADEST * width):
        return None
    return _Line(middle, outer, inner, first, last - 1, width)


def _straightened(mask, middle):
    """The line that is nearest to the middles of the ink around a line, where it is narrow."""
    before, behind, hit = _runs(mask, middle)
    if not hit.any():
        return middle
    breadth = before + behind + 1
    rows = np.flatnonzero(hit & (breadth <= np.quantile(breadth[hit], ALONE) + 1))
    if np.ptp(rows) < len(middle) / 3:
        return middle
    centres = np.rint(middle[rows]) + (behind - before)[rows] / 2
    return np.polynomial.Polynomial.fit(rows, centres, 1)(np.arange(len(middle)))


def _straightest(mask):
    """The columns of the steep straight line near the left side with most ink on it."""
    height, width = mask.shape
    rows = np.unique(np.linspace(0, height - 1, min(height, ROWS)).astype(int))
    most = int(np.ceil(np.tan(MOST_ASKEW) * height))
    padded = np.pad(mask[:, : int(np.ceil(REACH * width))], ((0, 0), (most, most)))
    starts = np.arange(padded.shape[1] - 2 * most) + most
    shifts = np.arange(-most, most + 1, max(1, height // ROWS))
    columns = np.rint(shifts[:, None] * (rows / height - 0.5)).astype(int)
    places = starts[:, None] + columns[:, None]  # (shifts, starts, rows)
    counts = padded[rows, places].sum(axis=-1)
    # Of those that are as good, a stroke along the frame lies further within.
    start, chosen = np.argwhere(NEARLY * counts.max() <= counts.T)[0]
    return start + shifts[chosen] * (np.arange(height) / height - 0.5)


def _runs(mask, middle):
    """How far ink goes on before and behind the middle in each row, and whether there is any."""
    height, width = mask.shape
    columns = np.arange(width)
    centre = np.clip(np.rint(middle).astype(int), 0, width - 1)[:, None]
    inside = (middle > -0.5) & (middle < width - 0.5)
    paper = ~mask
    # The last paper before the middle, and the first behind it.
    last = np.where(paper & (columns <= centre), columns, -1).max(axis=1)
    first = np.where(paper & (columns >= centre), columns, width).min(axis=1)
    hit = mask[np.arange(height), centre[:, 0]] & inside
    return centre[:, 0] - last - 1, first - centre[:, 0] - 1, hit


def _closed(hit, gap):
    """Whether each row lies in a line whose gaps are so long at most."""
    line = np.pad(hit.astype(np.uint8), gap + 1)[None]
    return cv2().morphologyEx(line, cv2().MORPH_CLOSE, np.ones((1, gap + 1)))[0, gap + 1 : -gap - 1]


def _longest(closed):
    """First and last, excluded, of the longest row of ones."""
    steps = np.flatnonzero(np.diff(np.pad(closed.astype(int), 1)))
    pairs = steps.reshape(-1, 2)
    return pairs[np.diff(pairs, axis=1).argmax()].tolist() if len(pairs) else (0, 0)


def _taken_away(mask, line):
    """A mask without a line along its left side, and what of the picture lies beyond that line."""
    height, width = mask.shape
    columns = np.arange(width) - np.rint(line.middle)[:, None]
    before, behind, _ = _runs(mask, line.middle)
    reaches_out = before > line.before + BEYOND
    reaches_in = behind > line.behind + BEYOND
    crossing = (reaches_out & reaches_in)[:, None]
    # Where no stroke touches it, the line may be a little broader.
    low = np.where(reaches_out, -line.before, -line.before - 1)[:, None]
    high = np.where(reaches_in, line.behind, line.behind + 1)[:, None]
    rows = np.arange(height)[:, None]
    along = (rows >= line.first) & (rows <= line.last)
    taken = along & ~crossing & (columns >= low) & (columns <= high)
    return mask & ~taken, columns < -line.before
