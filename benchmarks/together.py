"""Several networks of one kind trained side by side, as one program on one GPU.

A step of a small network keeps a GPU busy for some microseconds and Python for a millisecond. Here
a step is that of all networks at once: Keras' own step of one, vectorised over the variables of
all. Each network learns what it would have learned alone, but for rounding.
"""

import functools
from unittest import mock

import jax
import jax.numpy as jnp
import keras
import numpy as np

from ganprofile.classifiers.network import as_probabilities
from ganprofile.images import to_float
from ganprofile.transforms.deformation.blocks import padded

VARIABLES = ("trainable_variables", "non_trainable_variables", "metrics_variables")
STEPS_AT_ONCE = 250
READ_AT_ONCE = 4000
ROWS = 2**16  # numbers of images are rounded up to multiples, so that fewer programs are compiled


def fit_together(classifiers, lessons):
    """Train classifiers that differ in nothing but seeds, images and labels.

    Args:
        classifiers: `NetworkClassifier`s of one kind, with as many classes and steps.
        lessons: for each a dict of what its `fit` is given, its images all of one shape.
    """
    with jax.default_device(jax.devices("cpu")[0]):  # many small arrays, which nothing waits for
        begun = [one.begun(**how) for one, how in zip(classifiers, lessons, strict=True)]
        for each in begun:
            each.learner.optimizer.build(each.learner.trainable_variables)
    stacks = Stacks([each.learner for each in begun])
    state = stacks.values()
    images, image_starts = in_a_row([each.images for each in begun])
    told = [
        as_probabilities(each.targets, one.num_classes)
        for one, each in zip(classifiers, begun, strict=True)
    ]
    targets, target_starts = in_a_row(told)
    size = classifiers[0].batch_size
    orders = np.stack([each.order.reshape(-1, size) for each in begun], axis=1).astype(np.int32)
    with _convolving():
        steps = _steps_of(classifiers[0], begun[0], lessons[0])
        for first in range(0, len(orders), STEPS_AT_ONCE):
            some = orders[first : first + STEPS_AT_ONCE]
            rows = padded(some, STEPS_AT_ONCE)
            state = steps(state, len(some), rows, images, image_starts, targets, target_starts)
    stacks.put_back(state)
    for classifier, each in zip(classifiers, begun, strict=True):
        classifier.ended(each)


class Stacks:
    """The variables of several models of one kind, of each all models' in one array.

    Args:
        models: Keras models with optimizers.
    """

    def __init__(self, models):
        of_all = ([getattr(model, name) for model in models] for name in VARIABLES)
        trained, others, measured = of_all
        groups = trained, others, [model.optimizer.variables for model in models], measured
        self._groups = [list(zip(*group, strict=True)) for group in groups]

    def values(self):
        """What a step of Keras takes, a tuple of lists."""
        return tuple(
            [stacked([one.value for one in alike]) for alike in group] for group in self._groups
        )

    def put_back(self, values):
        """Give every model its own."""
        for group, stacks in zip(self._groups, values, strict=True):
            for alike, stack in zip(group, stacks, strict=True):
                for variable, value in zip(alike, np.asarray(stack), strict=True):
                    variable.assign(value)


def stacked(arrays):
    """Arrays of one shape as one on the device."""
    return jnp.asarray(np.stack([np.asarray(array) for array in arrays]))


def in_a_row(arrays):
    """Arrays one behind the other on the device, and where each begins; equal ones stand once."""
    different = {id(array): array for array in arrays}
    lengths = [len(array) for array in different.values()]
    starts = dict(zip(different, np.cumsum([0, *lengths[:-1]]), strict=True))
    whole = np.concatenate(list(different.values()))
    whole = jnp.asarray(padded(whole, -(-len(whole) // ROWS) * ROWS))
    return whole, np.array([starts[id(array)] for array in arrays], np.int32)[:, None]


_programs = {}  # what is alike -> its steps


def _steps_of(classifier, begun, lesson):
    """The steps of all that are like a classifier."""
    tuned = lesson.get("pretrained") is not None
    learns = classifier.num_classes, classifier.steps, lesson.get("transforms"), tuned
    kind = type(classifier), begun.network.input_shape, *learns
    if kind not in _programs:
        _programs[kind] = _steps(begun.learner)
    return _programs[kind]


def _steps(learner):
    """Some steps of all networks, whose variables are stacks, as one compiled function."""
    step = jax.vmap(lambda state, batch: learner.train_step(state, batch)[1])

    @functools.partial(jax.jit, donate_argnums=0)
    def steps(state, count, orders, images, image_starts, targets, target_starts):
        def one(number, state):
            rows = orders[number]
            shown = to_float(images[rows + image_starts], jnp.astype)
            return step(state, (shown, targets[rows + target_starts]))

        return jax.lax.fori_loop(0, count, one, state)

    return steps


def _convolving():
    """Within this, what is compiled convolves by `_convolved`."""
    return mock.patch.object(keras.layers.Conv2D, "convolution_op", _convolved)


def _convolved(layer, inputs, kernel):
    """A convolution of stride 1 that keeps the size, as one product of matrices.

    Several networks' kernels would make it a convolution in groups, which is slow. And by its own
    convolutions, whose algorithm XLA was not given time to choose, an H200 had not labelled 2.5
    million images in 6 minutes.
    """
    height, width = kernel.shape[:2]
    far = [(0, 0), (height // 2, height // 2), (width // 2, width // 2), (0, 0)]
    framed = jnp.pad(inputs, far)
    rows, columns = inputs.shape[1:3]
    moved = [
        framed[:, down : down + rows, across : across + columns]
        for down in range(height)
        for across in range(width)
    ]
    return jnp.concatenate(moved, axis=-1) @ jnp.reshape(kernel, (-1, kernel.shape[-1]))


def read(classifier, images):
    """As its `predict_proba`, in large batches; what is compiled serves all of its kind."""
    network = classifier.network
    kind = type(classifier), network.input_shape, network.output_shape
    function = _reading.setdefault(kind, _reader(network))
    groups = network.trainable_variables, network.non_trainable_variables
    weights = [[jnp.asarray(np.asarray(one.value)) for one in group] for group in groups]
    parts = []
    with _convolving():
        for first in range(0, len(images), READ_AT_ONCE):
            some = padded(images[first : first + READ_AT_ONCE], READ_AT_ONCE)
            parts.append(function(*weights, some))
    return np.concatenate([np.asarray(part) for part in parts])[: len(images)]


_reading = {}


def _reader(network):
    @jax.jit
    def probabilities(trained, others, images):
        seen = to_float(images, jnp.astype)
        return jax.nn.softmax(network.stateless_call(trained, others, seen, training=False)[0])

    return probabilities
