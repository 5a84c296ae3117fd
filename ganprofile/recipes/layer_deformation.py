"""What `HandwritingAugmenter` does to tensors: one batch, or every element of a pipeline."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import keras
from keras import ops

from ganprofile.errors import UsageError
from ganprofile.transforms.arrays import Tensor, compiled, replica
from ganprofile.transforms.handwriting import deforming
from ganprofile.transforms.handwriting.inputs import locate, replaced, taken

if TYPE_CHECKING:
    import tensorflow as tf

# Count of images -> seed and stream, `(1,)` each, and the position of every image.
Stream: TypeAlias = Callable[[Any], tuple[Tensor, Tensor, Tensor]]


def deform(
    images: Tensor,
    labels: Tensor | None,
    directions: Tensor,
    strength: float,
    stream: Stream,
    paper: float | Tensor = -1.0,
    ink: float | Tensor = 1.0,
    keep_inside: bool = False,
    keep_size: bool = False,
) -> Tensor:
    """Bend images as those of their class differ, and as classical transforms do.

    Two compiled functions, whoever calls them, the random numbers and the rest: several times as
    fast as one operation after the other, and compiled once for each number of images.

    Args:
        images: float32 `(n, height, width, channels)`.
        labels: int32 `(n,)`, the number of classes where none is known; None is that everywhere.
        directions: `(num_classes + 1, RANK, AFFINE + BEND)`, as `class_directions` gives them.
        strength: a factor on everything that happens.
        stream: where in which stream the images are.
        paper: the value of pixels that stands for paper.
        ink: the one that stands for ink.
        keep_inside: whether no ink is moved out of its image.
        keep_size: whether images stay about as large as they are.

    Returns:
        Images of the same shape, between paper and ink.
    """
    count = ops.shape(images)[0]
    if labels is None:
        labels = ops.full((count,), directions.shape[0] - 1, "int32")
    numbers = _compiled(deforming.random_numbers)(*stream(count))
    strengths = deforming.strengths_by(strength, keep_size)
    ends = [ops.convert_to_tensor(end, "float32") for end in (paper, ink)]
    directions = ops.copy(directions)  # a compiled call within a graph takes no variable
    return _deformed(keep_inside)(images, labels, directions, numbers, strengths, *ends)


@functools.cache
def _deformed(keep_inside: bool) -> Callable[..., Tensor]:
    return compiled(functools.partial(deforming.deformed, keep_inside=keep_inside))


@functools.cache
def _compiled(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    return compiled(function)


def counted(seeds: keras.random.SeedGenerator) -> Stream:
    """The stream of a layer, whose place is kept in the second number of its seeds' state.

    Every replica takes the places of its own rows, so that no two images share theirs and that the
    number of replicas changes nothing.
    """

    def stream(count: Any) -> tuple[Tensor, Tensor, Tensor]:
        index, replicas = replica()
        state, dtype = seeds.state.value * 1, seeds.state.dtype
        moved = ops.cast(ops.stack([0, count * replicas]), dtype)
        seeds.state.assign(ops.add(seeds.state, moved))
        rows = ops.cast(ops.arange(count), dtype) + ops.cast(index * count, dtype)
        positions = state[1] + rows
        return state[:1], ops.zeros_like(state[:1]), positions

    return stream


def mapped(
    dataset: tf.data.Dataset,
    check: Callable[[Any, Any], None],
    seen: Callable[[Tensor, Tensor | None, Stream], Tensor],
    seed: int,
    num_parallel_calls: int | None,
) -> tf.data.Dataset:
    """A dataset whose images are changed, by another stream in every pass.

    Args:
        dataset: the dataset.
        check: `(images, labels)`, refuses what describes images and labels that do not fit.
        seen: `(images, labels, stream)` -> images.
        seed: of the streams.
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

    @tf.autograph.experimental.do_not_convert  # nothing in it has to be
    def placed(first: Tensor, row: tuple[Any, Tensor]) -> Any:
        images = taken(row[0], images_at)
        count = tf.shape(images, tf.int64)[0] if len(images.shape) == 4 else tf.ones((), tf.int64)
        return first + count, (*row, first)

    @tf.autograph.experimental.do_not_convert
    def deformed(element: Any, number: Tensor, first: Tensor) -> Any:
        def stream(count: Any) -> tuple[Tensor, Tensor, Tensor]:
            key = tf.constant([seed], tf.int64)
            return key, number[None], first + tf.range(tf.cast(count, tf.int64))

        images = ops.cast(taken(element, images_at), "float32")
        labels = None if labels_at is None else taken(element, labels_at)
        return replaced(element, images_at, seen(images, labels, stream))

    both = tf.data.Dataset.zip(dataset, _passes(tf))
    return both.scan(tf.zeros((), tf.int64), placed).map(deformed, num_parallel_calls)


def _passes(tf: Any) -> tf.data.Dataset:
    """The number of the pass, again and again: 0 in the first pass through the dataset."""
    begun = tf.Variable(0, dtype=tf.int64, trainable=False)
    once = tf.data.Dataset.from_tensors(0).map(lambda _: begun.assign_add(1) - 1)
    endless = once.flat_map(lambda number: tf.data.Dataset.from_tensors(number).repeat())
    return endless.apply(
        tf.data.experimental.assert_cardinality(tf.data.experimental.INFINITE_CARDINALITY)
    )
