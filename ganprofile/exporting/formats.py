"""How a Keras network is written in each of the formats that `runtimes.RUNTIMES` runs."""

import contextlib
import errno
import logging
import os
import tempfile
import warnings
import zipfile
from pathlib import Path

from ganprofile.errors import GanprofileError, first_line
from ganprofile.runtimes import RUNTIMES, litert, saved_model
from ganprofile.runtimes.network import CARD, as_card, required
from ganprofile.storage.files import write_json
from ganprofile.storage.names import check_known

FULL = (errno.ENOSPC, errno.EDQUOT)
ROWS = "n"  # what the length of a batch is called in ONNX
TIMELESS = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can say


def write_onnx(network, path, info):
    """By Keras' own export: with tf2onnx on TensorFlow, by PyTorch's on PyTorch."""
    with _quiet("tf2onnx"):
        network.export(path, format="onnx", verbose=False)
    library = required("onnx")
    model = library.load(path)
    _name(model.graph, info)
    library.helper.set_model_props(model, {CARD: as_card(info)})
    library.checker.check_model(model)
    library.save(model, path)


def write_litert(network, path, info):
    """By TensorFlow's converter, with LiteRT's own operations only."""
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder, _quiet("absl"):
        _export_saved_model(network, folder)
        content = tf.lite.TFLiteConverter.from_saved_model(folder).convert()
    path.write_bytes(content)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(litert.ENTRY, TIMELESS), as_card(info))


def write_saved_model(network, path, info):
    """By Keras' own export; `path` is an empty folder."""
    with _quiet("absl"):
        _export_saved_model(network, path)
    write_json(path / saved_model.FILE, info)


def _export_saved_model(network, folder):
    """By Keras' own export, of which a full disk is no fault of the network.

    Raises:
        OSError: the disk is full, for which TensorFlow has an error of its own.
    """
    import tensorflow as tf

    try:
        network.export(folder, format="tf_saved_model", verbose=False)
    except tf.errors.ResourceExhaustedError as error:
        for number in FULL:  # memory may be exhausted, too
            if os.strerror(number) in str(error):
                raise OSError(number, os.strerror(number), str(folder)) from error
        raise


EXPORTS = {"onnx": write_onnx, "litert": write_litert, "saved_model": write_saved_model}

# Which backends of Keras can write each, and the libraries that they need for it.
NEEDED = {
    "onnx": {"tensorflow": ("onnx", "tf2onnx"), "torch": ("onnx",)},
    "litert": {"tensorflow": ()},
    "saved_model": {"tensorflow": ()},
}


def check_format(to):
    """Refuse a format that there is not, a `UsageError`."""
    check_known("format", to, EXPORTS)


def check_backend(to):
    """Refuse what cannot be written here, before any work.

    Raises:
        GanprofileError: Keras runs on a backend that cannot write it, or a library is missing.
    """
    import keras

    backend = keras.backend.backend()
    if backend not in NEEDED[to]:
        raise GanprofileError(
            f"Keras runs on {backend}, which cannot write {to}. "
            f"Set KERAS_BACKEND to {' or '.join(NEEDED[to])} for this command."
        )
    for module in (*NEEDED[to][backend], *RUNTIMES[to].LIBRARIES):
        required(module)


def write(to, network, path, info):
    """Write a network.

    Args:
        to: a name in `EXPORTS`.
        network: a Keras model, a dict of inputs to a dict of one output.
        path: a file of the format's suffix, or an empty folder for a SavedModel.
        info: its description, a dict.

    Raises:
        GanprofileError: it cannot be written in this format.
    """
    try:
        EXPORTS[to](network, Path(path), info)
    except (OSError, MemoryError, GanprofileError):
        raise
    except Exception as error:  # a converter may fail in any way
        raise GanprofileError(
            f"This network cannot be written as {to} ({first_line(error)}). Choose another format."
        ) from error


def _name(graph, info):
    """Name the output and the length of a batch, which the writers leave to chance."""
    (output,), (name,) = graph.output, info["outputs"]
    for node in graph.node:
        node.output[:] = [name if one == output.name else one for one in node.output]
        node.input[:] = [name if one == output.name else one for one in node.input]
    output.name = name
    for value in (*graph.input, *graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = ROWS


@contextlib.contextmanager
def _quiet(logger):
    """Without what the writers say of themselves."""
    log = logging.getLogger(logger)
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(before)
