"""Trains on one and on two logical CPU devices and prints how far apart the results are, as JSON.

Run as a program: TensorFlow can divide the CPU only before it is used. In float64: in float32 a
rectifier whose input is 0 to within rounding may go the other way, one in some millions, and moves
its weight by a visible amount.
"""

import contextlib
import json

import keras
import numpy as np
import tensorflow as tf

from ganprofile.backend import random_rows
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.presets import build_gan, settings_for
from ganprofile.training.devices.strategies import STRATEGIES

STEPS, BATCH = 3, 8
MEASURES = ("discriminator_loss", "generator_loss", "probability_real", "probability_fake")
COUNTS = ("real_logits", "fake_logits")
R1 = {"penalty": "r1", "penalty_interval": 2}
POLICY = {"augmentation_policy": ("shift", "cutout")}
# Of every kind of layer; the other presets are these without a condition, or narrower.
CASES = {
    "gan-sgd-r1-three-steps": ("gan", "sgd", {**R1, **POLICY, "discriminator_steps": 3}),
    "cgan-adam": ("cgan", "adam", {"penalty": None}),
    "cdcgan-sgd-r1": ("cdcgan", "sgd", R1),
}
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.05),
    "adam": lambda: keras.optimizers.Adam(1e-3, 0.5, epsilon=1e-3),
}


def main():
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    keras.config.set_floatx("float64")
    device = STRATEGIES["mirrored"]("cpu", "")
    report = {"replicas": device.replicas, "latents": latents(device), "cases": {}}
    for name, (model, optimizer, changes) in CASES.items():
        settings = settings_for(model, batch_size=BATCH, ema_momentum=0.9, **changes)
        report["cases"][name] = compared(settings, OPTIMIZERS[optimizer], device)
    print(json.dumps(report))


def latents(device):
    """The rows that two replicas draw, and those that one device draws."""
    with device.scope():
        ours, theirs = keras.random.SeedGenerator(5), keras.random.SeedGenerator(5)

    def rows(seed):
        return random_rows(lambda count: keras.random.normal((count, 2), seed=seed), 3)

    local = device.strategy.experimental_local_results(device.strategy.run(rows, args=(ours,)))
    whole = keras.random.normal((6, 2), seed=theirs)
    return {"replicas": [np.asarray(one).tolist() for one in local], "one": whole.numpy().tolist()}


def compared(settings, optimizer, device):
    """The largest differences of states and measures, and whether the replicas are the same."""
    one, measured_on_one = trained(settings, optimizer)
    two, measured_on_two = trained(settings, optimizer, device)
    local = device.strategy.experimental_local_results
    copies = [[np.asarray(copy) for copy in local(v.value)] for v in two.every_variable()]
    pairs = list(zip(measured_on_one, measured_on_two, strict=True))
    return {
        "state": largest_difference(one.state(), two.state(), one.state()),
        "measures": max(largest_difference(*pair, MEASURES) for pair in pairs),
        "logits": max(largest_difference(*pair, COUNTS) for pair in pairs),
        "replicas_equal": all(np.array_equal(*copy) for copy in copies),
    }


def largest_difference(first, second, names):
    differences = (np.subtract(first[name], second[name], dtype=float) for name in names)
    return float(max(np.abs(difference).max() for difference in differences))


def trained(settings, optimizer, device=None):
    """A GAN after some steps without dropout, and what each step measured."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (50, 28, 28, 1), dtype=np.uint8)
    arguments = {name: (np.arange(50) % 3).astype(np.int32) for name in settings.conditions}
    counts = dict.fromkeys(settings.conditions, 3)
    measured = []

    class Measured(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            measured.append({name: np.asarray(value) for name, value in logs.items()})

    with device.scope() if device else contextlib.nullcontext():
        replicas = device.replicas if device else 1
        gan = build_gan((28, 28, 1), counts, 3, settings, replicas)
        for layer in gan.discriminator.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0
        config = gan.get_compile_config()
        config["generator_optimizer"] = optimizer()
        config["discriminator_optimizer"] = optimizer()
        gan.compile(**config, jit_compile=False)
        batches = endless_batches(
            images,
            arguments,
            settings.images_per_step,
            seed=0,
            parts=settings.discriminator_steps,
            strategy=device and device.strategy,
        )
        options = {"epochs": 1, "steps_per_epoch": STEPS, "verbose": 0, "shuffle": False}
        gan.fit(batches, callbacks=[Measured()], **options)
    return gan, measured


if __name__ == "__main__":
    main()
