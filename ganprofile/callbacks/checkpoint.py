"""The complete state of a training at the end of an epoch, and going on from it."""

import keras
import numpy as np


class Checkpoint(keras.callbacks.Callback):
    """Saves networks, optimisers, average, seeds and history into the run after each epoch.

    Args:
        run: the `Run`.
        recorder: the `Recorder`, whose numbers are a part of the state.
    """

    def __init__(self, run, recorder):
        super().__init__()
        self._run = run
        self._recorder = recorder

    def on_epoch_end(self, epoch, logs=None):
        networks = {f"gan/{name}": array for name, array in self.model.state().items()}
        record = {f"record/{name}": array for name, array in self._recorder.state().items()}
        self._run.save_checkpoint({"epochs_done": np.int64(epoch + 1), **networks, **record})


def restore(gan, run, recorder):
    """Put the newest checkpoint of a run back.

    Returns:
        How many epochs are done; 0 where the training stopped before the first was.
    """
    arrays = run.load_checkpoint()
    if arrays is None:
        return 0
    gan.restore(_part(arrays, "gan/"))
    recorder.restore(_part(arrays, "record/"))
    recorder.write_history()
    return int(arrays["epochs_done"])


def _part(arrays, prefix):
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
