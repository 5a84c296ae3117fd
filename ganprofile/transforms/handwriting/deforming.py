"""Bend images as those of their class differ, and as classical transforms do.

Written once for NumPy and for Keras' backends, so that the same seed, stream and position is the
same warp on all of them, within the rounding of the resampling.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ganprofile.transforms import augmentation_policy, counter_random
from ganprofile.transforms.arrays import Tensor, namespace
from ganprofile.transforms.augmentation_policy import AUGMENTATION_POLICY, KNOTS
from ganprofile.transforms.handwriting.directions import AFFINE, RANK
from ganprofile.transforms.strengths import STRONGER, strengthened

REACH = 0.6  # standard deviation, in shares of the deformations to neighbours
HERE = np.eye(3, dtype="float32")
TRANSFORMS = {keep_size: strengthened(STRONGER, keep_size) for keep_size in (False, True)}
NAMES = tuple(name for name in AUGMENTATION_POLICY if name in TRANSFORMS[False])
CHANCES = {name: TRANSFORMS[False][name][0] for name in NAMES}
LEAST_LEFT = 0.2  # of the strongest ink of an image
PER_TRANSFORM = 3  # random numbers: whether it happens, and two amounts
FIELD = 2 * KNOTS * KNOTS
# Another order or number of these would be another warp for every seed.
WORDS = RANK + PER_TRANSFORM * len(NAMES) + FIELD


class Numbers(NamedTuple):
    """All that is random about n images.

    Attributes:
        amounts: standard normal `(n, RANK)`, of the directions.
        policy: what `augmentation_policy.random_numbers` gives.
    """

    amounts: Tensor
    policy: augmentation_policy.Numbers


def random_numbers(seed: Tensor, stream: Tensor, positions: Tensor) -> Numbers:
    """The `Numbers` of images at some positions; arguments as for `counter_random.words`."""
    ops = namespace(seed, stream, positions)
    drawn = counter_random.words(seed, stream, positions, WORDS)
    shares = counter_random.uniform(drawn[:, RANK:])
    chances, field = shares[:, : WORDS - RANK - FIELD], shares[:, WORDS - RANK - FIELD :]
    return Numbers(
        counter_random.normal(drawn[:, :RANK]),
        (
            ops.reshape(chances, (-1, len(NAMES), PER_TRANSFORM)),
            2.0 * ops.reshape(field, (-1, 2, KNOTS, KNOTS)) - 1.0,
        ),
    )


def strengths_by(factor: float, keep_size: bool = False) -> dict[str, np.float32]:
    """How strong each transform is, and the learned deformations, which are named `directions`."""
    transforms = TRANSFORMS[keep_size]
    named = {name: np.float32(factor * transforms[name][1]) for name in NAMES}
    named["cutout"] = np.float32(transforms["cutout"][1])  # whose amounts are places
    return {**named, "directions": np.float32(factor * REACH)}


def deformed(
    images: Tensor,
    labels: Tensor,
    directions: Tensor,
    numbers: Numbers,
    strengths: Mapping[str, Tensor],
    paper: Tensor,
    ink: Tensor,
    keep_inside: bool = False,
) -> Tensor:
    """Images deformed.

    Args:
        images: float32 `(n, height, width, channels)`.
        labels: int32 `(n,)`, the number of classes where none is known.
        directions: `(num_classes + 1, RANK, AFFINE + BEND)`, as `class_directions` gives them.
        numbers: what is random.
        strengths: what `strengths_by` gives.
        paper: the value of pixels that stands for paper.
        ink: the one that stands for ink.
        keep_inside: whether no ink is moved out of its image, see `framing`.

    Returns:
        Images of the same shape, between paper and ink. One of which nothing would be left, as
        happens at strengths far above 1, stays as it is.
    """
    ops = namespace(images, directions, numbers.amounts)
    amounts = strengths["directions"] * numbers.amounts
    entries = ops.squeeze(ops.matmul(amounts[:, None, :], ops.rows(directions, labels)), 1)
    residuals = ops.reshape(entries[:, :AFFINE], (-1, 2, 3))
    maps = ops.convert_to_tensor(HERE) + ops.pad(residuals, ((0, 0), (0, 1), (0, 0)))
    fields = ops.reshape(entries[:, AFFINE:], (-1, 2, KNOTS, KNOTS))
    drawn = augmentation_policy.happening(numbers.policy, NAMES, CHANCES, strengths)
    scaled = 2.0 * (images - paper) / (ink - paper) - 1.0
    changed = augmentation_policy.changed(scaled, drawn, (maps, fields), keep_inside)
    # Its label would be wrong for an image of which nothing is left.
    before, after = (
        ops.max(some, axis=(1, 2, 3), keepdims=True) + 1.0 for some in (scaled, changed)
    )
    changed = ops.where(after < LEAST_LEFT * before, scaled, changed)
    return (changed + 1.0) / 2.0 * (ink - paper) + paper
