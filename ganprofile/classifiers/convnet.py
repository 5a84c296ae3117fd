"""A convolutional network that reads characters as well as a minute on two cores allows."""

import keras

from ganprofile.classifiers.facts import FACTS
from ganprofile.classifiers.network import NetworkClassifier

WIDTH = 24
LEARNING_RATE = 4e-3
WEIGHT_DECAY = 0.01
AVERAGED = 0.02  # of all steps, about, are in the average of the weights


class ConvnetClassifier(NetworkClassifier):
    """Three convolutions with batch normalisation, trained with AdamW, a rate that rises and falls,
    smoothed labels, and an average of the weights: what the experiment judges by.
    """

    STEPS, BATCH_SIZE = FACTS["convnet"].steps, FACTS["convnet"].batch_size
    LABEL_SMOOTHING = 0.1
    DEPTHS = (1, 1, 1)  # convolutions at each resolution

    def layers(self, seeds):
        def convolution(width, side):
            return [
                keras.layers.Conv2D(
                    width,
                    side,
                    padding="same",
                    use_bias=False,  # the normalisation has one
                    kernel_initializer=keras.initializers.HeNormal(seed=next(seeds)),
                ),
                keras.layers.BatchNormalization(momentum=0.9),
                keras.layers.ReLU(),
            ]

        convolutions = []
        for stage, depth in enumerate(self.DEPTHS):
            convolutions += [keras.layers.MaxPooling2D()] if stage else []
            for _ in range(depth):
                side = 3 if convolutions else 5
                convolutions += convolution(WIDTH * 2**stage, side)
        return [
            *convolutions,
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3, seed=next(seeds)),
            keras.layers.Dense(
                self.num_classes,
                kernel_initializer=keras.initializers.GlorotUniform(seed=next(seeds)),
            ),
        ]

    def optimizer(self, factor):
        rate = LEARNING_RATE * factor
        warm = self.steps // 10
        schedule = keras.optimizers.schedules.CosineDecay(
            rate / 10,
            max(1, self.steps - warm),
            alpha=0.1,
            warmup_target=rate,
            warmup_steps=warm,
        )
        momentum = max(0.0, 1 - 1 / (AVERAGED * self.steps))
        return keras.optimizers.AdamW(
            schedule, weight_decay=WEIGHT_DECAY, use_ema=True, ema_momentum=momentum
        )


class DeepConvnetClassifier(ConvnetClassifier):
    """The same with five convolutions: reads better, and takes twice as long."""

    DEPTHS = (1, 2, 2)


class EmbeddingConvnetClassifier(DeepConvnetClassifier):
    """The same with an embedding before the logits, which carries over from other characters."""

    STEPS = FACTS["embedding"].steps
    EMBEDDED = 96

    def layers(self, seeds):
        *body, logits = super().layers(seeds)
        embedding = keras.layers.Dense(
            self.EMBEDDED,
            use_bias=False,  # the normalisation has one
            kernel_initializer=keras.initializers.HeNormal(seed=next(seeds)),
        )
        normalised = keras.layers.BatchNormalization(momentum=0.9)
        return [*body, embedding, normalised, keras.layers.ReLU(), logits]
