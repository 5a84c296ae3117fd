"""A small generator as numbers that a script in a page computes with, without a network or library.

The script is templates/generator.js. Batch normalisation is folded into the layer before it, and
numbers are kept as float16; where that does not fit, as many kernels as need be, the largest first,
as int8 with a scale for each output.
"""

import base64

import numpy as np

from ganprofile.errors import GanprofileError

LARGEST = 980_000  # bytes of base64, which leaves room for the script within 1 MB
SMALL = 1e-12  # in place of a scale of 0
ACTIVATIONS = ("linear", "relu", "leaky_relu", "tanh", "sigmoid")


def in_page(generator):
    """A generator as a dict of JSON values.

    Args:
        generator: a Keras model `{"latents": ..., condition: ...}` -> images in [-1, 1].

    Returns:
        A dict of `latents` (how many), `shape` of an image, `tables` (condition -> array),
        `conditions` in their order, `steps` (each with `op` and arrays), and `numbers`, base64. An
        array is `{"at": byte, "type": ..., "shape": ...}`, int8 ones with `scales`.

    Raises:
        GanprofileError: it has a layer that the script does not know, or too many numbers.
    """
    chain = _Chain(generator)
    kernels = sorted({step["kernel"].size for step in chain.steps if "kernel" in step})
    for coarse in reversed([*kernels, kernels[-1] + 1]):
        numbers = _Numbers(coarse)
        tables = {name: numbers.add(table) for name, table in chain.tables.items()}
        steps = [
            {key: numbers.add(v) if isinstance(v, np.ndarray) else v for key, v in step.items()}
            for step in chain.steps
        ]
        text = base64.b64encode(numbers.content).decode()
        if len(text) <= LARGEST:
            return {
                "latents": generator.input["latents"].shape[-1],
                "shape": list(generator.outputs[0].shape[1:]),
                "conditions": list(chain.tables),
                "tables": tables,
                "steps": steps,
                "numbers": text,
            }
    raise GanprofileError(
        f"its generator has {generator.count_params():,} numbers, which take more than the 1 MB "
        "that a page may grow by"
    )


class _Numbers:
    """Arrays one behind the other; matrices of `coarse` numbers and more are kept as int8."""

    def __init__(self, coarse):
        self._coarse = coarse
        self.content = b""

    def add(self, array):
        """Returns where it lies, and how to read it."""
        if array.ndim < 2 or array.size < self._coarse:
            return self._append(array, np.float16)
        axes = tuple(range(array.ndim - 1))
        scales = np.maximum(np.abs(array).max(axis=axes), SMALL) / 127
        where = self._append(np.rint(array / scales), np.int8)
        return {**where, "scales": self._append(scales, np.float32)}

    def _append(self, array, kind):
        at = len(self.content)
        self.content += np.ascontiguousarray(array, np.dtype(kind).newbyteorder("<")).tobytes()
        return {"at": at, "type": np.dtype(kind).name, "shape": list(array.shape)}


class _Chain:
    """The steps from latents to images, with arrays whose last axis is the outputs."""

    def __init__(self, generator):
        import keras

        self.tables, self.steps = {}, []
        embedded = {}
        tensor = generator.input["latents"]
        for layer in generator.layers:
            kind = type(layer).__name__
            if isinstance(layer, keras.layers.InputLayer):
                continue
            if isinstance(layer, keras.layers.Embedding):
                embedded[id(layer.output)] = layer.input.name, np.asarray(layer.embeddings)
            elif kind == "Concatenate" and not self.steps:
                first, *others = layer.input
                _require(first is tensor, kind)
                self.tables = dict(embedded[id(one)] for one in others)
                tensor = layer.output
            else:
                _require(kind in OPERATIONS and layer.input is tensor, kind)
                OPERATIONS[kind](self, layer)
                tensor = layer.output
        _require(tensor is generator.outputs[0] and self.steps, "the output")

    def activate(self, name, slope=0.0):
        _require(name in ACTIVATIONS, name)
        last = self.steps[-1]
        if name != "linear":
            _require(last["activation"] == "linear", name)
            last.update(activation=name, slope=slope)


def _require(holds, what):
    if not holds:
        raise GanprofileError(f"the script of a page cannot compute {what} as its generator has it")


def _dense(chain, layer):
    kernel = np.asarray(layer.kernel)
    chain.steps.append({"op": "dense", "kernel": kernel, **_rest(layer, kernel)})
    chain.activate(layer.activation.__name__)


def _transposed(chain, layer):
    kernel = np.asarray(layer.kernel).swapaxes(2, 3)  # outputs last
    plain = (layer.padding, layer.dilation_rate, layer.output_padding, layer.data_format)
    is_known = plain == ("same", (1, 1), None, "channels_last")
    _require(is_known and len(set(layer.strides)) == 1, "Conv2DTranspose")
    _require(min(kernel.shape[:2]) >= layer.strides[0], "Conv2DTranspose")
    given = {"from": list(layer.input.shape[1:]), "stride": layer.strides[0]}
    chain.steps.append({"op": "transposed", "kernel": kernel, **_rest(layer, kernel), **given})
    chain.activate(layer.activation.__name__)


def _rest(layer, kernel):
    bias = np.asarray(layer.bias) if layer.use_bias else np.zeros(kernel.shape[-1], np.float32)
    return {"bias": bias, "activation": "linear", "slope": 0.0}


def _normalised(chain, layer):
    """Into the step before, whose outputs are the channels again and again."""
    last = chain.steps[-1]
    _require(last["activation"] == "linear" and layer.axis in (-1, 3), "BatchNormalization")
    scale = 1 / np.sqrt(np.asarray(layer.moving_variance) + layer.epsilon)
    scale = scale * np.asarray(layer.gamma) if layer.scale else scale
    shift = -np.asarray(layer.moving_mean) * scale
    shift = shift + np.asarray(layer.beta) if layer.center else shift
    times = len(last["bias"]) // len(scale)
    scale, shift = np.tile(scale, times), np.tile(shift, times)
    last.update(kernel=last["kernel"] * scale, bias=last["bias"] * scale + shift)


def _cropped(chain, layer):
    chain.steps.append(
        {
            "op": "cropped",
            "from": list(layer.input.shape[1:]),
            "cuts": [list(cut) for cut in layer.cropping],
            "activation": "linear",
        }
    )


OPERATIONS = {
    "Dense": _dense,
    "Conv2DTranspose": _transposed,
    "BatchNormalization": _normalised,
    "Cropping2D": _cropped,
    "Reshape": lambda chain, layer: None,  # the same numbers in the same order
    "ReLU": lambda chain, layer: chain.activate("relu"),
    "LeakyReLU": lambda chain, layer: chain.activate("leaky_relu", layer.negative_slope),
    "Activation": lambda chain, layer: chain.activate(layer.activation.__name__),
}
