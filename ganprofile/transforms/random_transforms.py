"""What happens to an image each time that a classifier is shown it."""

from typing import Any, Literal

import keras

from ganprofile.transforms import augmentation_policy
from ganprofile.transforms.warping import Tensor

# name -> name of a transform of the policy -> its probability and the factor on its amounts.
TRANSFORMS = {
    "affine": {
        "shift": (1.0, 0.67),
        "rotate": (1.0, 0.8),
        "shear": (1.0, 1.25),
        "zoom": (1.0, 1.0),
    },
    # The strong baseline: chosen on folds of training data by
    # `benchmarks/classic.py`, then frozen. Another one would be another experiment.
    "classic": {
        "shift": (1.0, 0.67),
        "rotate": (1.0, 1.0),
        "shear": (1.0, 1.5),
        "zoom": (1.0, 1.0),
        "stretch": (1.0, 1.4),
        "elastic": (1.0, 0.8),
        "thickness": (1.0, 1.2),
        "cutout": (0.25, 1.0),
    },
}


class RandomTransforms(keras.layers.Layer):
    """Transforms of the augmentation policy, in training only; float32 images in [-1, 1].

    Args:
        name: which of `TRANSFORMS`.
        seed: fixes what happens.
    """

    def __init__(self, name: Literal["affine", "classic"], seed: int | None, **kwargs: Any) -> None:
        super().__init__(dtype="float32", **kwargs)
        chosen = TRANSFORMS[name]
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
