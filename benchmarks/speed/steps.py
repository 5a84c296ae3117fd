"""Training steps: images per second, once everything is traced or compiled.

The multilayer perceptrons of the preset `gan`, and the convolutional networks of TensorFlow's
DCGAN tutorial, the same layers everywhere. All draw fresh noise for the discriminator's update and
for the generator's, update with Adam, and are fed shuffled minibatches from memory. What ours
measures is the whole training with its numbers, grids and checkpoints (`gan`), or `fit` with the
numbers (the tutorial's networks, which are no preset); the others do the steps and nothing else.
"""

import functools
import time

from benchmarks.speed.design import OURS, RATE, Row

BATCH = 128
WARM_UP = 20  # steps
IMAGES = 60_000


def seconds(is_quick):
    return 2.0 if is_quick else 15.0


def rate_of(step, is_quick, finish):
    """images/s of a function that does one step.

    Args:
        finish: waits until all that was begun is done.
    """
    for _ in range(WARM_UP):
        step()
    finish()
    began, steps = time.perf_counter(), 0
    while time.perf_counter() - began < seconds(is_quick):
        step()
        steps += 1
    finish()
    return {RATE: steps * BATCH / (time.perf_counter() - began), "unit": "images"}


def digits(count=IMAGES):
    """The embedded digits again and again: MNIST's size."""
    import numpy as np

    import ganprofile as gp

    train_set, _ = gp.load("digits")
    rows = np.resize(np.arange(len(train_set)), count)
    return train_set.select(rows)


def trained(is_quick):
    """`ganprofile.train` with the preset, all that it does included, without its first epoch."""
    from benchmarks.step_overhead import fit_speed

    images = IMAGES // 6 if is_quick else IMAGES
    return {RATE: fit_speed(digits(images), "gan", 1 if is_quick else 3), "unit": "images"}


def bare(is_quick):
    """The same step in a `tf.function`, in a loop with nothing around it."""
    from benchmarks.step_overhead import BareLoop

    loop = BareLoop(digits(), "gan")
    last = []

    def step():
        last[:] = loop.step(next(loop.batches))

    return rate_of(step, is_quick, lambda: last[0].numpy())


def fitted(is_quick):
    """The tutorial's networks in our `GAN`, by `fit`."""
    from benchmarks.speed.tutorial import our_gan
    from ganprofile.gan.pipeline import endless_batches

    gan = our_gan()
    batches = endless_batches(digits().images, {}, BATCH, seed=0)
    return _fit_rate(gan, batches, is_quick)


def by_example(is_quick):
    """The tutorial's networks in a model with a `train_step`, as in Keras' examples, by `fit`."""
    from benchmarks.speed.tutorial import ExampleGAN, batches_of

    return _fit_rate(ExampleGAN.compiled(), batches_of(digits().images, BATCH), is_quick)


def _fit_rate(gan, batches, is_quick):
    """images/s of `fit`, by two fits of different length: what both begin with cancels out."""
    gan.fit(batches, steps_per_epoch=WARM_UP, epochs=1, verbose=0)
    began = time.perf_counter()
    gan.fit(batches, steps_per_epoch=WARM_UP, epochs=1, verbose=0)
    a_step = (time.perf_counter() - began) / WARM_UP
    steps = max(WARM_UP, round(seconds(is_quick) / a_step))
    began = time.perf_counter()
    gan.fit(batches, steps_per_epoch=steps, epochs=1, verbose=0)
    return {RATE: steps * BATCH / (time.perf_counter() - began), "unit": "images"}


def in_pytorch(family, is_compiled, is_quick):
    """The same networks in PyTorch."""
    from benchmarks.speed.pytorch import Trainer

    trainer = Trainer(family, digits().images, BATCH, is_compiled)
    return rate_of(trainer.step, is_quick, lambda: None)


def _pytorch(family):
    return {
        "PyTorch, eager": functools.partial(in_pytorch, family, False),
        "PyTorch, compiled": functools.partial(in_pytorch, family, True),
    }


ROWS = {
    "mlp-step": Row(
        "training step, multilayer perceptrons, batch 128",
        {OURS: trained, "a bare tf.function loop": bare, **_pytorch("perceptrons")},
        {"PyTorch, eager": 2.0, "PyTorch, compiled": 1.3, "a bare tf.function loop": 0.95},
        modules=("torch",),
    ),
    "dcgan-step": Row(
        "training step, the tutorial's DCGAN, batch 128",
        {OURS: fitted, "a Keras example's loop": by_example, **_pytorch("tutorial")},
        {"PyTorch, eager": 1.5, "PyTorch, compiled": 1.5, "a Keras example's loop": 1.0},
        modules=("torch",),
    ),
}
