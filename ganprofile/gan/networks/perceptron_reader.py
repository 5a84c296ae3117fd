"""The perceptrons of a semi-supervised GAN: a reader of characters that is also the discriminator.

Salimans et al. 2016 (arXiv 1606.03498): five hidden layers with weight normalisation (Salimans,
Kingma 2016, arXiv 1602.07868) and noise before each; a generator of two, with batch normalisation.
"""

import math

import keras
import numpy as np
from keras import ops

from ganprofile.gan.networks.dense import dense
from ganprofile.gan.networks.seeds import seed_stream

WIDTHS = (1000, 500, 250, 250, 250)
PIXEL_NOISE, NOISE = 0.6, 0.5  # standard deviations; pixels are in [-1, 1], twice as published
LATENTS, DRAWING = 100, 500  # of the generator: values of noise, and units of a layer
FIRST_LOGITS = 0.1  # the standard deviation of logits before training


@keras.saving.register_keras_serializable(package="ganprofile")
class NormalizedDense(keras.layers.Layer):
    """A dense layer whose columns have the length that `scale` says, whatever `direction` is.

    Args:
        units: how many.
        seed: of the initial directions.
    """

    def __init__(self, units, seed, **kwargs):
        super().__init__(**kwargs)
        self.units, self.seed = units, seed

    def build(self, input_shape):
        width = input_shape[-1]
        first = keras.initializers.RandomNormal(stddev=width**-0.5, seed=self.seed)
        self.direction = self.add_weight((width, self.units), first, name="direction")
        self.scale = self.add_weight((self.units,), "ones", name="scale")
        self.bias = self.add_weight((self.units,), "zeros", name="bias")

    def call(self, inputs):
        length = ops.rsqrt(ops.sum(ops.square(self.direction), axis=0) + 1e-9)
        return ops.matmul(inputs, self.direction) * (self.scale * length) + self.bias

    def fit_scale(self, inputs, deviation=1.0):
        """Let what it gives have a mean of 0 and some deviation over these inputs, as it begins.

        Args:
            inputs: float32 `(n, width)`.
            deviation: above 0.

        Returns:
            What it gives now, float32 `(n, units)`.
        """
        given = ops.convert_to_numpy(self(inputs))
        scale = deviation / (given.std(axis=0) + 1e-6)
        self.scale.assign(scale)
        self.bias.assign(-given.mean(axis=0) * scale)
        return (given - given.mean(axis=0)) * scale

    def get_config(self):
        return {**super().get_config(), "units": self.units, "seed": self.seed}


def build_reader(image_shape, num_classes, seed=0, widths=WIDTHS):
    """Images in [-1, 1] to `(logits, features)`, these what the last hidden layer sees."""
    seeds = seed_stream(seed, "reader")
    images = keras.Input(image_shape, name="images")
    hidden = keras.layers.Flatten()(images)
    for number, units in enumerate(widths):
        noise = NOISE if number else PIXEL_NOISE
        hidden = keras.layers.GaussianNoise(noise, seed=next(seeds))(hidden)
        hidden = keras.layers.ReLU()(NormalizedDense(units, next(seeds))(hidden))
    noisy = keras.layers.GaussianNoise(NOISE, seed=next(seeds))(hidden)
    logits = NormalizedDense(num_classes, next(seeds))(noisy)
    return keras.Model(images, (logits, hidden), name="reader")


def fit_scales(reader, images):
    """Let every layer of a new reader begin with means of 0 and deviations of 1 over some images.

    Args:
        reader: what `build_reader` gave.
        images: float32 `(n, height, width, channels)` in [-1, 1].
    """
    seen = np.reshape(images, (len(images), -1))
    layers = [layer for layer in reader.layers if isinstance(layer, NormalizedDense)]
    for layer in layers[:-1]:
        seen = np.maximum(layer.fit_scale(seen), 0)
    layers[-1].fit_scale(seen, FIRST_LOGITS)


def build_generator(image_shape, seed=0, latents=LATENTS, units=DRAWING):
    """Uniform noise in [0, 1) to images in [-1, 1]."""
    seeds = seed_stream(seed, "generator")
    noise = keras.Input((latents,), name="latents")
    hidden = noise
    for _ in range(2):
        hidden = keras.layers.BatchNormalization()(dense(units, seeds)(hidden))
        hidden = keras.layers.Activation("softplus")(hidden)
    pixels = dense(math.prod(image_shape), seeds, activation="tanh")(hidden)
    return keras.Model(noise, keras.layers.Reshape(image_shape)(pixels), name="generator")
