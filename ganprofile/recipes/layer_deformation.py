"""What `HandwritingAugmenter` does to images: one batch, or every element of a pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import ops

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
) -> Tensor:
    """Bend images as those of their class differ, and as classical transforms do.

    Args:
        images: float32 `(n, height, width, channels)` in [-1, 1], -1 being paper.
        labels: int32 `(n,)`, the number of classes where none is known; None is that everywhere.
        directions: `(num_classes + 1, RANK, AFFINE + BEND)`, as `class_directions` gives them.
        strength: a factor on everything that happens.
        seeds: what is drawn.

    Returns:
        Images of the same shape, in [-1, 1].
    """
    count, height, width, _ = ops.shape(images)
    if labels is None:
        labels = ops.full((count,), directions.shape[0] - 1, "int32")
    amounts = keras.random.normal((count, RANK), 0.0, REACH * strength, seed=seeds)
    taken_directions = ops.take(directions, labels, axis=0)
    entries = ops.squeeze(ops.matmul(amounts[:, None, :], taken_directions), 1)
    affine_residuals = ops.pad(
        ops.reshape(entries[:, :AFFINE], (-1, 2, 3)), ((0, 0), (0, 1), (0, 0))
    )
    fields = ops.reshape(entries[:, AFFINE:], (-1, 2, KNOTS, KNOTS))
    warped = (HERE + affine_residuals, augmentation_policy.elastic(fields, height, width))
    chosen = PAIRWISE.transforms()
    probabilities = {name: chance for name, (chance, _) in chosen.items()}
    strengths = {name: strength * amount for name, (_, amount) in chosen.items()}
    strengths["cutout"] = chosen["cutout"][1]  # whose amounts are places
    return augmentation_policy.augment(
        images, tuple(chosen), probabilities, seeds, strengths, warped
    )


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
