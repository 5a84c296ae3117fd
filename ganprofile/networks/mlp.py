"""The multilayer perceptrons of the classic GAN.

Bembde & Mathur, "GANs: Handwriting Profiling", after Goodfellow et al. 2014 (arXiv 1406.2661).
As published: noise of 100 values; dense layers, 3 for MNIST and 4 for EMNIST; ReLU and a last tanh
with 784 outputs in the generator; LeakyReLU, dropout after each layer and a last sigmoid in the
discriminator (here in the loss: the network returns logits).

The paper leaves open, and we chose:

- widths: 512 next to the image, halved with every layer away from it, so that a generator is a
  file of 2 MB and a step is cheap on a CPU.
- slope of LeakyReLU: 0.2, the value that GANs have used since Radford et al. 2015.
- dropout: 0.3. With 0.5 the images of a class differ less.
- the condition (Mirza & Osindero 2014, arXiv 1411.1784): an embedding of 50 values beside the
  noise and beside the pixels, with a standard deviation of 0.5 at the start. As wide as the
  noise, the images of a class become one image; much narrower, as by default in Keras, classes
  are told apart late or never.
"""

import math

import keras

from ganprofile.networks.seeds import seed_stream

WIDEST = 512
EMBEDDING_DIM, EMBEDDING_STDDEV = 50, 0.5
NEGATIVE_SLOPE = 0.2


def build_generator(image_shape, latent_dim, conditions, seed=0, layers=3):
    """Noise (and conditions) to images in [-1, 1]; `layers` counts the dense layers."""
    seeds = seed_stream(seed, "generator")
    inputs = {"latents": keras.Input((latent_dim,), name="latents")}
    hidden = _with_conditions(inputs, inputs["latents"], conditions, seeds)
    for units in reversed(_widths(layers)):
        hidden = _dense(units, seeds, activation="relu")(hidden)
    pixels = _dense(math.prod(image_shape), seeds, activation="tanh")(hidden)
    return keras.Model(inputs, keras.layers.Reshape(image_shape)(pixels), name="generator")


def build_discriminator(image_shape, conditions, seed=0, layers=3, dropout=0.3):
    """Images (and conditions) to one logit; `layers` counts the dense layers."""
    seeds = seed_stream(seed, "discriminator")
    inputs = {"images": keras.Input(image_shape, name="images")}
    flat = keras.layers.Flatten()(inputs["images"])
    hidden = _with_conditions(inputs, flat, conditions, seeds)
    for units in _widths(layers):
        hidden = _dense(units, seeds)(hidden)
        hidden = keras.layers.LeakyReLU(negative_slope=NEGATIVE_SLOPE)(hidden)
        hidden = keras.layers.Dropout(dropout, seed=next(seeds))(hidden)
    return keras.Model(inputs, _dense(1, seeds)(hidden), name="discriminator")


def _widths(layers):
    """Units of the hidden layers, the one next to the image first: 512, 256, ..."""
    return [WIDEST // 2**depth for depth in range(layers - 1)]


def _with_conditions(inputs, features, conditions, seeds):
    """Add an input for every condition and its embedding to the features."""
    parts = [features]
    for name, count in conditions.items():
        inputs[name] = keras.Input((), dtype="int32", name=name)
        initializer = keras.initializers.RandomNormal(stddev=EMBEDDING_STDDEV, seed=next(seeds))
        embed = keras.layers.Embedding(count, EMBEDDING_DIM, initializer)
        parts.append(embed(inputs[name]))
    return keras.layers.Concatenate()(parts) if conditions else features


def _dense(units, seeds, activation=None):
    initializer = keras.initializers.GlorotUniform(seed=next(seeds))
    return keras.layers.Dense(units, activation, kernel_initializer=initializer)
