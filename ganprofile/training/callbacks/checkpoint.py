"""The complete state of a training at the end of an epoch, and going on from it."""

import contextlib
import dataclasses
import json
import time

import numpy as np

from ganprofile.errors import GanprofileError
from ganprofile.gan.settings import Settings
from ganprofile.runs.config_file import TRAINED_ON, trained_on, training_anew
from ganprofile.storage.files import remove_partial_files
from ganprofile.training.callbacks.cadence import FileWriter

# How long a training goes on does not change the epochs that are done.
MAY_CHANGE = {"epochs", "minutes"}
# Where steps are slow, epochs of few steps are saved after this time all the same.
MOST_SECONDS_BETWEEN = 3.0


class Checkpoint(FileWriter):
    """Saves networks, optimisers, average, seeds and history into the run at the end of epochs.

    The regular checkpoints go by epochs alone, since a training that comes to grief goes back to
    one and must do the same on every machine. Between them, interim ones keep what else is whole:
    after some seconds, and when the training is stopped.

    Args:
        run: the `Run`.
        recorder: the `Recorder`, whose numbers are a part of the state.
        selector: the `BestCheckpoint`, whose best epoch is, too.
        steps_per_epoch: how many steps an epoch has.
    """

    def __init__(self, run, recorder, selector, steps_per_epoch):
        super().__init__(steps_per_epoch)
        self._run = run
        self._recorder = recorder
        self._selector = selector
        self._note_saved()

    @property
    def is_current(self):
        """Whether the newest whole epoch is saved."""
        return self._epochs_saved == self._recorder.epochs_done

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        if time.monotonic() - self._saved_at > MOST_SECONDS_BETWEEN:
            self.keep_newest()

    def write(self, epoch):
        """Save the state at the end of an epoch as a regular checkpoint."""
        self._run.save_checkpoint(self._state())
        self._note_saved()

    def keep_newest(self):
        """Save the state at the end of an epoch, where that has not been done."""
        if not self.is_current:
            self._run.save_interim_checkpoint(self._state())
            self._note_saved()

    def _note_saved(self):
        self._epochs_saved = self._recorder.epochs_done
        self._saved_at = time.monotonic()

    def _state(self):
        parts = {"gan": self.model, "record": self._recorder, "best": self._selector}
        state = {
            f"{part}/{name}": array
            for part, owner in parts.items()
            for name, array in owner.state().items()
        }
        facts = {
            "epochs_done": np.int64(self._recorder.epochs_done),
            "settings": np.array(json.dumps(self._run.config["settings"])),
            TRAINED_ON: np.array(json.dumps(trained_on(self._run.config))),
        }
        return {**facts, **state}


def epochs_done(run):
    """How many epochs the newest checkpoint holds; 0 where the training stopped before the first.

    Raises:
        GanprofileError: the checkpoint is damaged or of a training with other settings.
    """
    arrays = run.load_checkpoint()
    if arrays is None:
        return 0
    with _damage_named(run):
        _refuse_other_settings(run, json.loads(str(arrays["settings"])))
        return int(arrays["epochs_done"])


def restore(gan, run, recorder, selector):
    """Put the newest checkpoint of a run back.

    Returns:
        Whether there is one.

    Raises:
        GanprofileError: the checkpoint is damaged or of other networks.
    """
    remove_partial_files(run.path)
    arrays = run.load_checkpoint(mend=True)
    if arrays is None:
        return False
    with _damage_named(run):
        gan.restore(_part(arrays, "gan/"))
        recorder.restore(_part(arrays, "record/"))
        selector.restore(_part(arrays, "best/"))
        recorder.write_history()
    return True


@contextlib.contextmanager
def _damage_named(run):
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise GanprofileError(
            f"The checkpoint of {run.path} is damaged or not of this run ({error}). "
            f"Repeat the run from the start with: {training_anew(run.path, run.config)}"
        ) from error


def _refuse_other_settings(run, trained):
    before, current = (
        dataclasses.asdict(Settings(**settings)) for settings in (trained, run.config["settings"])
    )
    differences = [
        f"{name} was {before[name]!r} and is {current[name]!r}"
        for name in sorted(set(current) - MAY_CHANGE)
        if before[name] != current[name]
    ]
    if differences:
        raise GanprofileError(
            f"{run.path / 'config.json'} was changed since the training began: "
            f"{', '.join(differences)}. Put it back, or train anew with: "
            f"{training_anew(run.path, run.config)}"
        )


def _part(arrays, prefix):
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
