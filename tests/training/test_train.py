import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.classifiers import CnnClassifier
from ganprofile.errors import GanprofileError, Interrupted
from ganprofile.files import open_arrays
from ganprofile.images import read_png
from ganprofile.presets import PRESETS
from tests.conftest import run_command

TIMINGS = ("seconds", "images_per_second")


def everything(run):
    """The newest complete state of a run without its timings."""
    arrays = run.load_checkpoint()
    return {name: v for name, v in arrays.items() if not name.endswith(TIMINGS)}


def same(first, second):
    """Equal to the bit; an epoch that was not judged has NaN in both."""
    return np.array_equal(first, second, equal_nan=first.dtype.kind == "f")


def assert_equal_states(first, second):
    first, second = everything(first), everything(second)
    assert list(first) == list(second)
    differing = [name for name in first if not same(first[name], second[name])]
    assert not differing


def test_a_run_folder_holds_what_it_should(short_run):
    files = {str(f.relative_to(short_run.path)) for f in short_run.path.rglob("*") if f.is_file()}
    assert files == {
        "config.json",
        "subset.csv",
        "history.csv",
        "histograms.npz",
        "checkpoint/state.npz",
        "generator.keras",
        "grid.png",
        *(f"samples/epoch_{epoch:03d}.png" for epoch in (1, 2, 3)),
        "samples/progress.gif",
        "figures/losses.png",
        "figures/loss_histograms.png",
        "figures/logit_histograms.png",
    }


def test_the_numbers_agree_with_each_other(short_run):
    arrays = open_arrays(short_run.path / "histograms.npz")
    history = short_run.history
    assert history["epoch"].tolist() == [1, 2, 3]
    for name in ("generator_loss", "discriminator_loss"):
        assert arrays[name].shape == (3, 2)  # 200 images: 2 steps of 128
        assert np.allclose(arrays[name].mean(axis=1), history[name], rtol=1e-6)
    for name in ("real_logits", "fake_logits"):
        assert arrays[name].shape == (3, 64)
        assert (arrays[name].sum(axis=1) == 2 * 128).all()
    assert ((history["probability_real"] > 0) & (history["probability_real"] < 1)).all()
    assert (history["generator_gradient_norm"] > 0).all()


def test_the_generator_loads_in_plain_keras(short_run):
    """In a process that never imports ganprofile, safe mode on."""
    code = (
        "import keras, numpy as np, sys;"
        "g = keras.saving.load_model(sys.argv[1], safe_mode=True);"
        "x = g.predict({'latents': np.zeros((2, 100)), 'label': np.array([3, 7])}, verbose=0);"
        "assert x.shape == (2, 28, 28, 1) and 'ganprofile' not in sys.modules"
    )
    path = short_run.path / "generator.keras"
    subprocess.run([sys.executable, "-c", code, path], check=True, capture_output=True)


def test_the_kept_generator_is_the_average(short_run):
    state = short_run.load_checkpoint()
    kept = short_run.generator.get_weights()
    average, trained = (
        [state[f"gan/{part}/{index:03d}"] for index in range(len(kept))]
        for part in ("averaged_generator", "generator")
    )
    assert all(np.array_equal(a, b) for a, b in zip(kept, average, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(kept, trained, strict=True))


def test_grids_come_from_the_same_latents(short_unlabelled_run):
    last = read_png(short_unlabelled_run.path / "samples" / "epoch_002.png")
    assert np.array_equal(last, read_png(short_unlabelled_run.path / "grid.png"))
    assert last.shape == (4 * 28 + 3 * 2, 4 * 28 + 3 * 2, 1), "16 images"


def test_a_run_repeats_from_its_config(short_run, tmp_path):
    again = gp.repeat(short_run.path / "config.json", output=tmp_path, progress=False)
    assert again.path != short_run.path
    assert_equal_states(short_run, again)
    assert np.array_equal(again.sample(5), short_run.sample(5))


def test_a_repeated_run_may_differ_where_told(short_run, tmp_path):
    again = gp.repeat(short_run.path, output=tmp_path, epochs=1, seed=9, progress=False)
    assert len(again.history["epoch"]) == 1
    assert again.config["settings"]["seed"] == 9


@pytest.mark.slow
def test_folders_are_numbered(tiny, tmp_path):
    runs = [gp.train(tiny, "cgan", epochs=1, output=tmp_path, progress=False) for _ in range(2)]
    assert [run.path.name[-15:] for run in runs] == ["cgan-digits-001", "cgan-digits-002"]


def test_a_dry_run_writes_nothing(tiny, tmp_path):
    config = gp.train(tiny, "cgan", output=tmp_path / "runs", dry_run=True, progress=False)
    assert config["dataset"]["fingerprint"] == tiny.fingerprint
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_minutes_end_a_training_in_time(tiny, tmp_path):
    run = gp.train(tiny, "cgan", minutes=0.1, output=tmp_path, progress=False)
    history = run.history
    assert len(history["epoch"]) > 1
    spent = history["seconds"].sum()
    assert spent < 0.1 * 60 < spent + 3 * history["seconds"].max()
    settings = gp.Run.open(run.path).config["settings"]
    assert (settings["epochs"], settings["minutes"]) == (len(history["epoch"]), None)


@pytest.mark.slow
def test_more_layers_above_ten_classes(tmp_path):
    characters, _ = gp.load("characters")
    for dataset, layers in ((characters.of_classes(list("0123456789")), 3), (characters, 4)):
        run = gp.train(dataset.subset(2), "cgan", epochs=1, output=tmp_path, progress=False)
        dense = [k for k in run.generator.layers if isinstance(k, keras.layers.Dense)]
        assert len(dense) == layers


def test_an_unlabelled_dataset_trains_the_unlabelled_preset_only(tiny, tmp_path):
    unlabelled = gp.Dataset(tiny.images, name="scraps")
    with pytest.raises(gp.UsageError, match="scraps has no labels.*Use --model dcgan or gan"):
        gp.train(unlabelled, "cgan", output=tmp_path, progress=False)
    assert list(tmp_path.iterdir()) == []
    run = gp.train(unlabelled, "gan", epochs=1, output=tmp_path, progress=False)
    assert run.sample(2).shape == (2, 28, 28, 1)
    with pytest.raises(GanprofileError, match="given as arrays"):
        gp.resume(run, epochs=2, progress=False)
    gp.resume(run, unlabelled, epochs=2, progress=False)
    assert len(run.history["epoch"]) == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"model": "dcgan2"}, "No model 'dcgan2'. Known: auto, gan, cgan, dcgan, cdcgan"),
        ({"loss": "wgan"}, "No loss 'wgan'. Known: non_saturating, minimax, hinge"),
        ({"device": "tpu"}, "No device 'tpu'. Known: auto, cpu, gpu"),
        ({"epochs": 0}, "epochs should be a whole number, 1 or more. Received: 0"),
        ({"epochs": 1.5}, "epochs should be a whole number, 1 or more. Received: 1.5"),
        ({"minutes": float("inf")}, "minutes should be above 0 and finite. Received: inf"),
        ({"learning_rate": "fast"}, "learning_rate should be a number. Received: fast"),
        ({"learning_rate": -1}, "learning_rate should be above 0"),
        ({"minutes": 0}, "minutes should be above 0"),
        ({"seed": -1}, "seed should be in 0..2147483647. Received: -1"),
        ({"seed": 10**22}, "seed should be in 0"),
        ({"beta_1": 3}, "beta_1 should be in 0..1, 1 excluded"),
        ({"conditions": ("hand",)}, "No condition 'hand'. Known: label, writer"),
        ({"conditioning": "gate"}, "No conditioning 'gate'. Known: embedding, projection"),
        ({"glyph_policy": ("flip",)}, "No transform 'flip'. Known: shift"),
        ({"glyph_policy": "flip"}, "No transform 'flip'"),
        ({"glyph_probability": 2}, "glyph_probability should be in 0..1. Received: 2"),
        ({"epoch": 3}, "No setting 'epoch'. Known: .*epochs"),
    ],
)
def test_wrong_settings_get_their_sentence_and_leave_nothing(tiny, tmp_path, wrong, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        gp.train(tiny, **{"model": "cgan", "output": tmp_path, "progress": False, **wrong})
    assert list(tmp_path.iterdir()) == []


def test_a_missing_gpu_is_a_failure_with_a_remedy(tiny, tmp_path):
    import tensorflow as tf

    if tf.config.list_physical_devices("GPU"):
        pytest.skip("there is a GPU")
    with pytest.raises(GanprofileError, match=r"sees no GPU.*--device cpu"):
        gp.train(tiny, "cgan", output=tmp_path, device="gpu", progress=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_diverging_training_stops_with_a_sentence_and_keeps_the_epoch_before(tiny, tmp_path):
    run = gp.train(tiny, "cgan", epochs=1, output=tmp_path, progress=False)
    before = everything(run)

    class Poison(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            kernel = self.model.generator.trainable_variables[-2]
            kernel.assign(np.full(kernel.shape, np.nan))

    with pytest.raises(GanprofileError, match="became nan in epoch 2.*learned in 1 epochs"):
        gp.resume(run, epochs=2, progress=False, callbacks=[Poison()])
    after = everything(run)
    assert all(same(before[name], after[name]) for name in before)


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


def test_a_stopped_run_names_what_is_missing_and_what_to_do(short_run, tmp_path):
    shutil.copytree(short_run.path, tmp_path / "stopped")
    (tmp_path / "stopped" / "generator.keras").unlink()
    stopped = gp.Run.open(tmp_path / "stopped")
    with pytest.raises(GanprofileError, match="generator.keras is missing. Finish it with"):
        stopped.sample(1)
    gp.resume(stopped, progress=False)
    assert np.array_equal(gp.Run.open(stopped.path).sample(3), short_run.sample(3))


@pytest.mark.slow
def test_a_run_with_raised_epochs_repeats_as_it_was_trained(tiny, tmp_path):
    run = gp.train(tiny, "cgan", epochs=1, output=tmp_path, progress=False)
    run = gp.resume(run.path, epochs=2, progress=False)
    assert_equal_states(run, gp.repeat(run.path, output=tmp_path, progress=False))


def test_resume_refuses_other_data_and_fewer_epochs(short_run, digits):
    with pytest.raises(GanprofileError, match="was trained on digits with fingerprint"):
        gp.resume(short_run, digits[0].subset(20, seed=1), progress=False)
    with pytest.raises(gp.UsageError, match="has 3 epochs already"):
        gp.resume(short_run, epochs=2, progress=False)


def test_resume_refuses_a_model_without_its_training_state():
    with pytest.raises(GanprofileError, match="which only draws: it has no checkpoint"):
        gp.resume("digits-cgan", progress=False)


@pytest.mark.parametrize("damage", ["cut", "empty", "foreign"])
def test_a_damaged_checkpoint_is_refused(short_run, tmp_path, damage):
    shutil.copytree(short_run.path, tmp_path / "run")
    state = tmp_path / "run" / "checkpoint" / "state.npz"
    content = {"cut": state.read_bytes()[:9000], "empty": b""}.get(damage)
    if content is not None:
        state.write_bytes(content)
    else:
        arrays = open_arrays(state)
        arrays["gan/generator/000"] = np.zeros((3, 3), np.float32)
        np.savez(state, **arrays)
    with pytest.raises(GanprofileError, match=r"state\.npz cannot be read|damaged or not of this"):
        gp.resume(tmp_path / "run", epochs=4, progress=False)


def test_resume_refuses_changed_settings_and_names_the_difference(short_run, tmp_path):
    shutil.copytree(short_run.path, tmp_path / "run")
    path = tmp_path / "run" / "config.json"
    config = json.loads(path.read_text())
    config["settings"].update(learning_rate=0.5, loss="minimax")
    path.write_text(json.dumps(config))
    for dry_run in (True, False):
        with pytest.raises(
            GanprofileError, match="learning_rate was 0.0008 and is 0.5, loss was 'non_saturating'"
        ):
            gp.resume(tmp_path / "run", epochs=4, dry_run=dry_run, progress=False)
    assert json.loads(path.read_text()) == config


@pytest.mark.slow
def test_a_stopped_extension_resumes_as_its_message_says(tiny, tmp_path):
    run = gp.train(tiny, "cgan", epochs=1, output=tmp_path, progress=False)
    before = run.sample(2)

    class Stop(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise Interrupted(signal.SIGINT)

    with pytest.raises(Interrupted):
        gp.resume(run, epochs=4, progress=False, callbacks=[Stop()])
    run = gp.resume(run, progress=False)
    assert len(run.history["epoch"]) == 4
    assert not np.array_equal(run.sample(2), before), "the new generator draws"


@pytest.mark.slow
def test_what_a_kill_left_half_written_is_removed(tiny, tmp_path):
    run = gp.train(tiny, "cgan", epochs=1, output=tmp_path, progress=False)
    leftovers = [
        run.path / "checkpoint" / ".state.0123abcd.partial.npz",
        run.path / ".generator.0123abcd.partial.keras",
    ]
    for leftover in leftovers:
        leftover.write_bytes(b"half")
    gp.resume(run, epochs=2, progress=False)
    assert not any(leftover.exists() for leftover in leftovers)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        *([model] for model in PRESETS),
        [
            "cdcgan",
            "--condition",
            "label",
            "--condition",
            "writer",
            "--glyph-policy",
            "shift,cutout",
        ],
    ],
)
def test_a_run_killed_in_mid_epoch_resumes_bit_equal(tmp_path, options):
    """train 25 epochs == train, SIGKILL at a random moment, resume; all in fresh processes."""
    common = ["train", "--model", *options, "--subset", "100", "--epochs", "25", "--seed", "3"]
    whole = run_command(*common, "--output", tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr

    command = [sys.executable, "-m", "ganprofile", *common, "--output", str(tmp_path / "killed")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait_for(lambda: list((tmp_path / "killed").glob("*/checkpoint/state.npz")), process)
    time.sleep(random.uniform(0, 0.3))
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    (killed,) = (tmp_path / "killed").iterdir()
    done = int(open_arrays(killed / "checkpoint" / "state.npz")["epochs_done"])
    assert not (killed / "generator.keras").exists() and 1 <= done < 25

    resumed = run_command("train", "--resume", killed)
    assert resumed.returncode == 0, resumed.stderr
    assert not list(killed.rglob(".*")), "nothing half written is left"
    first, second = gp.Run.open(whole.stdout.strip()), gp.Run.open(killed)
    assert_equal_states(first, second)
    assert np.array_equal(first.sample(20), second.sample(20))
    grids = [sorted((run.path / "samples").glob("*.png")) for run in (first, second)]
    # Eight steps an epoch: every third ends with files, and the last one.
    assert [path.stem for path in grids[0]] == [f"epoch_{k:03d}" for k in (*range(3, 25, 3), 25)]
    for ours, theirs in zip(*grids, strict=True):
        assert ours.name == theirs.name and np.array_equal(read_png(ours), read_png(theirs))
    ours, theirs = first.history, second.history
    assert all(same(ours[name], theirs[name]) for name in ours if name not in TIMINGS)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_a_resumable_run_and_a_sentence(tmp_path, number, code):
    command = [sys.executable, "-m", "ganprofile", "train", "--epochs", "9999", "--subset", "50"]
    process = subprocess.Popen([*command, "--output", tmp_path], stderr=subprocess.PIPE, text=True)
    _wait_for(lambda: list(tmp_path.glob("*/checkpoint/state.npz")), process)
    process.send_signal(number)
    _, said = process.communicate(timeout=10)
    (run,) = tmp_path.iterdir()
    assert process.returncode == code
    assert f"ganprofile train --resume {run}" in said and "Traceback" not in said
    assert open_arrays(run / "checkpoint" / "state.npz")["epochs_done"] >= 5


@pytest.mark.slow
def test_a_short_real_training_draws_recognisable_digits(digits, tmp_path, capsys):
    """The preset's 100 epochs; the measured share is printed."""
    train, test = digits
    run = gp.train(train, "cgan", output=tmp_path, progress=False)
    judge = CnnClassifier(10).fit(train.images, train.labels)
    accuracy = (judge.predict(test.images) == test.labels).mean()
    labels = np.arange(2000) % 10
    images = run.sample(2000, seed=11)
    recognised = (judge.predict(images) == labels).mean()
    shares = [(judge.predict(images[labels == k]) == k).mean() for k in range(10)]
    said = f"recognised {recognised:.3f}, by class {np.round(shares, 2)}, judge {accuracy:.3f}"
    with capsys.disabled():
        print(f"\n{said}")
    assert accuracy > 0.95, said
    assert recognised >= 0.80, said
    spread = [images[labels == k].std(axis=0).mean() for k in range(10)]
    real_spread = [train.images[train.labels == k].std(axis=0).mean() for k in range(10)]
    assert np.mean(spread) > 0.5 * np.mean(real_spread), "the images of a class differ"


def _wait_for(condition, process, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, "the process ended early"
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.02)


def test_the_config_is_plain_json(short_run):
    config = json.loads((short_run.path / "config.json").read_text())
    assert config == short_run.config
    assert set(config["versions"]) == {"python", "keras", "tensorflow", "numpy"}
    assert os.fspath(short_run.path) not in json.dumps(config)
