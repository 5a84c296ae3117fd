"""An image as it is and as it might as well have been written, all of which a reader reads.

What teachers say of several views of an image, together, errs less than what they say of one
(docs/lift.md).
"""

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ganprofile.images import to_float, to_uint8
from ganprofile.transforms.array_warping import resample

# How far an image is turned (radians), leaned and enlarged, each way.
TURNED, LEANED, ENLARGED = 0.1, 0.12, 0.08
# Half of all ways to do so together: each way as often as its opposite.
SIGNS = tuple(s for s in itertools.product((1, -1), repeat=3) if np.prod(s) == 1)
AT_ONCE = 2000


def views_of(images: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """The images as they are, and turned, leaned and enlarged in four ways, each image alike, so
    that what is read of one depends on no other.

    Args:
        images: uint8 `(n, height, width, channels)`.
    """
    yield images
    firsts = range(0, max(1, len(images)), AT_ONCE)
    for signs in SIGNS:
        matrix = _matrix(*signs)
        yield np.concatenate([_seen(images[k : k + AT_ONCE], matrix) for k in firsts])


def _matrix(turned: int, leaned: int, enlarged: int) -> NDArray[np.float32]:
    """Where the pixels of the view come from, `(2, 3)`, around the middle."""
    cosine, sine = np.cos(TURNED * turned), np.sin(TURNED * turned)
    rotation = np.array([[cosine, -sine], [sine, cosine]])
    lean = np.array([[1, LEANED * leaned], [0, 1]])
    linear = rotation @ lean / (1 + ENLARGED * enlarged)
    return np.concatenate([linear, np.zeros((2, 1))], axis=1).astype(np.float32)


def _seen(images: NDArray[np.uint8], matrix: NDArray[np.float32]) -> NDArray[np.uint8]:
    matrices = np.broadcast_to(matrix, (len(images), 2, 3))
    return to_uint8(resample(to_float(images), matrices, None))
