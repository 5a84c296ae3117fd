"""Stopping in time."""

import keras


class TimeLimit(keras.callbacks.Callback):
    """Stops at the end of an epoch when the next would not fit into the minutes.

    Args:
        minutes: training time over all sittings of a run, or None for no limit.
        recorder: the `Recorder` that counts the seconds.
    """

    def __init__(self, minutes, recorder):
        super().__init__()
        self._seconds = float("inf") if minutes is None else 60.0 * minutes
        self._recorder = recorder

    def on_epoch_end(self, epoch, logs=None):
        if self.is_over():
            self.model.stop_training = True

    def is_over(self):
        """Whether no further epoch fits."""
        done = self._recorder.seconds
        return done > 0 and done + self._recorder.last_epoch["seconds"] > self._seconds
