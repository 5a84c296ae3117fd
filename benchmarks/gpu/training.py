"""Images/s of training, and what bounds them.

`fit` is measured as `ganprofile.train` calls it, with its batches and the callback that records
every step, but without judge, grids and checkpoints, which come with epochs: with many steps in a
compiled call and, beside it, with one. The second's two halves stand beside it: the compiled step
alone, again and again on the same images, and the host alone, which chooses the images of batches.
What `fit` needs beyond them is copies and waiting.
"""

import tempfile
import time
from pathlib import Path

import jax
import keras

from benchmarks.gpu.design import arguments, gan_of, spread
from benchmarks.gpu.peaks import of_peak
from ganprofile.backend import backend
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.presets import settings_for
from ganprofile.training.callbacks import Recorder


def measure(preset, precision, dataset, size, given_peak):
    """The numbers of a row."""
    most = size.steps_per_call or backend().steps_per_call()
    fitted = fit(*_gan_and_calls(preset, precision, dataset, size, most), size)
    gan, calls, images_per_step = _gan_and_calls(preset, precision, dataset, size, 1)
    one_by_one = fit(gan, calls, images_per_step, size)
    many, single = (row["images_per_second"] for row in (fitted, one_by_one))
    step = _steps(gan, jax.device_put(next(calls)[0]))
    alone = [_rate(step, images_per_step, size) for _ in range(size.repeats)]
    cut = [_rate(lambda: next(calls), images_per_step, size) for _ in range(size.repeats)]
    per_image = operations_per_step(preset, precision, dataset) / images_per_step
    return {
        "precision": precision,
        "batch_size": settings_for(preset).batch_size,
        "steps": size.steps,
        "steps_per_call": most,
        **fitted,
        "one_step_per_call_images_per_second": single,
        "over_one_step_per_call": many["median"] / single["median"],
        "step_alone_images_per_second": spread(alone),
        "batches_alone_images_per_second": spread(cut),
        "flop_per_image": per_image,
        **of_peak(per_image * many["median"], precision, given_peak),
    }


def _gan_and_calls(preset, precision, dataset, size, steps_per_call):
    """A new GAN, what it is trained on, and how many images a step sees."""
    gan, settings = gan_of(preset, dataset, precision=precision)
    calls = endless_batches(
        dataset.images,
        arguments(settings, dataset.labels),
        settings.images_per_step,
        settings.seed,
        steps_per_epoch=size.steps,
        steps_per_call=steps_per_call,
    )
    return gan, calls, settings.images_per_step


def fit(gan, calls, images_per_step, size):
    """images/s of stretches of `size.steps` steps after the first, which compiles."""
    first = FirstStep()
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(Path(folder), images_per_step)
        gan.fit(
            calls,
            epochs=1 + size.repeats,
            steps_per_epoch=size.steps,
            shuffle=False,
            verbose=0,
            callbacks=[recorder, first],
        )
    seconds = [recorder.row(epoch)["seconds"] for epoch in range(1, 1 + size.repeats)]
    rates = [size.steps * images_per_step / passed for passed in seconds]
    return {"first_step_seconds": first.seconds, "images_per_second": spread(rates)}


class FirstStep(keras.callbacks.Callback):
    """How long it takes from now to the end of the first step, and of those in the same call."""

    def __init__(self):
        super().__init__()
        self.seconds = None
        self.began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        if self.seconds is None:
            self.seconds = time.perf_counter() - self.began


def _steps(gan, call):
    """A function that makes a step without waiting for it. The state of `gan` itself is used up."""
    state = [_state(gan)]

    def step():
        measures, state[0] = gan.train_function.steps(state[0], call)
        return measures

    return step


def _rate(work, images_per_step, size):
    """images/s of what works through a batch a call."""
    jax.block_until_ready(work())
    began = time.perf_counter()
    for _ in range(size.steps):
        done = work()
    jax.block_until_ready(done)
    return size.steps * images_per_step / (time.perf_counter() - began)


def operations_per_step(preset, precision, dataset):
    """Floating-point operations of a step by XLA's count, the mean with a penalty and without.

    It counts the step as written, before any device's compiler changes it: on the CPU, which needs
    no compilation for that and counts the same for every device. Of a condition it counts the
    dearer branch, so the penalty is left out once and weighed by how often it falls due.
    """
    with_penalty, settings = _counted(preset, precision, dataset)
    without, _ = _counted(preset, precision, dataset, penalty=None)
    return without + (with_penalty - without) / settings.penalty_interval


def _counted(preset, precision, dataset, **changes):
    gan, settings = gan_of(preset, dataset, precision=precision, **changes)
    gan.make_train_function()
    images = jax.ShapeDtypeStruct((settings.images_per_step, *dataset.image_shape), "float32")
    labels = jax.ShapeDtypeStruct(images.shape[:1], "int32")
    batch = {"images": images, **arguments(settings, labels)}
    state = jax.tree.map(lambda a: jax.ShapeDtypeStruct(a.shape, a.dtype), _state(gan))
    with jax.default_device(jax.devices("cpu")[0]):
        return gan.train_function.step.lower(state, batch).cost_analysis()["flops"], settings


def _state(gan):
    """What a step takes and gives back."""
    groups = (
        gan.trainable_variables,
        gan.non_trainable_variables,
        gan.optimizer.variables,
        gan.metrics_variables,
    )
    return tuple([variable.value for variable in group] for group in groups)
