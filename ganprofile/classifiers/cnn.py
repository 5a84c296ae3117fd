"""A small convolutional network: the reference that reads characters."""

import keras

from ganprofile.classifiers.facts import FACTS
from ganprofile.classifiers.network import NetworkClassifier


class CnnClassifier(NetworkClassifier):
    """Two convolutions, one dense layer, dropout; trained with Adam and a falling rate."""

    STEPS, BATCH_SIZE = FACTS["cnn"].steps, FACTS["cnn"].batch_size

    def layers(self, seeds):
        def seeded():
            return {
                "activation": "relu",
                "kernel_initializer": keras.initializers.GlorotUniform(seed=next(seeds)),
            }

        return [
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

    def optimizer(self, factor):
        rate = keras.optimizers.schedules.CosineDecay(2e-3 * factor, self.steps)
        return keras.optimizers.Adam(rate)
