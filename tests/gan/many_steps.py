"""Trains on JAX with several steps per compiled call; saves what comes of it, step by step.

    python many_steps.py FOLDER

Run as a program: Keras has one backend for the whole life of a process.
"""

import sys
from pathlib import Path

import keras
import numpy as np

import ganprofile as gp
from ganprofile.backend import _jax
from ganprofile.gan import pipeline
from ganprofile.gan.presets import build_gan, settings_for
from ganprofile.training.callbacks import Recorder

EPOCHS = 2
FITTED = {
    # Steps of an epoch, of which calls of 3 leave one over.
    "gan": (7, {"discriminator_steps": 2, "batch_size": 32}),
    "quick": (3, {"batch_size": 4, "penalty_interval": 2}),
}


def main(folder):
    sys.modules["tensorflow"] = None
    dataset, _ = gp.load("digits")
    for model in FITTED:
        for steps_per_call in (1, 3):
            fit(folder / f"{model}-{steps_per_call}", dataset, model, steps_per_call)
    _jax.STEPS_PER_CALL_ON_CPU = 3
    train(folder / "whole", dataset, 3)
    stopped = train(folder / "parts", dataset, 1)
    gp.resume(stopped, epochs=3, progress=False)
    train(folder / "rescued", dataset, 3, callbacks=[Poison()])


def fit(path, dataset, model, steps_per_call):
    """Save the whole state after two epochs, and what was recorded of them."""
    steps, changes = FITTED[model]
    settings = settings_for(model, **changes)
    gan = build_gan(dataset.image_shape, dict.fromkeys(settings.conditions, 10), 10, settings)
    if model == "quick":
        # Convolutions round otherwise within a loop, and the first steps of Adam are as long
        # whether a gradient is large or nothing but rounding.
        config = gan.get_compile_config()
        for network in ("generator", "discriminator"):
            config[f"{network}_optimizer"] = keras.optimizers.SGD(0.01)
        gan.compile(**config, jit_compile=False)
    batches = pipeline.endless_batches(
        dataset.images,
        dict.fromkeys(settings.conditions, dataset.labels),
        settings.images_per_step,
        settings.seed,
        steps_per_epoch=steps,
        steps_per_call=steps_per_call,
    )
    path.mkdir()
    recorder = Recorder(path, settings.images_per_step)
    gan.fit(
        batches,
        epochs=EPOCHS,
        steps_per_epoch=steps,
        shuffle=False,
        verbose=0,
        callbacks=[recorder],
    )
    np.savez(path / "state.npz", **gan.state(), **recorder.arrays())


def train(output, dataset, epochs, **options):
    some = dataset.subset(30)  # 5 steps: calls of 3 and of 2
    options = {"output": output, "progress": False, "batch_size": 64, **options}
    return gp.train(some, "cgan", epochs=epochs, **options)


class Poison(keras.callbacks.Callback):
    """Makes a weight NaN at the beginning of the second epoch, once."""

    is_used = False

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1 and not self.is_used:
            self.is_used = True
            kernel = self.model.generator.trainable_variables[-2]
            kernel.assign(np.full(kernel.shape, np.nan))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
