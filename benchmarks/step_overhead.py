"""How much of a bare training loop's speed a real training keeps.

    python benchmarks/step_overhead.py [--repeats 5] [--output FILE]

For every preset, with batches of 128: images/s of `ganprofile.train` with all that it does
beside the steps (numbers, grids, checkpoints) against a bare `tf.function` loop of the same step,
written here from the networks, the loss and Keras' Adam alone: no metrics, no histograms, no files.
Both take turns in one process, and the ratio of each turn counts. Once with 60,000 images, MNIST's
size (the embedded digits twelve times), once with the 5,000 digits, whose epochs of 40 steps are
short beside the files that every epoch writes.
"""

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

import ganprofile as gp
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.presets import PRESETS, build_gan

BATCH = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    results = {
        f"{model}, {len(dataset):,} images": compare(dataset, model, epochs, arguments.repeats)
        for dataset, epochs in ((digits(12), 1), (digits(1), 12))
        for model in PRESETS
    }
    report(results, arguments.output)


def digits(times):
    """The embedded digits, repeated to make longer epochs."""
    train_set, _ = gp.load("digits")
    images, labels = (np.concatenate([a] * times) for a in (train_set.images, train_set.labels))
    return gp.Dataset(images, labels=labels, name="digits")


def compare(dataset, model, epochs, repeats):
    bare = BareLoop(dataset, model)
    bare.run(epochs)  # traces and warms up
    return summary(
        [
            {"fit": fit_speed(dataset, model, epochs), "bare": bare.run(epochs)}
            for _ in range(repeats)
        ]
    )


def fit_speed(dataset, model, epochs):
    """images/s of a training, files included, without its first epoch, which traces."""
    clock = LoopClock()
    with tempfile.TemporaryDirectory() as folder:
        gp.train(
            dataset,
            model,
            epochs=epochs + 1,
            batch_size=BATCH,
            output=folder,
            progress=False,
            callbacks=[clock],
        )
    return clock.steps * BATCH / (clock.ended - clock.began)


class LoopClock(keras.callbacks.Callback):
    """From the beginning of the second epoch to the end of the last, and the steps in between."""

    steps = 0

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            self.began = time.perf_counter()
            self.steps = 0

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1

    def on_train_end(self, logs=None):
        self.ended = time.perf_counter()


def steps_per_epoch(dataset):
    return -(-len(dataset) // BATCH)


class BareLoop:
    """The same networks and updates with nothing around them."""

    def __init__(self, dataset, model):
        settings = PRESETS[model]
        conditions = dict.fromkeys(settings.conditions, dataset.num_classes)
        gan = build_gan(dataset.image_shape, conditions, dataset.num_classes, settings)
        columns = {"label": dataset.labels} if conditions else {}
        self.batches = iter(endless_batches(dataset.images, columns, BATCH, seed=0))
        self.steps_per_epoch = steps_per_epoch(dataset)
        self.step = bare_step(gan, settings)

    def run(self, epochs):
        """images/s."""
        began = time.perf_counter()
        for _ in range(epochs * self.steps_per_epoch):
            losses = self.step(next(self.batches))
        losses[0].numpy()
        return epochs * self.steps_per_epoch * BATCH / (time.perf_counter() - began)


def bare_step(gan, settings):
    generator, discriminator = gan.generator, gan.discriminator
    average = gan.averaged_generator
    rate = settings.learning_rate
    of_generator = keras.optimizers.Adam(rate, settings.beta_1)
    of_generator.build(generator.trainable_variables)
    of_discriminator = keras.optimizers.Adam(rate * settings.learning_rate_ratio, settings.beta_1)
    of_discriminator.build(discriminator.trainable_variables)

    def cross_entropy(target, logits):
        targets = tf.fill(tf.shape(logits), target)
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits)
        return tf.reduce_mean(losses)

    def squared_gradient(images, arguments):
        with tf.GradientTape() as tape:
            tape.watch(images)
            logits = tf.reduce_sum(discriminator({"images": images, **arguments}, training=False))
        gradient = tape.gradient(logits, images)
        return tf.reduce_mean(tf.reduce_sum(gradient**2, [1, 2, 3]))

    @tf.function
    def step(batch):
        arguments = {name: batch[name] for name in settings.conditions}
        twice = {name: tf.concat([values, values], 0) for name, values in arguments.items()}
        noise = tf.random.normal((BATCH, settings.latent_dim))
        fake = generator({"latents": noise, **arguments}, training=True)
        with tf.GradientTape() as tape:
            both = tf.concat([batch["images"], fake], 0)
            real_logits, fake_logits = tf.split(
                discriminator({"images": both, **twice}, training=True), 2
            )
            d_loss = cross_entropy(1.0, real_logits) + cross_entropy(0.0, fake_logits)
            if settings.penalty == "r1":
                is_due = of_discriminator.iterations % settings.penalty_interval == 0
                r1 = tf.cond(
                    is_due, lambda: squared_gradient(batch["images"], arguments), lambda: 0.0
                )
                d_loss += 0.5 * settings.penalty_weight * settings.penalty_interval * r1
        weights = discriminator.trainable_variables
        of_discriminator.apply(tape.gradient(d_loss, weights), weights)
        with tf.GradientTape() as tape:
            noise = tf.random.normal((BATCH, settings.latent_dim))
            fake = generator({"latents": noise, **arguments}, training=True)
            g_loss = cross_entropy(1.0, discriminator({"images": fake, **arguments}, training=True))
        weights = generator.trainable_variables
        of_generator.apply(tape.gradient(g_loss, weights), weights)
        if settings.ema_momentum is not None:
            for mean, weight in zip(average.variables, generator.variables, strict=True):
                mean.assign_add((1.0 - settings.ema_momentum) * (weight - mean))
        return d_loss, g_loss

    return step


def summary(turns):
    ratios = sorted(turn["fit"] / turn["bare"] for turn in turns)
    return {
        "fit_images_per_second": round(statistics.median(turn["fit"] for turn in turns)),
        "bare_images_per_second": round(statistics.median(turn["bare"] for turn in turns)),
        "ratio_median": round(statistics.median(ratios), 3),
        "ratio_min": round(ratios[0], 3),
        "ratio_max": round(ratios[-1], 3),
        "repeats": len(turns),
    }


def report(results, output):
    print(f"{'':20} {'fit/s':>9} {'bare/s':>9} {'ratio':>7} {'min':>7} {'max':>7}  n")
    for model, row in results.items():
        print(
            f"{model:20} {row['fit_images_per_second']:9,} {row['bare_images_per_second']:9,} "
            f"{row['ratio_median']:7.3f} {row['ratio_min']:7.3f} {row['ratio_max']:7.3f}  "
            f"{row['repeats']}"
        )
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        machine = {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "cores": os.cpu_count(),
        }
        output.write_text(json.dumps({"machine": machine, "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
