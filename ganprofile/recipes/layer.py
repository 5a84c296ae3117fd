"""`HandwritingAugmenter`: the deformed images of `augment`, on the fly, as a Keras layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from ganprofile.errors import UsageError, check_seed
from ganprofile.recipes.layer_deformation import Stream, counted, deform, mapped
from ganprofile.transforms.arrays import Tensor, namespace
from ganprofile.transforms.handwriting.directions import AFFINE, BEND, RANK, learned_directions
from ganprofile.transforms.handwriting.frames import Frame
from ganprofile.transforms.handwriting.inputs import (
    Shape,
    as_array,
    check_arguments,
    check_images,
    check_labels,
    class_indices,
    values_of,
)
from ganprofile.transforms.handwriting.pixel_ranges import Pixels

if TYPE_CHECKING:
    import tensorflow as tf


@keras.saving.register_keras_serializable("ganprofile")
class HandwritingAugmenter(keras.layers.Layer):
    """Bends characters as those differ that it was shown, and as classical transforms do.

    `adapt` registers images of one class with each other and keeps, of every class and of all
    together, the directions in which they differ most: deformations are drawn from the Gaussian
    that has them (Hauberg et al. 2016, arXiv 1510.02795). Until then, and for an image without
    label, what is known of all classes counts; before `adapt`, the classical transforms alone.

    Like Keras' random layers it acts when it is called, and in a model in training only. It is
    saved and loaded with the model, in safe mode, once `ganprofile.HandwritingAugmenter` was named,
    as `from ganprofile import HandwritingAugmenter` does.

    Args:
        num_classes: how many classes labels tell apart, 1 or more.
        strength: a factor on everything that happens, 0 to 100, 0 for nothing. Far above 1 few
            characters stay what they are; one of which nothing would be left is not deformed.
        value_range: the ends of the range of pixels, such as (0, 255) or (-1, 1); (255, 0) says as
            well that paper is 255. None recognises it in every batch: 0..1, -1..1, -0.5..0.5,
            0..255, else it goes by the least and the greatest value and the images' edges.
        seed: 0..2147483647, fixes what happens; None draws it.
        data_format: `"channels_last"` or `"channels_first"`; None is what Keras is set to.
        dark_on_light: whether ink is dark and paper light. None goes by the edges of the images:
            of those that `adapt` is shown, else of every batch.
        keep_inside: whether deformed ink is moved and shrunk as far as it has to be, so that none
            leaves its image. None does so where `adapt` is shown images of which more than a fifth
            have ink on their edge.
        keep_size: whether images stay about as large as they are, since size tells characters
            apart, as `c` and `C`. `augment` finds that out of images; here it is declared.

    Call arguments:
        images: `(n, height, width, 1 or 3)` or, channels first, `(n, 1 or 3, height, width)`; or
            one image without n; numbers of any type.
        labels: integers `(n,)` or `(n, 1)`, one-hot `(n, num_classes)`, or None.
        training: whether anything happens.

    Returns:
        float32 of the same shape, range and polarity; what comes into view is paper.

    Raises:
        UsageError: an argument, images or labels do not fit.

    Example:
        >>> import keras
        >>> few = gp.load("digits")[0].subset(per_class=5)
        >>> augmenter = gp.HandwritingAugmenter(10, seed=0).adapt(few.images, few.labels)
        >>> tuple(augmenter(few.images, few.labels).shape)
        (50, 28, 28, 1)
        >>> keras.Sequential([keras.Input((28, 28, 1)), augmenter, keras.layers.Flatten()])
        <Sequential name=..., built=True>
    """

    def __init__(
        self,
        num_classes: int,
        strength: float = 1.0,
        value_range: tuple[float, float] | None = None,
        seed: int | None = None,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        dark_on_light: bool | None = None,
        keep_inside: bool | None = None,
        keep_size: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        check_arguments(num_classes, strength, seed, data_format)
        self.num_classes = int(num_classes)
        self.strength = float(strength)
        self.seed = None if seed is None else int(seed)
        self.data_format = data_format or keras.config.image_data_format()
        self._pixels = Pixels(type(self).__name__, value_range, dark_on_light)
        self._frame = Frame(type(self).__name__, keep_inside, keep_size)
        self._seeds = keras.random.SeedGenerator(self.seed)
        self.directions = self.add_weight(
            shape=(self.num_classes + 1, RANK, AFFINE + BEND),
            initializer="zeros",
            trainable=False,
            name="directions",
        )

    def adapt(self, images: ArrayLike, labels: ArrayLike, seed: int = 0) -> Self:
        """Learn how images of one class differ, from some of every class.

        Whether their ink is dark is seen by their edges, and then holds for calls, too, unless it
        was declared.

        Args:
            images: as in a call; uint8 may have any range, others that of `value_range`.
            labels: as in a call. A class without images is named, and deformed as all differ.
            seed: 0..2147483647, decides which images are compared.

        Returns:
            The layer.

        Raises:
            UsageError: images, labels or the seed do not fit, or nothing is to be seen.

        Example:
            >>> few = gp.load("digits")[0].subset(per_class=5)
            >>> augmenter = gp.HandwritingAugmenter(10)
            >>> augmenter.adapt(few.images, few.labels) is augmenter
            True
        """
        check_seed(seed)
        shape = check_images(images, self.data_format, ranks=(4,))
        check_labels(labels, self.num_classes, shape)
        characters = self._pixels.learned(self._channels_last(as_array(images)))
        self._frame.learn(characters)
        names = np.asarray(class_indices(as_array(labels), self.num_classes))
        options = names, self.num_classes, seed, self.keep_size
        self.directions.assign(learned_directions(characters, *options))
        return self

    @property
    def value_range(self) -> tuple[float, float] | None:
        """The ends of the range of pixels as they were declared, or None.

        Example:
            >>> gp.HandwritingAugmenter(10, value_range=(0, 255)).value_range
            (0, 255)
        """
        return self._pixels.value_range

    @property
    def dark_on_light(self) -> bool | None:
        """Whether ink is dark, as declared or as `adapt` saw it; None before.

        Example:
            >>> gp.HandwritingAugmenter(10, value_range=(255, 0)).dark_on_light
            True
        """
        return self._pixels.dark_on_light

    @property
    def keep_inside(self) -> bool | None:
        """Whether no ink leaves its image, as declared or as `adapt` saw it; None before.

        Example:
            >>> gp.HandwritingAugmenter(10, keep_inside=True).keep_inside
            True
        """
        return self._frame.keep_inside

    @property
    def keep_size(self) -> bool:
        """Whether images stay about as large as they are, as declared.

        Example:
            >>> gp.HandwritingAugmenter(10).keep_size
            False
        """
        return self._frame.keep_size

    def __call__(
        self, images: ArrayLike | Tensor, labels: ArrayLike | Tensor | None = None, **kwargs: Any
    ) -> Tensor:
        if isinstance(images, tuple | dict):
            raise UsageError(
                "Images and labels are two arguments here: layer(images, labels). Received: a "
                f"{type(images).__name__}. Of a tf.data.Dataset of such, `layer.map(dataset)`."
            )
        images = images if hasattr(images, "shape") else as_array(images)
        labels = labels if labels is None or hasattr(labels, "shape") else as_array(labels)
        self._check(images, labels)  # in `call` Keras would wrap what is said in a page of its own
        return super().__call__(images, *(() if labels is None else (labels,)), **kwargs)

    def call(self, images: Tensor, labels: Tensor | None = None, training: bool = True) -> Tensor:
        """What a call of the layer does once images and labels are checked.

        Example:
            >>> augmenter = gp.HandwritingAugmenter(10, value_range=(0, 255))
            >>> tuple(augmenter.call(np.zeros((2, 8, 8, 1), np.uint8), training=False).shape)
            (2, 8, 8, 1)
        """
        images = ops.cast(images, "float32")
        return self._seen(images, labels, counted(self._seeds)) if training else images

    def map(
        self, dataset: tf.data.Dataset, num_parallel_calls: int | None = None
    ) -> tf.data.Dataset:
        """Augment a `tf.data.Dataset`, batched or not.

        Every pass draws anew; the same seed draws the same, whatever the number of parallel calls
        and the size of batches.

        Args:
            dataset: of images, of tuples `(images, labels, ...)`, or of dicts with `"image"` or
                `"images"` and, where they are known, `"label"` or `"labels"`.
            num_parallel_calls: as for `tf.data.Dataset.map`; None is one after the other.

        Returns:
            A `tf.data.Dataset` of the same elements, other images in them.

        Raises:
            UsageError: it holds something else, or Keras runs on another backend than TensorFlow.

        Example:
            >>> import tensorflow as tf
            >>> images, labels = np.zeros((8, 28, 28, 1), np.uint8), np.arange(8)
            >>> dataset = tf.data.Dataset.from_tensor_slices((images, labels)).batch(4)
            >>> augmenter = gp.HandwritingAugmenter(10, value_range=(0, 255), dark_on_light=False)
            >>> augmenter.map(dataset, num_parallel_calls=2).element_spec[0].shape
            TensorShape([None, 28, 28, 1])
        """
        seed = int(self._seeds.state[0]) if self.seed is None else self.seed
        return mapped(dataset, self._check, self._seen, seed, num_parallel_calls)

    def _check(self, images: Any, labels: Any) -> None:
        """Refuse what does not fit, by its shape and, where they are known, by its values."""
        shape = check_images(images, self.data_format)
        if labels is not None:
            check_labels(labels, self.num_classes, shape)
        values = values_of(images) if self.value_range or self._pixels.is_looking else None
        if values is not None:
            values = self._channels_last(values.reshape(-1, *shape[-3:]))
            self._pixels.check(values.astype(np.float32))
            self._pixels.say_doubts(values)
        self._pixels.say_what_decides()

    def _channels_last(self, images: Tensor) -> Tensor:
        first = self.data_format == "channels_first"
        return namespace(images).transpose(images, (0, 2, 3, 1)) if first else images

    def _seen(self, images: Tensor, labels: Tensor | None, stream: Stream) -> Tensor:
        """Float images as a call is given them, augmented."""
        if self.strength == 0 or 0 in images.shape:
            return images
        if len(images.shape) == 3:
            labels = None if labels is None else ops.convert_to_tensor(labels)[None]
            return self._seen(images[None], labels, stream)[0]
        pixels = self._channels_last(images)
        paper, ink = self._pixels.paper_and_ink(pixels, *self._pixels.ends(pixels))
        if labels is not None:
            labels = class_indices(labels, self.num_classes)
        options = self.strength, stream, paper, ink, bool(self.keep_inside), self.keep_size
        deformed = deform(pixels, labels, self.directions, *options)
        return ops.transpose(deformed, (0, 3, 1, 2)) if pixels is not images else deformed

    def compute_output_shape(self, images_shape: Shape, labels_shape: Shape | None = None) -> Shape:
        """The shape of images, which stays as it is.

        Example:
            >>> gp.HandwritingAugmenter(10).compute_output_shape((None, 28, 28, 1))
            (None, 28, 28, 1)
        """
        return images_shape

    def get_config(self) -> dict[str, Any]:
        """What the layer is made of again: its arguments, a dict.

        Example:
            >>> gp.HandwritingAugmenter(10, strength=0.5).get_config()["strength"]
            0.5
        """
        own = ("num_classes", "strength", "value_range", "seed", "data_format", "dark_on_light")
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in (*own, "keep_inside", "keep_size")},
            "goes_by_edges": self._pixels.goes_by_edges,
            "goes_by_images": self._frame.goes_by_images,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """The layer that `get_config` described; what was learned another `adapt` learns anew.

        Example:
            >>> config = gp.HandwritingAugmenter(10, strength=0.5).get_config()
            >>> gp.HandwritingAugmenter.from_config(config).strength
            0.5
        """
        config = dict(config)
        learned = [config.pop(name, False) for name in ("goes_by_edges", "goes_by_images")]
        layer: Self = super().from_config(config)
        layer._pixels.goes_by_edges |= learned[0]
        layer._frame.goes_by_images |= learned[1]
        return layer
