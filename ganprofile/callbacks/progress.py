"""What a person sees while a training runs."""

import sys

import keras

from ganprofile.console import say


class Progress(keras.callbacks.Callback):
    """A bar with epoch, losses, images/s and time left; plain lines where there is no terminal.

    Args:
        recorder: the `Recorder`.
        epochs: how many epochs there will be at most.
        minutes: the time limit, or None.
        steps_per_epoch: how many steps an epoch has.
    """

    def __init__(self, recorder, epochs, minutes, steps_per_epoch):
        super().__init__()
        self._recorder = recorder
        self._epochs = epochs
        self._minutes = minutes
        self._steps_per_epoch = steps_per_epoch
        self._bar = None
        self._shown_at = 0.0

    def on_train_begin(self, logs=None):
        if sys.stderr.isatty():
            self._bar = _new_bar()
            self._task = self._bar.add_task("", total=self._epochs * self._steps_per_epoch)
            self._bar.start()

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self._bar is not None and batch % 10 == 0:
            self._bar.update(self._task, completed=self._epoch * self._steps_per_epoch + batch)

    def on_epoch_end(self, epoch, logs=None):
        line = self._line(epoch)
        if self._bar is not None:
            self._bar.update(self._task, description=line)
        elif self._recorder.seconds - self._shown_at > 5 or epoch in (0, self._epochs - 1):
            self._shown_at = self._recorder.seconds
            say(line)

    def on_train_end(self, logs=None):
        self.close()

    def close(self):
        """Leave the terminal as it was, also after an error."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _line(self, epoch):
        row = self._recorder.last_epoch
        seconds_left = (self._epochs - epoch - 1) * row["seconds"]
        if self._minutes is not None:
            seconds_left = min(seconds_left, 60 * self._minutes - self._recorder.seconds)
        minutes, seconds = divmod(max(0, round(seconds_left)), 60)
        of = "" if self._minutes is not None else f"/{self._epochs}"
        return (
            f"epoch {epoch + 1}{of}  G {row['generator_loss']:.3f}  "
            f"D {row['discriminator_loss']:.3f}  {row['images_per_second']:,.0f} images/s  "
            f"{minutes}:{seconds:02d} left"
        )


def _new_bar():
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = BarColumn(bar_width=24), TextColumn("{task.description}")
    return Progress(*columns, console=Console(stderr=True), transient=True)
