"""Lines of squared and ruled paper on the scan of one character: pure functions of arrays."""

import dataclasses

import numpy as np

LOOKED_AT = 128  # rows and columns
LEAN = 0.05  # of its length: so much a line across the paper may rise or fall
WHOLE = 0.95  # of a line's length is seen
THIN = 0.05  # of a side; two pixels of small pictures
FAINT = 0.6  # of the way from paper to ink: no stroke is fainter than that all along
KEPT = 0.35  # of the way from a faint line to ink: what is darker is ink
BESIDE = 2  # rows from a line there is paper again
SHARP = 0.5  # of the way from paper to a line: what is darker is no paper
FREE = 0.25  # of the paper beside a line shows, at least; on the rest the character may stand
NEARLY = 0.9  # of a picture is ink
MANY = 3  # dark lines side by side from edge to edge; a stroke or two may run so far


@dataclasses.dataclass(frozen=True)
class Lines:
    """Lines that run across a whole picture.

    Attributes:
        darkest: the level up to which all is line or paper, where lines are far fainter than the
            ink; None where they are as dark.
        paper: the level of paper.
    """

    darkest: int | None
    paper: int


def lines_across(dark, mask):
    """The lines of the paper that are taken for ink, `Lines`, or None where there are none.

    Args:
        dark: uint8 `(height, width)`, light ink on dark paper.
        mask: bool of that shape, what is taken for ink.
    """
    turned = [(dark, mask), (dark.T, mask.T)]
    crossed = [one for one in turned if one[1][:, 0].any() and one[1][:, -1].any()]
    if not crossed:
        return None
    # Of a bold character that is cropped to its ink most is ink, but never nearly all.
    paper = int(np.median(dark[~mask] if mask.mean() < NEARLY else dark))
    ink = float(np.quantile(dark[mask], 0.99))
    levels, count = max((_level_ones(*one, paper) for one in crossed), key=lambda one: one[1])
    if not count:
        return None
    line = float(np.median(levels))
    if line - paper < FAINT * (ink - paper):
        return Lines(int(line + KEPT * (ink - line)), paper)
    return Lines(None, paper) if count >= MANY else None


def _level_ones(dark, mask, paper):
    """How dark lines from the left to the right edge are, an array, and how many there are."""
    dark, mask = _reduced(dark), _reduced(mask)
    height, width = mask.shape
    columns = np.arange(width)
    most = np.empty(0), 0
    for rise in range(-round(LEAN * width), round(LEAN * width) + 1):
        rows = np.arange(height)[:, None] + np.rint(rise * (columns / width - 0.5)).astype(int)
        inside = (rows >= 0) & (rows < height)
        rows = rows.clip(0, height - 1)
        is_line = (mask[rows, columns] & inside).mean(axis=1) >= WHOLE
        ends = np.flatnonzero(np.diff(is_line, prepend=False, append=False)).reshape(-1, 2)
        thin = ends[np.diff(ends)[:, 0] <= max(2, THIN * height)]
        if len(thin) <= most[1]:
            continue
        levels = dark[rows, columns]
        thin = [one for one in thin if _is_on_paper(levels, *one, paper)]
        if len(thin) > most[1]:
            most = levels[np.concatenate([np.arange(*one) for one in thin])], len(thin)
    return most


def _is_on_paper(levels, first, end, paper):
    """Whether there is paper on either side of a line, as there is beside no rim of a stroke or of
    a shadow; what lies outside of the picture counts as paper."""
    beside = (row for row in (first - BESIDE, end - 1 + BESIDE) if 0 <= row < len(levels))
    darkest = paper + SHARP * (np.median(levels[first:end]) - paper)
    return all(np.quantile(levels[row], FREE) <= darkest for row in beside)


def _reduced(pixels):
    """The highest of each small block, so that thin lines stay."""
    for axis in (0, 1):
        firsts = np.linspace(0, pixels.shape[axis], LOOKED_AT, endpoint=False).astype(int)
        pixels = np.maximum.reduceat(pixels, np.unique(firsts), axis=axis)
    return pixels
