"""The numbers of a training, written while it runs."""

import csv
import time

import keras
import numpy as np

from ganprofile.errors import GanprofileError
from ganprofile.files import atomic_path, write_arrays

LOSSES = ("generator_loss", "discriminator_loss")
GRADIENT_NORMS = ("generator_gradient_norm", "discriminator_gradient_norm")
MEANS = (*LOSSES, "probability_real", "probability_fake", *GRADIENT_NORMS)
HISTOGRAMS = ("real_logits", "fake_logits")
TIMINGS = ("seconds", "images_per_second")


class Recorder(keras.callbacks.Callback):
    """Writes `history.csv` (a row an epoch, added when it ends) and, at the end, `histograms.npz`.

    `histograms.npz` holds the losses of every step, float32 `(epochs, steps_per_epoch)`, and the
    logits on real and fake images as counts `(epochs, 64)` over [-16, 16].

    Args:
        path: the run folder.
        images_per_step: real images that a step sees.
    """

    def __init__(self, path, images_per_step):
        super().__init__()
        self._path = path
        self._images_per_step = images_per_step
        self._epochs = {name: [] for name in (*MEANS, *TIMINGS)}
        self._arrays = {name: [] for name in (*LOSSES, *HISTOGRAMS)}
        self._steps = []

    @property
    def seconds(self):
        """Time spent in training so far, files included, over all sittings of the run."""
        return sum(self._epochs["seconds"])

    @property
    def epochs_done(self):
        """How many epochs are in the history."""
        return len(self._epochs["seconds"])

    @property
    def last_epoch(self):
        """The newest row of the history as a dict."""
        return {name: values[-1] for name, values in self._epochs.items()}

    def on_train_begin(self, logs=None):
        self._last_epoch_ended = time.perf_counter()

    def on_epoch_begin(self, epoch, logs=None):
        self._steps = []
        self._steps_began = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self._steps.append(logs)

    def on_epoch_end(self, epoch, logs=None):
        steps = {name: np.stack([step[name] for step in self._steps]) for name in logs}
        now = time.perf_counter()
        self._refuse_nan(steps, epoch)
        for name in MEANS:
            self._epochs[name].append(float(steps[name].mean(dtype=np.float64)))
        for name in LOSSES:
            self._arrays[name].append(steps[name])
        for name in HISTOGRAMS:
            self._arrays[name].append(steps[name].sum(axis=0))
        images = len(self._steps) * self._images_per_step
        self._epochs["images_per_second"].append(images / (now - self._steps_began))
        self._epochs["seconds"].append(now - self._last_epoch_ended)
        self._last_epoch_ended = now
        self._append_row()

    def _refuse_nan(self, steps, epoch):
        for name in (*LOSSES, *GRADIENT_NORMS):
            if not np.isfinite(steps[name]).all():
                raise GanprofileError(
                    f"The {name.replace('_', ' ')} became {steps[name][-1]} in epoch {epoch + 1} "
                    f"of {self._path}, which keeps the state of {epoch} epochs. "
                    "Train with a lower --learning-rate."
                )

    def _append_row(self):
        """A kill may cut the newest row; resuming writes the file again from the checkpoint."""
        if self.epochs_done == 1:
            self.write_history()
            return
        with open(self._path / "history.csv", "a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow([self.epochs_done, *self.last_epoch.values()])

    def write_history(self):
        """Write `history.csv` with all epochs so far, whole or not at all."""
        rows = enumerate(zip(*self._epochs.values(), strict=True), start=1)
        with (
            atomic_path(self._path / "history.csv") as partial,
            open(partial, "w", newline="", encoding="utf-8") as file,
        ):
            writer = csv.writer(file)
            writer.writerow(["epoch", *self._epochs])
            writer.writerows([epoch, *values] for epoch, values in rows)

    def write_histograms(self):
        """Write `histograms.npz`, whole or not at all."""
        arrays = {name: np.array(values) for name, values in self._arrays.items()}
        write_arrays(self._path / "histograms.npz", arrays)

    def losses(self):
        """Losses of all steps so far: generator `(steps,)`, discriminator `(steps,)`."""
        return tuple(np.concatenate(self._arrays[name]) for name in LOSSES)

    def state(self):
        """All numbers so far, name -> array; for a checkpoint."""
        columns = {f"epochs/{name}": values for name, values in self._epochs.items()}
        arrays = {f"arrays/{name}": values for name, values in self._arrays.items()}
        return {name: np.array(values) for name, values in {**columns, **arrays}.items()}

    def restore(self, state):
        """Go on from what `state` gave."""
        self._epochs = {name: state[f"epochs/{name}"].tolist() for name in self._epochs}
        self._arrays = {name: list(state[f"arrays/{name}"]) for name in self._arrays}
