"""Stopping in time."""

import keras


class TimeLimit(keras.callbacks.Callback):
    """Stops at the end of an epoch when the next would not fit into the minutes.

    Args:
        minutes: training time over all sittings of a run, or None for no limit.
        recorder: the `Recorder` that counts the seconds.
        any_worker: wish -> whether any worker has it; their clocks differ, and they stop together.
    """

    def __init__(self, minutes, recorder, any_worker=bool):
        super().__init__()
        self._seconds = float("inf") if minutes is None else 60.0 * minutes
        self._recorder = recorder
        self._any_worker = any_worker

    def on_epoch_end(self, epoch, logs=None):
        if self._seconds < float("inf") and self._any_worker(self.is_over()):
            self.model.stop_training = True

    def is_over(self):
        """Whether no further epoch fits."""
        done = self._recorder.seconds
        return done > 0 and done + self._recorder.last_epoch["seconds"] > self._seconds
