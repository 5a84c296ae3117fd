"""Shuffled minibatches without end, the same again for the same seed and epoch."""

import itertools

import keras
import numpy as np

from ganprofile.backend import backend
from ganprofile.backend.tf_data import untuned
from ganprofile.images import to_float

AHEAD = 2  # batches that are cut while a step is computed
MOST_BYTES_ON_DEVICE = 2**30


def endless_batches(
    images,
    conditions,
    batch_size,
    seed,
    *,
    first_batch=0,
    parts=1,
    strategy=None,
    steps_per_epoch=None,
    steps_per_call=None,
):
    """The input of `GAN.fit`.

    The data are a stream of shuffled passes; a batch may reach from one pass into the next, so
    that no image is left out and no batch is short, however small the dataset. The order depends
    on `seed` and the backend alone, and `first_batch` enters the stream anywhere: a resumed
    training meets the batches that the killed one would have met.

    Args:
        images: uint8 `(n, height, width, channels)`.
        conditions: name -> int32 `(n,)`.
        batch_size: images in a batch, over all replicas.
        seed: a non-negative integer.
        first_batch: how many batches of the stream to leave out.
        parts: how many minibatches the step divides a batch into. Every replica gets its share of
            each, so that together they see the minibatches that one device would see.
        strategy: a `tf.distribute.Strategy` whose replicas share a batch, or None.
        steps_per_epoch: how many steps an epoch has. One device of JAX is then given some of them
            at a time, which `GAN.fit` makes in one call; None: one batch at a time.
        steps_per_call: at most how many; None: as many as suit the device.

    Returns:
        What `fit` takes, of dicts: `images` float32 in [-1, 1], and the conditions; or, where
        several steps are given at a time, what `calls` yields.
    """
    columns = {"images": images, **conditions}
    first_pass, offset = divmod(first_batch * batch_size, len(images))
    if keras.backend.backend() == "tensorflow":
        return _tensorflow_batches(columns, batch_size, seed, first_pass, offset, parts, strategy)
    orders = _orders(len(images), batch_size, seed, first_pass, offset)
    if keras.backend.backend() == "jax" and strategy is None and steps_per_epoch is not None:
        most = steps_per_call or backend().steps_per_call()
        return calls(columns, orders, divided(steps_per_epoch, most))
    return _numpy_batches(columns, orders)


def divided(steps, most):
    """The steps of an epoch as calls of at most so many; all alike if that takes few more calls.

    Another number of steps is compiled anew, which takes longer than some calls.
    """
    alike = (size for size in range(most, most // 2, -1) if steps % size == 0)
    size = min(steps, next(alike, most))
    last = steps % size
    return [size] * (steps // size) + [last] * (last > 0)


def calls(columns, orders, sizes):
    """What the compiled calls of JAX are given, epoch after epoch.

    Args:
        columns: name -> array with a row per image.
        orders: an iterator of the indices of batches.
        sizes: how many steps each call of an epoch makes.

    Yields:
        Tuples of a dict: `columns`, arrays with a row per image, and `rows`, int32 `(steps, batch)`
        into these. The columns are always the same arrays, on the device, where they fit; else
        what the call needs of them.
    """
    fit = sum(values.nbytes for values in columns.values()) <= MOST_BYTES_ON_DEVICE
    if fit:
        columns = {name: keras.ops.convert_to_tensor(v, v.dtype) for name, v in columns.items()}
    for size in itertools.cycle(sizes):
        rows = np.stack(list(itertools.islice(orders, size))).astype(np.int32)
        if fit:
            yield ({"columns": columns, "rows": rows},)
            continue
        needed = {name: values[rows.reshape(-1)] for name, values in columns.items()}
        yield (
            {"columns": needed, "rows": np.arange(rows.size, dtype=np.int32).reshape(rows.shape)},
        )


def _orders(count, batch_size, seed, first_pass, offset):
    """The indices of every batch."""
    waiting = np.empty(0, int)
    number = first_pass
    while True:
        while len(waiting) < batch_size + offset:
            shuffled = np.random.default_rng([seed, number]).permutation(count)
            waiting = np.concatenate([waiting, shuffled])
            number += 1
        chosen, waiting = np.split(waiting[offset:], [batch_size])
        offset = 0
        yield chosen


def _numpy_batches(columns, orders):
    for chosen in orders:
        batch = {name: values[chosen] for name, values in columns.items()}
        yield ({**batch, "images": to_float(batch["images"])},)  # Keras takes tuples only


def _tensorflow_batches(columns, batch_size, seed, first_pass, offset, parts, strategy):
    import tensorflow as tf

    # Autograph would look for control flow in them, for some third of the time before the first
    # batch.
    as_it_is = tf.autograph.experimental.do_not_convert

    @as_it_is
    def shuffled_pass(number):
        key = tf.stack([tf.constant(seed, tf.int64), number])
        order = tf.random.experimental.stateless_shuffle(tf.range(count), key)
        return tf.data.Dataset.from_tensor_slices(order)

    @as_it_is
    def gather(indices):
        batch = {name: tf.gather(values, indices) for name, values in columns.items()}
        return {**batch, "images": to_float(batch["images"], tf.cast)}

    def of_worker(context):
        """The batches of a worker's replicas in turn: replica r has the r-th share of each part."""
        replicas = context.num_replicas_in_sync
        own = np.array_split(range(replicas), context.num_input_pipelines)
        first, last = own[context.input_pipeline_id][[0, -1]]

        @as_it_is
        def shares(indices):
            divided = tf.reshape(indices, (parts, replicas, -1))
            by_replica = tf.transpose(divided, (1, 0, 2))[first : last + 1]
            return tf.reshape(by_replica, (last + 1 - first, batch_size // replicas))

        # Of a stream that may end, several workers would not know the shapes.
        endless = tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY)
        own_batches = batches.map(shares).unbatch().map(gather).apply(endless)
        return own_batches.prefetch(AHEAD).with_options(untuned())

    count = len(columns["images"])
    with tf.device("cpu:0"):
        columns = {name: tf.constant(values) for name, values in columns.items()}
        passes = tf.data.Dataset.counter(first_pass).flat_map(shuffled_pass)
        batches = passes.skip(offset).batch(batch_size, drop_remainder=True)
        if strategy is None:
            return batches.map(gather).prefetch(AHEAD).with_options(untuned())
    return strategy.distribute_datasets_from_function(of_worker)
