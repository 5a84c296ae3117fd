"""Lines of squared and ruled paper, faint ones and such as are printed as dark as ink."""

import numpy as np

from ganprofile.datasets.capture.opencv import cv2

LINE = 0.5  # of the shorter side: ruled lines are at least so long
ANGLE = np.pi / 720  # lines are told apart by so much
FILLED = 0.5  # of a faint line's length is seen at least
GAP = 0.1  # of it: so much may be hidden by ink, or by another line
BROADEST = 5  # pixels: so broad a line is
WHOLE = 0.95  # of a dark line's length is dark at least: strokes in a row have gaps
THIN = 0.01  # of the shorter side: no line is broader, and pens that write so large are
CROSSED = 1.5  # times as broad as the line: there is ink across it or beside it
ALONE = 0.05  # of the shorter side: so far around the end of a line nothing is written


def without_dark_lines(mask):
    """A mask without thin lines across it; what crosses or touches them stays.

    Args:
        mask: bool `(height, width)`, where there is ink.
    """
    return _without_lines(mask, mask, WHOLE)


def without_faint_lines(mask, faint):
    """A mask without thin lines across it, of which ink may hide parts.

    Args:
        mask: bool `(height, width)`, where there is ink or what is fainter.
        faint: where there is nothing but what is fainter.
    """
    return _without_lines(mask, faint, FILLED)


def _without_lines(mask, seen, filled):
    """A mask without the lines of which so much is seen in another mask."""
    found = _segments(seen)
    level = [one for one in found if _is_level(*one)]
    upright = [np.flip(one, 1).tolist() for one in found if not _is_level(*one)]
    bare, bands, ends = _bare(mask, seen, level, filled)
    across, bands_across, tops = _bare(mask.T, seen.T, upright, filled)
    bare, bands = bare | across.T, bands | bands_across.T
    ends += [end[::-1] for end in tops]
    is_ruled = any(_is_alone(end, mask & ~bare & ~bands) for end in ends)
    return mask & ~bare if is_ruled else mask


def _segments(mask):
    """The ends `(x, y)` of long straight lines in a mask, a list of pairs."""
    length = max(9, int(LINE * min(mask.shape)))
    segments = cv2().HoughLinesP(
        *(mask.astype(np.uint8), 1, ANGLE, int(FILLED * length)),
        minLineLength=length,
        maxLineGap=max(2, int(GAP * length)),
    )
    return [] if segments is None else segments.reshape(-1, 2, 2).tolist()


def _line(shape, begin, end):
    line = np.zeros(shape, np.uint8)
    cv2().line(line, begin, end, 1, BROADEST)
    return line > 0


def _is_level(begin, end):
    return abs(end[0] - begin[0]) >= abs(end[1] - begin[1])


def _bare(mask, seen, segments, filled):
    """Where lines that are rather level are bare and where they run, bool `(height, width)` both,
    and their ends, a list of `(x, y)`."""
    bare, bands, ends = np.zeros(mask.shape, bool), np.zeros(mask.shape, bool), []
    if not segments:
        return bare, bands, ends
    firsts, heights = _runs(mask)
    for begin, end in segments:
        on_line = seen & _line(mask.shape, begin, end)
        breadth = np.median(heights[on_line])
        is_line = on_line.any(axis=0).sum() > filled * abs(end[0] - begin[0])
        if is_line and breadth <= THIN * min(mask.shape):
            band = _line(mask.shape, *_prolonged(begin, end, mask.shape[1]))
            bare |= mask & band & (heights <= CROSSED * breadth)
            bands |= band
            ends += [begin, end]
    return _run_through(bare, mask, firsts), bands, ends


def _is_alone(end, others):
    """Whether nothing else lies around the end of a line, as of one at least of ruled paper: a row
    of headlines, as Devanagari has them, ends where its characters do."""
    far = round(ALONE * min(others.shape))
    (left, top), (right, bottom) = np.maximum(np.array(end) - far, 0), np.array(end) + far
    return not others[top : bottom + 1, left : right + 1].any()


def _run_through(places, mask, firsts):
    """All that hangs together in a column with one of some places."""
    begun = np.zeros(mask.shape, bool)
    rows, columns = np.nonzero(places)
    begun[firsts[rows, columns], columns] = True
    rows, columns = np.nonzero(mask)
    found = np.zeros(mask.shape, bool)
    found[rows, columns] = begun[firsts[rows, columns], columns]
    return found


def _prolonged(begin, end, width):
    """The ends of a rather level line from one edge of a picture to the other."""
    slope = (end[1] - begin[1]) / (end[0] - begin[0])
    return [(x, round(begin[1] + slope * (x - begin[0]))) for x in (0, width - 1)]


def _runs(mask):
    """What hangs together above and below each place of a mask: the first row of it and how many
    rows, int `(height, width)` both; of what is not in the mask they say nothing."""
    rows = np.arange(len(mask))[:, None]
    above = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(mask, len(mask), rows)[::-1], axis=0)[::-1]
    return above + 1, below - above - 1
