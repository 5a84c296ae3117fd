"""A training as a tracker sees it."""

import math
import time

import keras

from ganprofile.errors import GanprofileError
from ganprofile.storage.files import read_json, write_json
from ganprofile.training.tracking import flat
from ganprofile.training.tracking.guarded import Guarded

FILE = "trackers.json"
# Epochs may take milliseconds, a server's answer a good part of a second.
SECONDS_BETWEEN = 2.0
LONG = ("class_names", "recipe", "writers")


class Tracked(keras.callbacks.Callback):
    """Tells a `Store` the config, every row of the history, and at the end the pictures.

    `trackers.json` in the run folder keeps which tracked run it is and how many epochs that has, so
    that a resumed training goes on in it. Epochs that were undone are told again.

    Args:
        store: a `Store`, see `Guarded`.
        run: the `Run`.
        recorder: the `Recorder`, restored, which comes before this among callbacks.
    """

    def __init__(self, store, run, recorder):
        super().__init__()
        self._store = Guarded(store)
        self._run = run
        self._recorder = recorder
        known = self._read().get(store.NAME, {})
        self._told = min(known.get("epochs", 0), recorder.epochs_done)
        self._told_at = -SECONDS_BETWEEN
        self._id = self._store.begin(run.path.name, _params(run), known.get("id"))
        self._tell()

    def on_train_begin(self, logs=None):
        self._told = min(self._told, self._recorder.epochs_done)

    def on_epoch_end(self, epoch, logs=None):
        if time.monotonic() - self._told_at >= SECONDS_BETWEEN:
            self._tell()

    def finish(self):
        """The rest, the newest epoch once more, which has been judged since, and pictures."""
        self._told = min(self._told, self._recorder.epochs_done - 1)
        self._tell()
        figures = sorted((self._run.path / "figures").glob("*.png"))
        for file in (self._run.path / "grid.png", *figures):
            self._store.add(file)

    def close(self, status):
        """The end of a sitting: `FINISHED`, `STOPPED` or `FAILED`."""
        self._tell()
        self._store.end(status)

    def _tell(self):
        epochs = range(max(self._told, 0), self._recorder.epochs_done)
        rows = [(epoch + 1, _finite(self._recorder.row(epoch))) for epoch in epochs]
        if self._store.is_well and self._store.log(rows):
            self._told = self._recorder.epochs_done
            known = {"id": self._id, "epochs": self._told}
            write_json(self._run.path / FILE, {**self._read(), self._store.NAME: known})
        self._told_at = time.monotonic()

    def _read(self):
        path = self._run.path / FILE
        known = read_json(path) if path.is_file() else {}
        if not all(map(_is_known, known.values())):
            raise GanprofileError(f"{path} is damaged. Remove it, and a new tracked run is begun.")
        return known


def _is_known(tracked):
    """Whether it says which run of a tracker it is, and how many epochs that has."""
    return isinstance(tracked, dict) and isinstance(tracked.get("epochs", 0), int)


def _finite(row):
    """What was not measured in an epoch is left out."""
    return {name: value for name, value in row.items() if math.isfinite(value)}


def _params(run):
    """What decides a training, and where its folder is."""
    config = {name: value for name, value in run.config.items() if name != "criterion"}
    data = {name: value for name, value in config["dataset"].items() if name not in LONG}
    content = {**config, "dataset": {**data, "classes": len(run.class_names)}}
    return {**flat(content), "run_folder": str(run.path.resolve())}
