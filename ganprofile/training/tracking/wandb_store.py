"""Weights & Biases, as its own settings say; importing this refuses where it is missing."""

import os

from ganprofile.console import say
from ganprofile.errors import cannot_import
from ganprofile.training.tracking import FINISHED, plain
from ganprofile.training.tracking.tracked import Tracked

try:
    import wandb
except Exception as error:
    raise cannot_import('`track="wandb"`', "wandb", error) from error

PROJECT = "ganprofile"
STEP = "epoch"
PICTURES = (".png", ".gif")
# Neither what is printed nor the user's own code goes along.
SETTINGS = {"console": "off", "disable_code": True, "disable_git": True, "silent": True}


def track(run, recorder, offline):
    """The callback of a training."""
    return Tracked(store(offline), run, recorder)


def store(offline):
    """A `Store`."""
    return WandbStore(offline)


class WandbStore:
    """A run of Weights & Biases, beside any that the user's own code has.

    Args:
        offline: whether it is only written down here, as with `WANDB_MODE=offline`.
    """

    NAME = "wandb"

    def __init__(self, offline):
        self._mode = "offline" if offline else None

    def begin(self, name, params, known):
        """Begin or go on; in the project `WANDB_PROJECT`, else `ganprofile`."""
        self._run = wandb.init(
            project=os.environ.get("WANDB_PROJECT") or PROJECT,
            name=name,
            id=known,
            resume=None if known is None else "allow",
            config=params if known is None else None,
            mode=self._mode,
            reinit="create_new",
            settings=SETTINGS,
        )
        # Epochs that were undone come again, which steps of its own do not allow.
        self._run.define_metric("*", step_metric=STEP)
        say(f"wandb tracks it as {name} in {self._run.url or self._run.dir}")
        return self._run.id

    def log(self, rows):
        """Numbers of some steps."""
        for step, numbers in rows:
            names = plain(numbers)
            self._run.log({STEP: step, **{names[name]: numbers[name] for name in numbers}})

    def add(self, path):
        """Keep a file, a picture where it is one."""
        if path.suffix in PICTURES:
            self._run.log({path.stem: wandb.Image(str(path))})
        else:
            self._run.save(str(path), base_path=str(path.parent), policy="now")

    def end(self, status):
        """End it, until it is gone on with."""
        self._run.finish(exit_code=0 if status == FINISHED else 1)
