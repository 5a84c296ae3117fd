"""Dense layers whose initial weights a stream of seeds decides."""

import keras


def dense(units, seeds, activation=None, **options):
    """A Keras layer.

    Args:
        units: how many.
        seeds: an iterator of integers, of which it takes one.
        activation: as in Keras.
        **options: further arguments of `keras.layers.Dense`.
    """
    initializer = keras.initializers.GlorotUniform(seed=next(seeds))
    return keras.layers.Dense(units, activation, kernel_initializer=initializer, **options)
