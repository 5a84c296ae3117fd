"""Makes one step of some presets from given weights and latents and saves what came of it; and
some of Adam.

    python one_step.py FILE.npz

Run as a program, once for each backend: Keras has one for the whole life of a process.
"""

import sys

import keras
import numpy as np

from ganprofile.backend import backend
from ganprofile.gan import gan as gan_module
from ganprofile.gan.networks.perceptron_reader import build_generator, build_reader
from ganprofile.gan.optimizers import Adam, Optimizers
from ganprofile.gan.presets import build_gan, settings_for
from ganprofile.gan.semi_supervised import SemiSupervisedGAN, SemiSupervisedSettings

IMAGES = 12
SHAPE = (28, 28, 1)
# Of every kind of layer and step; the other presets are these without a condition, or narrower.
MODELS = ("gan", "cgan", "cdcgan")
TWICE = ("gan",)  # whose discriminator makes one step and, from the same weights, two


def main(path):
    results = adam() | {f"semi/{name}": array for name, array in semi_supervised_step().items()}
    for model in MODELS:
        for steps in (1, 2) if model in TWICE else (1,):
            changes = {"penalty": "r1", "penalty_interval": 1, "ema_momentum": 0.9}
            settings = settings_for(model, discriminator_steps=steps, **changes)
            results |= {f"{model}/{steps}/{name}": v for name, v in one_step(settings).items()}
    np.savez(path, **results)


def one_step(settings):
    """Weights, average and measures after a step of SGD without dropout."""
    random = np.random.default_rng(0)
    counts = dict.fromkeys(settings.conditions, 3)
    gan = build_gan(SHAPE, counts, 3, settings)
    for layer in gan.discriminator.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    for network in (gan.generator, gan.discriminator):
        network.set_weights([_weights(random, array) for array in network.get_weights()])
    gan.averaged_generator.set_weights(gan.generator.get_weights())
    config = gan.get_compile_config()
    config["generator_optimizer"] = keras.optimizers.SGD(0.1)
    config["discriminator_optimizer"] = keras.optimizers.SGD(0.1)
    gan.compile(**config, jit_compile=False)
    gan_module.random_rows = lambda draw, count: keras.ops.convert_to_tensor(
        random.normal(size=(count, settings.latent_dim)).astype("float32")
    )
    images = random.uniform(-1, 1, (IMAGES, *SHAPE)).astype("float32")
    arguments = {name: (np.arange(IMAGES) % 3).astype("int32") for name in counts}
    data = {"images": images, **arguments}
    measures = step_of(gan, {n: keras.ops.convert_to_tensor(v) for n, v in data.items()})
    networks = {
        "generator": gan.generator,
        "discriminator": gan.discriminator,
        "average": gan.averaged_generator,
    }
    return {
        **{f"measures/{name}": np.asarray(value) for name, value in measures.items()},
        **{
            f"{name}/{index}": array
            for name, network in networks.items()
            for index, array in enumerate(network.get_weights())
        },
    }


def semi_supervised_step():
    """The same of a semi-supervised GAN, without noise and deformations."""
    random = np.random.default_rng(0)
    shape = (8, 8, 1)
    reader = build_reader(shape, 3, widths=(16, 8))
    generator = build_generator(shape, latents=4, units=8)
    for layer in reader.layers:
        if isinstance(layer, keras.layers.GaussianNoise):
            layer.stddev = 0.0
    for network in (reader, generator):
        network.set_weights([_weights(random, array) for array in network.get_weights()])
    images = random.integers(0, 256, (IMAGES, *shape), np.uint8)
    known = (np.arange(IMAGES) % 3).astype("int32")
    settings = SemiSupervisedSettings(steps=4, batch=IMAGES)
    gan = SemiSupervisedGAN(reader, generator, images, known, settings)
    latents = random.uniform(size=(IMAGES, 4)).astype("float32")
    gan.draw = lambda count: gan.generator(keras.ops.convert_to_tensor(latents), training=True)
    gan.labelled_rows = lambda count: keras.ops.arange(count)
    gan.deformed = lambda images: images
    gan.optimizer_of = lambda network: optimizers[network is reader]
    optimizers = [keras.optimizers.SGD(0.1) for _ in range(2)]
    gan.optimizer = Optimizers(*optimizers)
    for optimizer, network in zip(optimizers, (generator, reader), strict=True):
        optimizer.build(network.trainable_variables)
    data = {
        "images": random.uniform(-1, 1, (IMAGES, *shape)).astype("float32"),
        "label": known[::-1].copy(),
        "certainty": random.uniform(size=IMAGES).astype("float32"),
    }
    measures = step_of(gan, {n: keras.ops.convert_to_tensor(v) for n, v in data.items()})
    return {
        **{f"measures/{name}": np.asarray(value) for name, value in measures.items()},
        **{
            f"{network.name}/{place}/{index}": array
            for place, network in enumerate((reader, gan.averaged_reader, generator))
            for index, array in enumerate(network.get_weights())
        },
    }


def step_of(gan, data):
    """The measures of a step; JAX makes it as in `fit`, since it would take a minute to compile
    each operation by itself."""
    if keras.backend.backend() != "jax":
        return gan.train_step(data)
    groups = (
        gan.trainable_variables,
        gan.non_trainable_variables,
        gan.optimizer.variables,
        gan.metrics_variables,
    )
    state = tuple([variable.value for variable in group] for group in groups)
    measures, state = backend().compiled_step(gan, None).step(state, data)
    for variables, values in zip(groups, state, strict=True):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
    return measures


def adam():
    """A variable and the moments of its gradients, after some of these."""
    random = np.random.default_rng(0)
    variable, optimizer = keras.Variable(np.ones((2, 3), np.float32)), Adam(0.1, beta_1=0.5)
    for gradient in random.normal(size=(4, 2, 3)).astype(np.float32):
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    kept = [variable, *optimizer.variables]
    return {f"adam/{index}": np.asarray(one) for index, one in enumerate(kept)}


def _weights(random, like):
    """Matrices and kernels anew, the same in every backend; biases and scales as they are."""
    return random.normal(0, 0.05, like.shape).astype(like.dtype) if like.ndim > 1 else like


if __name__ == "__main__":
    main(sys.argv[1])
