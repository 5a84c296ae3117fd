"""How networks compute: in which precision, and over whose images."""

import contextlib

import keras

POLICIES = {"float32": None, "bfloat16": "mixed_bfloat16"}


@contextlib.contextmanager
def computing_in(precision):
    """A context in which new layers compute in a precision, with weights in float32.

    Args:
        precision: a name in `POLICIES`; float32 stands for Keras' own setting.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(POLICIES[precision] or before)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def in_float32(network):
    """A network like another, with the same weights, that computes as the weights are stored."""

    def in_full(layer):
        config = layer.get_config()
        if not isinstance(layer, keras.layers.InputLayer):
            config["dtype"] = layer.variable_dtype
        return layer.__class__.from_config(config)

    copy = keras.models.clone_model(network, clone_function=in_full)
    copy.set_weights(network.get_weights())
    return copy


def synchronise(network):
    """Let batch normalisation see the whole batch of all replicas, not only a replica's share.

    On JAX it does anyway.
    """
    if keras.backend.backend() != "tensorflow":
        return
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.synchronized = True
