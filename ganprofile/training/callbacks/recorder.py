"""The numbers of a training, written while it runs."""

import csv
import io
import time

import keras
import numpy as np

from ganprofile.errors import GanprofileError, UsageError
from ganprofile.gan.measures import COUNTS
from ganprofile.storage.arrays import write_arrays
from ganprofile.storage.files import append, write_csv

LOSSES = ("generator_loss", "discriminator_loss")
GRADIENT_NORMS = ("generator_gradient_norm", "discriminator_gradient_norm")
MEANS = (*LOSSES, "probability_real", "probability_fake", *GRADIENT_NORMS)
HISTOGRAMS = COUNTS
JUDGEMENTS = ("kernel_distance", "over_best", "diversity")
TIMINGS = ("seconds", "images_per_second")
EVENT = "event"
# Losses stay below some tens while a GAN learns; at this size a training runs away. Gradients may
# be of any finite length.
LIMITS = dict.fromkeys(LOSSES, 1e3) | dict.fromkeys(GRADIENT_NORMS, float("inf"))


class Diverged(GanprofileError):
    """A loss or gradient of a training step is not a number, or far out of range."""


class Recorder(keras.callbacks.Callback):
    """Writes `history.csv` (a row per epoch, added when it ends) and, at the end, `histograms.npz`.

    `histograms.npz` holds the losses of every step, float32 `(epochs, steps_per_epoch)`, and the
    logits on real and fake images as counts `(epochs, 64)` over [-16, 16].

    Args:
        path: the run folder.
        images_per_step: real images that a step sees.

    Attributes:
        rollbacks: how often the training went back to a checkpoint.
        events: what happened, epoch -> sentences.
        judgement: what was measured of the epoch that ends, name -> number; what is missing
            is recorded as NaN.
    """

    def __init__(self, path, images_per_step):
        super().__init__()
        self.rollbacks = 0
        self.events = {}
        self.judgement = {}
        self._path = path
        self._images_per_step = images_per_step
        self._epochs = {name: [] for name in (*MEANS, *JUDGEMENTS, *TIMINGS)}
        self._arrays = {name: [] for name in (*LOSSES, *HISTOGRAMS)}
        self._steps = []
        self._last_epoch_ended = None

    @property
    def seconds(self):
        """Time spent in training so far, files included, over all sittings of the run."""
        return sum(self._epochs["seconds"])

    @property
    def epochs_done(self):
        """How many epochs are in the history."""
        return len(self._epochs["seconds"])

    def rows(self):
        """The history from the newest epoch back, a dict of numbers per epoch."""
        for epoch in reversed(range(self.epochs_done)):
            yield self.row(epoch)

    def row(self, epoch):
        """The numbers of an epoch, counted from 0, in the history; -1 is the newest."""
        return {name: values[epoch] for name, values in self._epochs.items()}

    @property
    def last_epoch(self):
        """The newest row of the history."""
        return self.row(-1)

    def on_train_begin(self, logs=None):
        if self._last_epoch_ended is None:
            self._last_epoch_ended = time.perf_counter()

    def on_epoch_begin(self, epoch, logs=None):
        self._steps = []
        self._steps_began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self._steps.append(logs)
        self._steps_ended = time.perf_counter()
        for name, limit in LIMITS.items():
            if not abs(logs[name]) < limit:  # NaN compares false
                raise Diverged(
                    f"The {name.replace('_', ' ')} became {logs[name]:g} in epoch "
                    f"{self.epochs_done + 1}."
                )

    def on_epoch_end(self, epoch, logs=None):
        self._refuse_part(len(self._steps))
        steps = {name: np.stack([step[name] for step in self._steps]) for name in logs}
        now = time.perf_counter()
        row = {name: float(steps[name].mean(dtype=np.float64)) for name in MEANS}
        row |= {name: self.judgement.pop(name, float("nan")) for name in JUDGEMENTS}
        images = len(self._steps) * self._images_per_step
        row["images_per_second"] = images / (self._steps_ended - self._steps_began)
        row["seconds"] = now - self._last_epoch_ended
        self._last_epoch_ended = now
        for name, values in self._epochs.items():
            values.append(row[name])
        for name in LOSSES:
            self._arrays[name].append(steps[name])
        for name in HISTOGRAMS:
            self._arrays[name].append(steps[name].sum(axis=0))
        self._append_row()

    def _refuse_part(self, done):
        """Refuse an epoch that a callback cut short: it would count as a whole one."""
        steps = (self.params or {}).get("steps") or done
        if done < steps:
            raise UsageError(
                f"A callback stopped the training after {done:,} of {steps:,} steps of epoch "
                f"{self.epochs_done + 1:,}, which is not kept. Let it stop "
                "where an epoch ends."
            )

    def note(self, event):
        """Keep a sentence about the epoch that goes on, or that ended last, in the history."""
        epoch = max(self.epochs_done, 1)
        self.events[epoch] = " ".join(filter(None, [self.events.get(epoch), event]))
        self.write_history()

    def amend(self, judgement):
        """Put a judgement of the newest epoch in, made after it ended."""
        for name, value in judgement.items():
            self._epochs[name][-1] = value
        self.write_history()

    def _append_row(self):
        """A kill may cut the newest row; resuming writes the file again from the checkpoint."""
        if self.epochs_done == 1:
            self.write_history()
            return
        line = io.StringIO()
        csv.writer(line).writerow(self._row(self.epochs_done))
        append(self._path / "history.csv", line.getvalue().encode())

    def _row(self, epoch):
        numbers = [values[epoch - 1] for values in self._epochs.values()]
        return [epoch, *numbers, self.events.get(epoch, "")]

    def write_history(self):
        """Write `history.csv` with all epochs so far, whole or not at all."""
        rows = (self._row(epoch) for epoch in range(1, self.epochs_done + 1))
        write_csv(self._path / "history.csv", [["epoch", *self._epochs, EVENT], *rows])

    def write_histograms(self):
        """Write `histograms.npz`, whole or not at all."""
        write_arrays(self._path / "histograms.npz", self.arrays())

    def arrays(self):
        """What `histograms.npz` holds, of all epochs so far."""
        return {name: np.array(values) for name, values in self._arrays.items()}

    def arrays_of(self, epoch):
        """What `histograms.npz` holds of an epoch, counted from 0."""
        return {name: values[epoch] for name, values in self._arrays.items()}

    def state(self):
        """All numbers so far, name -> array; for a checkpoint."""
        columns = {f"epochs/{name}": values for name, values in self._epochs.items()}
        arrays = {f"arrays/{name}": values for name, values in self.arrays().items()}
        events = {
            "rollbacks": self.rollbacks,
            "events/epochs": np.array(list(self.events), np.int64),
            "events/words": np.array(list(self.events.values()), np.str_),
        }
        return {name: np.array(value) for name, value in {**columns, **arrays, **events}.items()}

    def restore(self, state):
        """Go on from what `state` gave."""
        self._epochs = {name: state[f"epochs/{name}"].tolist() for name in self._epochs}
        self._arrays = {name: list(state[f"arrays/{name}"]) for name in self._arrays}
        epochs, words = (state[f"events/{name}"].tolist() for name in ("epochs", "words"))
        self.events = dict(zip(epochs, words, strict=True))
        self.rollbacks = int(state["rollbacks"])
