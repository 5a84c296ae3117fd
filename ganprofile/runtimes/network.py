"""What all exported models have in common: a description, and arrays in and out."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.errors import GanprofileError, needed

CARD = "ganprofile"  # under this name a file carries its description
GENERATOR, READER = "generator", "reader"
AT_ONCE = 500  # rows that are computed together


@dataclasses.dataclass(frozen=True)
class Tensor:
    """What a network takes under a name.

    Attributes:
        shape: of a batch, None for its length.
        dtype: NumPy's name of the type of its numbers.
    """

    shape: tuple
    dtype: str


@dataclasses.dataclass(frozen=True)
class ExportedNetwork:
    """A network that runs without Keras.

    Attributes:
        path: of its file or folder.
        info: its description, a dict.
        run: name -> array of its type, to the one array of what it gives.
    """

    path: Path
    info: dict[str, Any]
    run: Callable

    def __reduce__(self):
        """Pickled it is its path: what runs it belongs to a process."""
        from ganprofile.runtimes import open_network

        return open_network, (self.path,)

    @property
    def input(self):
        """Name -> `Tensor`, as a Keras model has it."""
        return {
            name: Tensor(tuple(one["shape"]), one["dtype"])
            for name, one in self.info["inputs"].items()
        }

    def outputs(self, inputs):
        """What the network gives.

        Args:
            inputs: name -> array with a row per image.

        Returns:
            An array with a row per image, float32.
        """
        arrays = {
            name: np.ascontiguousarray(inputs[name], dtype=tensor.dtype)
            for name, tensor in self.input.items()
        }
        count = len(next(iter(arrays.values())))
        parts = [
            self.run({name: array[first : first + AT_ONCE] for name, array in arrays.items()})
            for first in range(0, count, AT_ONCE)
        ]
        return np.concatenate(parts)


def as_card(info):
    """A description as the text that a file carries."""
    return json.dumps(info, ensure_ascii=False)


def read_card(text, path):
    """The description in such a text, a dict.

    Args:
        text: what `as_card` gave, or None where the file carries none.
        path: of the file.

    Raises:
        GanprofileError: there is none, or it lacks something or holds values of the wrong kind.
    """
    try:
        info = json.loads(text)
        is_sound = _is_sound(info)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        is_sound = False
    if not is_sound:
        raise GanprofileError(
            f"{path} does not say what it is: no description by ganprofile is in it. Export the "
            "model again: ganprofile models export."
        )
    return info


def _is_sound(info):
    """Whether a description is ours; where it is not, it may also raise."""
    draws = info["kind"] == GENERATOR
    conditions = info["conditions"] if draws else {}
    writers = (info.get("writers") or []) if draws else []  # of a reader it is what was counted
    wanted = {GENERATOR: {"latents", *conditions}, READER: {"images"}}[info["kind"]]
    return (
        set(info["inputs"]) == wanted
        and all(np.dtype(one["dtype"]) and one["shape"] for one in info["inputs"].values())
        and len(info["image_shape"]) == 3
        and len(info["class_names"]) > 0
        and _are(str, info["class_names"])
        and _are(int, [*info["image_shape"], *conditions.values(), *writers])
    )


def _are(kind, values):
    return all(isinstance(value, kind) for value in values)


def required(module, package="'ganprofile[export]'"):
    """A library that only exported models need.

    Raises:
        GanprofileError: it is not installed.
    """
    return needed(
        module,
        f"This kind of exported model needs {module.partition('.')[0]}, which is not installed: "
        f"pip install {package}.",
    )


def damaged(path, reason):
    """The error of a file that its runtime cannot read."""
    return GanprofileError(f"{path} cannot be read ({reason}). Export the model again.")
