"""The networks of "From Pixels to Sharpies" (Christenson, Felizarta, Colon): small, plain, trained
with gradient descent for a hundred epochs.
"""

import keras
import numpy as np

from ganprofile.backend.tf_data import untuned
from ganprofile.classifiers.network import NetworkClassifier, large_enough
from ganprofile.console import ProgressBar
from ganprofile.errors import check_several_classes
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.images import to_float

LEARNING_RATE = 3e-3
WEIGHT_PENALTY = 1e-5
STEPS_AT_ONCE = 25  # in one call of the compiled step


class EpochClassifier(NetworkClassifier):
    """A network trained with stochastic gradient descent, every image once an epoch.

    Grey values are standardised by the mean and the standard deviation of the training images. A
    subclass says what comes before the logits: `hidden`.

    Args:
        num_classes: how many classes.
        seed: fixes weights and order.
        epochs: how often every image is seen.
        progress: whether to show a bar.
    """

    BATCH_SIZE = 32

    def __init__(self, num_classes, seed=0, epochs=100, progress=False):
        super().__init__(num_classes, seed=seed)
        self.epochs = epochs
        self.progress = progress

    def hidden(self, dense, convolution):
        """The layers between the standardised image and the logits.

        Args:
            dense: makes a layer of so many units.
            convolution: makes one of so many 3 x 3 filters.
        """
        raise NotImplementedError

    def layers(self, seeds):
        penalty = keras.regularizers.L2(WEIGHT_PENALTY)

        def options():
            initializer = keras.initializers.GlorotUniform(seed=next(seeds))
            return {"kernel_initializer": initializer, "kernel_regularizer": penalty}

        def dense(units, activation="relu"):
            return keras.layers.Dense(units, activation, **options())

        def convolution(filters):
            return keras.layers.Conv2D(filters, 3, activation="relu", **options())

        return [*self.hidden(dense, convolution), dense(self.num_classes, "linear")]

    def fit(self, images, labels):
        """Train.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: class indices `(n,)`.

        Returns:
            The classifier itself.

        Raises:
            UsageError: there is only one class.
        """
        check_several_classes(self.num_classes)
        images = to_float(images)
        spread = float(images.std()) or 1.0
        standardised = keras.layers.Rescaling(1 / spread, -float(images.mean()) / spread)
        seeds = seed_stream(self.seed, "classifier")
        inputs = keras.Input(images.shape[1:])
        with large_enough(images.shape):
            self.network = keras.Sequential([inputs, standardised, *self.layers(seeds)])
        self.network.compile(
            keras.optimizers.SGD(LEARNING_RATE),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            # PyTorch makes one step after the other.
            steps_per_execution=1 if keras.backend.backend() == "torch" else STEPS_AT_ONCE,
            jit_compile=keras.backend.backend() == "jax",
        )
        random = np.random.default_rng(self.seed)
        with ProgressBar(self.epochs, self.progress) as bar:
            for epoch in range(self.epochs):
                order = random.permutation(len(images))
                shown = self._shown(images[order], labels[order])
                self.network.fit(**shown, shuffle=False, verbose=0)
                bar.show(epoch + 1, f"epoch {epoch + 1}/{self.epochs}")
        return self

    def _shown(self, images, labels):
        """What `fit` is told of the images of an epoch."""
        if keras.backend.backend() != "tensorflow":
            return {"x": images, "y": labels, "batch_size": self.batch_size}
        import tensorflow as tf

        batches = tf.data.Dataset.from_tensor_slices((images, labels)).batch(self.batch_size)
        return {"x": batches.prefetch(STEPS_AT_ONCE).with_options(untuned())}

    def loss(self, images, labels):
        """The mean cross-entropy of some images and the penalty on weights, as Keras reports it."""
        said = self.predict_proba(images)[np.arange(len(images)), labels]
        penalty = sum(float(keras.ops.convert_to_numpy(loss)) for loss in self.network.losses)
        return float(-np.log(np.maximum(said, np.finfo(np.float32).tiny)).mean()) + penalty


class PlainMlp(EpochClassifier):
    """Dense layers."""

    UNITS = (64, 16)

    def hidden(self, dense, convolution):
        return [keras.layers.Flatten(), *map(dense, self.UNITS)]


class WiderMlp(PlainMlp):
    """The same with 32 units in the second layer."""

    UNITS = (64, 32)


class PlainCnn(EpochClassifier):
    """Convolutions without padding, one pooling."""

    FILTERS = (32,)

    def hidden(self, dense, convolution):
        pooled = [keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
        return [*map(convolution, self.FILTERS), *pooled]


class DeeperCnn(PlainCnn):
    """The same with 16 more filters on top."""

    FILTERS = (32, 16)


class DeepestCnn(PlainCnn):
    """The same with three layers of 16 filters on top."""

    FILTERS = (32, 16, 16, 16)
