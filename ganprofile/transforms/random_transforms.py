"""What happens to an image each time that a classifier is shown it."""

from typing import Any, Literal

import keras

from ganprofile.transforms import augmentation_policy
from ganprofile.transforms.arrays import Tensor
from ganprofile.transforms.strengths import TRANSFORMS


@keras.saving.register_keras_serializable("ganprofile")
class RandomTransforms(keras.layers.Layer):
    """Transforms of the augmentation policy, in training only; float32 images in [-1, 1].

    Args:
        kind: which of `TRANSFORMS`.
        seed: fixes what happens.
    """

    def __init__(self, kind: Literal["affine", "classic"], seed: int | None, **kwargs: Any) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        self._kind, self._seed = kind, seed
        chosen = TRANSFORMS[kind]
        self._probabilities = {each: probability for each, (probability, _) in chosen.items()}
        self._strengths = {each: strength for each, (_, strength) in chosen.items()}
        self._seed_generator = keras.random.SeedGenerator(seed)

    def call(self, images: Tensor, training: bool = False) -> Tensor:
        if not training:
            return images
        return augmentation_policy.augment(
            images,
            tuple(self._strengths),
            self._probabilities,
            self._seed_generator,
            self._strengths,
        )

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "kind": self._kind, "seed": self._seed}
