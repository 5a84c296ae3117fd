"""A training that comes to grief: injected NaN, an absurd rate, a dead discriminator."""

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError
from ganprofile.storage.arrays import open_arrays, write_arrays

pytestmark = pytest.mark.slow


class Poison(keras.callbacks.Callback):
    """Makes a generator weight NaN at the beginning of one epoch, so often."""

    def __init__(self, epoch, times):
        super().__init__()
        self.epoch, self.times = epoch, times

    def on_epoch_begin(self, epoch, logs=None):
        if epoch + 1 == self.epoch and self.times:
            self.times -= 1
            kernel = self.model.generator.trainable_variables[-2]
            kernel.assign(np.full(kernel.shape, np.nan))


def train(dataset, output, **options):
    return gp.train(
        dataset, **{"model": "cgan", "epochs": 4, "output": output, "progress": False, **options}
    )


def rates(run):
    state = run.load_checkpoint()
    return [float(state[f"gan/{net}_optimizer/001"]) for net in ("generator", "discriminator")]


@pytest.mark.parametrize("epoch", [1, 3])
def test_after_a_nan_the_training_goes_back_and_on_with_a_lower_rate(tiny, tmp_path, epoch, capfd):
    run = train(tiny, tmp_path, callbacks=[Poison(epoch, times=1)])
    assert run.history["epoch"].tolist() == [1, 2, 3, 4]
    assert np.isfinite(run.history["generator_loss"]).all()
    event = run.events[max(1, epoch - 1)]
    assert f"became nan in epoch {epoch}." in event
    assert f"Went back to the end of epoch {epoch - 1} with 0.25 of the learning rate." in event
    assert event in capfd.readouterr().err
    assert np.allclose(rates(run), [0.25 * 8e-4, 0.25 * 4e-4])
    assert np.isfinite(run.sample(4).astype(float)).all()


def test_what_follows_a_nan_is_the_sound_training_with_a_lower_rate(
    tiny, tmp_path, run_of_three_epochs
):
    """Nothing of the epoch that went wrong is left: no weight, seed, momentum, place in data."""
    rescued = train(tiny, tmp_path, epochs=5, callbacks=[Poison(4, times=1)])
    sound = run_of_three_epochs
    path = sound.path / "checkpoint" / "state.npz"
    state = open_arrays(path)
    for network in ("generator", "discriminator"):
        state[f"gan/{network}_optimizer/001"] = state[f"gan/{network}_optimizer/001"] * 0.25
    write_arrays(path, state)
    sound = gp.resume(sound.path, epochs=5, progress=False)
    for name in ("generator_loss", "discriminator_loss", "probability_fake", "kernel_distance"):
        assert np.array_equal(rescued.history[name], sound.history[name], equal_nan=True)
    assert np.array_equal(rescued.sample(3), sound.sample(3))


def test_two_rollbacks_in_one_epoch_are_both_recorded(tiny, tmp_path):
    run = train(tiny, tmp_path, epochs=2, callbacks=[Poison(2, times=2)])
    assert "with 0.25 of" in run.events[1] and "with 0.0625 of" in run.events[1]
    assert np.allclose(rates(run), [0.0625 * 8e-4, 0.0625 * 4e-4])


def test_a_callback_may_stop_a_training(tiny, tmp_path):
    class Enough(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    run = train(tiny, tmp_path, epochs=6, tensorboard=True, callbacks=[Enough()])
    assert len(run.history["epoch"]) == 2
    assert run.config["settings"]["epochs"] == 2


def test_a_rescued_run_resumes_as_if_it_had_not_been_stopped(tiny, tmp_path):
    whole = train(tiny, tmp_path, epochs=4, callbacks=[Poison(2, times=1)])
    part = train(tiny, tmp_path, epochs=3, callbacks=[Poison(2, times=1)])
    part = gp.resume(part.path, epochs=4, progress=False)
    assert rates(part) == rates(whole)
    assert np.array_equal(part.sample(3), whole.sample(3))
    assert part.events == whole.events


def test_a_third_time_is_a_failure_that_keeps_the_last_good_state(tiny, tmp_path):
    with pytest.raises(GanprofileError, match="nan in epoch 2.*keeps what was learned in 1 epochs"):
        train(tiny, tmp_path, callbacks=[Poison(2, times=3)])
    (path,) = tmp_path.iterdir()
    state = open_arrays(path / "checkpoint" / "state.npz")
    assert int(state["epochs_done"]) == 1
    assert all(np.isfinite(a).all() for name, a in state.items() if name.startswith("gan/gen"))
    run = gp.Run.open(path)
    assert run.sample(2).shape == (2, 28, 28, 1) and run.config["settings"]["epochs"] == 1
    assert len(gp.resume(path, epochs=2, progress=False).history["epoch"]) == 2


@pytest.mark.parametrize("model", ["cgan", "cdcgan"])
def test_an_absurd_rate_fails_in_words(tiny, tmp_path, model):
    with pytest.raises(GanprofileError, match="loss became .* 2 times .* lower `learning_rate`"):
        train(tiny, tmp_path, model=model, learning_rate=1e4, epochs=40)


def test_a_dead_discriminator_is_reported_with_a_remedy(tiny, tmp_path, capfd):
    class Kill(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            *_, kernel, bias = self.model.discriminator.trainable_variables
            kernel.assign(np.zeros(kernel.shape))
            bias.assign(np.zeros(bias.shape))
            self.model.discriminator_optimizer.learning_rate = 0.0

    run = train(tiny, tmp_path, model="gan", callbacks=[Kill()])
    event = run.events[3]
    assert "no longer tells real images from drawn ones" in event and "`learning_rate`" in event
    assert event not in run.events.get(4, ""), "once"
    assert event in capfd.readouterr().err
