"""What of a train step TensorFlow does in its own way; see `backend/__init__.py`."""

import contextlib
import functools
import weakref

import keras
import tensorflow as tf

from ganprofile.errors import GanprofileError, first_line

WORKER_LOST = tf.errors.OpError
MIRRORS = True
unrecorded = contextlib.nullcontext
WITH_GPU = "'ganprofile[gpu]'"
# What TensorFlow's choice comes to on CPUs and GPUs. Named, it is compiled into code that is 60
# times as fast on CPUs.
PHILOX = "philox"


def gradients(gan, objective, network):
    """What an objective measured, and its gradients.

    Args:
        gan: the `GAN`.
        objective: a function of nothing that returns (what is minimised, what is measured).
        network: the network whose trainable variables minimise it.

    Returns:
        `(measured, gradients)`; the gradients in the order of the variables.
    """
    with tf.GradientTape() as tape:
        total, measured = objective()
    found = tape.gradient(total, network.trainable_variables)
    return measured, [tf.convert_to_tensor(gradient) for gradient in found]


def gradient_of(function, images):
    """The gradient of a scalar function of images at these images."""
    with tf.GradientTape() as tape:
        tape.watch(images)
        value = function(images)
    return tape.gradient(value, images)


def adam_update(optimizer, gradient, variable, learning_rate):
    """Update a variable by Adam in one operation; Keras has a dozen, and each goes through memory.

    Args:
        optimizer: a built `keras.optimizers.Adam`.
        gradient: a tensor.
        variable: a `tf.Variable` of this replica.
        learning_rate: a scalar.
    """
    index = optimizer._get_variable_index(variable)
    slots = {"m": optimizer._momentums[index], "v": optimizer._velocities[index]}
    numbers = {"beta1": optimizer.beta_1, "beta2": optimizer.beta_2, "epsilon": optimizer.epsilon}
    steps = tf.cast(optimizer.iterations + 1, variable.dtype)
    tf.raw_ops.ResourceApplyAdam(
        var=variable.handle,
        **{name: slot.value.handle for name, slot in slots.items()},
        **{name: tf.cast(number, variable.dtype) for name, number in numbers.items()},
        beta1_power=optimizer.beta_1**steps,
        beta2_power=optimizer.beta_2**steps,
        lr=tf.cast(learning_rate, variable.dtype),
        grad=tf.cast(gradient, variable.dtype),
    )


def normal(shape, deviation, seed):
    """`keras.random.normal` about 0, the same numbers."""
    return _drawn(_normal)(shape, _as_stateless(seed), deviation)


def uniform(shape, low, high, seed):
    """`keras.random.uniform`, the same numbers."""
    return _drawn(_uniform)(shape, _as_stateless(seed), low, high)


def _normal(shape, key, deviation):
    form = {"dtype": keras.config.floatx(), "alg": PHILOX}
    return tf.random.stateless_normal(shape, key, stddev=deviation, **form)


def _uniform(shape, key, low, high):
    form = {"dtype": keras.config.floatx(), "alg": PHILOX}
    return tf.random.stateless_uniform(shape, key, low, high, **form)


def _drawn(draw):
    """What draws; outside of a graph traced, for the Python around it takes milliseconds."""
    return _traced(draw, keras.config.floatx()) if tf.executing_eagerly() else draw


@functools.cache
def _traced(draw, floatx):
    traced = tf.function(draw, autograph=False)
    return lambda shape, *others: traced(tf.constant(shape, tf.int32), *others)


def _as_stateless(seed):
    """The next of a `keras.random.SeedGenerator`, as `keras.random` makes an int32 of it."""
    key = seed.next()
    return key if key.dtype == tf.int32 else tf.cast(key % (tf.int32.max - 1), tf.int32)


def rows(array, indices):
    """Rows of an array, without a look at whether indices are in its bounds."""
    return tf.gather(array, indices)


def compiled(function):
    """A function of arrays without side effects, compiled for each form of them that it meets."""
    return tf.function(function, jit_compile=True, autograph=False)


def training_loop(model):
    """What trains a `keras.Model` for several steps in one call; see `backend.training`."""

    def steps(batches):
        def step(number):
            batch = keras.tree.map_structure(lambda arrays: arrays[number], batches)
            model.train_step(batch)
            return [number + 1]

        count = tf.shape(keras.tree.flatten(batches)[0])[0]
        tf.while_loop(lambda number: number < count, step, [0], parallel_iterations=1)

    traced = tf.function(
        steps, autograph=False, jit_compile=model.jit_compile, reduce_retracing=True
    )

    def run(batches):
        batches = keras.tree.map_structure(tf.convert_to_tensor, batches)
        form = keras.tree.map_structure(
            lambda tensor: tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype), batches
        )
        traced.get_concrete_function(form)(*keras.tree.flatten(batches))

    return run


def forward(model):
    """What a model gives for inputs outside of training, as one call.

    It takes half the time of one layer after the other. The model is not kept alive by it.
    """
    known = weakref.ref(model)
    traced = tf.function(lambda inputs: known()(inputs, training=False), autograph=False)

    def outputs(inputs):
        form = keras.tree.map_structure(
            lambda value: tf.TensorSpec(value.shape, value.dtype), inputs
        )
        # A call of `traced` itself would count as one more tracing of this line, of which
        # TensorFlow warns as soon as there are some models.
        return traced.get_concrete_function(form)(inputs)

    return outputs


def replica():
    """`(index, count)`: which of how many replicas calls this."""
    context = tf.distribute.get_replica_context()
    return context.replica_id_in_sync_group, context.num_replicas_in_sync


def gpu_count():
    """How many GPUs TensorFlow sees."""
    return len(tf.config.list_physical_devices("GPU"))


def compiled_step(gan, summed):
    """What `fit` calls with its iterator.

    Keras' own function hands every batch on through an `Optional`, which costs a short step several
    per cent, and several workers cannot reduce its scalars.
    """
    strategy = gan.distribute_strategy
    train_step = gan.train_step
    if gan.jit_compile:
        train_step = tf.function(train_step, jit_compile=True, autograph=False)

    def step(iterator):
        measures = strategy.run(train_step, args=(next(iterator),))
        return {
            name: strategy.reduce("SUM" if name in summed else "MEAN", value, axis=None)
            for name, value in measures.items()
        }

    step = step if gan.run_eagerly else tf.function(step, autograph=False)

    def function(iterator):
        try:
            return step(iterator)
        except tf.errors.OutOfRangeError:
            raise StopIteration from None

    return function


@functools.cache  # a second strategy for the same devices would disturb the first one's sums
def mirrored(kind):
    """A strategy for all devices of a kind on this machine, and its number of replicas."""
    devices = [device.name for device in tf.config.list_logical_devices(kind.upper())]
    strategy = tf.distribute.MirroredStrategy(devices)
    return strategy, strategy.num_replicas_in_sync


@functools.cache
def multiworker(kind):
    """The same for the machines that TF_CONFIG names.

    Raises:
        GanprofileError: TensorFlow has been used already, or the others do not answer.
    """
    if kind == "cpu":
        tf.config.set_visible_devices([], "GPU")
    try:
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
    except (RuntimeError, ValueError, tf.errors.OpError) as error:
        raise GanprofileError(
            f"The workers of TF_CONFIG cannot train together ({first_line(error)}). From Python, "
            "call choose_device before any data are loaded; check that every worker runs the same "
            "command and can reach the others' addresses."
        ) from error
    return strategy, strategy.num_replicas_in_sync


def any_worker(strategy, wish):
    """Whether any of the workers has a wish."""
    wishes = strategy.run(lambda: tf.constant([float(wish)]))
    return bool(strategy.reduce(tf.distribute.ReduceOp.SUM, wishes, axis=None)[0] > 0)
