"""Features of an Inception network that a person supplies: with these, KID and FID are computed."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganprofile.backend import backend
from ganprofile.errors import GanprofileError, UsageError, first_line
from ganprofile.images import to_float
from ganprofile.metrics.features import checked_images
from ganprofile.storage.files import expanded, printable
from ganprofile.storage.paths import StrPath

if TYPE_CHECKING:
    import keras

SIDE = 299
BATCH = 50
HOW = (
    "Give the weights of keras.applications.InceptionV3 without its top (.h5 or .weights.h5), or a "
    ".keras model of images (299, 299, 3) that ends in features."
)


class InceptionFeatures:
    """Images to features, by weights from a file. Nothing is ever downloaded.

    KID and FID are comparable between two papers only where both took the same weights; which
    these are, the file's name and sha256 say.

    Example:
        >>> from ganprofile.metrics.inception import InceptionFeatures
        >>> import keras
        >>> inputs = keras.Input((75, 75, 3))  # in the place of the network that a person has
        >>> outputs = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> network = InceptionFeatures(keras.Model(inputs, outputs))
        >>> network(gp.load("digits")[0].images[:5]).shape
        (5, 3)
    """

    name = "inception"

    def __init__(self, network: keras.Model) -> None:
        self._network = network
        height, width = network.input_shape[1:3]
        self._size = (height or SIDE, width or SIDE)

    @classmethod
    def load(cls, path: StrPath) -> InceptionFeatures:
        """Load weights or a model.

        Args:
            path: `.h5` or `.weights.h5`, the weights of `keras.applications.InceptionV3` without
                its top; or `.keras`, a model `(n, height, width, 3)` -> `(n, d)` for levels in
                [-1, 1], loaded in safe mode.

        Returns:
            The `InceptionFeatures`.

        Raises:
            UsageError: there is no such file.
            GanprofileError: it holds something else.

        Example:
            >>> from ganprofile.metrics.inception import InceptionFeatures
            >>> import keras
            >>> inputs = keras.Input((75, 75, 3))
            >>> outputs = keras.layers.GlobalAveragePooling2D()(inputs)
            >>> keras.Model(inputs, outputs).save("features.keras")
            >>> InceptionFeatures.load("features.keras").name
            'inception'
        """
        path = weights_file(path)
        try:
            network = _read(path)
        except Exception as error:  # what Keras and h5py raise for other files is their own
            raise GanprofileError(
                f"{printable(path)} cannot be loaded ({first_line(error)}). {HOW}"
            ) from error
        shapes = network.input_shape, network.output_shape
        if not _maps_images_to_features(*shapes):
            raise GanprofileError(
                f"{printable(path)} should be a model from images (n, height, width, 3) to "
                f"features (n, d). Received: {shapes[0]} to {shapes[1]}. {HOW}"
            )
        return cls(network)

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Features of images, which are resampled bilinearly to the network's size.

        Args:
            images: uint8 `(n, height, width, 1 or 3)`; grey fills all three channels.

        Returns:
            float32 `(n, d)`.

        Raises:
            UsageError: the images are not of that form, or there is none.

        Example:
            >>> from ganprofile.metrics.inception import InceptionFeatures
            >>> import keras
            >>> inputs = keras.Input((75, 75, 3))
            >>> outputs = keras.layers.GlobalAveragePooling2D()(inputs)
            >>> keras.Model(inputs, outputs).save("features.keras")
            >>> InceptionFeatures.load("features.keras")(gp.load("digits")[0].images[:5]).shape
            (5, 3)
        """
        images = checked_images(images)
        batches = (images[first : first + BATCH] for first in range(0, len(images), BATCH))
        return np.concatenate([self._features(batch) for batch in batches])

    def _features(self, images: np.ndarray) -> np.ndarray:
        from keras import ops

        inputs = to_float(images.repeat(3 // images.shape[-1], axis=-1))
        inputs = ops.image.resize(
            inputs, self._size, interpolation="bilinear", data_format="channels_last"
        )
        with backend().unrecorded():
            return ops.convert_to_numpy(self._network(inputs, training=False))


def weights_file(path: StrPath) -> Path:
    """The path of a file of weights, before it is loaded.

    Args:
        path: as for `InceptionFeatures.load`; `~` is the user's folder.

    Raises:
        UsageError: there is no such file.

    Example:
        >>> from ganprofile.metrics.inception import weights_file
        >>> weights_file("nowhere.h5")
        Traceback (most recent call last):
        ...
        ganprofile.errors.UsageError: nowhere.h5 is no file of Inception weights. ...
    """
    path = Path(expanded(path))
    if not path.is_file():
        raise UsageError(f"{printable(path)} is no file of Inception weights. {HOW}")
    return path


def _read(path: Path) -> keras.Model:
    import keras

    if path.suffix == ".keras":
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    with warnings.catch_warnings():
        # Keras warns of layers that a file lacks; left at random, they would give some distance.
        warnings.filterwarnings("error", "Skipping")
        return keras.applications.InceptionV3(
            weights=str(path), include_top=False, pooling="avg", input_shape=(SIDE, SIDE, 3)
        )


def _maps_images_to_features(inputs: Any, outputs: Any) -> bool:
    """Whether shapes are those of one input and one output; of several, they are lists or dicts."""
    if not isinstance(inputs, tuple) or not isinstance(outputs, tuple):
        return False
    return len(inputs) == 4 and inputs[-1] == 3 and len(outputs) == 2 and outputs[-1] is not None
