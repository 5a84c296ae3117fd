"""Registration: the smooth deformation that turns one image of a character into another.

What has to move how far is found by descending the squared difference of the two images, coarse
shapes first; the deformation is the cubic B-spline of the augmentation policy's `elastic`, as in
Rueckert et al. 1999 (IEEE TMI 18), and pays for neighbouring knots that move apart.

The gradient is written out, in NumPy: half the time of the compiled gradient of a framework, and
none has to be there.
"""

import numpy as np
from numpy.typing import NDArray

from ganprofile.images import to_float
from ganprofile.transforms.array_warping import corners, places, split
from ganprofile.transforms.augmentation_policy import KNOTS, LARGEST_WARP, spline
from ganprofile.transforms.warping import PAPER

BLURS = (2.5 / 28, 1.5 / 28, 0.8 / 28)  # of the side: coarse shapes first
STEPS = 20  # of descent at each
LEARNING_RATE = 0.12  # in units of the field, which are `LARGEST_WARP` of the side
DECAYS = (0.9, 0.999)  # of Adam's means of the gradient and of its square
LEAST = 1e-7  # added to what Adam divides by
STIFFNESS = 20.0
AT_ONCE = 50  # pairs, so that what is computed of them stays near the processor


def register(
    sources: NDArray[np.uint8],
    targets: NDArray[np.uint8],
    matrices: np.ndarray,
) -> NDArray[np.float32]:
    """Fields that warp sources, once they have been moved, into targets.

    Args:
        sources: uint8 `(n, height, width, channels)`.
        targets: uint8, of the same shape.
        matrices: float32 `(n, 3, 3)`, affine maps that come first, as `resampling.resample`
            takes them.

    Returns:
        float32 `(n, 2, KNOTS, KNOTS)`, so that
        `resample(sources, matrices, elastic(fields, height, width))` resembles the targets.
    """
    fields = [np.zeros((0, 2, KNOTS, KNOTS), np.float32)]
    for first in range(0, len(sources), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        fields.append(_registered(sources[some], targets[some], matrices[some]))
    return np.concatenate(fields)


def _registered(
    sources: NDArray[np.uint8], targets: NDArray[np.uint8], matrices: np.ndarray
) -> NDArray[np.float32]:
    maps = places(matrices.astype(np.float32), *sources.shape[1:3])
    field = np.zeros((len(sources), 2, KNOTS, KNOTS), np.float32)
    for blur in BLURS:
        moved, wanted = _blurred(sources, blur), _blurred(targets, blur)
        framed = np.pad(moved, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=PAPER)
        mean, square = np.zeros_like(field), np.zeros_like(field)
        for step in range(1, STEPS + 1):
            gradient = _gradient(field, framed, wanted, maps)
            mean += np.float32(1 - DECAYS[0]) * (gradient - mean)
            square += np.float32(1 - DECAYS[1]) * (np.square(gradient) - square)
            rate = LEARNING_RATE * np.sqrt(1 - DECAYS[1] ** step) / (1 - DECAYS[0] ** step)
            field -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(LEAST))
    return field


def _gradient(
    field: NDArray[np.float32],
    framed: NDArray[np.float32],
    wanted: NDArray[np.float32],
    known: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> NDArray[np.float32]:
    """The gradient of the squared difference and of the field's unevenness, like the field.

    Sums over pixels, so that what one pair finds does not depend on the others beside it.
    """
    count, height, width, channels = wanted.shape
    down, right = spline(height), spline(width)
    reach = np.float32(LARGEST_WARP) * np.array([width, height], np.float32)[:, None, None]
    moves = down @ field @ right.T
    x, y = (
        place + far * move
        for place, far, move in zip(known, reach, np.moveaxis(moves, 1, 0), strict=True)
    )
    inside_x, inside_y = (x >= -1) & (x <= width), (y >= -1) & (y <= height)
    (left, x), (top, y) = split(x, width), split(y, height)
    corner, steps = corners(left, top, height, width)
    pull = np.zeros((count, 2, height, width), np.float32)  # of the pixels on their places
    for channel in range(channels):
        pixels = framed[..., channel].ravel()
        start, over, below, across = (pixels.take(corner + step) for step in steps)
        upper, lower = over - start, across - below
        start += x * upper
        down_by = below + x * lower - start
        residual = 2.0 * (start + y * down_by - wanted[..., channel])
        pull[:, 0] += residual * (upper + y * (lower - upper))
        pull[:, 1] += residual * down_by
    pull[:, 0] *= inside_x
    pull[:, 1] *= inside_y
    return reach * (down.T @ pull @ right) + np.float32(2 * STIFFNESS) * _unevenness(field)


def _unevenness(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half the gradient of the sum of squared differences between neighbouring knots."""
    found = np.zeros_like(field)
    down, right = field[:, :, 1:] - field[:, :, :-1], field[..., 1:] - field[..., :-1]
    found[:, :, 1:] += down
    found[:, :, :-1] -= down
    found[..., 1:] += right
    found[..., :-1] -= right
    return found


def _blurred(images: NDArray[np.uint8], blur: float) -> NDArray[np.float32]:
    from scipy.ndimage import gaussian_filter

    _, height, width, _ = images.shape
    reach = (0, blur * height, blur * width, 0)
    return gaussian_filter(to_float(images), reach, mode="constant", cval=PAPER)
