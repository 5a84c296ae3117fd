"""Where a character stands, how large it is and how far it leans: moments of its ink."""

import dataclasses
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ganprofile.images import luminance

MOST_SLANT = 1.0  # pixels sideways for a pixel down
LEAST_SIZE = 0.5  # pixels, so that the size of a dot can be divided by


@dataclasses.dataclass(frozen=True)
class Moments:
    """What is known of n characters; x runs right and y down, in pixels from the image's middle.

    Attributes:
        x: float64 `(n,)`, of the centre of the ink.
        y: the same.
        slant: float64 `(n,)`, how far a character leans to the left for a pixel up.
        width: float64 `(n,)`, the standard deviation of the ink along a row, were it upright.
        height: float64 `(n,)`, the same along a column.
    """

    x: np.ndarray
    y: np.ndarray
    slant: np.ndarray
    width: np.ndarray
    height: np.ndarray

    def select(self, index: np.ndarray | slice) -> Self:
        """Those of some characters."""
        return type(self)(**{name: values[index] for name, values in vars(self).items()})


def moments(images: NDArray[np.uint8]) -> Moments:
    """The `Moments` of uint8 images `(n, height, width, channels)`; paper alone counts as a dot."""
    ink = luminance(images)[..., 0].astype(np.float64)
    rows, columns = (np.arange(side) - (side - 1) / 2 for side in ink.shape[1:])
    total = np.maximum(ink.sum(axis=(1, 2)), 1e-9)
    by_row, by_column = ink.sum(axis=2), ink.sum(axis=1)
    x, y = by_column @ columns / total, by_row @ rows / total
    xx = by_column @ columns**2 / total - x**2
    yy = by_row @ rows**2 / total - y**2
    xy = np.einsum("nhw,h,w->n", ink, rows, columns, optimize=True) / total - x * y
    least = LEAST_SIZE**2
    slant = np.clip(xy / np.maximum(yy, least), -MOST_SLANT, MOST_SLANT)
    width = np.sqrt(np.maximum(xx - slant * xy, least))
    return Moments(x, y, slant, width, np.sqrt(np.maximum(yy, least)))


def matrices_between(found: Moments, wanted: Moments, most: float) -> NDArray[np.float32]:
    """Affine maps that give characters the place, slant and size of others.

    Args:
        found: `Moments` of the images that are resampled.
        wanted: those that the results are to have.
        most: sizes change by this factor at most.

    Returns:
        float32 `(n, 3, 3)`, from places in a result to places in an image, as
        `resampling.resample` takes them.
    """
    wide = np.clip(found.width / wanted.width, 1 / most, most)
    tall = np.clip(found.height / wanted.height, 1 / most, most)
    matrices = np.zeros((len(wide), 3, 3))
    matrices[:, 0, 0] = wide
    matrices[:, 0, 1] = found.slant * tall - wanted.slant * wide
    matrices[:, 1, 1] = tall
    matrices[:, 2, 2] = 1
    matrices[:, 0, 2] = found.x - matrices[:, 0, 0] * wanted.x - matrices[:, 0, 1] * wanted.y
    matrices[:, 1, 2] = found.y - matrices[:, 1, 1] * wanted.y
    return matrices.astype(np.float32)
