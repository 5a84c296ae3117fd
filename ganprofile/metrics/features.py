"""What the metrics compare of images: features of the frozen networks, and the pixels themselves.

`ganprofile/weights/features.json` says what each network was trained on and how well it reads.
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from importlib import resources
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from ganprofile.backend import backend
from ganprofile.datasets.digit_names import may_be_latin_digits
from ganprofile.errors import UsageError
from ganprofile.images import luminance, to_float
from ganprofile.metrics.checks import as_array

if TYPE_CHECKING:
    import keras
    from numpy.typing import ArrayLike

FEATURE_NETWORKS = ("characters", "letters")
NetworkName: TypeAlias = Literal["characters", "letters"]
SIDE = 28
BATCH = 500
MOST_PIXELS = 1024  # a value for each would be more features than distances can be computed from


def feature_network_for(class_names: Collection[str]) -> NetworkName:
    """The name of the feature network that judges images of these classes.

    `letters` where every class is one of the digits 0 to 9, whatever it is called (`"zero"`), else
    (and without names) `characters`.
    MNIST's digits and EMNIST's come from the same forms: a network that learned EMNIST's digits has
    met the writers, and maybe the very images, that it would take for unseen ones in MNIST's test
    part. One that knows only letters meets digits of any origin for the first time.

    Args:
        class_names: names of the classes of the real images, a collection of str.

    Returns:
        A name in `FEATURE_NETWORKS`.

    Example:
        >>> from ganprofile.metrics.features import feature_network_for
        >>> feature_network_for(["0", "7"]), feature_network_for(["7", "A"])
        ('letters', 'characters')
    """
    return "letters" if class_names and may_be_latin_digits(class_names) else "characters"


class FeatureNetwork:
    """Images to features: the last layer before the logits of a classifier of characters.

    Get one with `FeatureNetwork.load`; `name` says which it is.

    Example:
        >>> from ganprofile.metrics.features import FeatureNetwork
        >>> network = FeatureNetwork.load("letters")

        >>> network.name, network(gp.load("digits")[0].images[:5]).shape
        ('letters', (5, 64))
    """

    def __init__(self, name: NetworkName, network: keras.Model) -> None:
        self.name = name
        self._network = network

    @classmethod
    @functools.cache  # every training and every evaluation asks for it
    def load(cls, name: NetworkName) -> FeatureNetwork:
        """Load a network that the package carries; once in a process.

        Args:
            name: `characters` (47 classes of EMNIST) or `letters` (the 37 letters among them);
                `feature_network_for` chooses.

        Returns:
            The `FeatureNetwork`.

        Raises:
            UsageError: there is no network of that name.

        Example:
            >>> from ganprofile.metrics.features import FeatureNetwork
            >>> FeatureNetwork.load("characters").name
            'characters'
        """
        if name not in FEATURE_NETWORKS:
            raise UsageError(
                f"A feature network is one of {', '.join(FEATURE_NETWORKS)}. Received: {name!r}."
            )
        import keras

        with resources.as_file(resources.files("ganprofile.weights")) as folder:
            path = folder / f"features-{name}.keras"
            return cls(name, keras.saving.load_model(path, compile=False, safe_mode=True))

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Features of images; those of one image do not depend on the others beyond rounding.

        Args:
            images: uint8 `(n, height, width, 1 or 3)`, 255 = ink. Colour is turned to grey, and
                other sizes than 28x28 are resampled, each axis by itself, with antialiasing.

        Returns:
            float32 `(n, 64)`, 0 or more.

        Raises:
            UsageError: the images are not of that form, or there is none.

        Example:
            >>> from ganprofile.metrics.features import FeatureNetwork
            >>> network = FeatureNetwork.load("letters")

            >>> features = network(np.zeros((2, 64, 64, 3), np.uint8))
            >>> features.shape, bool(features.min() >= 0)
            ((2, 64), True)
        """
        images = checked_images(images)
        batches = (images[first : first + BATCH] for first in range(0, len(images), BATCH))
        return np.concatenate([self._features(batch) for batch in batches])

    def _features(self, images: np.ndarray) -> np.ndarray:
        from keras import ops

        inputs = to_float(_resampled(luminance(images)))
        with backend().unrecorded():
            return ops.convert_to_numpy(self._network(inputs, training=False))


class Pixels:
    """The raw pixels as features, for what a network may overlook; stands beside the networks.

    Example:
        >>> from ganprofile.metrics.features import Pixels
        >>> Pixels()(gp.load("digits")[0].images[:5]).shape
        (5, 784)
    """

    name = "pixels"

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """The levels of images, row by row.

        Args:
            images: uint8 `(n, height, width, 1 or 3)`.

        Returns:
            float32 `(n, d)` in 0..1, d = height x width x channels where that is at most 1,024;
            larger images are turned to grey and resampled to 28x28, so that d = 784.

        Raises:
            UsageError: the images are not of that form, or there is none.

        Example:
            >>> from ganprofile.metrics.features import Pixels
            >>> Pixels()(np.full((1, 2, 2, 1), 255, np.uint8)).tolist()
            [[1.0, 1.0, 1.0, 1.0]]
        """
        images = checked_images(images)
        if images[0].size > MOST_PIXELS:
            images = _resampled(luminance(images))
        return images.reshape(len(images), -1).astype(np.float32) / 255


def checked_images(images: ArrayLike) -> np.ndarray:
    """An array that features can be computed of.

    Raises:
        UsageError: it is not uint8 `(n, height, width, 1 or 3)`, or there is no image.

    Example:
        >>> from ganprofile.metrics.features import checked_images
        >>> checked_images(np.zeros((2, 28, 28, 1), np.uint8)).shape
        (2, 28, 28, 1)
    """
    images = as_array("The array of images", images)
    form = images.shape[-1:] in ((1,), (3,)) and images.ndim == 4 and images.size > 0
    if images.dtype != np.uint8 or not form:
        raise UsageError(
            "Features are of uint8 images (n, height, width, 1 or 3), one or more. "
            f"Received: {images.dtype} {images.shape}."
        )
    return images


def _resampled(images: np.ndarray) -> np.ndarray:
    """Grey images `(n, height, width, 1)` as levels `(n, 28, 28, 1)`."""
    height, width = images.shape[1:3]
    if (height, width) == (SIDE, SIDE):
        return images
    levels = images[..., 0].astype(np.float32)
    levels = _resampling_matrix(height) @ levels @ _resampling_matrix(width).T
    return np.clip(levels, 0, 255)[..., None]


@functools.cache
def _resampling_matrix(size: int) -> np.ndarray:
    """Pillow's Lanczos filter from `size` pixels to 28, as a matrix `(28, size)`.

    A filter is linear, so resampling the unit vectors gives its weights, and a product resamples
    a whole batch.
    """
    from PIL import Image

    unit_vectors = Image.fromarray(np.eye(size, dtype=np.float32))
    return np.asarray(unit_vectors.resize((size, SIDE), Image.Resampling.LANCZOS))
