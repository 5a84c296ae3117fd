"""What a person sees while a training runs."""

import keras

from ganprofile.console import ProgressBar, clock
from ganprofile.gan.presets import UNLIMITED_EPOCHS


class TrainingProgress(keras.callbacks.Callback):
    """Epoch, losses, images/s and time left.

    Args:
        recorder: the `Recorder`.
        settings: the `Settings`, for the epochs and the time limit.
        steps_per_epoch: how many steps an epoch has.
        enabled: False shows nothing.
    """

    def __init__(self, recorder, settings, steps_per_epoch, enabled=True):
        super().__init__()
        self._recorder = recorder
        self._epochs = settings.epochs
        self._minutes = settings.minutes
        self._steps_per_epoch = steps_per_epoch
        self._bar = ProgressBar(settings.epochs * steps_per_epoch, enabled)

    def on_epoch_begin(self, epoch, logs=None):
        self._done = epoch * self._steps_per_epoch

    def on_train_batch_end(self, batch, logs=None):
        if batch % 10 == 0:
            self._bar.show(self._done + batch)

    def on_epoch_end(self, epoch, logs=None):
        self._bar.show(self._done + self._steps_per_epoch, self._line(epoch + 1))

    def close(self):
        """Leave the terminal as it was, also after an error."""
        self._bar.close()

    def _line(self, epochs_done):
        row = self._recorder.last_epoch
        left = (self._epochs - epochs_done) * row["seconds"]
        if self._minutes is not None:
            left = min(left, 60 * self._minutes - self._recorder.seconds)
        of = "" if self._epochs == UNLIMITED_EPOCHS else f"/{self._epochs}"
        return (
            f"epoch {epochs_done}{of}  G {row['generator_loss']:.3f}  "
            f"D {row['discriminator_loss']:.3f}  {row['images_per_second']:,.0f} images/s  "
            f"{clock(left)} left"
        )
