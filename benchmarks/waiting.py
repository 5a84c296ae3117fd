"""How long `fit` waits at its end for the thread that tunes `tf.data`.

    python benchmarks/waiting.py [--repeats 20] [--output FILE]

Fits of 20 to 400 steps of `quick`, its batches read as TensorFlow reads any pipeline, and as we ask
it to (`ganprofile.backend.tf_data.untuned`), in turns. What counts is the time from the last step
to the end of `fit`, beside that of the steps.
"""

import argparse
import json
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from cost import machine

import ganprofile as gp
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.presets import PRESETS, build_gan

MODEL = "quick"
MOMENT = 0.05  # seconds; what lies below is no waiting


class LastStep(keras.callbacks.Callback):
    """Knows when the last step ended."""

    def on_train_batch_end(self, batch, logs=None):
        self.ended = time.perf_counter()


def waited(gan, batches, steps):
    """`(seconds of the steps, seconds from the last one to the end)` of a fit."""
    last = LastStep()
    began = time.perf_counter()
    gan.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=[last])
    return last.ended - began, time.perf_counter() - last.ended


def pipelines(dataset, size):
    """The batches of a training, name -> `tf.data.Dataset`."""
    ours = endless_batches(dataset.images, {"label": dataset.labels}, size, seed=0)
    usual = tf.data.Options()
    usual.autotune.enabled = True
    return {"tuned": ours.with_options(usual), "untuned": ours}


def summary(fits):
    """Of `(seconds of the steps, seconds waited)`."""
    steps, waits = np.array(fits).T
    return {
        "fits": len(fits),
        "that_waited": int((waits > MOMENT).sum()),
        "longest_wait_seconds": float(waits.max()),
        "time_over_that_of_the_steps": float((steps + waits).sum() / steps.sum()),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    options = parser.parse_args()
    dataset, _ = gp.load("digits")
    settings, classes = PRESETS[MODEL], dataset.num_classes
    gan = build_gan(dataset.image_shape, {"label": classes}, classes, settings)
    every = pipelines(dataset, settings.batch_size)
    for batches in every.values():
        waited(gan, batches, 2)  # traces
    found = {name: [] for name in every}
    random = np.random.default_rng(0)
    for _ in range(options.repeats):
        steps = int(random.integers(20, 401))
        for name, batches in every.items():
            found[name].append(waited(gan, batches, steps))
    result = {name: summary(fits) for name, fits in found.items()}
    for name, values in result.items():
        print(f"{name:10}", ", ".join(f"{key} {value:.3g}" for key, value in values.items()))
    if options.output:
        kept = {"machine": machine(), "tensorflow": tf.__version__, **result}
        options.output.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
