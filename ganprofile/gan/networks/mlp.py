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
- the condition: an embedding of 50 values beside the noise and beside the pixels.
"""

import math

import keras

from ganprofile.gan.networks.conditioning import beside, condition_inputs, projected
from ganprofile.gan.networks.dense import dense
from ganprofile.gan.networks.seeds import seed_stream

WIDEST = 512
# Up to as many classes the published networks have 3 dense layers, above 4.
CLASSES_OF_A_SMALL_TASK = 10
NEGATIVE_SLOPE = 0.2


def build_generator(image_shape, latent_dim, conditions, seed=0, layers=3):
    """Noise (and conditions) to images in [-1, 1]; `layers` counts the dense layers."""
    seeds = seed_stream(seed, "generator")
    latents = keras.Input((latent_dim,), name="latents")
    inputs = {"latents": latents, **condition_inputs(conditions)}
    hidden = beside(latents, inputs, conditions, seeds)
    for units in reversed(_widths(layers)):
        hidden = dense(units, seeds, activation="relu")(hidden)
    pixels = dense(math.prod(image_shape), seeds, activation="tanh")(hidden)
    return keras.Model(inputs, keras.layers.Reshape(image_shape)(pixels), name="generator")


def build_discriminator(
    image_shape, conditions, seed=0, conditioning="embedding", layers=3, dropout=0.3
):
    """Images (and conditions) to one logit; `layers` counts the dense layers."""
    seeds = seed_stream(seed, "discriminator")
    inputs = {"images": keras.Input(image_shape, name="images"), **condition_inputs(conditions)}
    hidden = keras.layers.Flatten()(inputs["images"])
    if conditioning == "embedding":
        hidden = beside(hidden, inputs, conditions, seeds)
    for units in _widths(layers):
        hidden = dense(units, seeds)(hidden)
        hidden = keras.layers.LeakyReLU(negative_slope=NEGATIVE_SLOPE)(hidden)
        hidden = keras.layers.Dropout(dropout, seed=next(seeds))(hidden)
    logits = dense(1, seeds)(hidden)
    if conditioning == "projection":
        logits = projected(logits, hidden, inputs, conditions, seeds)
    return keras.Model(inputs, logits, name="discriminator")


def options(num_classes):
    """What both networks are built with for so many classes."""
    return {"layers": 3 if num_classes <= CLASSES_OF_A_SMALL_TASK else 4}


def _widths(layers):
    """Units of the hidden layers, the one next to the image first: 512, 256, ..."""
    return [WIDEST // 2**depth for depth in range(layers - 1)]
