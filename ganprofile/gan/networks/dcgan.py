"""Convolutional networks after DCGAN (Radford et al. 2015, arXiv 1511.06434), sized for a CPU.

As published: strided convolutions instead of pooling, transposed ones in the generator, batch
normalisation and ReLU in the generator, LeakyReLU with slope 0.2 in the discriminator, a last tanh.
Other than published:

- sides are halved until they are at most 8 (28 -> 14 -> 7, 64 -> 32 -> 16 -> 8), with 64 channels
  there and half as many with every doubling.
- kernels of 4 x 4, which a stride of 2 divides: transposed ones of 5 x 5 leave a chequerboard
  (Odena et al. 2016).
- no batch normalisation in the discriminator: a penalty on its gradients needs a function of one
  image, not of a batch.
- a dense layer of 256, four times the channels, before the logit; the projection sees its output.
- Keras' own (Glorot uniform) initial weights.
"""

import math

import keras

from ganprofile.gan.networks.conditioning import beside, condition_inputs, embeddings, projected
from ganprofile.gan.networks.seeds import seed_stream

SMALLEST_SIDE = 8
WIDEST, NARROWEST = 64, 8  # channels of the smallest feature map, and of the largest of big images
FEATURES = 4  # before the logit, for every channel of the smallest feature map
KERNEL, STRIDE = 4, 2
NEGATIVE_SLOPE = 0.2
BATCH_NORM_MOMENTUM = 0.9  # of 0.99, a short training's average would still hold its beginning


def build_generator(image_shape, latent_dim, conditions, seed=0, widest=WIDEST):
    """Noise (and conditions) to images in [-1, 1]."""
    height, width, channels = image_shape
    seeds = seed_stream(seed, "generator")
    latents = keras.Input((latent_dim,), name="latents")
    inputs = {"latents": latents, **condition_inputs(conditions)}
    hidden = beside(latents, inputs, conditions, seeds)
    *doublings, widest = widths = _widths(image_shape, widest)
    sides = [-(-side // STRIDE ** len(widths)) for side in (height, width)]
    hidden = keras.layers.Dense(math.prod(sides) * widest, use_bias=False, **_start(seeds))(hidden)
    hidden = _normalised(keras.layers.Reshape((*sides, widest))(hidden))
    for filters in reversed(doublings):
        hidden = _normalised(_doubled(filters, seeds, use_bias=False)(hidden))
    images = _doubled(channels, seeds, activation="tanh")(hidden)
    return keras.Model(inputs, _cropped(images, height, width), name="generator")


def build_discriminator(image_shape, conditions, seed=0, conditioning="projection", widest=WIDEST):
    """Images (and conditions) to one logit."""
    seeds = seed_stream(seed, "discriminator")
    inputs = {"images": keras.Input(image_shape, name="images"), **condition_inputs(conditions)}
    hidden = inputs["images"]
    if conditioning == "embedding":
        planes = embeddings(inputs, conditions, math.prod(image_shape[:2]), 0.5, seeds)
        planes = [keras.layers.Reshape((*image_shape[:2], 1))(plane) for plane in planes]
        hidden = keras.layers.Concatenate()([hidden, *planes]) if planes else hidden
    for filters in _widths(image_shape, widest):
        convolved = keras.layers.Conv2D(filters, KERNEL, STRIDE, "same", **_start(seeds))(hidden)
        hidden = keras.layers.LeakyReLU(negative_slope=NEGATIVE_SLOPE)(convolved)
    hidden = keras.layers.Dense(FEATURES * widest, **_start(seeds))(keras.layers.Flatten()(hidden))
    hidden = keras.layers.LeakyReLU(negative_slope=NEGATIVE_SLOPE)(hidden)
    logits = keras.layers.Dense(1, **_start(seeds))(hidden)
    if conditioning == "projection":
        logits = projected(logits, hidden, inputs, conditions, seeds)
    return keras.Model(inputs, logits, name="discriminator")


def options(num_classes):
    """The networks are the same for any number of classes."""
    return {}


def _widths(image_shape, widest):
    """Channels after each halving, the largest feature map first: `[32, 64]` for 28 x 28."""
    halvings = max(1, math.ceil(math.log2(max(image_shape[:2]) / SMALLEST_SIDE)))
    return [max(NARROWEST, widest // 2**doublings) for doublings in reversed(range(halvings))]


def _doubled(filters, seeds, **options):
    options = {"padding": "same", **_start(seeds), **options}
    return keras.layers.Conv2DTranspose(filters, KERNEL, STRIDE, **options)


def _normalised(hidden):
    hidden = keras.layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM)(hidden)
    return keras.layers.ReLU()(hidden)


def _cropped(images, height, width):
    """What a side that is no multiple has too much is cut off, half on each end."""
    excess = [images.shape[1] - height, images.shape[2] - width]
    cuts = tuple((pixels // 2, pixels - pixels // 2) for pixels in excess)
    return keras.layers.Cropping2D(cuts)(images) if any(excess) else images


def _start(seeds):
    return {"kernel_initializer": keras.initializers.GlorotUniform(seed=next(seeds))}
