"""`HandwritingAugmenter`: the variations of `augment`, on the fly, as a Keras layer."""

import keras
import numpy as np
from keras import ops

from ganprofile.adversarial import glyph_policy
from ganprofile.adversarial.glyph_policy import KNOTS
from ganprofile.augmentation.variations import BENT
from ganprofile.console import say
from ganprofile.datasets.classes import in_words
from ganprofile.errors import UsageError
from ganprofile.variation import find_ways

AFFINE = 6  # entries of an affine map
BEND = 2 * KNOTS * KNOTS  # entries of a field
RANK = 32  # kinds of deformation that are told apart
REACH = 0.6  # standard deviation, in shares of the ways to classmates
HERE = np.eye(3, dtype="float32")


@keras.saving.register_keras_serializable("ganprofile")
class HandwritingAugmenter(keras.layers.Layer):
    """Bends characters as those differ that it was shown, and as classical transforms do.

    `adapt` registers images of one class with each other and keeps, of every class and of all
    together, the directions in which they differ most: deformations are drawn from the Gaussian
    that has them (Hauberg et al. 2016, arXiv 1510.02795). Until then, and for an image without
    label, what is known of all classes counts; before `adapt`, the classical transforms alone.

    In a model it acts in training only. It is saved and loaded with the model, in safe mode, once
    `ganprofile` is imported.

    Args:
        num_classes: how many classes labels tell apart.
        strength: a factor on everything that happens, 0 for nothing.
        value_range: what stands for paper and for ink, such as (0, 255) or (0.0, 1.0).
        seed: fixes what happens; None draws it.

    Call arguments:
        images: `(n, height, width, 1 or 3)`, or one image without n, of any type.
        labels: integers `(n,)`, or None.
        training: whether anything happens.

    Returns:
        float32 of the same shape and range.

    Raises:
        UsageError: `adapt` gets images or labels that do not fit.

    Example:
        augmenter = gp.HandwritingAugmenter(10).adapt(images, labels)
        model = keras.Sequential([keras.Input((28, 28, 1)), augmenter, ...])
        # or, in a pipeline, the same however many calls run in parallel:
        dataset = augmenter.map(dataset.batch(64), num_parallel_calls=4)
    """

    def __init__(self, num_classes, strength=1.0, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.num_classes = num_classes
        self.strength = strength
        self.value_range = tuple(value_range)
        self.seed = seed
        self._seeds = keras.random.SeedGenerator(seed)
        self.directions = self.add_weight(
            shape=(num_classes + 1, RANK, AFFINE + BEND),
            initializer="zeros",
            trainable=False,
            name="directions",
        )

    def adapt(self, images, labels, seed=0):
        """Learn how images of one class differ, from some of every class; returns the layer.

        Args:
            images: uint8 `(n, height, width, channels)`, 0 = paper, whatever `value_range` says.
            labels: integers `(n,)`, 0 .. num_classes - 1. A class without images is named, and
                varied as all classes differ.
            seed: decides which images are compared.
        """
        images, labels = np.asarray(images), np.asarray(labels)
        if images.dtype != np.uint8 or images.ndim != 4 or labels.shape != images.shape[:1]:
            raise UsageError(
                "adapt takes uint8 images (n, height, width, channels) and n labels. Received: "
                f"{images.dtype} {images.shape} and {labels.shape}."
            )
        if len(labels) and not 0 <= labels.min() <= labels.max() < self.num_classes:
            raise UsageError(
                f"Labels should be 0..{self.num_classes - 1}. "
                f"Received: {labels.min()}..{labels.max()}."
            )
        ways = find_ways(images, labels, seed)
        known = ways.mates >= 0
        turns = ways.turns[known][:, :2].reshape(-1, AFFINE)
        entries = np.concatenate([turns, ways.fields[known].reshape(len(turns), BEND)], axis=1)
        classes = np.repeat(labels[:, None], known.shape[1], axis=1)[known]
        empty = np.setdiff1d(np.arange(self.num_classes), labels).tolist()
        if empty:
            say(
                f"adapt got no image of the classes numbered {in_words(empty)}: theirs will be "
                "varied as all classes differ."
            )
        every = classes >= 0
        groups = [every if k in empty else classes == k for k in range(self.num_classes)]
        self.directions.assign(np.stack([_directions(entries[g]) for g in (*groups, every)]))
        return self

    def call(self, images, labels=None, training=False):
        images = ops.cast(images, "float32")
        if not training or self.strength == 0:
            return images
        return self._varied(images, labels, self._seeds)

    def map(self, dataset, num_parallel_calls=None):
        """Augment a `tf.data.Dataset` of images or of `(images, labels)`, batched or not.

        Every pass draws anew; the same seed draws the same, whatever the number of parallel calls.
        """
        import tensorflow as tf

        keys = tf.data.Dataset.random(self.seed, rerandomize_each_iteration=True)

        def varied(element, key):
            images, *labels = element if isinstance(element, tuple) else (element,)
            known = labels[0] if labels else None
            seen = self._varied(ops.cast(images, "float32"), known, _Counted(key))
            return (seen, *labels) if labels else seen

        return tf.data.Dataset.zip(dataset, keys).map(varied, num_parallel_calls)

    def _varied(self, images, labels, seeds):
        if images.ndim == 3:
            labels = None if labels is None else ops.reshape(labels, (1,))
            return self._varied(images[None], labels, seeds)[0]
        count, height, width, _ = ops.shape(images)
        paper, ink = self.value_range
        scaled = 2.0 * (images - paper) / (ink - paper) - 1.0
        if labels is None:
            labels = ops.full((count,), self.num_classes, "int32")
        amounts = keras.random.normal((count, RANK), 0.0, REACH * self.strength, seed=seeds)
        directions = ops.take(self.directions, ops.cast(labels, "int32"), axis=0)
        entries = ops.squeeze(ops.matmul(amounts[:, None, :], directions), 1)
        turns = ops.pad(ops.reshape(entries[:, :AFFINE], (-1, 2, 3)), ((0, 0), (0, 1), (0, 0)))
        fields = ops.reshape(entries[:, AFFINE:], (-1, 2, KNOTS, KNOTS))
        bent = (HERE + turns, glyph_policy.elastic(fields, height, width))
        chosen = BENT.transforms()
        probabilities = {name: chance for name, (chance, _) in chosen.items()}
        strengths = {name: self._factor(name) * amount for name, (_, amount) in chosen.items()}
        seen = glyph_policy.augment(scaled, tuple(chosen), probabilities, seeds, strengths, bent)
        return (seen + 1.0) / 2.0 * (ink - paper) + paper

    def _factor(self, name):
        return 1.0 if name == "cutout" else self.strength  # whose amounts are places

    def compute_output_shape(self, images_shape, labels_shape=None):
        return images_shape

    def get_config(self):
        own = ("num_classes", "strength", "value_range", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}


class _Counted(keras.random.SeedGenerator):
    """Seeds that depend on a key and on how many were asked for, and on nothing that is kept."""

    def __init__(self, key):
        self._key = ops.cast(key % 2**31, "uint32")
        self._asked = 0

    def next(self, ordered=True):
        self._asked += 1
        return ops.stack([self._key, ops.cast(self._asked, "uint32")])


def _directions(entries):
    """What `RANK` standard normal numbers are multiplied with to be distributed as rows are.

    float32 `(RANK, d)`; the second moment is kept, for a way and its way back are both possible.
    """
    found = np.zeros((RANK, AFFINE + BEND), np.float32)
    if len(entries):
        _, sizes, rows = np.linalg.svd(entries / np.sqrt(len(entries)), full_matrices=False)
        kept = min(RANK, len(sizes))
        found[:kept] = sizes[:kept, None] * rows[:kept]
    return found
