"""How often the costly things beside the steps happen."""

import keras

# A checkpoint and a grid take as long as some steps of a small network; where epochs are short, not
# every one ends with them.
STEPS_BETWEEN_FILES = 20


class Cadence:
    """Every so many epochs that at least some steps lie in between.

    It counts epochs, not seconds: a run does the same on a slow machine and after a resume.

    Args:
        steps_per_epoch: how many steps an epoch has.
        least_steps: from one time to the next.
    """

    def __init__(self, steps_per_epoch, least_steps):
        self._interval = -(-least_steps // steps_per_epoch)

    def is_due(self, epoch):
        """Whether it is time at the end of an epoch, counted from 0."""
        return (epoch + 1) % self._interval == 0


class FileWriter(keras.callbacks.Callback):
    """Calls `write(epoch)` as epochs end: where they are short, not for each, but for the last one.

    Args:
        steps_per_epoch: how many steps an epoch has.
    """

    def __init__(self, steps_per_epoch):
        super().__init__()
        self._cadence = Cadence(steps_per_epoch, STEPS_BETWEEN_FILES)
        self._unwritten = None

    def on_epoch_end(self, epoch, logs=None):
        self._unwritten = epoch
        if self._cadence.is_due(epoch):
            self._write_newest()

    def on_train_end(self, logs=None):
        if self._unwritten is not None:
            self._write_newest()

    def _write_newest(self):
        epoch, self._unwritten = self._unwritten, None
        self.write(epoch)
