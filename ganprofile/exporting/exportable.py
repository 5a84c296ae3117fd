"""What is exported: a Keras network with named inputs and outputs, and its description."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from ganprofile.errors import UsageError
from ganprofile.gan.drawing import latents
from ganprofile.hub.download import model_folder
from ganprofile.recognition.reader import ExportedClassifier, Reader, place_of
from ganprofile.runs.exported import ExportedRun
from ganprofile.runs.naming import run_named
from ganprofile.runs.run import Run
from ganprofile.runtimes import open_network, runtime_of
from ganprofile.runtimes.network import GENERATOR, READER
from ganprofile.storage.files import printable
from ganprofile.storage.versions import installed_versions

PAPER_AND_INK = {GENERATOR: (-1.0, 1.0), READER: (0, 255)}  # of floats, of uint8
STROKES, POINTS = 3, 12  # of an image that stands for a character
STROKE_WIDTH = 0.05  # of the side
ROWS = 100  # that are looked at together


@dataclasses.dataclass(frozen=True)
class Exportable:
    """A generator or reader, ready to be written.

    Attributes:
        name: of its file.
        info: the description that goes with it.
        network: makes the Keras model: a dict of inputs to a dict of one output.
        inputs: makes so many inputs to compare with, name -> array.
        expected: what Keras, or scikit-learn, makes of them, an array with a row per image.
    """

    name: str
    info: dict[str, Any]
    network: Callable
    inputs: Callable
    expected: Callable


def exportable(source):
    """What can be exported under a name.

    Args:
        source: a `Run` or `Reader`, the path or name of a run or model, the path of a reader or its
            name in `readers/`, or `hf:user/name` of either on Hugging Face's Hub.

    Raises:
        UsageError: there is nothing of that name, or two things.
        GanprofileError: it is damaged.
    """
    source = opened(source)
    return _reader(source) if isinstance(source, Reader) else _generator(source)


def opened(source):
    """The `Run` or `Reader` that can be exported under a name, as `exportable` takes it.

    Raises:
        UsageError: there is nothing of that name, or two things, or it is exported already.
        GanprofileError: it is damaged.
    """
    found = source if isinstance(source, (Run, Reader)) else _named(source)
    network = getattr(found, "classifier", found)
    if isinstance(network, (ExportedRun, ExportedClassifier)):
        raise UsageError(f"{printable(found.path)} is exported already. Give what it was made of.")
    return found


def _named(source):
    """The `Run` or `Reader` that a path or name names."""
    source = model_folder(source) or source
    if runtime_of(source) and open_network(source).info["kind"] == READER:
        return Reader.open(source)
    reader, run = place_of(source), run_named(source)
    if run is not None and reader is not None:
        raise UsageError(f"{source!r} is a run or model and a reader. Say {reader} or {run.path}.")
    if reader is not None:
        return Reader.open(reader)
    return Run.open(source) if run is None else run


def _generator(run):
    network = run.generator
    names = {one.name for one in network.inputs}

    def inputs(count):
        width = network.input["latents"].shape[-1]
        told = {
            name: array.astype(np.int32) for name, array in run.condition_indices(count).items()
        }
        return {"latents": latents(0, 0, count, width), **told}

    def expected(given):
        from keras import ops

        tensors = {name: ops.convert_to_tensor(given[name]) for name in names}
        return ops.convert_to_numpy(network(tensors, training=False))

    return Exportable(
        run.path.resolve().name,
        {
            **_described(GENERATOR, run.class_names, run.image_shape, network.input, "images"),
            "conditions": run.conditions,
            "writers": run.condition_values.get("writer"),
            "model": run.config["model"],
            "dataset": run.config["dataset"]["name"],
            "provenance": run.config["dataset"].get("provenance"),
        },
        lambda: _with_named_output(network, "images"),
        inputs,
        expected,
    )


def _reader(reader):
    shape = tuple(reader.info["image_shape"])
    network = reader.classifier.exportable(shape)
    given = {"images": network.inputs[0]}
    return Exportable(
        reader.path.resolve().name,
        # How well it reads stands beside what was allowed, or guessed, where that was found out.
        reader.info | _described(READER, reader.info["class_names"], shape, given, "probabilities"),
        lambda: _with_named_output(network, "probabilities"),
        lambda count: {"images": like_characters(count, shape)},
        lambda given: reader.classifier.predict_proba(given["images"]),
    )


def _with_named_output(network, name):
    """A Keras model from a dict to a dict, for the names are what a file shows of it."""
    import keras

    given = {one.name: one for one in network.inputs}
    return keras.Model(given, {name: network.outputs[0]})


def _described(kind, class_names, image_shape, given, gives):
    """What every file says of itself."""
    paper, ink = PAPER_AND_INK[kind]
    images = [None, *image_shape]
    shapes = {"images": images, "probabilities": [None, len(class_names)]}
    return {
        "kind": kind,
        "class_names": list(class_names),
        "image_shape": list(image_shape),
        "paper": paper,
        "ink": ink,
        "inputs": {
            name: {"shape": list(tensor.shape), "dtype": tensor.dtype}
            for name, tensor in given.items()
        },
        "outputs": {gives: {"shape": shapes[gives], "dtype": "float32"}},
        "versions": installed_versions(),
    }


def like_characters(count, image_shape):
    """Images of random broken lines, some faint, as bright and as empty as characters are.

    Args:
        count: how many.
        image_shape: `(height, width, channels)`.

    Returns:
        uint8 `(count, height, width, channels)`.
    """
    height, width, channels = image_shape
    random = np.random.default_rng(0)
    grid = np.stack(np.meshgrid(np.arange(height), np.arange(width), indexing="ij"), axis=-1)
    parts = []
    for first in range(0, count, ROWS):
        some = min(ROWS, count - first)
        begin, end = random.uniform(0.15, 0.85, (2, some, STROKES, 1, 2))
        way = np.linspace(0, 1, POINTS)[:, None]
        points = (begin + way * (end - begin)).reshape(some, -1, 2) * (height, width)
        apart = np.full((some, height, width), np.inf)
        for point in points.swapaxes(0, 1):
            distance = np.hypot(*(grid - point[:, None, None]).transpose(3, 0, 1, 2))
            apart = np.minimum(apart, distance)
        ink = np.clip(1.5 - apart / (STROKE_WIDTH * min(height, width)), 0, 1)
        strength = random.uniform(0.3, 1.0, (some, 1, 1, channels))
        parts.append(np.rint(255 * ink[..., None] * strength).astype(np.uint8))
    return np.concatenate(parts)
