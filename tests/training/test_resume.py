"""Going on with a training that was killed, stopped or finished: bit-equal."""

import random
import shutil
import signal
import time

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import Interrupted
from ganprofile.gan.presets import PRESETS
from tests.forked import run_forked, start
from tests.processes import wait_for
from tests.training.states import assert_equal_grids, assert_equal_runs, assert_equal_states

# Epochs of these runs have 4 steps: files every 5 epochs, and a judgement every 3.
EPOCHS = 12
JUDGED_OFTEN = (
    "import ganprofile.training.callbacks.best_checkpoint as judge; judge.STEPS_BETWEEN = 12;"
    "from ganprofile.cli import main; main()"
)
CONDITIONS = [
    "--condition",
    "label",
    "--condition",
    "writer",
    "--augmentation-policy",
    "shift,cutout",
]
KILLS_OF_A_PRESET = 5
STRESS = pytest.mark.slow, pytest.mark.stress


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """Train with these options from the start to the end, once, in a process of its own."""
    runs = {}

    def train(*options):
        if options not in runs:
            output = tmp_path_factory.mktemp("whole")
            done = run_forked(*training(output, options), code=JUDGED_OFTEN)
            assert done.returncode == 0, done.stderr
            runs[options] = gp.Run.open(done.stdout.strip())
        return runs[options]

    return train


def training(output, options):
    common = ["train", "--subset", 20, "--epochs", EPOCHS, "--seed", 3, "--output", output]
    return [*common, "--batch-size", 50, "--model", *options]  # files at the same epochs for all


@pytest.mark.parametrize(
    "options",
    [
        # One of each kind of network, the other with conditions; under `make stress` all presets.
        pytest.param(["gan"], marks=pytest.mark.slow, id="gan"),
        pytest.param(["cdcgan", *CONDITIONS], marks=pytest.mark.slow, id="conditions"),
        *(
            pytest.param([model], marks=STRESS, id=f"{model}-{kill}")
            for model in PRESETS
            for kill in range(KILLS_OF_A_PRESET)
        ),
    ],
)
def test_a_run_killed_at_a_random_moment_resumes_bit_equal(whole_run, tmp_path, options):
    """All in fresh processes; the moment is one between the first checkpoint and the end."""
    whole = whole_run(*options)
    process = start(*training(tmp_path, options), code=JUDGED_OFTEN)
    seed = random.randrange(2**32)
    kill_at_a_random_moment(process, tmp_path, whole, random.Random(seed))
    (killed,) = tmp_path.iterdir()
    print(f"seed {seed}: killed after epoch {len(gp.Run.open(killed).history['epoch'])}")

    resumed = run_forked("train", "--resume", killed, code=JUDGED_OFTEN)
    assert resumed.returncode == 0, resumed.stderr
    assert not list(killed.rglob(".*")), "nothing half written is left"
    assert_equal_runs(whole.path, killed)
    grids = assert_equal_grids(whole.path, killed)
    assert grids == [f"epoch_{epoch:03d}" for epoch in (5, 10, EPOCHS)]
    assert whole.config["criterion"]["kept_epoch"], "there is a best epoch to compare"


def kill_at_a_random_moment(process, output, whole, chance):
    epoch, share = chance.randrange(EPOCHS), chance.random()

    def has_come():
        if not list(output.glob("[!.]*/checkpoint/[!.]*.npz")):
            return False
        (history,) = output.glob("*/history.csv")
        return len(history.read_text().splitlines()) > epoch

    wait_for(has_come, process)
    time.sleep(share * np.median(whole.history["seconds"]))
    process.kill()
    assert process.wait() == -signal.SIGKILL, "it ended before"


@pytest.mark.slow
def test_an_extended_run_is_the_one_that_was_that_long_from_the_start(tiny, tmp_path, monkeypatch):
    """Also where the former last epoch was judged only because it was the last."""
    monkeypatch.setattr("ganprofile.training.callbacks.best_checkpoint.STEPS_BETWEEN", 4)
    options = {"output": tmp_path, "progress": False}
    whole = gp.train(tiny, "cgan", epochs=5, **options)
    extended = gp.train(tiny, "cgan", epochs=3, **options)
    assert np.isnan(extended.history["kernel_distance"]).tolist() == [1, 0, 0]
    gp.resume(extended, epochs=5, progress=False)
    assert_equal_runs(whole, extended)
    assert np.isnan(extended.history["kernel_distance"]).tolist() == [1, 0, 1, 0, 0]
    assert_equal_grids(whole.path, extended.path)


class RaiseSignal(keras.callbacks.Callback):
    """Sends this process a signal in the middle of an epoch, counted from 1."""

    def __init__(self, epoch, number):
        super().__init__()
        self.epoch, self.number = epoch, number

    def on_epoch_begin(self, epoch, logs=None):
        if epoch + 1 == self.epoch:
            signal.raise_signal(self.number)


@pytest.fixture
def ctrl_c():
    """Ctrl-C as Python handles it, even where a shell in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.slow
def test_between_two_checkpoints_a_stop_keeps_the_last_whole_epoch(
    ctrl_c, tiny, tmp_path, monkeypatch
):
    """Ctrl-C in Python raises KeyboardInterrupt, once the epoch that goes on is whole."""
    monkeypatch.setattr("ganprofile.training.callbacks.cadence.STEPS_BETWEEN_FILES", 6)
    options = {"epochs": 7, "output": tmp_path, "progress": False}
    whole = gp.train(tiny, "cgan", **options)
    with pytest.raises(KeyboardInterrupt):
        gp.train(tiny, "cgan", callbacks=[RaiseSignal(5, signal.SIGINT)], **options)
    (stopped,) = (gp.Run.open(path) for path in tmp_path.iterdir() if path != whole.path)
    assert stopped.load_checkpoint()["epochs_done"] == len(stopped.history["epoch"]) == 5
    gp.resume(stopped, progress=False)
    assert_equal_runs(whole, stopped)
    assert_equal_grids(whole.path, stopped.path)
    assert [file.name for file in (stopped.path / "checkpoint").iterdir()] == ["state.npz"]


@pytest.mark.slow
def test_what_a_training_goes_back_to_does_not_depend_on_the_clock(tiny, tmp_path, monkeypatch):
    class Poison(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 5 and not poisoned:
                poisoned.append(epoch)
                kernel = self.model.generator.trainable_variables[-2]
                kernel.assign(np.full(kernel.shape, np.nan))

    monkeypatch.setattr("ganprofile.training.callbacks.cadence.STEPS_BETWEEN_FILES", 6)
    runs = []
    for seconds in (0.0, float("inf")):
        poisoned = []
        monkeypatch.setattr(
            "ganprofile.training.callbacks.checkpoint.MOST_SECONDS_BETWEEN", seconds
        )
        options = {"epochs": 7, "output": tmp_path, "progress": False, "callbacks": [Poison()]}
        runs.append(gp.train(tiny, "cgan", **options))
    assert "Went back to the end of epoch 3" in runs[0].events[3]
    assert_equal_runs(*runs)


@pytest.mark.slow
def test_an_interruption_says_how_to_go_on(tiny, tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise Interrupted(signal.SIGINT)

    with pytest.raises(Interrupted) as stopped:
        gp.train(tiny, "cgan", epochs=3, output=tmp_path, progress=False, callbacks=[Stop()])
    (path,) = tmp_path.iterdir()
    assert stopped.value.__notes__ == [
        f"Whole epochs are kept. Go on with: ganprofile train --resume {path}"
    ]
    assert len(gp.resume(path, progress=False).history["epoch"]) == 3


def test_a_finished_run_that_is_resumed_keeps_its_generator(short_run, tmp_path):
    """Sets that were drawn from it name the file by its bytes."""
    run = gp.Run.open(shutil.copytree(short_run.path, tmp_path / "run"))
    before = run.fingerprint
    run = gp.resume(run.path, progress=False)
    assert gp.Run.open(run.path).fingerprint == before
    (run.path / "generator.keras").write_bytes(b"half")
    gp.resume(run.path, progress=False)
    gp.Run.open(run.path).sample(1)


@pytest.fixture(scope="module")
def raised(short_run, tmp_path_factory):
    """A run of three epochs that went on to four, and what a kill had left in its folder."""
    path = shutil.copytree(short_run.path, tmp_path_factory.mktemp("raised") / short_run.path.name)
    leftovers = [
        path / "checkpoint" / ".state.0123abcd.partial.npz",
        path / ".generator.0123abcd.partial.keras",
    ]
    for leftover in leftovers:
        leftover.write_bytes(b"half")
    leftovers.append(path / ".evaluation.0123abcd.partial")
    leftovers[-1].mkdir()
    (leftovers[-1] / "report.html").write_bytes(b"half")
    return gp.resume(path, epochs=4, progress=False), leftovers


@pytest.mark.slow
def test_a_run_with_raised_epochs_repeats_as_it_was_trained(raised, tmp_path):
    run, _ = raised
    assert len(run.history["epoch"]) == 4
    assert_equal_states(run, gp.reproduce(run.path, output=tmp_path, progress=False))


@pytest.mark.slow
def test_a_stopped_extension_resumes_as_its_message_says(run_of_three_epochs):
    run = run_of_three_epochs
    before = run.sample(2)

    class Stop(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 4:
                raise Interrupted(signal.SIGINT)

    with pytest.raises(Interrupted):
        gp.resume(run, epochs=6, progress=False, callbacks=[Stop()])
    run = gp.resume(run, progress=False)
    assert len(run.history["epoch"]) == 6
    assert not np.array_equal(run.sample(2), before), "the new generator draws"


@pytest.mark.slow
def test_what_a_kill_left_half_written_is_removed(raised):
    _, leftovers = raised
    assert not any(leftover.exists() for leftover in leftovers)
