import keras
import numpy as np
import pytest
from keras.callbacks import (
    BackupAndRestore,
    CallbackList,
    EarlyStopping,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
    SwapEMAWeights,
)

import ganprofile as gp
from ganprofile.training.callbacks import Further
from ganprofile.training.callbacks.further import check_callbacks

LOGS = {"generator_loss": np.float32(0.5), "real_logits": np.ones(64, np.float32)}


@pytest.mark.parametrize(
    ("callback", "sentence"),
    [
        (LearningRateScheduler(float), "rates of their own.*LearningRateScheduler.*_rate_ratio"),
        (ReduceLROnPlateau("generator_loss"), "ReduceLROnPlateau changes.*`learning_rate`"),
        (EarlyStopping("generator_loss", restore_best_weights=True), "best epoch is kept anyway"),
        (EarlyStopping("generator_loss"), 'generator loss should fall.*mode="max" to EarlyStop'),
        (
            ModelCheckpoint("best.keras", "discriminator_loss", save_best_only=True),
            "discriminator loss should fall.*to ModelCheckpoint",
        ),
        (SwapEMAWeights(swap_on_epoch=True), "averaged as `ema_momentum` says"),
        (CallbackList([LearningRateScheduler(float)]), "LearningRateScheduler changes one of"),
        (BackupAndRestore("backup"), "to which resume goes back, and BackupAndRestore"),
    ],
)
def test_those_of_keras_that_cannot_work_are_refused_before_anything_is_made(
    tiny, tmp_path, callback, sentence
):
    with pytest.raises(gp.UsageError, match=sentence):
        gp.train(tiny, "gan", output=tmp_path, progress=False, callbacks=[callback])
    assert list(tmp_path.iterdir()) == []


def test_those_that_look_on_are_taken():
    stopping = EarlyStopping("generator_loss", mode="min")
    check_callbacks([stopping, ModelCheckpoint("ck.keras"), EarlyStopping("its own")])


class Both(LearningRateScheduler):
    """Sets the rates of both networks; what Keras' own would do at an epoch's end stays undone."""

    def on_epoch_begin(self, epoch, logs=None):
        for network in ("generator", "discriminator"):
            getattr(self.model, f"{network}_optimizer").learning_rate = self.schedule(epoch)

    def on_epoch_end(self, epoch, logs=None):
        pass


class Noting(ReduceLROnPlateau):
    def on_epoch_begin(self, epoch, logs=None):
        pass


def test_those_that_set_both_rates_are_taken_and_those_that_leave_it_to_keras_are_not():
    check_callbacks([Both(float)])
    with pytest.raises(gp.UsageError, match="rates of their own, and Noting changes one"):
        check_callbacks([Noting("generator_loss")])


def test_they_are_told_single_numbers_in_a_dict_of_their_own():
    seen = []

    class Writes(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            logs["generator_loss"] = 7.0

    class Reads(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(logs)

        def on_epoch_end(self, epoch, logs=None):
            seen.append(logs)

        def on_train_end(self, logs=None):
            seen.append(logs)

    further = Further([Writes(), Reads()])
    further.on_train_begin()
    further.on_train_batch_end(0, LOGS)
    further.on_epoch_end(0, LOGS)
    further.on_train_end(LOGS)
    assert seen == [{"generator_loss": 7.0}, {"generator_loss": 0.5}, {"generator_loss": 0.5}]
    assert LOGS["generator_loss"] == 0.5


@pytest.mark.slow
def test_weights_that_one_leaves_when_the_training_ends_change_nothing(tiny, tmp_path):
    """What is judged and drawn with is what is saved, and so what a later resume finds."""

    class Spoils(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            generator = self.model.drawing_generator
            generator.set_weights([10 * weights for weights in generator.get_weights()])

    few, options = tiny.subset(2), {"epochs": 1, "output": tmp_path, "progress": False}
    run = gp.train(few, "gan", callbacks=[Spoils()], **options)
    before = run.fingerprint, (run.path / "history.csv").read_bytes()
    run = gp.resume(run.path, progress=False)
    assert (run.fingerprint, (run.path / "history.csv").read_bytes()) == before
