"""What an arm of the experiment makes of a subset of real images."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class TrainingSet:
    """What a classifier is trained on.

    Attributes:
        images: uint8 `(n, height, width, channels)`.
        labels: class indices `(n,)`, or probabilities of the classes, float32 `(n, num_classes)`.
        frequency: how often an image is shown in proportion to the others, `(n,)`, above 0; None
            shows all as often.
        transforms: a name in `classifiers.TRANSFORMS`: what happens to an image each time it is
            shown; None shows it as it is.
        pretrained: what `body` of such a classifier gave, the weights but for the last layer, that
            it starts from; None starts from random ones.
        keep_size: whether the user asked for images that keep their sizes.
    """

    images: np.ndarray
    labels: np.ndarray
    frequency: np.ndarray | None = None
    transforms: str | None = None
    pretrained: list | None = None
    keep_size: bool = False

    @property
    def image_shape(self):
        """`(height, width, channels)`."""
        return self.images.shape[1:]
