"""Registration: the smooth deformation that turns one image of a character into another.

What has to move how far is found by descending the squared difference of the two images, coarse
shapes first; the deformation is the cubic B-spline of the augmentation policy's `elastic`, as in
Rueckert et al. 1999 (IEEE TMI 18), and pays for neighbouring knots that move apart.
"""

import functools
from collections.abc import Callable

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from ganprofile.backend import backend
from ganprofile.images import to_float
from ganprofile.transforms.augmentation_policy import KNOTS, elastic
from ganprofile.transforms.deformation.blocks import padded
from ganprofile.transforms.warping import PAPER, Tensor, resample

BLURS = (2.5 / 28, 1.5 / 28, 0.8 / 28)  # of the side: coarse shapes first
STEPS = 20  # of descent at each
LEARNING_RATE = 0.12  # in units of the field, which are `LARGEST_WARP` of the side
STIFFNESS = 20.0
AT_ONCE = 250


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
    count = len(sources)
    field = keras.Variable(np.zeros((AT_ONCE, 2, KNOTS, KNOTS), "float32"))
    for blur in BLURS:
        arrays = (_blurred(sources, blur), _blurred(targets, blur), matrices)
        known = [ops.convert_to_tensor(padded(array, AT_ONCE)) for array in arrays]
        optimizer = keras.optimizers.Adam(LEARNING_RATE)
        for _ in range(STEPS):
            gradient = _gradient()(ops.convert_to_tensor(field.value), *known)
            optimizer.apply([gradient], [field])
    return ops.convert_to_numpy(field)[:count]


@functools.cache
def _gradient() -> Callable[..., Tensor]:
    """The gradient of `_energy`, compiled: four times as fast as one operation after the other."""

    def gradient(knots: Tensor, *known: Tensor) -> Tensor:
        return backend().gradient_of(lambda knots: _energy(knots, *known), knots)

    return backend().compiled(gradient)


def _energy(knots: Tensor, moved: Tensor, wanted: Tensor, matrices: Tensor) -> Tensor:
    _, height, width, _ = ops.shape(moved)
    seen = resample(moved, matrices, elastic(knots, height, width))
    # A sum, so that what one pair finds does not depend on the others beside it.
    return ops.sum(ops.square(seen - wanted)) + STIFFNESS * _unevenness(knots)


def _unevenness(knots: Tensor) -> Tensor:
    down = knots[:, :, 1:] - knots[:, :, :-1]
    right = knots[..., 1:] - knots[..., :-1]
    return ops.sum(ops.square(down)) + ops.sum(ops.square(right))


def _blurred(images: NDArray[np.uint8], blur: float) -> NDArray[np.float32]:
    from scipy.ndimage import gaussian_filter

    _, height, width, _ = images.shape
    reach = (0, blur * height, blur * width, 0)
    return gaussian_filter(to_float(images), reach, mode="constant", cval=PAPER)
