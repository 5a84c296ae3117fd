"""`warping.resample` for arrays, with fewer and cheaper calls than the form for tensors has.

A call of NumPy costs more than the arithmetic on one small image, and most uses have one.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
PAPER = np.float32(-1)


def resample(images: Floats, matrices: Floats, warp: tuple[Floats, Floats] | None) -> Floats:
    """Images seen through affine maps and a field; arguments as for `warping.resample`."""
    count, height, width, channels = images.shape
    x, y = places(matrices, height, width)
    if warp is not None:
        x, y = x + warp[0], y + warp[1]
    left, x = split(x, width)
    top, y = split(y, height)
    corner, steps = corners(left, top, height, width)
    framed = np.full((count, height + 2, width + 2, channels), PAPER, np.float32)
    framed[:, 1:-1, 1:-1] = images
    seen = np.empty((count, height, width, channels), np.float32)
    for channel in range(channels):
        pixels = framed[..., channel].ravel()
        upper, over, lower, across = (pixels.take(corner + step) for step in steps)
        # In this form equal ends stay what they are, as in `warping.mix`.
        upper += x * (over - upper)
        lower += x * (across - lower)
        upper += y * (lower - upper)
        seen[..., channel] = upper
    return seen


def places(matrices: Floats, height: int, width: int) -> tuple[Floats, Floats]:
    """Column and row that every pixel comes from by affine maps, `(n, height, width)` each."""
    middle_x, middle_y = np.float32((width - 1) / 2), np.float32((height - 1) / 2)
    x = np.arange(width, dtype=np.float32) - middle_x
    y = (np.arange(height, dtype=np.float32) - middle_y)[:, None]
    entries = matrices[:, :, :, None, None]
    column, row = (
        entries[:, axis, 0] * x + entries[:, axis, 1] * y + (entries[:, axis, 2] + middle)
        for axis, middle in enumerate((middle_x, middle_y))
    )
    return column, row


def split(place: Floats, length: int) -> tuple[Floats, Floats]:
    """The pixel before a place, and the share of the one after it; beyond the frame is paper."""
    place = np.minimum(np.maximum(place, np.float32(-1)), np.float32(length))
    before = np.minimum(np.floor(place), np.float32(length - 1))
    return before, place - before


def corners(
    left: Floats, top: Floats, height: int, width: int
) -> tuple[NDArray[np.intp], tuple[int, ...]]:
    """Indices of upper left pixels in framed images one after the other, and from there to all."""
    stride = width + 2
    first = np.arange(len(left))[:, None, None] * ((height + 2) * stride) + stride + 1
    corner = first + (top * np.float32(stride) + left).astype(np.intp)
    return corner, (0, 1, stride, stride + 1)
