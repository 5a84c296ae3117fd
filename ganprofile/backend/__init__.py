"""Which framework trains: the one that Keras was started with, TensorFlow, JAX or PyTorch.

A backend is a module beside this one with the same functions:

    gradients(gan, objective, network)  what an objective measured, and its gradients
    gradient_of(function, images)       the gradient of a scalar function of images
    adam_update(optimizer, gradient, variable, learning_rate)    one step of Adam
    normal(shape, deviation, seed), uniform(shape, low, high, seed)    random numbers, as Keras' own
    rows(array, indices)                rows of an array, none of which is out of its bounds
    compiled(function)                  a function of arrays without side effects, compiled
    unrecorded()                        a context in which nothing is kept for gradients
    training_loop(model)                what trains it for several steps in one call
    forward(model)                      what a model gives outside of training, as one call
    replica()                           which of how many replicas this is
    compiled_step(gan, summed)          what `fit` calls for every step, and which measures it sums
    steps_per_call()                    how many steps that makes at most, on JAX only
    gpu_count()                         how many GPUs it sees
    WITH_GPU                            what pip installs so that it sees them
    MIRRORS                             whether several GPUs can train together
    mirrored(kind), multiworker(kind)   what keeps several replicas alike, and how many they are
    any_worker(strategy, wish)          whether any of several workers has a wish
    WORKER_LOST                         what is raised when one of them is gone

What is computed stands in `gan/`, once, in `keras.ops`.
"""

import importlib
import weakref

from ganprofile.errors import GanprofileError
from ganprofile.frameworks import FRAMEWORKS

BACKENDS = tuple(FRAMEWORKS)

_forward: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def backend():
    """The module of the framework that Keras was started with.

    Raises:
        GanprofileError: it is none of `BACKENDS`.
    """
    import keras

    name = keras.backend.backend()
    if name not in BACKENDS:
        raise GanprofileError(
            f"Keras runs on {name}, with which GANs cannot be trained here. "
            f"Set KERAS_BACKEND to {' or '.join(BACKENDS)}."
        )
    return importlib.import_module(f"{__package__}._{name}")


def forward(model):
    """The backend's `forward` of a model, made once for each."""
    if model not in _forward:
        _forward[model] = backend().forward(model)
    return _forward[model]


def random_rows(draw, count):
    """Random numbers for this replica's images, the same as one device would draw for them all.

    Every replica has the same seeds; each draws for the images of all and takes the rows of its
    own, so that no two images share theirs and that the number of replicas changes nothing.

    Args:
        draw: number of rows -> a tensor of so many.
        count: images of this replica.

    Returns:
        The replica's `count` rows.
    """
    index, replicas = backend().replica()
    if replicas == 1:
        return draw(count)
    from keras import ops

    rows = draw(replicas * count)
    return ops.slice(rows, [index * count] + [0] * (rows.ndim - 1), [count, *rows.shape[1:]])
