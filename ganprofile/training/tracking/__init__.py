"""Trainings and results in the trackers that people already have.

`TRACKERS` names modules, of which none is imported before it is used. Each has `track(run,
recorder, offline)`, which returns a Keras callback with `finish()`, called when all files of the
run are there, and `close(status)`, called at the end of every sitting. Those that keep results,
too, have `store(offline)`, a `Store`.
"""

import importlib
import itertools
import re

from ganprofile.errors import UsageError
from ganprofile.storage.names import check_known, names_of

_HERE = "ganprofile.training.tracking"
TRACKERS = {
    "tensorboard": "ganprofile.training.callbacks.tensorboard",
    "mlflow": f"{_HERE}.mlflow_store",
    "wandb": f"{_HERE}.wandb_store",
}
LONGEST_NAME = 240  # MLflow takes 250 characters
FINISHED, STOPPED, FAILED = "finished", "stopped", "failed"


def trackers_of(track, needs=("track",)):
    """The modules of trackers by their names.

    Args:
        track: a name in `TRACKERS`, several, which a text lists with commas, or None.
        needs: what a module must have.

    Returns:
        A tuple of modules, each once.

    Raises:
        UsageError: a name is unknown, or its package is not installed.
    """
    modules = []
    for name in dict.fromkeys(names_of(track or ())):
        check_known("tracker", name, TRACKERS)
        module = importlib.import_module(TRACKERS[name])
        if not all(hasattr(module, need) for need in needs):
            raise UsageError(f"{name} tracks trainings only. Leave out `track={name!r}`.")
        modules.append(module)
    return tuple(modules)


def track_result(modules, name, params, numbers, files=(), offline=False):
    """Put a finished result into trackers; one that fails is said.

    Args:
        modules: as `trackers_of` returns them.
        name: of the result.
        params: what it was asked for, nested dicts of JSON values.
        numbers: name -> float.
        files: paths of pictures and tables.
        offline: whether nothing may leave this machine.
    """
    from ganprofile.training.tracking.guarded import Guarded

    for module in modules:
        store = Guarded(module.store(offline))
        store.begin(name, flat(params), None)
        store.log([(0, numbers)])
        for file in files:
            store.add(file)
        store.end(FINISHED)


def flat(content, prefix=""):
    """Nested dicts as one, whose names are joined by dots; lists as text."""
    found = {}
    for name, value in content.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = (
                ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            )
    return found


def plain(names):
    """Names as every tracker takes them, no two of them alike.

    Args:
        names: of numbers, whose parts stand between slashes.

    Returns:
        name -> the name to be used. None of its parts is empty or leads up, as in a path.
    """
    found = {}
    for name in names:
        parts = [re.sub(r"[^\w.-]", "-", part) or "-" for part in name.split("/")]
        short = "/".join(part if part.strip(".") else "-" * len(part) for part in parts)
        if len(short) > LONGEST_NAME:
            short = f"{short[: LONGEST_NAME // 2]}--{short[-LONGEST_NAME // 2 :]}"
        numbered = itertools.chain([short], (f"{short}-{number}" for number in itertools.count(2)))
        found[name] = next(one for one in numbered if one not in found.values())
    return found
