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
from ganprofile.images import LEVELS_PER_UNIT
from ganprofile.transforms import augmentation_policy
from ganprofile.transforms.arrays import Tensor
from ganprofile.transforms.augmentation_policy import KNOTS
from ganprofile.transforms.deformation.blocks import padded
from ganprofile.transforms.deformation.pairwise import PairwiseDeformations
from ganprofile.transforms.framing import touches_edge
from ganprofile.transforms.strengths import CONSTANT

COMBINED = 3  # pairwise deformations at a time
INTERPOLATION = 1.0  # the most of the way that an image goes towards its neighbours, all together
EXTRAPOLATION = 0.6  # the standard deviation of what is added to that, either way
AT_ONCE = 500
HERE = np.eye(3, dtype=np.float32)


class DeformationAugmenter:
    """Draws deformations of the images of a labelled set.

    Where its ink touches the edge, none is moved out of its image (`transforms.framing`).

    Args:
        images: uint8 `(n, height, width, channels)`.
        deformations: their `PairwiseDeformations`; the only image of a class has none, and gets the
            transforms alone, as all do where this is None.
        transforms: name -> probability and strength, as in `classifiers.TRANSFORMS`.
        weakest: the least that an image is deformed by, as a share of that: each is by a share of
            its own, even between this and 1.
    """

    def __init__(
        self,
        images: NDArray[np.uint8],
        deformations: PairwiseDeformations | None,
        transforms: Mapping[str, tuple[float, float]],
        weakest: float = 1.0,
    ) -> None:
        self._images, self._deformations, self._weakest = images, deformations, weakest
        self._keep_inside = touches_edge(images)
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
        augmentation_policy.check_policy(self._strengths, self._probabilities)
        names = tuple(self._strengths)
        settings = keras.tree.map_structure(
            np.float32, (self._probabilities, self._strengths, LEVELS_PER_UNIT)
        )
        chosen = np.asarray(chosen, np.int64)
        random = np.random.default_rng(seed)
        transforms_seed = keras.random.SeedGenerator(int(random.integers(2**31)))
        deformed = np.empty((len(chosen), *self._images.shape[1:]), np.uint8)
        for first in range(0, len(chosen), AT_ONCE):
            some = chosen[first : first + AT_ONCE]
            shares = self._shares(len(some), random)
            warped = self._warped(some, shares, random)
            numbers = augmentation_policy.random_numbers(len(some), names, transforms_seed)
            known = keras.tree.map_structure(
                # Where no transform warps there is no field among the numbers.
                lambda array: None if array is None else padded(array, AT_ONCE),
                (self._images[some], numbers, warped, shares),
            )
            function = _deformed(names, self._keep_inside)
            seen = ops.convert_to_numpy(function(*known, *settings))
            deformed[first : first + AT_ONCE] = seen[: len(some)]
        return deformed

    def _shares(self, count: int, random: np.random.Generator) -> NDArray[np.float32]:
        """How strongly each of some images is deformed, `(count,)`."""
        if self._weakest == 1:
            return np.ones(count, np.float32)
        return random.uniform(self._weakest, 1, count).astype(np.float32)

    def _warped(
        self, chosen: NDArray[np.int64], shares: NDArray[np.float32], random: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """A random combination of the deformations, as matrices and the fields of `elastic`."""
        count = len(chosen)
        if self._deformations is None or not self._deformations.neighbours.shape[1]:
            return np.repeat(HERE[None], count, 0), np.zeros((count, 2, KNOTS, KNOTS), np.float32)
        interpolation = random.dirichlet(np.ones(COMBINED), count) * random.uniform(
            0, INTERPOLATION, (count, 1)
        )
        extrapolation = random.normal(0, EXTRAPOLATION / np.sqrt(COMBINED), (count, COMBINED))
        amounts = (interpolation + extrapolation).astype(np.float32) * shares[:, None]
        number = (self._deformations.neighbours[chosen] >= 0).sum(axis=1)
        which = (random.random((count, COMBINED)) * number[:, None]).astype(int)
        rows = chosen[:, None]
        affine = np.einsum(
            "nw,nwij->nij", amounts, self._deformations.affine_residuals[rows, which]
        )
        fields = np.einsum("nw,nwcij->ncij", amounts, self._deformations.fields[rows, which])
        return HERE + affine, fields


@functools.cache
def _deformed(names: tuple[str, ...], keep_inside: bool) -> Callable[..., Tensor]:
    """What is done to uint8 images by transforms of some names, one compiled function."""

    def deformed(
        images: Tensor,
        numbers: augmentation_policy.Numbers,
        warped: augmentation_policy.Warped,
        shares: Tensor,
        probabilities: Mapping[str, Tensor],
        strengths: Mapping[str, Tensor],
        levels: Tensor,  # a constant would become a product, which rounds otherwise
    ) -> Tensor:
        drawn = augmentation_policy.happening(numbers, names, probabilities, strengths)
        drawn = {name: _share(name, what, shares) for name, what in drawn.items()}
        shown = ops.cast(images, "float32") / levels - 1.0
        seen = augmentation_policy.changed(shown, drawn, warped, keep_inside)
        return ops.cast(ops.clip(ops.round((seen + 1.0) * levels), 0, 255), "uint8")

    return backend().compiled(deformed)


def _share(name: str, drawn: tuple[Tensor, Tensor], shares: Tensor) -> tuple[Tensor, Tensor]:
    """What a transform does, as `happening` gives it, by shares `(n,)` of its amounts."""
    happens, amounts = drawn
    if name in CONSTANT:
        return drawn
    form = (-1, *[1] * (len(amounts.shape) - 1))
    return happens, ops.reshape(shares, form) * amounts
