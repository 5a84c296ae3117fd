"""What a tracker is told of a training, by a store of the tests' own, and by MLflow's and W&B's."""

import dataclasses
import json
from types import SimpleNamespace

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.images import save_png
from ganprofile.training import tracking
from ganprofile.training.callbacks import Recorder
from ganprofile.training.fit import Watching
from ganprofile.training.tracking import (
    FAILED,
    FINISHED,
    STOPPED,
    TRACKERS,
    plain,
    track_result,
    tracked,
)
from ganprofile.training.tracking.tracked import FILE, Tracked
from tests.training.callbacks.test_tensorboard import train_epoch


class Store:
    """A store that remembers; not one of any library."""

    NAME = "memory"

    def __init__(self, fails_at=None):
        self.calls = []
        self.fails_at = fails_at

    def __getattr__(self, name):
        def call(*arguments):
            if name == self.fails_at:
                raise ConnectionError("no route to the server\nmany lines")
            self.calls.append((name, *arguments))
            return "the-id"

        return call

    def steps(self):
        return [step for name, *rows in self.calls if name == "log" for step, _ in rows[0]]

    def names(self):
        return [call[0] for call in self.calls]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A new run; every epoch is told at once."""
    monkeypatch.setattr(tracked, "SECONDS_BETWEEN", -1.0)
    run = gp.Run.create(tmp_path, gp.reproduce("digits-cgan", dry_run=True))
    save_png(run.path / "grid.png", np.zeros((4, 4, 1), np.uint8))
    return run


def recorded(run, epochs):
    recorder = Recorder(run.path, 8)
    recorder.on_train_begin()
    for epoch in range(epochs):
        train_epoch(recorder, run.path, epoch)
    return recorder


def train(run, recorder, callback, until):
    callback.on_train_begin()
    for epoch in range(recorder.epochs_done, until):
        train_epoch(recorder, run.path, epoch)
        callback.on_epoch_end(epoch)


def test_the_config_every_epoch_and_the_pictures_are_told(run):
    store, recorder = Store(), recorded(run, 0)
    callback = Tracked(store, run, recorder)
    train(run, recorder, callback, 3)
    recorder.amend({"kernel_distance": 0.5})
    callback.finish()
    callback.close(FINISHED)
    name, params, known = store.calls[0][1:]
    assert (name, known) == (run.path.name, None)
    assert params["settings.batch_size"] == 128 and params["run_folder"] == str(run.path)
    assert "dataset.class_names" not in params and params["dataset.classes"] == 10
    assert store.steps() == [1, 2, 3, 3]  # the newest has been judged since
    rows = [row for call in store.calls if call[0] == "log" for row in call[1]]
    assert rows[-1][1]["kernel_distance"] == 0.5 and "kernel_distance" not in rows[-2][1]
    assert rows[1][1]["generator_loss"] == recorder.row(1)["generator_loss"]
    assert ("add", run.path / "grid.png") in store.calls and store.calls[-1] == ("end", FINISHED)


def test_a_resumed_training_goes_on_in_the_same_tracked_run(run):
    recorder = recorded(run, 0)
    first = Tracked(Store(), run, recorder)
    train(run, recorder, first, 3)
    first.close(STOPPED)
    assert json.loads((run.path / FILE).read_text())["memory"] == {"id": "the-id", "epochs": 3}
    store = Store()
    recorder = recorded(run, 2)  # the newest checkpoint is older than what was told
    second = Tracked(store, run, recorder)
    train(run, recorder, second, 4)
    assert store.calls[0][3] == "the-id" and store.steps() == [3, 4]


@pytest.mark.parametrize("known", [{"memory": 3}, {"memory": {"epochs": "3"}}])
def test_a_damaged_note_of_what_was_told_is_named(run, known):
    (run.path / FILE).write_text(json.dumps(known))
    with pytest.raises(gp.GanprofileError, match="trackers.json is damaged. Remove it, and a new"):
        Tracked(Store(), run, recorded(run, 1))


def test_epochs_that_were_undone_are_told_again(run):
    store, recorder = Store(), recorded(run, 0)
    callback = Tracked(store, run, recorder)
    train(run, recorder, callback, 3)
    back = recorded(run, 1)
    recorder.restore(back.state())
    train(run, recorder, callback, 3)
    assert store.steps() == [1, 2, 3, 2, 3]


@pytest.mark.parametrize("method", ["begin", "log", "add", "end"])
def test_a_tracker_that_fails_is_said_once_and_loses_nothing(method, run, capsys):
    store, recorder = Store(fails_at=method), recorded(run, 0)
    callback = Tracked(store, run, recorder)
    train(run, recorder, callback, 2)
    callback.finish()
    callback.close(FINISHED)
    sentence = "memory failed (ConnectionError: no route to the server). It goes on without memory."
    assert capsys.readouterr().err.splitlines() == [sentence]
    assert recorder.epochs_done == 2


def test_short_epochs_are_told_together(run, monkeypatch):
    monkeypatch.setattr(tracked, "SECONDS_BETWEEN", 1000.0)
    store, recorder = Store(), recorded(run, 0)
    callback = Tracked(store, run, recorder)
    train(run, recorder, callback, 5)
    assert store.steps() == []
    callback.close(STOPPED)
    assert store.steps() == [1, 2, 3, 4, 5] and store.names().count("log") == 2


@dataclasses.dataclass(frozen=True)
class Listed:
    """In place of a tracker's module."""

    name: str
    track: None = None


def test_a_text_lists_trackers_wherever_it_is_given(monkeypatch):
    monkeypatch.setattr(tracking, "importlib", SimpleNamespace(import_module=Listed))
    for tensorboard, listed in ((True, "mlflow, wandb"), (False, "tensorboard,mlflow,wandb")):
        watching = Watching.of(False, listed, tensorboard, True, ())
        assert watching.trackers == tuple(map(Listed, TRACKERS.values()))


def test_unknown_ones_and_what_they_cannot_do_are_refused(digits):
    with pytest.raises(gp.UsageError, match="No tracker 'mlfow'. Known: tensorboard, mlflow, wan"):
        gp.train(digits[0], track="mlfow")
    with pytest.raises(gp.UsageError, match="tensorboard tracks trainings only. Leave out `track"):
        gp.benchmark("digits", track="tensorboard", dry_run=True)
    with pytest.raises(gp.UsageError, match="made of keras.callbacks.Callback. Received: Store."):
        gp.train(digits[0].subset(3), callbacks=[Store()])


@pytest.mark.parametrize("name", TRACKERS)
def test_a_missing_package_is_said_before_anything_is_made(name, digits, tmp_path, monkeypatch):
    import sys

    package = {"tensorboard": "tensorboard.compat.proto.event_pb2"}.get(name, name)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, TRACKERS[name], raising=False)
    with pytest.raises(gp.UsageError, match=rf"pip install 'ganprofile\[{name}\]'"):
        gp.train(digits[0].subset(3), track=name, output=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("name", TRACKERS)
def test_a_package_that_fails_is_said(name, digits, tmp_path, monkeypatch):
    """As an older one does beside newer libraries, in ways of its own."""
    import sys

    package = {"tensorboard": "tensorboard.compat.proto.event_pb2"}.get(name, name)

    class Broken:
        def find_spec(self, wanted, path=None, target=None):
            if wanted == package:
                raise AttributeError("np.float_ was removed")

    for loaded in [one for one in sys.modules if one == package or one.startswith(f"{package}.")]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.delitem(sys.modules, TRACKERS[name], raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(gp.UsageError, match=r"fails \(AttributeError: np.float_.*install -U"):
        gp.train(digits[0].subset(3), track=name, output=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


@pytest.fixture
def mlflow_files(tmp_path, monkeypatch):
    """MLflow on files of its own in `tmp_path`, which it still writes where that is allowed."""
    mlflow = pytest.importorskip("mlflow", reason="MLflow is not installed")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "mlruns").as_uri())
    return mlflow.MlflowClient()


def test_mlflow_keeps_it_on_a_local_file_store(run, mlflow_files, capsys):
    from ganprofile.training.tracking import mlflow_store

    recorder = recorded(run, 0)
    callback = mlflow_store.track(run, recorder, offline=True)
    train(run, recorder, callback, 2)
    callback.close(STOPPED)
    (experiment,) = mlflow_files.search_experiments(filter_string="name = 'ganprofile'")
    (found,) = mlflow_files.search_runs([experiment.experiment_id])
    assert found.info.status == "KILLED" and found.info.run_name == run.path.name
    again = mlflow_store.track(run, recorder, offline=True)
    train(run, recorder, again, 4)
    again.finish()
    again.close(FINISHED)
    (found,) = mlflow_files.search_runs([experiment.experiment_id])
    assert found.info.status == "FINISHED" and found.data.tags["run_folder"] == str(run.path)
    assert found.data.params["settings.learning_rate"] == "0.0008"
    history = mlflow_files.get_metric_history(found.info.run_id, "generator_loss")
    assert [(one.step, one.value) for one in history[:4]] == [
        (epoch + 1, pytest.approx(recorder.row(epoch)["generator_loss"])) for epoch in range(4)
    ]
    artifacts = [file.path for file in mlflow_files.list_artifacts(found.info.run_id)]
    assert artifacts == ["grid.png"]
    assert "failed" not in capsys.readouterr().err


def test_mlflow_keeps_a_benchmark_with_names_that_it_takes(mlflow_files, tmp_path):
    from ganprofile.training.tracking import mlflow_store

    (tmp_path / "benchmark.csv").write_text("arm\n")
    numbers = {"accuracy/10/classic+gan:5": 0.75}
    settings = {"arms": {"none": {}}, "seed": 3}
    track_result([mlflow_store], "benchmark", settings, numbers, [tmp_path / "benchmark.csv"])
    (found,) = mlflow_files.search_runs(
        [e.experiment_id for e in mlflow_files.search_experiments()]
    )
    assert found.data.metrics == {"accuracy/10/classic-gan-5": 0.75}
    assert found.data.params["seed"] == "3" and found.info.status == "FINISHED"


def test_mlflow_keeps_a_benchmark_whose_arms_are_paths(mlflow_files, tmp_path, capsys):
    train, test = (part.subset(2) for part in gp.load("digits"))
    folders = ["./mine", "mine/", str(tmp_path / "mine/sub"), "here/../mine"]
    arms = dict.fromkeys(["none", "a+b", "a-b", "x" * 300, *folders], _plain_arm)
    short = {"per_class": 2, "repeats": 2, "steps": 1, "classifier": "mlp", "progress": False}
    made = gp.benchmark(train, test=test, arms=arms, track="mlflow", **short)
    (found,) = mlflow_files.search_runs(
        [e.experiment_id for e in mlflow_files.search_experiments()]
    )
    assert "failed" not in capsys.readouterr().err and found.info.status == "FINISHED"
    assert len(found.data.metrics) == len(made.numbers()) == 8 + 7
    assert {"accuracy/2/a-b", "accuracy/2/a-b-2", "accuracy/2/.-mine"} <= set(found.data.metrics)


def _plain_arm(subset, seed, folder):
    return TrainingSet(subset.images, subset.labels)


def test_names_for_trackers_lead_nowhere():
    names = ["a/../b", "./b", "/b", "b//c", "b", "é 1", "e+1", "e-1"]
    assert list(plain(names).values()) == [
        *("a/--/b", "-/b", "-/b-2", "b/-/c", "b", "é-1", "e-1", "e-1-2")
    ]


def test_a_tracked_run_that_failed_halfway_is_ended(capsys):
    store = Store(fails_at="log")
    track_result([SimpleNamespace(store=lambda offline: store)], "it", {}, {"a": 1.0})
    assert store.names() == ["begin", "end"] and store.calls[-1] == ("end", FAILED)
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.slow
def test_wandb_writes_it_down_in_its_offline_mode(run, tmp_path, monkeypatch, capsys):
    pytest.importorskip("wandb", reason="Weights & Biases is not installed")
    from ganprofile.training.tracking import wandb_store

    monkeypatch.setenv("WANDB_DIR", str(tmp_path))
    monkeypatch.setenv("WANDB_MODE", "offline")
    recorder = recorded(run, 0)
    for until in (2, 3):
        callback = wandb_store.track(run, recorder, offline=True)
        train(run, recorder, callback, until)
        callback.finish()
        callback.close(FINISHED)
    known = json.loads((run.path / FILE).read_text())["wandb"]
    written = sorted((tmp_path / "wandb").glob(f"offline-run-*-{known['id']}/*.wandb"))
    assert len(written) == 2 and known["epochs"] == 3
    assert b"generator_loss" in written[0].read_bytes()
    assert "failed" not in capsys.readouterr().err
