"""What a training does not go on from, each with a sentence that says what differs or lacks."""

import dataclasses
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError
from ganprofile.gan.presets import build_gan
from ganprofile.gan.settings import Settings
from ganprofile.reporting import of_run
from ganprofile.runs.grids import grids_of
from ganprofile.storage.arrays import open_arrays
from ganprofile.storage.files import read_json, write_json
from ganprofile.training.devices.devices import choose_device
from ganprofile.training.fit import Session, Watching


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            lambda data: dataclasses.replace(data, images=255 - data.images),
            r": the fingerprint of their content was \w{12} and is \w{12}. Put those",
        ),
        (
            lambda data: data.select(np.arange(10, 200)),
            "the number of images was 200 and is 190; the fingerprint",
        ),
        (
            lambda data: dataclasses.replace(data, class_names=(*"012345678", "nine")),
            "missing classes: '9'; new classes: 'nine'. Put",
        ),
        (
            lambda data: dataclasses.replace(data, class_names=tuple("9876543210")),
            "the classes stand in another order. Put",
        ),
        (
            lambda data: dataclasses.replace(data, images=data.images[:, 2:], name="others"),
            "the name was digits and is others; the image shape was 28x28x1 and is 26x28x1",
        ),
    ],
)
def test_resume_refuses_changed_data_and_names_the_difference(short_run, tiny, changed, sentence):
    before = (short_run.path / "config.json").read_bytes()
    with pytest.raises(GanprofileError, match=f"was trained on other data.*{sentence}"):
        gp.resume(short_run, changed(tiny), progress=False)
    assert (short_run.path / "config.json").read_bytes() == before


def test_fewer_epochs_than_were_planned_are_said(run_of_three_epochs, capsys):
    run = run_of_three_epochs
    run.record(settings={**run.config["settings"], "epochs": 60})
    assert gp.resume(run, epochs=5, dry_run=True)["settings"]["epochs"] == 5
    said = f"{run.path} was to have 60 epochs: it ends with 5 epochs, as is asked for now.\n"
    assert capsys.readouterr().err.endswith(said)
    gp.resume(run, epochs=61, dry_run=True)
    assert "was to have" not in capsys.readouterr().err


def test_of_data_that_came_as_arrays_the_call_in_python_is_named(
    run_of_three_epochs, tiny, in_process
):
    run = run_of_three_epochs
    run.record(dataset={**run.config["dataset"], "recipe": None})
    changed = dataclasses.replace(tiny, images=255 - tiny.images)
    again = rf"gp\.reproduce\('{re.escape(str(run.path / 'config.json'))}', dataset\)"
    with pytest.raises(GanprofileError, match=f"Put those back, or train anew with: {again} in Py"):
        gp.resume(run, changed, epochs=5, progress=False)
    assert gp.reproduce(run.path / "config.json", changed, dry_run=True)["settings"]["epochs"] == 3
    for words, call in {
        ("train", "--resume", run.path): f"gp.resume({str(run.path)!r}, dataset)",
        ("train", "--config", run.path): f"gp.reproduce({str(run.path)!r}, dataset)",
        ("generate", run.path, "--per-class", "5", "--soft-labels"): "gp.generate(",
    }.items():
        code, _, err = in_process(*words)
        assert code == 1 and "was given as arrays, so it cannot be loaded again. Pass" in err
        assert f"the same Dataset from Python: {call}" in err
    (run.path / "generator.keras").unlink()
    with pytest.raises(GanprofileError, match=r"Finish it with: gp\.resume\('.*', dataset\) in Py"):
        run.require("generator.keras")


def test_two_processes_do_not_train_one_run(short_run, tiny, tmp_path):
    """The hold of a process that was killed is gone with it."""
    shutil.copytree(short_run.path, tmp_path / "run")
    code = (
        "import sys, time; from ganprofile.runs.run import Run\n"
        "with Run.open(sys.argv[1]).held(): print('held', flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "run")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*.csv")}
        with pytest.raises(GanprofileError, match="run is being trained by another process. Wait"):
            gp.resume(tmp_path / "run", tiny, epochs=4, progress=False)
        assert {path: path.read_bytes() for path in before} == before
        other.kill()
    assert len(gp.resume(tmp_path / "run", tiny, epochs=4, progress=False).history["epoch"]) == 4


@pytest.mark.slow
def test_resume_refuses_a_folder_of_pictures_that_was_changed(tiny, tmp_path):
    letters = tiny.save(tmp_path / "letters", "imagefolder")
    for file in filter(Path.is_file, letters.iterdir()):
        file.unlink()  # what makes it one of our sets: anybody's pictures have none
    train_set, _ = gp.load(letters)
    options = {"output": tmp_path / "runs", "epochs": 1, "progress": False}
    run = gp.train(train_set.subset(20), "cgan", **options)
    picture = next(letters.rglob("*.png"))
    content = picture.read_bytes()
    picture.unlink()
    with pytest.raises(GanprofileError, match="200 images of letters.*: A subset of 20 images"):
        gp.resume(run, epochs=2, progress=False)
    picture.write_bytes(content)
    assert len(gp.resume(run, epochs=2, progress=False).history["epoch"]) == 2


def test_resume_refuses_fewer_epochs_than_are_done(short_run):
    sentence = "has 3 epochs already. Received: `epochs=2`. Ask for `epochs=4` or more"
    with pytest.raises(gp.UsageError, match=sentence):
        gp.resume(short_run, epochs=2, progress=False)


def test_epochs_take_the_place_of_minutes(short_run, tiny, tmp_path):
    """In place of both, the minutes would end the training long before."""
    run = shutil.copytree(short_run.path, tmp_path / "run")
    config = read_json(run / "config.json")
    config["settings"] |= {"minutes": 0.5}
    write_json(run / "config.json", config)
    for epochs, minutes in ((None, 0.5), (99, None)):
        planned = gp.resume(run, tiny, epochs=epochs, dry_run=True)["settings"]
        assert planned["minutes"] == minutes and planned["epochs"] == (
            epochs or config["settings"]["epochs"]
        )


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


def test_a_stopped_run_names_what_is_missing_and_what_to_do(short_run, tmp_path):
    shutil.copytree(short_run.path, tmp_path / "stopped")
    (tmp_path / "stopped" / "generator.keras").unlink()
    stopped = gp.Run.open(tmp_path / "stopped")
    with pytest.raises(GanprofileError, match="generator.keras is missing. Finish it with"):
        stopped.sample(1)
    gp.resume(stopped, progress=False)
    assert np.array_equal(gp.Run.open(stopped.path).sample(3), short_run.sample(3))


def test_a_stopped_longer_training_gives_no_generator_of_the_shorter_one(
    run_of_three_epochs, tiny, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    run, before = run_of_three_epochs, run_of_three_epochs.sample(2)
    drawn = gp.generate(run, per_class=1, output="drawn", filter="none", progress=False)

    def stop(epoch, logs):
        raise KeyboardInterrupt

    told = keras.callbacks.LambdaCallback(on_epoch_end=stop)
    for epochs in (7, 8):
        with pytest.raises(KeyboardInterrupt):
            gp.resume(run.path, tiny, epochs=epochs, progress=False, callbacks=[told])
    run = gp.Run.open(run.path)
    said = f"is of a training of 3 epochs, and 8 were asked for since. Finish .*--resume {run.path}"
    for use in (
        lambda: run.sample(2),
        lambda: gp.generate(run, per_class=1, output="more", progress=False),
        lambda: gp.save_model(run, "half"),
        lambda: gp.push(run.path, "hf:user/half", dry_run=True),
        lambda: gp.compare([run, "digits-cgan"]),
    ):
        with pytest.raises(GanprofileError, match=said):
            use()
    checked = gp.verify(drawn.path)
    assert checked.ok and said.split(".")[0] in checked.not_checked[0]
    assert gp.list_runs(run.path)[0].state == "unfinished"
    verdicts = " ".join(verdict.text for verdict in of_run.page(run.path).verdicts)
    assert "Not finished: 5 epochs so far" in verdicts and "generator that is" not in verdicts
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        write = "ganprofile.gan.networks.serialization.write_network"
        patch.setattr(write, lambda *given, **told: stop(0, {}))  # with all epochs done
        gp.resume(run, tiny, epochs=5, progress=False)
    assert gp.list_runs(run.path)[0].state == "unfinished"
    run = gp.resume(run, tiny, progress=False)
    assert gp.list_runs(run.path)[0].state == "finished"
    assert gp.save_model(run, "whole").config == gp.Run.open(run.path).config
    assert run.sample(2).shape == before.shape and "earlier_generator" not in run.config


def test_folders_that_a_copy_has_lost_are_made_again(run_of_three_epochs, tiny):
    run = run_of_three_epochs
    for folder in ("samples", "figures"):
        shutil.rmtree(run.path / folder)
    run = gp.resume(run, tiny, epochs=4, progress=False)
    assert grids_of(run.path).keys() == {4} and (run.path / "figures" / "losses.png").is_file()
    shutil.rmtree(run.path / "samples")
    (run.path / "samples").touch()
    said = "samples cannot be written .File exists.. Put right what stands in the way. Go on with"
    with pytest.raises(GanprofileError, match=said):
        gp.resume(run, tiny, epochs=5, progress=False)


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


@pytest.mark.parametrize("damaged", ["state.npz", "interim.npz"])
def test_a_damaged_checkpoint_beside_a_whole_one_is_no_loss(
    run_of_three_epochs, tiny, capsys, damaged
):
    run = run_of_three_epochs
    folder = run.path / "checkpoint"
    shutil.copy(folder / "state.npz", folder / "interim.npz")
    content = (folder / damaged).read_bytes()
    (folder / damaged).write_bytes(content[:9000])
    assert gp.list_runs(run.path)[0].state == "finished"
    gp.plot(run, progress=False)
    other = "interim.npz" if damaged == "state.npz" else "state.npz"
    assert f"{damaged} is damaged or of another training. Taken is {other}, of epoch 3" in (
        capsys.readouterr().err
    )
    assert len((folder / damaged).read_bytes()) == 9000, "who only looks leaves things as they are"
    assert restored(run, tiny) == 3
    if damaged == "state.npz":
        run.drop_interim_checkpoint()  # as a training does that goes back
        assert (folder / "state.npz").read_bytes() == content
    assert len(gp.resume(run, epochs=4, progress=False).history["epoch"]) == 4


def restored(run, dataset):
    """How many epochs a training begins with."""
    settings = Settings(**run.config["settings"])
    gan = build_gan(dataset.image_shape, run.conditions, dataset.num_classes, settings)
    watching = Watching.of(False, None, False, False, ())
    return Session(run, dataset, settings, gan, choose_device(), watching).recorder.epochs_done
