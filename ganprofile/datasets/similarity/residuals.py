"""What of one image is left when it is explained by another, whatever saving did to it.

Some kernel of 5x5 cells, laid over one image, gives the other: such a kernel is every shift by up
to two pixels, the blur of every resizing and every contrast. Of an image that was saved again
hardly anything is left; other strokes, however alike, leave their edges. Noise is known by what it
leaves on paper.
"""

import numpy as np

from ganprofile.datasets.similarity.alignment import windows
from ganprofile.images import luminance

SIDE = 28  # cells of the longer side; of smaller images the pixels
BLUR = 0.6  # standard deviation of a cell's window, in cells
REACH = 2  # cells from the middle of a kernel to its edge
RIDGE = 1e-3  # of the mean of a kernel's normal equations
FORGIVEN = 3  # cells that do not count: a single pixel may have been changed
PAPER = 0.04, 0.25  # of the most ink: below, in one image and the other, a cell is paper
LEAST_PAPER = 30  # cells that tell the noise
AT_ONCE = 250


def unexplained(images, others):
    """The share of an image's contrast that no kernel over another explains.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`, 255 = ink.
        others: the same of as many others; each is explained by its image and explains it.

    Returns:
        float32 `(n,)`, of the better way round: 0 for an exact or a shifted copy, 1 for images
        with nothing in common.
    """
    found = np.ones(len(images), np.float32)
    for first in range(0, len(images), AT_ONCE):
        rows = slice(first, first + AT_ONCE)
        one, other = _cells(images[rows]), _cells(others[rows])
        found[rows] = np.minimum(_left(one, other), _left(other, one))
    return found


def without_paper(images):
    """Images with paper of 0, whatever its level was: that of the lightest quarter of the pixels.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`, 255 = ink.

    Returns:
        uint8 `(n, height, width, 1)`.
    """
    levels = luminance(images)
    pixels = levels.reshape(len(levels), -1)
    quarter = pixels.shape[1] // 4
    paper = np.partition(pixels, quarter, axis=1)[:, quarter, None]
    return (np.maximum(pixels, paper) - paper).reshape(levels.shape)


def _cells(images):
    """What images show through Gaussian windows, float32 `(n, rows, columns)`."""
    levels = without_paper(images)[..., 0].astype(np.float32)
    longer = max(levels.shape[1:])
    vertical, horizontal = (_axis(length, longer) for length in levels.shape[1:])
    return vertical @ levels @ horizontal.T


def _axis(length, longer):
    count = max(1, round(length * min(1, SIDE / longer)))
    pitch = length / count
    return windows((np.arange(count) + 0.5) * pitch - 0.5, length, BLUR * pitch)


def _left(given, wanted):
    """The share of the contrast of `wanted` that no kernel over `given` explains, `(n,)`."""
    moved, target = _moved(given), _inner(wanted, REACH, REACH)
    is_paper = (moved.max(axis=1) < PAPER[0] * _most(given)) & (target < PAPER[1] * _most(wanted))
    moved -= moved.mean(axis=2, keepdims=True)
    target = target - target.mean(axis=1, keepdims=True)
    equations = moved @ moved.transpose(0, 2, 1)
    ridge = np.maximum(RIDGE * np.trace(equations, axis1=1, axis2=2) / moved.shape[1], 1)
    equations += ridge[:, None, None] * np.eye(moved.shape[1], dtype=np.float32)
    kernels = np.linalg.solve(equations, moved @ target[:, :, None])
    errors = target - (kernels.transpose(0, 2, 1) @ moved)[:, 0]
    squares = np.sort(errors**2, axis=1)[:, :-FORGIVEN].sum(axis=1)
    squares -= _noise(errors, is_paper) * target.shape[1]
    return np.maximum(squares, 0) / np.maximum((target**2).sum(axis=1), 1)


def _moved(cells):
    """Cells under every place of a kernel, float32 `(n, places, cells of the inside)`."""
    places = range(2 * REACH + 1)
    return np.stack([_inner(cells, row, column) for row in places for column in places], axis=1)


def _inner(cells, row, column):
    """The inside of a grid, moved, `(n, cells of the inside)`: kernels reach to its edge."""
    height, width = (length - 2 * REACH for length in cells.shape[1:])
    return cells[:, row : row + height, column : column + width].reshape(len(cells), -1)


def _most(cells):
    return cells.max(axis=(1, 2))[:, None]


def _noise(errors, is_paper):
    """The variance of what is left on paper, `(n,)`; 0 where there is too little of it."""
    count = is_paper.sum(axis=1)
    mean = (errors * is_paper).sum(axis=1) / np.maximum(count, 1)
    squares = ((errors - mean[:, None]) ** 2 * is_paper).sum(axis=1)
    return np.where(count >= LEAST_PAPER, squares / np.maximum(count, 1), 0)
