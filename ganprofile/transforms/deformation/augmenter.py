"""Real images, warped as images of their class differ.

An image is warped a part of the way towards some of its neighbours, or away from them, and then as
the classical transforms do it, all in one resampling, so that strokes stay sharp. Nothing is made
up that the images themselves do not suggest: a statistical model of deformations, in the line of
Cootes et al. 1995 (CVIU 61) and of Hauberg et al. 2016 (arXiv 1510.02795), who learned from pairs
of images of one class, too.
"""

import functools
from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike, NDArray

from ganprofile.backend import backend
from ganprofile.images import to_float, to_uint8
from ganprofile.transforms import augmentation_policy
from ganprofile.transforms.deformation.blocks import padded
from ganprofile.transforms.deformation.pairwise import PairwiseDeformations
from ganprofile.transforms.warping import Tensor

COMBINED = 3  # pairwise deformations at a time
INTERPOLATION = 1.0  # the most of the way that an image goes towards its neighbours, all together
EXTRAPOLATION = 0.6  # the standard deviation of what is added to that, either way
AT_ONCE = 500
HERE = np.eye(3, dtype=np.float32)


class DeformationAugmenter:
    """Draws deformations of the images of a labelled set.

    Args:
        images: uint8 `(n, height, width, channels)`.
        deformations: their `PairwiseDeformations`; the only image of a class has none, and gets the
            transforms alone, as all do where this is None.
        transforms: name -> probability and strength, as in `classifiers.TRANSFORMS`.
    """

    def __init__(
        self,
        images: NDArray[np.uint8],
        deformations: PairwiseDeformations | None,
        transforms: Mapping[str, tuple[float, float]],
    ) -> None:
        self._images, self._deformations = images, deformations
        self._probabilities = {name: chance for name, (chance, _) in transforms.items()}
        self._strengths = {name: strength for name, (_, strength) in transforms.items()}

    def deform(self, chosen: ArrayLike, seed: int | Sequence[int]) -> NDArray[np.uint8]:
        """A deformation of each of some images.

        Args:
            chosen: integers `(m,)`, which images; one named twice is deformed twice.
            seed: a non-negative integer; the same seed draws the same.

        Returns:
            uint8 `(m, height, width, channels)`.
        """
        chosen = np.asarray(chosen, np.int64)
        random = np.random.default_rng(seed)
        transforms_seed = keras.random.SeedGenerator(int(random.integers(2**31)))
        deformed = np.empty((len(chosen), *self._images.shape[1:]), np.uint8)
        for first in range(0, len(chosen), AT_ONCE):
            some = chosen[first : first + AT_ONCE]
            warped = self._warped(some, random)
            drawn = augmentation_policy.draw(
                len(some), self._strengths, self._probabilities, transforms_seed, self._strengths
            )
            known = (to_float(self._images[some]), drawn, warped)
            known = keras.tree.map_structure(lambda array: padded(array, AT_ONCE), known)
            seen = ops.convert_to_numpy(_changed()(*known))[: len(some)]
            deformed[first : first + AT_ONCE] = to_uint8(seen)
        return deformed

    def _warped(
        self, chosen: NDArray[np.int64], random: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """A random combination of the deformations, as `(matrices, warp)` of `resample`."""
        count, (_, height, width, _) = len(chosen), self._images.shape
        if self._deformations is None or not self._deformations.neighbours.shape[1]:
            return np.repeat(HERE[None], count, 0), np.zeros((count, 2, height, width), np.float32)
        interpolation = random.dirichlet(np.ones(COMBINED), count) * random.uniform(
            0, INTERPOLATION, (count, 1)
        )
        extrapolation = random.normal(0, EXTRAPOLATION / np.sqrt(COMBINED), (count, COMBINED))
        amounts = (interpolation + extrapolation).astype(np.float32)
        number = (self._deformations.neighbours[chosen] >= 0).sum(axis=1)
        which = (random.random((count, COMBINED)) * number[:, None]).astype(int)
        rows = chosen[:, None]
        affine = np.einsum(
            "nw,nwij->nij", amounts, self._deformations.affine_residuals[rows, which]
        )
        fields = np.einsum("nw,nwcij->ncij", amounts, self._deformations.fields[rows, which])
        return HERE + affine, ops.convert_to_numpy(
            augmentation_policy.elastic(fields, height, width)
        )


@functools.cache
def _changed() -> Callable[..., Tensor]:
    """`augmentation_policy.changed`, compiled: four times as fast as operation by operation."""
    return backend().compiled(augmentation_policy.changed)
