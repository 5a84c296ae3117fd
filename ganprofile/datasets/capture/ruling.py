"""Lines of squared and ruled paper, faint ones and such as are printed as dark as ink."""

import numpy as np

from ganprofile.datasets.capture.opencv import cv2

LINE = 0.5  # of the shorter side: ruled lines are at least so long
ANGLE = np.pi / 720  # lines are told apart by so much
FILLED = 0.5  # of a faint line's length is seen at least
GAP = 0.1  # of it: so much may be hidden by ink, or by another line
BROADEST = 5  # pixels: so broad a line is
WHOLE = 0.95  # of a dark line's length is dark at least: strokes in a row have gaps
BARE = 0.25  # of a line lies bare at least: that tells how broad and how dark it is
DARKER = 1.3  # times as dark as the line: there is ink along it
THIN = 0.01  # of the shorter side: no dark line is broader, and pens that write so large are
CROSSED = 1.5  # times as broad as the line, and a pixel: more is ink across it or beside it
THIN_ACROSS = 0.05  # the same of a line from edge to edge of a picture of one character
MARGIN = 0.02  # of the shorter side: what comes nearer to an edge is cut off by it, or cropped
LEAST = 0.25  # of the shorter side: a character is at least so long
ALONE = 0.1  # of the shorter side: so far around the end of a line nothing is written


def without_dark_lines(mask, dark):
    """A mask without thin lines across it; what crosses or touches them stays.

    Args:
        mask: bool `(height, width)`, where there is ink.
        dark: how dark each place is, floats `(height, width)`.
    """
    return _without_lines(mask, dark, mask, WHOLE, THIN * min(mask.shape))


def without_faint_lines(mask, dark, faint):
    """A mask without thin lines across it, of which ink may hide parts.

    Args:
        mask: bool `(height, width)`, where there is ink or what is fainter.
        dark: how dark each place is, floats `(height, width)`.
        faint: where there is nothing but what is fainter.
    """
    return _without_lines(mask, dark, faint, FILLED, max(BROADEST, THIN * min(mask.shape)))


def without_lines_across(mask, dark):
    """The ink of one character without thin lines from edge to edge of its picture.

    Where what remains comes near an edge, or is next to nothing, they may be strokes of a character
    whose picture ends where it does: all stays.

    Args:
        mask: bool `(height, width)`, where there is ink.
        dark: how dark each place is, floats `(height, width)`.
    """
    level, upright = _level_and_upright(mask)
    through = [
        [_prolonged(*one, width) for one in some]
        for some, width in zip((level, upright), mask.shape[::-1], strict=True)
    ]
    bare, _, ends = _both_ways(mask, dark, mask, *through, WHOLE, THIN_ACROSS * min(mask.shape))
    rest = mask & ~bare
    margin = max(2, round(MARGIN * min(mask.shape)))
    inner = rest[margin:-margin, margin:-margin]
    is_whole = ends and inner.sum() == rest.sum()
    longest = max((np.ptp(np.nonzero(inner), axis=1) + 1) if inner.any() else (0,))
    return rest if is_whole and longest >= LEAST * min(mask.shape) else mask


def _without_lines(mask, dark, seen, *least):
    """A mask without the lines that are seen in another mask; `least` is what `_bare` takes."""
    bare, bands, ends = _both_ways(mask, dark, seen, *_level_and_upright(seen), *least)
    is_ruled = any(_is_alone(end, mask & ~bare & ~bands) for end in ends)
    return mask & ~bare if is_ruled else mask


def _level_and_upright(mask):
    """Lines in a mask as their ends, `(x, y)` of rather level ones and `(y, x)` of others."""
    found = _segments(mask)
    level = [one for one in found if _is_level(*one)]
    return level, [np.flip(one, 1).tolist() for one in found if not _is_level(*one)]


def _both_ways(mask, dark, seen, level, upright, *least):
    """What `_bare` gives of both kinds of lines together."""
    bare, bands, ends = _bare(mask, dark, seen, level, *least)
    across, bands_across, tops = _bare(mask.T, dark.T, seen.T, upright, *least)
    return bare | across.T, bands | bands_across.T, [*ends, *(end[::-1] for end in tops)]


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


def _bare(mask, dark, seen, segments, filled, broadest):
    """Where lines that are rather level are bare and where they run, bool `(height, width)` both,
    and their ends, a list of `(x, y)`.

    Args:
        mask: bool `(height, width)`.
        dark: how dark each place is, floats of that shape.
        seen: where the lines are seen, of the same shape.
        segments: what may be lines.
        filled: the share of a line's length that is seen at least.
        broadest: how many pixels broad a line is at most.
    """
    bare, bands, ends = np.zeros(mask.shape, bool), np.zeros(mask.shape, bool), []
    if not segments:
        return bare, bands, ends
    firsts, heights, darkest = _runs(mask, dark)
    for begin, end in segments:
        on_line = seen & _line(mask.shape, begin, end)
        breadth = np.quantile(heights[on_line], BARE)
        is_line = on_line.any(axis=0).sum() > filled * abs(end[0] - begin[0])
        if is_line and breadth <= broadest:
            band = _line(mask.shape, *_prolonged(begin, end, mask.shape[1]))
            narrow = mask & band & (heights <= CROSSED * breadth + 1)
            bare |= narrow & (darkest <= DARKER * np.quantile(darkest[narrow], BARE))
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


def _runs(mask, dark):
    """What hangs together above and below each place of a mask: its first row, how many rows, and
    how dark its darkest place is, `(height, width)` each; they say nothing of other places."""
    rows = np.arange(len(mask))[:, None]
    above = np.maximum.accumulate(np.where(mask, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(mask, len(mask), rows)[::-1], axis=0)[::-1]
    firsts, peaks = above + 1, np.zeros(mask.shape)
    at, columns = np.nonzero(mask)
    np.maximum.at(peaks, (firsts[at, columns], columns), dark[at, columns])
    darkest = np.zeros(mask.shape)
    darkest[at, columns] = peaks[firsts[at, columns], columns]
    return firsts, below - above - 1, darkest
