"""What `HandwritingAugmenter` does to images: one batch, or every element of a pipeline."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import ops

from ganprofile.backend import backend, random_rows
from ganprofile.errors import UsageError
from ganprofile.recipes.deformation import PAIRWISE
from ganprofile.recipes.directions import AFFINE, RANK
from ganprofile.recipes.layer_inputs import locate, replaced, taken
from ganprofile.transforms import augmentation_policy
from ganprofile.transforms.augmentation_policy import KNOTS
from ganprofile.transforms.warping import Tensor

if TYPE_CHECKING:
    import tensorflow as tf

REACH = 0.6  # standard deviation, in shares of the deformations to neighbours
HERE = np.eye(3, dtype="float32")


def deform(
    images: Tensor,
    labels: Tensor | None,
    directions: Tensor,
    strength: float,
    seeds: keras.random.SeedGenerator,
    paper: float | Tensor = -1.0,
    ink: float | Tensor = 1.0,
) -> Tensor:
    """Bend images as those of their class differ, and as classical transforms do.

    All but the random numbers is one compiled function, whoever calls it: several times as fast as
    one operation after the other, and compiled once for each number of images.

    Args:
        images: float32 `(n, height, width, channels)`.
        labels: int32 `(n,)`, the number of classes where none is known; None is that everywhere.
        directions: `(num_classes + 1, RANK, AFFINE + BEND)`, as `class_directions` gives them.
        strength: a factor on everything that happens.
        seeds: what is drawn.
        paper: the value of pixels that stands for paper.
        ink: the one that stands for ink.

    Returns:
        Images of the same shape, between paper and ink.
    """
    count = ops.shape(images)[0]
    if labels is None:
        labels = ops.full((count,), directions.shape[0] - 1, "int32")
    chosen = PAIRWISE.transforms()
    amounts = random_rows(
        lambda rows: backend().normal((rows, RANK), REACH * strength, seeds), count
    )
    numbers = augmentation_policy.random_numbers(count, tuple(chosen), seeds)
    strengths = {name: np.float32(strength * amount) for name, (_, amount) in chosen.items()}
    strengths["cutout"] = np.float32(chosen["cutout"][1])  # whose amounts are places
    ends = [ops.convert_to_tensor(end, "float32") for end in (paper, ink)]
    directions = ops.copy(directions)  # a compiled call within a graph takes no variable
    return _deformed()(images, labels, directions, amounts, numbers, strengths, *ends)


@functools.cache
def _deformed() -> Callable[..., Tensor]:
    """What `deform` does once the random numbers are drawn, compiled."""
    chances = {name: chance for name, (chance, _) in PAIRWISE.transforms().items()}

    def deformed(
        images: Tensor,
        labels: Tensor,
        directions: Tensor,
        amounts: Tensor,
        numbers: augmentation_policy.Numbers,
        strengths: dict[str, Tensor],
        paper: Tensor,
        ink: Tensor,
    ) -> Tensor:
        taken_directions = backend().rows(directions, labels)
        entries = ops.squeeze(ops.matmul(amounts[:, None, :], taken_directions), 1)
        affine_residuals = ops.pad(
            ops.reshape(entries[:, :AFFINE], (-1, 2, 3)), ((0, 0), (0, 1), (0, 0))
        )
        fields = ops.reshape(entries[:, AFFINE:], (-1, 2, KNOTS, KNOTS))
        drawn = augmentation_policy.happening(numbers, tuple(chances), chances, strengths)
        scaled = 2.0 * (images - paper) / (ink - paper) - 1.0
        changed = augmentation_policy.changed(scaled, drawn, (HERE + affine_residuals, fields))
        return (changed + 1.0) / 2.0 * (ink - paper) + paper

    return backend().compiled(deformed)


def mapped(
    dataset: tf.data.Dataset,
    check: Callable[[Any, Any], None],
    seen: Callable[[Tensor, Tensor | None, keras.random.SeedGenerator], Tensor],
    seed: int | None,
    num_parallel_calls: int | None,
) -> tf.data.Dataset:
    """A dataset whose images are changed, by other seeds in every pass.

    Args:
        dataset: the dataset.
        check: `(images, labels)`, refuses what describes images and labels that do not fit.
        seen: `(images, labels, seeds)` -> images.
        seed: fixes the seeds; None draws them.
        num_parallel_calls: as for `tf.data.Dataset.map`.

    Returns:
        A `tf.data.Dataset` of the same elements, other images in them.

    Raises:
        UsageError: it is no such dataset, or Keras runs on another backend than TensorFlow.
    """
    if keras.backend.backend() != "tensorflow" or not hasattr(dataset, "element_spec"):
        raise UsageError(
            "map takes a tf.data.Dataset, with Keras on TensorFlow. Received: "
            f"{type(dataset).__name__}, with Keras on {keras.backend.backend()}."
        )
    import tensorflow as tf

    images_at, labels_at = locate(dataset.element_spec)
    known = None if labels_at is None else taken(dataset.element_spec, labels_at)
    check(taken(dataset.element_spec, images_at), known)
    keys = tf.data.Dataset.random(seed, rerandomize_each_iteration=True)

    @tf.autograph.experimental.do_not_convert  # nothing in it has to be
    def deformed(element: Any, key: Tensor) -> Any:
        images = ops.cast(taken(element, images_at), "float32")
        labels = None if labels_at is None else taken(element, labels_at)
        return replaced(element, images_at, seen(images, labels, _Counted(key)))

    return tf.data.Dataset.zip(dataset, keys).map(deformed, num_parallel_calls)


class _Counted(keras.random.SeedGenerator):
    """Seeds that depend on a key and on how many were asked for, and on nothing that is kept."""

    def __init__(self, key: Tensor) -> None:
        self._key = ops.cast(key % 2**31, "uint32")
        self._asked = 0

    def next(self, ordered: bool = True) -> Tensor:
        self._asked += 1
        return ops.stack([self._key, ops.cast(self._asked, "uint32")])
