"""The skip deep generative model of Maaloe, Sonderby, Sonderby and Winther 2016 (Auxiliary Deep
Generative Models, ICML), which Beaulac and Rosenthal (2022, 4.3) draw digits of a writer with.

All images have their conditions, so that only its generative part is trained: latents z and an
auxiliary a, p(z) p(a | z, y) p(x | z, a, y), inferred by q(a | x) q(z | a, x, y).
"""

import keras
import numpy as np
from keras import ops

from ganprofile.backend.training import train_steps
from ganprofile.classifiers.order import shown_order
from ganprofile.gan.drawing import latents
from ganprofile.gan.networks.dense import dense
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.images import to_float, to_uint8

LATENT, AUXILIARY = 50, 50
HIDDEN = 500
LEARNING_RATE = 3e-4
BATCH = 100
AT_ONCE = 1000


class DeepGenerative:
    """A variational autoencoder of images under conditions.

    Args:
        conditions: name -> how many values, as of a GAN.
        steps: training steps of `BATCH` images.
        seed: fixes weights, order and noise.
    """

    def __init__(self, conditions, steps, seed=0):
        self.conditions = dict(conditions)
        self.steps = steps
        self.seed = seed

    def fit(self, images, **conditions):
        """Train.

        Args:
            images: uint8 `(n, height, width, channels)`.
            **conditions: for every condition indices `(n,)`.

        Returns:
            The model itself.
        """
        self.image_shape = images.shape[1:]
        self._network = Network(sum(self.conditions.values()), self.image_shape, self.seed)
        optimizer = keras.optimizers.Adam(LEARNING_RATE)
        self._network.compile(optimizer, jit_compile=keras.backend.backend() == "jax")
        known = self._known(conditions)
        order = shown_order(np.random.default_rng(self.seed), len(images), self.steps * BATCH)

        def shown(rows):
            levels = (to_float(images[rows]).reshape(len(rows), -1) + 1) / 2
            return ([levels, known[rows]],)

        train_steps(self._network, [order.reshape(self.steps, BATCH)], shown)
        return self

    def draw(self, seed, **conditions):
        """One image for each of the conditions: the mean of its pixels, as in the paper.

        Args:
            seed: of the noise.
            **conditions: for every condition indices `(n,)`.

        Returns:
            uint8 `(n, height, width, channels)`.
        """
        known = self._known(conditions)
        noise = latents(seed, 0, len(known), LATENT + AUXILIARY)
        parts = [
            ops.convert_to_numpy(self._network.draw(noise[first:][:AT_ONCE], some))
            for first in range(0, len(known), AT_ONCE)
            for some in [known[first : first + AT_ONCE]]
        ]
        return to_uint8(2 * np.concatenate(parts).reshape(-1, *self.image_shape) - 1)

    def _known(self, conditions):
        """Conditions as float32 rows of zeros and a one for each."""
        rows = [
            np.eye(n, dtype=np.float32)[conditions[name]] for name, n in self.conditions.items()
        ]
        return np.concatenate(rows, axis=1)


class Network(keras.Model):
    """Its four parts, and the lower bound that they are trained by."""

    def __init__(self, width, image_shape, seed):
        super().__init__()
        seeds = seed_stream(seed, "generator")
        pixels = int(np.prod(image_shape))

        def part(inputs, units):
            layers = [dense(HIDDEN, seeds, "relu"), dense(HIDDEN, seeds, "relu")]
            return keras.Sequential([keras.Input((inputs,)), *layers, dense(units, seeds)])

        self.to_auxiliary = part(pixels, 2 * AUXILIARY)
        self.to_latents = part(AUXILIARY + pixels + width, 2 * LATENT)
        self.from_latents = part(LATENT + width, 2 * AUXILIARY)
        self.to_pixels = part(LATENT + AUXILIARY + width, pixels)
        self.noise = keras.random.SeedGenerator(next(seeds))

    def call(self, inputs):
        levels, known = inputs
        inferred = ops.split(self.to_auxiliary(levels), 2, axis=1)
        auxiliary = self._drawn(*inferred)
        posterior = ops.split(
            self.to_latents(ops.concatenate([auxiliary, levels, known], axis=1)), 2, axis=1
        )
        hidden = self._drawn(*posterior)
        prior = ops.split(self.from_latents(ops.concatenate([hidden, known], axis=1)), 2, axis=1)
        pixels = self.to_pixels(ops.concatenate([hidden, auxiliary, known], axis=1))
        # Of a Bernoulli variable: softplus(logit) - level * logit.
        missed = ops.sum(ops.softplus(pixels) - levels * pixels, axis=1)
        normal = ops.zeros_like(hidden), ops.zeros_like(hidden)
        apart = _likelihood(hidden, *posterior) - _likelihood(hidden, *normal)
        apart += _likelihood(auxiliary, *inferred) - _likelihood(auxiliary, *prior)
        self.add_loss(ops.mean(missed + apart))
        return pixels

    def draw(self, noise, known):
        """Levels in 0..1 `(n, pixels)` from noise of latents and auxiliaries."""
        hidden, left = ops.split(ops.convert_to_tensor(noise), [LATENT], axis=1)
        mean, log_variance = ops.split(
            self.from_latents(ops.concatenate([hidden, known], axis=1)), 2, axis=1
        )
        auxiliary = mean + ops.exp(log_variance / 2) * left
        return ops.sigmoid(self.to_pixels(ops.concatenate([hidden, auxiliary, known], axis=1)))

    def _drawn(self, mean, log_variance):
        return mean + ops.exp(log_variance / 2) * keras.random.normal(
            ops.shape(mean), seed=self.noise
        )


def _likelihood(values, mean, log_variance):
    """The logarithm of the density of a Gaussian with independent axes, in nats, `(n,)`."""
    squared = ops.square(values - mean) / ops.exp(log_variance)
    return -0.5 * ops.sum(squared + log_variance + np.log(2 * np.pi), axis=1)
