"""What of a train step JAX does in its own way; see `backend/__init__.py`.

JAX differentiates and compiles functions without side effects. `keras.StatelessScope` makes such
ones of Keras code: inside, variables have the values of a mapping and assignments change that.
"""

import contextlib
import functools
import weakref

import jax
import keras

from ganprofile.errors import UsageError

WORKER_LOST = ()
MIRRORS = True
unrecorded = contextlib.nullcontext
WITH_GPU = "'jax[cuda13]'"
# How many steps one call makes at most. On a CPU a call costs little beside its step, while XLA
# convolves within a loop four times as slowly as outside. The other number is a guess: enough that
# Python, some tenths of a millisecond a call, counts for nothing; few enough that a signal is soon
# heard.
STEPS_PER_CALL_ON_CPU = 1
STEPS_PER_CALL = 50
adam_update = keras.optimizers.Adam.update_step  # which XLA makes one pass of


def gradients(gan, objective, network):
    """What an objective measured, and its gradients; as in `_tensorflow`."""
    trained = network.trainable_variables
    others = [v for v in gan.every_variable() if not any(v is one for one in trained)]

    def pure(values, state):
        mapping = [*zip(trained, values, strict=True), *zip(others, state, strict=True)]
        with keras.StatelessScope(state_mapping=mapping) as scope:
            total, measured = objective()
        return total, (measured, [scope.get_current_value(variable) for variable in others])

    differentiate = jax.grad(pure, has_aux=True)
    found, (measured, state) = differentiate(_values(trained), _values(others))
    for variable, value in zip(others, state, strict=True):
        variable.assign(value)
    return measured, found


def gradient_of(function, images):
    """The gradient of a scalar function of images at these images."""
    return jax.grad(function)(images)


def normal(shape, deviation, seed):
    """`keras.random.normal` about 0."""
    return keras.random.normal(shape, 0.0, deviation, seed=seed)


def uniform(shape, low, high, seed):
    """`keras.random.uniform`."""
    return keras.random.uniform(shape, low, high, seed=seed)


def rows(array, indices):
    """Rows of an array, without a look at whether indices are in its bounds."""
    return array.at[indices].get(mode="promise_in_bounds")


def compiled(function):
    """A function of arrays without side effects, compiled for each form of them that it meets."""
    return jax.jit(function)


def training_loop(model):
    """What trains a `keras.Model` for several steps in one call; see `backend.training`."""

    def step(state, batch):
        _, state = model.train_step(state, batch)
        return state, None

    @functools.partial(jax.jit, donate_argnums=0)
    def steps(state, batches):
        return jax.lax.scan(step, state, batches)[0]

    @functools.partial(jax.jit, donate_argnums=0)
    def single(state, batch):
        return step(state, batch)[0]

    def trained(state, batches):
        if steps_per_call() > 1:
            return steps(state, batches)
        for number in range(len(keras.tree.flatten(batches)[0])):
            batch = keras.tree.map_structure(lambda arrays, at=number: arrays[at], batches)
            state = single(state, batch)
        return state

    def run(batches):
        groups = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
            model.metrics_variables,
        )
        state = trained(tuple(map(_values, groups)), batches)
        for variables, values in zip(groups, state, strict=True):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)

    return run


def forward(model):
    """What a model gives for inputs outside of training, as one call; as in `_tensorflow`."""
    known = weakref.ref(model)

    @jax.jit
    def pure(trainable, others, inputs):
        return known().stateless_call(trainable, others, inputs, training=False)[0]

    def outputs(inputs):
        kept = known().trainable_variables, known().non_trainable_variables
        return pure(*map(_values, kept), inputs)

    return outputs


def replica():
    """JAX divides arrays among devices by itself: a step sees all images."""
    return 0, 1


def gpu_count():
    """How many GPUs JAX sees."""
    return sum(device.platform == "gpu" for device in jax.devices())


def steps_per_call():
    """How many steps one compiled call makes at most, on the device that computes by default."""
    device = jax.numpy.zeros(()).device
    return STEPS_PER_CALL_ON_CPU if device.platform == "cpu" else STEPS_PER_CALL


def compiled_step(gan, summed):
    """What `fit` calls with the values of all variables and its iterator."""
    groups = (
        gan.trainable_variables,
        gan.non_trainable_variables,
        gan.optimizer.variables,
        gan.metrics_variables,
    )
    variables = [variable for group in groups for variable in group]

    def step(state, data):
        values = [value for group in state for value in group]
        mapping = list(zip(variables, values, strict=True))
        with keras.StatelessScope(state_mapping=mapping) as scope:
            measures = gan.train_step(data)
        return measures, tuple([scope.get_current_value(v) for v in group] for group in groups)

    def steps(state, call):
        """One step after the other, and the measures of all in stacks."""

        def one(state, rows):
            measures, state = step(state, {**call, "rows": rows})
            return state, measures

        if len(call["rows"]) > 1:
            state, measures = jax.lax.scan(one, state, call["rows"])
        else:
            state, measures = one(state, call["rows"][0])
            measures = jax.tree.map(lambda value: value[None], measures)
        return measures, state

    if gan.run_eagerly:
        return StepByStep(step, steps)
    return StepByStep(jax.jit(step, donate_argnums=0), jax.jit(steps, donate_argnums=0))


class StepByStep:
    """What `fit` calls for every step, although one compiled call may make many.

    `fit` and its callbacks meet every step with its measures, one after the other; the state is
    that after the last step of the call. As no call reaches into another epoch (see
    `gan.pipeline.calls`), the state is that of the step wherever an epoch ends.

    Args:
        step: `(state, batch)` -> the measures and the state after a step.
        steps: `(state, call)` -> the measures of all steps in stacks, and the state after them.
    """

    def __init__(self, step, steps):
        self.step, self.steps = step, steps
        self._iterator = None
        self._waiting = iter(())

    def __call__(self, state, iterator):
        if iterator is not self._iterator:  # another `fit`: what an earlier one left is void
            self._iterator, self._waiting = iterator, iter(())
        measures = next(self._waiting, None)
        if measures is not None:
            return measures, state
        (data,) = next(iterator)
        is_call = "rows" in data
        measures, state = self.steps(state, data) if is_call else self.step(state, data)
        # Waits for the device. Keras would do so where it catches everything, a signal's exception
        # included, and the training would go on.
        measures = jax.device_get(measures)
        if not is_call:
            return measures, state
        self._waiting = _one_by_one(measures)
        return next(self._waiting), state


def _one_by_one(stacks):
    """The measures of each step."""
    for number in range(len(next(iter(stacks.values())))):
        yield {name: values[number] for name, values in stacks.items()}


def mirrored(kind):
    """A distribution over all devices of a kind, and how many they are."""
    devices = jax.devices(kind)
    names = [f"{kind}:{device.id}" for device in devices]
    return keras.distribution.DataParallel(devices=names, auto_shard_dataset=False), len(devices)


def multiworker(kind):
    """Several machines are TensorFlow's.

    Raises:
        UsageError: always.
    """
    raise UsageError('`strategy="multiworker"` needs TensorFlow. Set KERAS_BACKEND=tensorflow.')


def _values(variables):
    return [variable.value for variable in variables]
