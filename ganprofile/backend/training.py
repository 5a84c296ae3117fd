"""Many training steps in one compiled call: a step of a small network is shorter than its call."""

import keras

from ganprofile.backend import backend

AT_ONCE = 2000  # images that are laid out in memory


def train_steps(model, orders, shown, watch=None):
    """Train a compiled Keras model, as `train_on_batch` would step by step.

    Args:
        model: a compiled `keras.Model`.
        orders: arrays of integers `(steps, batch)`, which images each step is shown; several where
            it is shown images of several kinds.
        shown: indices `(n,)` of each of `orders` -> what `train_step` takes of these images, a
            tuple of arrays or of lists of arrays with a row per image.
        watch: called now and then with how many steps are done, or None.
    """
    _build(model, shown(*(order[0] for order in orders)))
    loop = backend().training_loop(model)
    steps = len(orders[0])
    at_once = max(1, AT_ONCE // max(order.shape[1] for order in orders))
    for first in range(0, steps, at_once):
        some = [order[first : first + at_once] for order in orders]
        count = len(some[0])
        batches = keras.tree.map_structure(
            lambda array, count=count: array.reshape(count, -1, *array.shape[1:]),
            shown(*(rows.reshape(-1) for rows in some)),
        )
        loop(batches)
        if watch is not None:
            watch(first + count)


def _build(model, batch):
    """Make all variables: made in the first step, they would let TensorFlow trace it twice."""
    if not model.built:
        model(keras.tree.map_structure(lambda array: keras.KerasTensor(array.shape), batch[0]))
    model.optimizer.build(model.trainable_variables)
