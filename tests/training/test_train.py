import dataclasses
import itertools
import json
import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError
from ganprofile.gan.presets import UNLIMITED_EPOCHS
from ganprofile.gan.settings import Settings
from ganprofile.images import enlarge, read_png
from ganprofile.storage.arrays import open_arrays
from ganprofile.training.config import changed_config
from ganprofile.training.fit import Session
from tests.planted import NearestNeighbour
from tests.training.states import assert_equal_states, everything, same


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


@pytest.mark.slow
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
    whole = read_png(short_unlabelled_run.path / "grid.png")
    assert np.array_equal(enlarge(last, 6), whole) and len(whole) >= 600, "a room sees it"
    assert last.shape == (4 * 28 + 3 * 2, 4 * 28 + 3 * 2, 1), "16 images"


@pytest.mark.slow
def test_a_run_repeats_from_its_config(short_run, tmp_path):
    again = gp.reproduce(short_run.path / "config.json", output=tmp_path, progress=False)
    assert again.path != short_run.path
    assert_equal_states(short_run, again)
    assert np.array_equal(again.sample(5), short_run.sample(5))


@pytest.mark.slow
def test_a_repeated_run_may_differ_where_told(short_run, tmp_path):
    again = gp.reproduce(short_run, output=tmp_path, epochs=1, seed=9, progress=False)
    assert len(again.history["epoch"]) == 1
    assert again.config["settings"]["seed"] == 9


def test_another_model_is_no_repetition(short_run):
    with pytest.raises(gp.UsageError, match=r"use train\. Received: `model='gan'`"):
        gp.reproduce(short_run, model="gan", dry_run=True)


def test_a_run_repeats_on_other_data_however_they_are_given(digits, tmp_path):
    test_set = digits[1]
    path = test_set.save(tmp_path / "held-out")
    for given in (test_set, path, (test_set.images, test_set.labels)):
        config = gp.reproduce("digits-cgan", given, dry_run=True)
        assert config["dataset"]["images"] == len(test_set)
    assert gp.reproduce("digits-cgan", "digits", dry_run=True)["dataset"]["images"] == 5000


def test_a_run_repeated_on_data_that_were_changed_says_so(tiny, tmp_path, capsys):
    letters = tiny.of_classes("01").save(tmp_path / "letters", "imagefolder")
    for file in filter(Path.is_file, letters.iterdir()):
        file.unlink()  # what makes it one of our sets
    config = gp.train(letters, "cgan", dry_run=True)
    run = gp.Run.create(tmp_path, config)
    gp.reproduce(run, dry_run=True)
    assert "other data" not in capsys.readouterr().err
    next(letters.rglob("0*/*.png")).parent.rename(letters / "c")
    again = gp.reproduce(run.path / "config.json", dry_run=True)
    said = capsys.readouterr().err
    assert f"{run.path / 'config.json'} was trained on other data: the fingerprint" in said
    assert "missing classes: '0'; new classes: 'c'. Those of now are trained on" in said
    assert again["dataset"]["fingerprint"] != config["dataset"]["fingerprint"]
    gp.reproduce(run, tiny, dry_run=True)  # others that were asked for
    assert "other data" not in capsys.readouterr().err


def test_what_is_known_of_the_first_data_is_not_said_of_others(digits, tiny, tmp_path):
    """Where they come from, and which test images are among them."""
    known = {"origin": ["digits"], "overlap_with_test_allowed": {"images": 5}}
    some = dataclasses.replace(digits[0].subset(5), provenance=known)
    run = gp.Run.create(tmp_path, gp.train(some, "cgan", dry_run=True))
    again = gp.reproduce(run, dataclasses.replace(some, provenance={}), dry_run=True)
    assert again["dataset"]["provenance"] == known
    others = gp.reproduce(run, dataclasses.replace(tiny, provenance={}), dry_run=True)
    assert not others["dataset"].get("provenance")


def test_folders_are_numbered(short_run, tiny, tmp_path):
    assert short_run.path.name.endswith("-cgan-digits-001")
    config = gp.train(tiny, "cgan", dry_run=True)
    runs = [gp.Run.create(tmp_path, config) for _ in range(2)]
    assert [run.path.name[-15:] for run in runs] == ["cgan-digits-001", "cgan-digits-002"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("сканы", "сканы"), ("বাংলা ১", "বাংলা-১"), ("a_b.c/d", "a-b-c-d"), ("字" * 99, "字" * 55)],
)
def test_a_run_is_called_as_its_data_in_any_script(tiny, tmp_path, name, shown):
    config = gp.train(tiny, "cgan", dry_run=True)
    run = gp.Run.create(tmp_path, {**config, "dataset": {**config["dataset"], "name": name}})
    assert run.path.name.endswith(f"-cgan-{shown}-001")


def test_a_batch_of_more_images_than_there_are_is_said(tiny, tmp_path, capsys):
    gp.train(tiny, "cgan", output=tmp_path, dry_run=True, batch_size=len(tiny) + 1)
    assert f"is more than the {len(tiny)} that there are" in capsys.readouterr().err
    gp.train(tiny, "cgan", output=tmp_path, dry_run=True, batch_size=len(tiny))
    assert "that there are" not in capsys.readouterr().err


def test_a_dry_run_writes_nothing(tiny, tmp_path):
    config = gp.train(tiny, "cgan", output=tmp_path / "runs", dry_run=True, progress=False)
    assert config["dataset"]["fingerprint"] == tiny.fingerprint
    assert not (tmp_path / "runs").exists()


def test_how_long_is_said_once(tiny, short_run, tmp_path):
    with pytest.raises(gp.UsageError, match=r"Say once how long: .*`epochs=3` and `minutes=2`"):
        gp.train(tiny, "cgan", epochs=3, minutes=2, output=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()
    with pytest.raises(gp.UsageError, match="Say once how long"):
        gp.reproduce(short_run, tiny, epochs=3, minutes=2, output=tmp_path)
    by_minutes = shutil.copytree(short_run.path, tmp_path / "by_minutes")
    config = json.loads((by_minutes / "config.json").read_text())
    config["settings"] |= {"epochs": UNLIMITED_EPOCHS, "minutes": 5.0}
    (by_minutes / "config.json").write_text(json.dumps(config))
    for changes, expected in (
        ({}, (UNLIMITED_EPOCHS, 5.0)),
        ({"epochs": 3}, (3, None)),
        ({"minutes": 2.0}, (UNLIMITED_EPOCHS, 2.0)),
    ):
        settings = changed_config(by_minutes, **changes)["settings"]
        assert (settings["epochs"], settings["minutes"]) == expected


@pytest.mark.slow
def test_minutes_end_a_training_and_are_kept_as_epochs(tiny, tmp_path, monkeypatch):
    ticks = itertools.count()
    clock = types.SimpleNamespace(perf_counter=lambda: next(ticks) / 2)
    monkeypatch.setattr("ganprofile.training.callbacks.recorder.time", clock)
    run = gp.train(tiny, "cgan", minutes=0.1, output=tmp_path, progress=False)
    history = run.history
    assert len(history["epoch"]) > 1
    assert history["seconds"].sum() <= 6
    config = gp.Run.open(run.path).config
    settings, done = config["settings"], len(history["epoch"])
    assert (settings["epochs"], settings["minutes"]) == (done, None)
    assert config["time_limit"] == {"minutes": 0.1, "epochs": done}


def test_the_minutes_that_were_asked_for_are_kept_beside_the_epochs():
    def length(**settings):
        done = types.SimpleNamespace(epochs_done=57)
        return Session._length(types.SimpleNamespace(settings=Settings(**settings), recorder=done))

    kept = length(epochs=UNLIMITED_EPOCHS, minutes=2)
    assert kept["time_limit"] == {"minutes": 2.0, "epochs": 57}
    assert (kept["settings"]["epochs"], kept["settings"]["minutes"]) == (57, None)
    assert "time_limit" not in length(epochs=57), "what a resumed run says of itself stays"


@pytest.mark.slow
def test_more_layers_above_ten_classes(short_run, tmp_path):
    characters, _ = gp.load("characters")
    many = gp.train(characters.subset(2), "cgan", epochs=1, output=tmp_path, progress=False)
    for run, layers in ((short_run, 3), (many, 4)):
        dense = [k for k in run.generator.layers if isinstance(k, keras.layers.Dense)]
        assert len(dense) == layers


@pytest.mark.slow
def test_an_unlabelled_dataset_trains_the_unlabelled_preset_only(tiny, tmp_path):
    unlabelled = gp.Dataset(tiny.images, name="scraps")
    with pytest.raises(gp.UsageError, match='scraps has no labels.*Use `model="dcgan"`'):
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
        ({"model": "dcgan2"}, "No model 'dcgan2'. Known: auto, gan, cgan, dcgan, cdcgan, quick"),
        ({"loss": "wgan"}, "No loss 'wgan'. Known: non_saturating, minimax, hinge"),
        ({"device": "tpu"}, "No device 'tpu'. Known: auto, cpu, gpu"),
        ({"epochs": 0}, "`epochs` should be a whole number, 1 or more. Received: 0"),
        ({"epochs": "3"}, "`epochs` should be a whole number, 1 or more. Received: '3'"),
        ({"epochs": 1.5}, "`epochs` should be a whole number, 1 or more. Received: 1.5"),
        ({"minutes": float("inf")}, "`minutes` should be above 0 and finite. Received: inf"),
        ({"learning_rate": "fast"}, "`learning_rate` should be a number. Received: 'fast'"),
        ({"learning_rate": -1}, "`learning_rate` should be above 0"),
        ({"minutes": 0}, "`minutes` should be above 0"),
        ({"seed": -1}, "`seed` should be in 0..2147483647. Received: -1"),
        ({"seed": 1.5}, "`seed` should be a whole number in 0..2147483647. Received: 1.5"),
        ({"seed": None}, "`seed` should be a whole number in 0..2147483647. Received: None"),
        ({"seed": 10**22}, "`seed` should be in 0"),
        ({"beta_1": 3}, "`beta_1` should be in 0..1, 1 excluded"),
        ({"conditions": ("hand",)}, "No condition 'hand'. Known: label, writer"),
        ({"conditioning": "gate"}, "No conditioning 'gate'. Known: embedding, projection"),
        ({"augmentation_policy": ("flip",)}, "No transform 'flip'. Known: shift"),
        ({"augmentation_policy": "flip"}, "No transform 'flip'"),
        (
            {"augmentation_probability": 2},
            "`augmentation_probability` should be in 0..1. Received: 2",
        ),
        ({"epoch": 3}, "No setting 'epoch'. Known: .*epochs"),
        ({"callbacks": print}, "callbacks should be made of keras.*Received: builtin_function"),
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
    with pytest.raises(GanprofileError, match='No GPU is to be seen here.*`device="cpu"`'):
        gp.train(tiny, "cgan", output=tmp_path, device="gpu", progress=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_diverging_training_stops_with_a_sentence_and_keeps_the_epoch_before(run_of_three_epochs):
    run = run_of_three_epochs
    before = everything(run)

    class Poison(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            kernel = self.model.generator.trainable_variables[-2]
            kernel.assign(np.full(kernel.shape, np.nan))

    with pytest.raises(GanprofileError, match="became nan in epoch 4.*learned in 3 epochs"):
        gp.resume(run, epochs=4, progress=False, callbacks=[Poison()])
    after = everything(run)
    assert all(same(before[name], after[name]) for name in before)


@pytest.mark.slow
def test_a_short_real_training_draws_recognisable_digits(digits, tmp_path, capsys, monkeypatch):
    """60 of the preset's 100 epochs, told by the nearest real image; the share is printed."""
    monkeypatch.setattr("ganprofile.training.callbacks.cadence.STEPS_BETWEEN_FILES", 10_000)
    train, test = digits
    run = gp.train(train, "cgan", epochs=60, seed=0, output=tmp_path, progress=False)
    selector = NearestNeighbour(10).fit(train.images, train.labels)
    accuracy = (selector.predict_proba(test.images).argmax(1) == test.labels).mean()
    labels = np.arange(2000) % 10
    images = run.sample(2000, seed=11)
    read = selector.predict_proba(images).argmax(1)
    shares = [(read[labels == k] == k).mean() for k in range(10)]
    recognised = np.mean(shares)
    said = f"recognised {recognised:.3f}, by class {np.round(shares, 2)}, judge {accuracy:.3f}"
    with capsys.disabled():
        print(f"\n{said}")
    assert accuracy > 0.9, said
    assert recognised >= 0.75, said
    spread = [images[labels == k].std(axis=0).mean() for k in range(10)]
    real_spread = [train.images[train.labels == k].std(axis=0).mean() for k in range(10)]
    varied = np.mean(spread) / np.mean(real_spread)
    assert varied > 0.5, f"the images of a class differ by {varied:.2f} of the real ones' share"


def test_the_config_is_plain_json(short_run):
    config = json.loads((short_run.path / "config.json").read_text())
    assert config == short_run.config
    assert set(config["versions"]) == {"python", "keras", "tensorflow", "numpy"}
    assert os.fspath(short_run.path) not in json.dumps(config)


def test_an_epoch_that_a_callback_cuts_short_is_refused(tiny, tmp_path):
    """It would count as a whole one, and could not be gone on with."""
    told = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: setattr(told.model, "stop_training", True)
    )
    with pytest.raises(gp.UsageError, match=r"after 1 of \d+ steps of epoch 1, which is not kept"):
        gp.train(tiny, "gan", epochs=2, batch_size=8, callbacks=[told], output=tmp_path)
