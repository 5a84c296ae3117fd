"""What of a train step JAX does in its own way; see `backend/__init__.py`.

JAX differentiates and compiles functions without side effects. `keras.StatelessScope` makes such
ones of Keras code: inside, variables have the values of a mapping and assignments change that.
"""

import weakref

import jax
import keras

from ganprofile.errors import UsageError

WORKER_LOST = ()
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

    scan = jax.jit(lambda state, batches: jax.lax.scan(step, state, batches)[0], donate_argnums=0)

    def run(batches):
        groups = (
            model.trainable_variables,
            model.non_trainable_variables,
            model.optimizer.variables,
            model.metrics_variables,
        )
        state = scan(tuple(map(_values, groups)), batches)
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

    if not gan.run_eagerly:
        step = jax.jit(step, donate_argnums=0)

    def function(state, iterator):
        (data,) = next(iterator)
        return step(state, data)

    return function


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
