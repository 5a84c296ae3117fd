"""Images/s that are drawn into host memory, and what bounds them.

Drawing is measured as `generate` and `sample` do it: blocks of 500, in several threads. Beside it
stand the host's half, latents and rounding without any network, and what the network would give
if it were compiled, rounded on the device and called with 500 or 10,000 latents that lie there.
"""

import time

import jax
import numpy as np
from keras import ops

from benchmarks.gpu.design import arguments, gan_of, spread
from benchmarks.taught import balanced
from ganprofile.gan.drawing import BLOCK, draw, latents
from ganprofile.images import LEVELS_PER_UNIT, to_uint8

SEED = 1
BLOCKS = (BLOCK, 20 * BLOCK)


def measure(preset, dataset, size):
    """The numbers of a row."""
    gan, settings = gan_of(preset, dataset)
    generator = gan.drawing_generator
    labels = balanced(size.drawn, dataset.num_classes)
    began = time.perf_counter()
    draw(generator, SEED, 0, BLOCK, **arguments(settings, labels[:BLOCK]))
    first = time.perf_counter() - began
    block = np.zeros((BLOCK, *dataset.image_shape), np.float32)

    def on_host():
        for start in range(0, size.drawn, BLOCK):
            latents(SEED, start, BLOCK, settings.latent_dim)
            to_uint8(block)

    def drawn():
        draw(generator, SEED, 0, size.drawn, **arguments(settings, labels))

    return {
        "drawn": size.drawn,
        "block": BLOCK,
        "first_block_seconds": first,
        "images_per_second": _rates(drawn, size.drawn, size.repeats),
        "host_alone_images_per_second": _rates(on_host, size.drawn, size.repeats),
        "compiled_images_per_second": {
            str(count): _compiled(generator, settings, dataset.num_classes, count, size)
            for count in BLOCKS
        },
    }


def _compiled(generator, settings, num_classes, count, size):
    labels = balanced(count, num_classes)
    inputs = {
        "latents": latents(SEED, 0, count, settings.latent_dim),
        **arguments(settings, labels),
    }
    inputs = jax.device_put(inputs)

    @jax.jit
    def images(inputs):
        levels = (generator(inputs, training=False) + 1.0) * LEVELS_PER_UNIT
        return ops.cast(ops.clip(ops.round(levels), 0, 255), "uint8")

    calls = max(1, size.drawn // count)

    def drawn():
        for _ in range(calls):
            np.asarray(images(inputs))

    np.asarray(images(inputs))  # compiles
    return _rates(drawn, calls * count, size.repeats)


def _rates(work, count, repeats):
    """images/s of what makes so many images."""
    rates = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - began))
    return spread(rates)
