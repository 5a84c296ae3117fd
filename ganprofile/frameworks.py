"""Which framework Keras is started with: one that is installed.

Keras reads `KERAS_BACKEND` once, when it is first imported, and takes TensorFlow where nobody says
another, installed or not. Many modules here import Keras; so that none has to think of this, Python
is asked to come by here before it loads Keras.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

from ganprofile.errors import GanprofileError, UsageError

# What KERAS_BACKEND may be -> its title. The names are those of the packages, too.
FRAMEWORKS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
DATASETS = {"tensorflow_datasets": "TensorFlow Datasets"}


def chosen() -> str:
    """The framework that Keras runs on or, not loaded yet, would run on: what is said, usual, or
    installed.

    Returns:
        A name, of `FRAMEWORKS` unless the environment says another.
    """
    if running := _running():
        return running
    usual = _usual()
    here = _installed()
    return os.environ.get("KERAS_BACKEND") or (usual if usual in here or not here else here[0])


def backend_fact() -> dict[str, str]:
    """What kept files and sets say of the framework, whose random numbers are its own; nothing of
    TensorFlow, as those of before others were told apart."""
    return {} if chosen() == "tensorflow" else {"backend": chosen()}


def choose() -> None:
    """Let Keras start with a framework that is installed; say which where nobody has.

    Raises:
        UsageError: KERAS_BACKEND names none that ganprofile knows.
        GanprofileError: that one is not installed, or none is.
    """
    said, here = os.environ.get("KERAS_BACKEND"), _installed()
    if said and said not in FRAMEWORKS:
        raise UsageError(
            f"KERAS_BACKEND should be {_either(list(FRAMEWORKS))}. Received: {said!r}."
        )
    if not here:
        raise GanprofileError(
            f"Keras needs {_either(list(FRAMEWORKS.values()))}, and none of them is installed. "
            f"Install one: pip install {said or 'tensorflow'}."
        )
    if said and said not in here:
        raise GanprofileError(
            f"KERAS_BACKEND is {said!r}, and {FRAMEWORKS[said]} is not installed. Install it: pip "
            f"install {said}; or set KERAS_BACKEND to {_either(here)}, which is installed."
        )
    if not said and chosen() != _usual():
        from ganprofile.console import say  # here: importing ganprofile alone comes by, too

        os.environ["KERAS_BACKEND"] = here[0]  # for the processes that this one starts, too
        say(
            f"{FRAMEWORKS.get(_usual(), _usual())} is not installed: Keras runs on "
            f"{FRAMEWORKS[here[0]]}. KERAS_BACKEND={here[0]} says so beforehand."
        )


def need_tensorflow(what: str, instead: str = "", datasets: bool = False) -> None:
    """Refuse what only TensorFlow can do where it is not installed.

    Args:
        what: what needs it, the beginning of a sentence.
        instead: what else can be done, a sentence or nothing.
        datasets: whether TensorFlow Datasets is needed, too.

    Raises:
        GanprofileError: it is not installed.
    """
    packages = {"tensorflow": FRAMEWORKS["tensorflow"], **(DATASETS if datasets else {})}
    missing = [name for name in packages if not _is_here(name)]
    if missing:
        named = " and ".join(packages[name] for name in missing)
        install = " ".join(name.replace("_", "-") for name in missing)
        raise GanprofileError(
            f"{what} needs {named}, not installed here: pip install {install}. {instead}".rstrip()
        )


def _running() -> str | None:
    """What Keras was loaded with, whatever the environment or Keras' own file says since; None
    before."""
    backend = getattr(sys.modules.get("keras"), "backend", None)
    return None if backend is None else str(backend.backend())


def _installed() -> list[str]:
    return [name for name in FRAMEWORKS if _is_here(name)]


def _is_here(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ValueError:  # loaded, by something that gave it no specification
        return True


def _usual() -> str:
    """What Keras takes where the environment says nothing."""
    folder = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    try:
        return str(json.loads((folder / "keras.json").read_text()).get("backend", "tensorflow"))
    except (OSError, ValueError, AttributeError):
        return "tensorflow"


def _either(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


class _BeforeKeras:
    """What Python asks for a module that is not loaded yet, before it looks for files."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name == "keras" and "keras" not in sys.modules:
            choose()
        if name == "tensorflow" and "tensorflow" not in sys.modules:
            _load_triton()


def _load_triton() -> None:
    """Load what PyTorch brings for GPUs, if it is there, before TensorFlow.

    Both hold a copy of LLVM, and Python crashes where TensorFlow's is loaded first: as soon as an
    optimizer of PyTorch is made. The other way round both work.
    """
    if "triton" not in sys.modules and _is_here("triton"):
        with contextlib.suppress(Exception):  # a damaged one is PyTorch's to speak of
            importlib.import_module("triton")


@functools.cache  # once for a process
def choose_before_keras() -> None:
    """Have `choose` called when Keras is imported, by whom ever, and Triton loaded before
    TensorFlow; loads nothing now."""
    sys.meta_path.insert(0, _BeforeKeras())
