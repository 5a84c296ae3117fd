"""Shuffled minibatches without end, the same again for the same seed and epoch."""

from ganprofile.images import to_float


def endless_batches(images, conditions, batch_size, seed, first_batch=0):
    """The input of `GAN.fit`.

    The data are a stream of shuffled passes; a batch may reach from one pass into the next, so
    that no image is left out and no batch is short, however small the dataset. The order depends
    on `seed` alone, and `first_batch` enters the stream anywhere: a resumed training meets the
    batches that the killed one would have met.

    Args:
        images: uint8 `(n, height, width, channels)`.
        conditions: name -> int32 `(n,)`.
        batch_size: images in a batch.
        seed: a non-negative integer.
        first_batch: how many batches of the stream to leave out.

    Returns:
        A `tf.data.Dataset` of dicts: `images` float32 in [-1, 1], and the conditions.
    """
    import tensorflow as tf

    columns = {"images": images, **conditions}
    first_pass, offset = divmod(first_batch * batch_size, len(images))

    def shuffled_pass(number):
        key = tf.stack([tf.constant(seed, tf.int64), number])
        order = tf.random.experimental.stateless_shuffle(tf.range(len(images)), key)
        return tf.data.Dataset.from_tensor_slices(order)

    def gather(indices):
        batch = {name: tf.gather(values, indices) for name, values in columns.items()}
        return {**batch, "images": to_float(batch["images"], tf.cast)}

    with tf.device("cpu:0"):
        columns = {name: tf.constant(values) for name, values in columns.items()}
        passes = tf.data.Dataset.counter(first_pass).flat_map(shuffled_pass)
        batches = passes.skip(offset).batch(batch_size, drop_remainder=True)
        return batches.map(gather).prefetch(tf.data.AUTOTUNE)
