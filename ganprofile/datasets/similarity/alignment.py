"""How alike two images are in pixels when one may be shifted: their best normalised correlation."""

import numpy as np

from ganprofile.images import luminance

SIDE = 28  # pixels; shifts and windows grow with larger images
REACH = 2  # the longest shift, in pixels of 28
CELLS = 14  # a side of the grid that images are compared on
BLUR = 0.5  # standard deviation of a cell's window, in cells: noise averages out, strokes stay
SHAPE_CELLS, SHAPE_PITCH, SHAPE_BLUR = 8, 3.0, 1.8  # in pixels of 28
PAPER = 32  # levels up to here count as paper, since noise on paper is no content,
FAINT = 0.25  # or up to this share of an image's darkest ink, where that is less
MOST_PIXELS = 224  # a side; larger images are reduced by a whole factor first
LEAST_KEPT = 0.5  # of either image's contrast; a shift that moves more out of the frame is none
AT_ONCE = 200
# BLAS computes a product of two matrices with fewer multiplications in one thread; with several,
# thousands of small products would wait for the slowest thread each.
MOST_PRODUCTS = 2**18
MOST_VALUES = 2**23  # of all shifts of a block of images, so that memory stays bounded


def ink(images):
    """What is written, without the paper.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`, 255 = ink.

    Returns:
        float32 `(n, height, width)`, 0 = paper, of at most `MOST_PIXELS` a side.
    """
    levels = luminance(images)[..., 0].astype(np.float32)
    paper = np.minimum(PAPER, FAINT * levels.max(axis=(1, 2), keepdims=True))
    return _reduced(np.maximum(levels - paper, 0))


def shapes(images):
    """What is written, coarsely and about its own middle, so that shifts hardly change it.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`, 255 = ink.

    Returns:
        float32 `(n, 64)`: the ink seen through 8x8 Gaussian windows around its centre of mass, of
        norm 1; 0 without ink.
    """
    parts = [_shapes(ink(block)) for _, block in blocks(images)]
    return np.concatenate(parts)


def blocks(images, size=AT_ONCE):
    """`(rows, images)`, block by block."""
    for first in range(0, len(images), size):
        rows = slice(first, first + size)
        yield rows, images[rows]


class Aligned:
    """Reference images, prepared so that others can be compared with them at every shift.

    Both are looked at through the same Gaussian windows, a grid of 14x14; the other image is
    shifted by whole pixels, up to 2 of 28, before that. Only what lies in both frames counts, so
    that ink which a shift moved out of the frame is not missed.

    Args:
        references: uint8 `(m, height, width, 1 or 3)`, 255 = ink.
    """

    def __init__(self, references):
        parts = [self._prepared(block) for _, block in blocks(references)]
        self._cells, self._scales = map(np.concatenate, zip(*parts, strict=True))
        values = self._cells.shape[1] * self._scales.shape[1]
        self._at_once = max(1, min(AT_ONCE, MOST_VALUES // values))

    def distances(self, images, candidates):
        """1 less the zero-mean normalised correlation, at the shift where it is largest.

        Args:
            images: uint8 `(n, height, width, 1 or 3)`, of the references' height and width.
            candidates: which references each image is compared with, int `(n, k)`.

        Returns:
            float32 `(n, k)` in 0..1: 0 is the same but for shift and contrast; 1 for an image
            without ink.
        """
        found = np.empty(candidates.shape, np.float32)
        for rows, block in blocks(images, self._at_once):
            found[rows] = 1 - self._correlations(ink(block), candidates[rows])
        return np.clip(found, 0, 1, out=found)

    def _prepared(self, images):
        levels = ink(images)
        vertical, horizontal = _axes(levels)
        cells = vertical.still @ levels @ horizontal.still.T
        sums, squares = (
            (vertical.seen @ values @ horizontal.seen.T).reshape(len(images), -1)
            for values in (cells, cells * cells)
        )
        return cells.reshape(len(images), -1), _scales(sums, squares, _counts(vertical, horizontal))

    def _correlations(self, levels, candidates):
        shifted = _standardised(levels, *_axes(levels))
        at_once = max(1, MOST_PRODUCTS // shifted[0].size)
        found = np.empty(candidates.shape, np.float32)
        for first in range(0, candidates.shape[1], at_once):
            chosen = candidates[:, first : first + at_once]
            correlations = self._cells[chosen] @ shifted
            correlations *= self._scales[chosen]
            found[:, first : first + at_once] = correlations.max(axis=2)
        return found


class _Axis:
    """The cells along one axis, at every shift.

    Args:
        length: of the axis, in pixels.
        side: of the whole image, in pixels: its longer axis.

    Attributes:
        still: windows without a shift, `(cells, length)`.
        moved: windows at every shift, `(shifts, cells, length)`; 0 for a cell out of the frame.
        seen: which cells lie in both frames at a shift, 0 or 1, float32 `(shifts, cells)`.
    """

    def __init__(self, length, side):
        cells = max(1, round(length * min(1, CELLS / side)))
        pitch = length / cells
        reach = round(REACH * side / SIDE)
        shifts = np.arange(-reach, reach + 1)[:, None]
        centres = (np.arange(cells) + 0.5) * pitch - 0.5
        moved = centres + shifts
        self.seen = ((moved >= 0) & (moved <= length - 1)).astype(np.float32)
        self.still = windows(centres, length, BLUR * pitch)
        self.moved = windows(moved, length, BLUR * pitch) * self.seen[..., None]


def _axes(levels):
    height, width = levels.shape[1:]
    return _Axis(height, max(height, width)), _Axis(width, max(height, width))


def windows(centres, length, deviation):
    """Gaussian windows on an axis of pixels.

    Args:
        centres: float `(..., k)`, in pixels.
        length: of the axis.
        deviation: the standard deviation, in pixels.

    Returns:
        float32 `(..., k, length)`; each sums to 1 where the frame does not cut it.
    """
    distances = np.arange(length) - np.asarray(centres)[..., None]
    weights = np.exp(-(distances**2) / (2 * deviation**2)) / (deviation * np.sqrt(2 * np.pi))
    return weights.astype(np.float32)


def _counts(vertical, horizontal):
    """How many cells lie in both frames, float32 `(shifts,)`; 1 for none, of which sums are 0."""
    counts = np.outer(vertical.seen.sum(axis=1), horizontal.seen.sum(axis=1)).reshape(-1)
    return np.maximum(counts, 1)


def _standardised(levels, vertical, horizontal):
    """The cells of images at every shift, `(n, cells, shifts)`, of mean 0 and norm 1.

    Their product with other cells is that of both without their means.
    """
    across = horizontal.moved.reshape(-1, levels.shape[2]).T
    moved = vertical.moved @ levels[:, None] @ across
    # Axes: images, vertical shifts, rows of cells, horizontal shifts, columns of cells.
    moved = moved.reshape(*moved.shape[:3], *horizontal.seen.shape).transpose(0, 2, 4, 1, 3)
    rows, columns = moved.shape[1:3]
    cells = moved.reshape(len(levels), rows * columns, -1)
    counts = _counts(vertical, horizontal)
    sums, squares = cells.sum(axis=1), np.einsum("ncs,ncs->ns", cells, cells)
    seen = np.einsum("rc,sd->cdrs", vertical.seen, horizontal.seen).reshape(cells.shape[1:])
    cells -= (sums / counts)[:, None] * seen
    cells *= _scales(sums, squares, counts)[:, None]
    return cells


def _scales(sums, squares, counts):
    """1 over the norm of cells less their mean, `(n, shifts)`; 0 where too much is lost."""
    contrast = squares - sums * sums / counts
    unshifted = contrast[..., contrast.shape[-1] // 2, None]
    kept = (contrast >= LEAST_KEPT * unshifted) & (unshifted > 1)
    return kept / np.sqrt(np.maximum(contrast, 1))


def _shapes(levels):
    count, height, width = levels.shape
    total = np.maximum(levels.sum(axis=(1, 2)), 1)[:, None]
    scale = max(height, width) / SIDE
    offsets = (np.arange(SHAPE_CELLS) - (SHAPE_CELLS - 1) / 2) * SHAPE_PITCH * scale
    vertical, horizontal = (
        windows(
            levels.sum(axis=3 - axis) @ np.arange(length)[:, None] / total + offsets,
            length,
            SHAPE_BLUR * scale,
        )
        for axis, length in ((1, height), (2, width))
    )
    cells = (vertical @ levels @ horizontal.transpose(0, 2, 1)).reshape(count, -1)
    return cells / np.maximum(np.linalg.norm(cells, axis=1, keepdims=True), 1e-6)


def _reduced(levels):
    factor = -(-max(levels.shape[1:]) // MOST_PIXELS)
    if factor == 1:
        return levels
    count, height, width = levels.shape
    levels = np.pad(levels, ((0, 0), (0, -height % factor), (0, -width % factor)))
    return levels.reshape(count, -(-height // factor), factor, -1, factor).mean(axis=(2, 4))
