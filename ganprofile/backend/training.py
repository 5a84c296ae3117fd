"""Many training steps in one compiled call: a step of a small network is shorter than its call."""

import collections
import contextlib
import json
import re

import keras
import numpy as np

from ganprofile.backend import backend

AT_ONCE = 2000  # images that are laid out in memory
MOST_KEPT = 4  # compiled steps, each with the variables of a model
# What tells equal models apart in their configurations: seeds, and names that are counted.
SEED = re.compile(r'"seed": (?:\d+|null)')
NAME = re.compile(r'"name": ("[^"]*")')

_kept = collections.OrderedDict()  # form of a model -> (model, its loop), those that are not in use


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
    steps = len(orders[0])
    at_once = max(1, AT_ONCE // max(order.shape[1] for order in orders))
    with _compiled_loop(model) as loop:
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


@contextlib.contextmanager
def _compiled_loop(model):
    """What trains a model: to compile it takes seconds, so one like it lends its own.

    The model that is compiled is a copy, into which all variables go and out of which they come.
    What was stopped is not lent again.
    """
    if type(model) is not keras.Sequential:
        yield backend().training_loop(model)  # nothing says whether two of them are alike
        return
    form = _form(model)
    twin, loop = _kept.pop(form, (None, None))  # nobody else has it meanwhile
    if twin is None:
        twin = _copy(model)
        loop = backend().training_loop(twin)
    _assign(twin, model)
    yield loop
    _assign(model, twin)
    _kept[form] = twin, loop
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)


def _form(model):
    """What two models have in common whose steps are the same function of their variables."""
    text = json.dumps([model.get_config(), model.get_compile_config()])
    names = dict.fromkeys(NAME.findall(text))
    for number, name in enumerate(names):
        text = text.replace(name, f'"#{number}"')
    return SEED.sub("", text)


def _copy(model):
    copy = type(model).from_config(model.get_config())
    copy.compile_from_config(model.get_compile_config())
    copy.optimizer.build(copy.trainable_variables)
    return copy


def _assign(model, other):
    """Give a model the variables of another, those of optimizer and random numbers with them."""
    for variable, value in zip(_variables(model), _variables(other), strict=True):
        # A copy: TensorFlow lets an array that it is given be the memory of the variable.
        variable.assign(np.array(keras.ops.convert_to_numpy(value)))


def _variables(model):
    return (
        *model.trainable_variables,
        *model.non_trainable_variables,
        *model.optimizer.variables,
    )
