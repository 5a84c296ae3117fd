"""Upright views: characters without their slant, in one size, in the middle.

Size and slant are a writer's habit and say nothing of the character; a reader who need not learn
that from a few images reads better. An old remedy (LeCun et al. 1998, Proc. IEEE 86, deslanted
MNIST; the moment normalisation of Casey 1970), here for the teachers.
"""

import numpy as np
from numpy.typing import NDArray

from ganprofile.images import to_float, to_uint8
from ganprofile.transforms.deformation.moments import Moments, matrices_between, moments
from ganprofile.transforms.warping import resample

HEIGHT, WIDTH = 0.215, 0.15  # standard deviations of the ink, in shares of the side
MOST_RESIZED = 1.8
AT_ONCE = 500


def upright(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Upright views of images.

    Args:
        images: uint8 `(n, height, width, channels)`.

    Returns:
        uint8 of the same shape.
    """
    blocks = [_upright(images[first : first + AT_ONCE]) for first in range(0, len(images), AT_ONCE)]
    return np.concatenate(blocks) if blocks else images


def _upright(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    count, height, width, _ = images.shape
    middle = np.zeros(count)
    same = {"width": np.full(count, WIDTH * width), "height": np.full(count, HEIGHT * height)}
    wanted = Moments(x=middle, y=middle, slant=middle, **same)
    matrices = matrices_between(moments(images), wanted, MOST_RESIZED)
    return to_uint8(resample(to_float(images), matrices))
