"""The files of `checkpoint/`: the regular one, and an interim one beside it."""

import contextlib
import json

import numpy as np

from ganprofile.console import say
from ganprofile.errors import GanprofileError
from ganprofile.runs.config_file import TRAINED_ON, refuse_other_training, training_anew
from ganprofile.storage.arrays import UNREADABLE, open_arrays

REGULAR, INTERIM = "state.npz", "interim.npz"


def newest_checkpoint(folder, config, mend=False):
    """The newest complete state that can be read, name -> array, or None where there is none.

    Of two files one may be damaged: the other is taken, which is said.

    Args:
        folder: of the run.
        config: content of its `config.json`.
        mend: whether the interim one takes the place of a damaged regular one, to which a training
            may go back.

    Raises:
        GanprofileError: none can be read, or is of this run.
    """
    states, damaged = {}, {}
    for path in (folder / "checkpoint" / name for name in (INTERIM, REGULAR)):
        try:
            if path.exists():
                states[path] = _read(path, folder, config)
        except GanprofileError as error:
            damaged[path] = error
    if not states:
        if damaged:
            raise next(iter(damaged.values()))
        return None
    # A kill may have left an interim one behind that is older.
    newest = max(states, key=lambda path: states[path].get("epochs_done", 0))
    for path in damaged:
        if mend and path.name == REGULAR:
            newest.replace(path)
            continue
        say(
            f"{path} is damaged or of another training. Taken is {newest.name}, of epoch "
            f"{int(states[newest].get('epochs_done', 0)):,}."
        )
    return states[newest]


def epochs_kept(folder):
    """How many epochs of a run a training would go on from; 0 where no checkpoint can be read.

    Args:
        folder: of the run.
    """
    kept = [0]
    for path in (folder / "checkpoint" / name for name in (INTERIM, REGULAR)):
        with (
            contextlib.suppress(*UNREADABLE, KeyError),
            np.load(path, allow_pickle=False) as archive,
        ):
            kept.append(int(archive["epochs_done"]))  # that alone: the networks are large
    return max(kept)


def _read(path, folder, config):
    state = open_arrays(path, f"Train anew with: {training_anew(folder, config)}")
    if TRAINED_ON in state:
        refuse_other_training(path, json.loads(str(state[TRAINED_ON])), config)
    return state
