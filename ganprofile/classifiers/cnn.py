"""A small convolutional network: the reference that reads characters."""

import math

import keras
import numpy as np

from ganprofile.errors import UsageError
from ganprofile.files import atomic_path
from ganprofile.images import to_float
from ganprofile.networks.seeds import seed_stream

PREDICTION_BATCH = 500


class CnnClassifier:
    """Two convolutions, one dense layer, dropout; trained with Adam and a falling rate.

    Args:
        num_classes: how many classes.
        steps: training steps of `batch_size` images, however many there are.
        batch_size: images in a step.
        seed: fixes weights, order and dropout.
    """

    def __init__(self, num_classes, steps=1200, batch_size=64, seed=0):
        self.num_classes = num_classes
        self.steps = steps
        self.batch_size = batch_size
        self.seed = seed
        self.network = None

    def fit(self, images, labels):
        """Train from scratch.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: integers `(n,)`.

        Returns:
            The classifier itself.

        Raises:
            UsageError: there is only one class.
        """
        if self.num_classes < 2:
            raise UsageError("A classifier needs two classes or more to tell apart. Received: 1.")
        self.network = self._build(images.shape[1:])
        rate = keras.optimizers.schedules.CosineDecay(2e-3, self.steps)
        self.network.compile(
            keras.optimizers.Adam(rate),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            # XLA is slower here than TensorFlow's own functions; JAX has nothing else.
            jit_compile=keras.backend.backend() == "jax",
        )
        random = np.random.default_rng(self.seed)
        passes = math.ceil(self.steps * self.batch_size / len(images))
        order = np.concatenate([random.permutation(len(images)) for _ in range(passes)])
        for step in range(self.steps):
            chosen = order[step * self.batch_size : (step + 1) * self.batch_size]
            self.network.train_on_batch(to_float(images[chosen]), labels[chosen])
        return self

    def predict_proba(self, images):
        """Probabilities of the classes, float32 `(n, num_classes)`."""
        parts = []
        for first in range(0, len(images), PREDICTION_BATCH):
            batch = images[first : first + PREDICTION_BATCH]
            logits = self.network(keras.ops.convert_to_tensor(to_float(batch)), training=False)
            parts.append(keras.ops.convert_to_numpy(keras.ops.softmax(logits)))
        return np.concatenate(parts)

    def predict(self, images):
        """The likeliest class of every image, `(n,)`."""
        return self.predict_proba(images).argmax(axis=1)

    def save(self, path):
        """Write the network as a `.keras` file."""
        with atomic_path(path) as partial:
            self.network.save(partial)

    @classmethod
    def load(cls, path):
        """Read what `save` wrote."""
        network = keras.saving.load_model(path)
        classifier = cls(network.output_shape[-1])
        classifier.network = network
        return classifier

    def _build(self, image_shape):
        seeds = seed_stream(self.seed, "classifier")

        def seeded():
            return {
                "activation": "relu",
                "kernel_initializer": keras.initializers.GlorotUniform(seed=next(seeds)),
            }

        return keras.Sequential(
            [
                keras.Input(image_shape),
                keras.layers.Conv2D(16, 5, padding="same", **seeded()),
                keras.layers.MaxPooling2D(),
                keras.layers.Conv2D(32, 5, padding="same", **seeded()),
                keras.layers.MaxPooling2D(),
                keras.layers.Flatten(),
                keras.layers.Dropout(0.4, seed=next(seeds)),
                keras.layers.Dense(128, **seeded()),
                keras.layers.Dropout(0.4, seed=next(seeds)),
                keras.layers.Dense(self.num_classes, **{**seeded(), "activation": None}),
            ]
        )
