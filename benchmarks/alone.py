"""Processes in which one framework is all that is installed."""

import os
from pathlib import Path

from ganprofile.frameworks import DATASETS, FRAMEWORKS

CHECKOUT = Path(__file__).parents[1]
# Python runs a file of this name when it starts, in each process that another starts, too. What
# looks for a hidden package finds nothing, as where it was never installed.
HIDING = """
from importlib.machinery import PathFinder

find = PathFinder.find_spec


def find_spec(name, path=None, target=None):
    return None if name.partition(".")[0] in {hidden} else find(name, path, target)


PathFinder.find_spec = staticmethod(find_spec)
"""


def alone(backend, folder):
    """The environment variables of such a process.

    Args:
        backend: a name in `FRAMEWORKS`.
        folder: for the file that hides the others, a `Path`.

    Returns:
        Name -> value. KERAS_BACKEND is none of them, nor does a file of Keras' name another.
    """
    hidden = {**FRAMEWORKS, **DATASETS}.keys() - {backend}
    (folder / "sitecustomize.py").write_text(HIDING.format(hidden=hidden))
    path = [folder, CHECKOUT, *filter(None, [os.environ.get("PYTHONPATH")])]
    known = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    return {
        **known,
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "KERAS_HOME": os.fspath(folder),
    }
