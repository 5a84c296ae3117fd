"""Seconds of training until drawn images teach what real ones would.

Every so many steps a classifier learns from drawn images alone, every class as often, and reads
training images that the GAN is not trained on. The clock runs from before the networks are built;
it counts compilation and training, and stands still while images are drawn and the classifier
learns and reads. The test part is read once, at the end, by the last classifier.
"""

import tempfile
from pathlib import Path

import keras

from benchmarks.gpu.design import arguments, gan_of
from benchmarks.gpu.drawing import SEED
from benchmarks.gpu.training import FirstStep
from benchmarks.stopwatch import Stopwatch
from benchmarks.taught import divide, taught
from ganprofile.classifiers.accuracy import accuracy
from ganprofile.gan.drawing import draw
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.presets import PRESETS
from ganprofile.training.callbacks import Recorder

MODELS = [name for name, settings in PRESETS.items() if "label" in settings.conditions]
TARGETS = (0.95, 0.97)
FOREVER = 1_000_000


def measure(model, precision, parts, size, limit):
    """The numbers of a row."""
    train_set, test_set = parts
    learned, held_out = divide(train_set, size.held_out, SEED)
    watch = Watch(lambda gan: student(gan, train_set.num_classes, size), held_out, limit)
    gan, settings = gan_of(model, train_set, precision=precision)
    first = FirstStep()
    with tempfile.TemporaryDirectory() as folder:
        gan.fit(
            endless_batches(
                learned.images,
                arguments(settings, learned.labels),
                settings.images_per_step,
                settings.seed,
                steps_per_epoch=size.steps_between,
                steps_per_call=size.steps_per_call,
            ),
            epochs=FOREVER,
            steps_per_epoch=size.steps_between,
            shuffle=False,
            verbose=0,
            callbacks=[Recorder(Path(folder), settings.images_per_step), first, watch],
        )
    return {
        "precision": precision,
        "first_step_seconds": first.seconds,
        "limit": limit,
        "seconds_to": {f"{target:.0%}": watch.seconds_to(target) for target in TARGETS},
        "readings": watch.readings,
        "steps_between": size.steps_between,
        "learned_from": size.learned,
        "classifier_steps": size.classifier_steps,
        "held_out": len(held_out),
        "test_accuracy": accuracy(watch.classifier, test_set.images, test_set.labels),
    }


def student(gan, num_classes, size):
    """A classifier that has seen drawn images only."""

    def drawn(labels):
        given = dict.fromkeys(gan.conditions, labels)
        return draw(gan.drawing_generator, SEED, 0, len(labels), **given)

    return taught(drawn, size.learned, num_classes, size.classifier_steps)


class Watch(keras.callbacks.Callback):
    """Reads how good the GAN is whenever an epoch ends, on a clock that stands still meanwhile.

    Args:
        teach: gan -> a classifier.
        held_out: a `Dataset` that the classifier reads.
        limit: the most seconds.

    Attributes:
        readings: of every reading the training steps, the seconds and the accuracy.
        classifier: the last one.
    """

    def __init__(self, teach, held_out, limit):
        super().__init__()
        self.readings = []
        self.classifier = None
        self._teach, self._held_out, self._limit = teach, held_out, limit
        self._clock = Stopwatch()

    def on_epoch_end(self, epoch, logs=None):
        seconds = self._clock.seconds
        with self._clock.paused():
            self.classifier = self._teach(self.model)
            right = accuracy(self.classifier, self._held_out.images, self._held_out.labels)
        steps = (epoch + 1) * self.params["steps"]
        self.readings.append({"steps": steps, "seconds": seconds, "accuracy": right})
        print(f"  {steps:,} steps, {seconds:.1f} s: {right:.2%}", flush=True)
        if right >= max(TARGETS) or seconds >= self._limit:
            self.model.stop_training = True

    def seconds_to(self, target):
        """Seconds to the first reading that is so good, or None."""
        return next((r["seconds"] for r in self.readings if r["accuracy"] >= target), None)
