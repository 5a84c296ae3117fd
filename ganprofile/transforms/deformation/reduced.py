"""Smaller views of large images, in which characters are registered and teachers read.

What tells characters apart is seen at the size of MNIST's images; at twice the side every
convolution costs four times as much.
"""

import numpy as np
from numpy.typing import NDArray

SIDE = 28  # the least that is left of the longer side, in pixels


def reduction(height: int, width: int) -> int:
    """So many pixels in a row become one: 1 below twice `SIDE`, 2 for 64 x 64."""
    return max(1, max(height, width) // SIDE)


def reduction_fact(height: int, width: int) -> dict[str, int]:
    """What the names of kept files are told of it; nothing where images are as they were."""
    times = reduction(height, width)
    return {"reduction": times} if times > 1 else {}


def reduced(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Images of any number of channels, uint8 `(n, height, width, channels)`, by whole factors.

    Every square of pixels becomes its mean; one that reaches over the edge sees paper there.
    """
    count, height, width, channels = images.shape
    times = reduction(height, width)
    if times == 1:
        return images
    down, right = -(-height // times), -(-width // times)
    missing = ((0, 0), (0, down * times - height), (0, right * times - width), (0, 0))
    squares = np.pad(images, missing).reshape(count, down, times, right, times, channels)
    return np.rint(squares.mean(axis=(2, 4), dtype=np.float32)).astype(np.uint8)
