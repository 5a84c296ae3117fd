"""How `tf.data` is asked to read."""


def untuned():
    """Options without the thread that tunes a pipeline while it is read.

    Between two looks that thread sleeps twice as long every time, up to a minute. When the iterator
    ends it is not always woken, and the end waits for it: a training of seven seconds until ten are
    over (TensorFlow 2.21).

    Returns:
        `tf.data.Options`.
    """
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    return options
