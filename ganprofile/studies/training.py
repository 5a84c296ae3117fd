"""A GAN that a step trains, and finds again after a stop."""

import keras

from ganprofile.datasets import Dataset
from ganprofile.gan.drawing import draw
from ganprofile.gan.networks.serialization import write_network
from ganprofile.runs.listing import FINISHED, UNFINISHED, list_runs
from ganprofile.runs.run import Run
from ganprofile.studies.design import EPOCHS
from ganprofile.training import resume, train
from ganprofile.training.devices.devices import local_device

LAST = "last-epoch.keras"


def trained(room, dataset: Dataset, model, callbacks=(), **settings):
    """The finished `Run` of a step: new, gone on with, or as it is.

    Args:
        room: the step's `Room`, whose seed it has.
        dataset: what it is trained on.
        model: a preset.
        callbacks: further Keras callbacks.
        **settings: changes to the preset.
    """
    arguments = {"progress": room.plan.progress, "callbacks": callbacks, "device": local_device()}
    by_state = {summary.state: summary.path for summary in list_runs(room.folder)}
    if FINISHED in by_state:
        return Run.open(by_state[FINISHED])
    if UNFINISHED in by_state:
        return resume(by_state[UNFINISHED], dataset, **arguments)
    return train(dataset, model, output=room.folder, seed=room.seed, **arguments, **settings)


def epochs_of(run):
    """The epochs that a `Run` had, for `aside` of a `Found`."""
    return {EPOCHS: len(run.history["epoch"])}


class KeepLast(keras.callbacks.Callback):
    """Keeps the generator of the last epoch beside the run, whose own is that of the best one.

    Args:
        room: the step's `Room`.
        epochs: how many there are.
    """

    def __init__(self, room, epochs):
        super().__init__()
        self._path, self._epochs = room.folder / LAST, epochs

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 == self._epochs:
            write_network(self.model.drawing_generator, self._path)


def drawn_last(room, count):
    """What the generator of the last epoch draws, without labels, uint8 `(count, ...)`."""
    generator = keras.saving.load_model(room.kept(LAST), compile=False)
    return draw(generator, room.seed, 0, count)
