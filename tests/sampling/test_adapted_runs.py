"""A run with a new writer, whose generator no file holds."""

import copy
import dataclasses
import pickle
import types

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.runs.run import Run
from ganprofile.sampling.style_adaptation import StyleAdapter


def small_network(*conditions):
    """Of ten classes and two writers, or one of both."""
    counts = {"label": 10, "writer": 2}
    latents = keras.Input((4,), name="latents")
    told = {name: keras.Input((), name=name, dtype="int32") for name in conditions or counts}
    vectors = [keras.layers.Embedding(counts[name], 4)(one) for name, one in told.items()]
    pixels = keras.layers.Dense(784, "tanh")(keras.layers.Add()([latents, *vectors]))
    images = keras.layers.Reshape((28, 28, 1))(pixels)
    return keras.Model({"latents": latents, **told}, images)


@pytest.fixture
def adapted(run_of_three_epochs, monkeypatch):
    """A run, and its copy with one more writer, whose number is 2."""
    config = copy.deepcopy(run_of_three_epochs.config)
    config["conditions"]["writer"] = 2
    config["dataset"]["writers"] = [0, 1]
    run = Run(run_of_three_epochs.path, config)
    run.generator = small_network()
    adapter = StyleAdapter.__new__(StyleAdapter)
    adapter.run = run
    adapter._vectors = types.SimpleNamespace(predict=lambda _: np.full((1, 4), 3.0))
    monkeypatch.setattr(adapter, "style", lambda dataset: np.zeros(3), raising=False)
    new, number = adapter.with_writer(None)
    assert number == 2
    return run, new


def test_a_new_writer_stays_wherever_the_run_is_sent(adapted, tmp_path):
    run, new = adapted
    images = new.sample(4, writer=2)
    assert (images != run.sample(4, writer=1)).any()
    np.testing.assert_array_equal(new.sample(4, writer=1), run.sample(4, writer=1))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(new)).sample(4, writer=2), images)
    new.forget_generator()
    np.testing.assert_array_equal(new.sample(4, writer=2), images)
    assert new.has_generator
    assert len(gp.sample(new, tmp_path / "drawn", count=1, label="3", writer=2)) == 1


def test_files_of_the_run_are_not_taken_for_those_of_its_new_writer(adapted, tmp_path):
    run, new = adapted
    config = (run.path / "config.json").read_bytes()
    for ask in (
        lambda: gp.save_model(new, "adapted", output=tmp_path / "models"),
        lambda: gp.generate(new, per_class=1, score=False, progress=False),
        lambda: new.fingerprint,
        lambda: new.record(remark="mine"),
        lambda: gp.resume(new, epochs=4, progress=False),
        lambda: gp.reproduce(new, progress=False),
        lambda: StyleAdapter(new),
    ):
        with pytest.raises(UsageError, match="with a new writer is in memory only: it has no"):
            ask()
    assert (run.path / "config.json").read_bytes() == config
    assert not (tmp_path / "models").exists()
    assert len(new.history["epoch"]) == 3


@pytest.fixture
def of_arrays(run_of_three_epochs, tiny, monkeypatch):
    """A run that was told the writer alone, and what it was trained on: arrays."""
    config = copy.deepcopy(run_of_three_epochs.config)
    config["conditions"] = {"writer": 2}
    config["dataset"] |= {"writers": [0, 1], "recipe": None}
    run = Run(run_of_three_epochs.path, config)
    run.generator = small_network("writer")
    data = dataclasses.replace(tiny, writers=np.arange(len(tiny)) % 2)
    monkeypatch.setattr("ganprofile.runs.run.compared_data", lambda recorded, given: (given, ""))
    return run, data


def test_a_style_of_arrays_names_what_takes_them(of_arrays, tmp_path):
    run, data = of_arrays
    with pytest.raises(GanprofileError, match=r"on arrays.*StyleAdapter\(run, dataset\)\.w"):
        gp.sample(run, tmp_path / "drawn", style=data)
    with pytest.raises(UsageError, match="does not know writer 'Anna'. Writers: 0 1"):
        gp.sample(run, tmp_path / "drawn", writer="Anna")
    assert not (tmp_path / "drawn").exists()


def test_a_model_that_was_told_the_writer_alone_draws_in_a_style(of_arrays, tiny):
    run, data = of_arrays
    adapter = StyleAdapter(run, data)
    new, number = adapter.with_writer(tiny.subset(1))
    assert number == 2 and new.sample(3, writer=2).shape == (3, 28, 28, 1)
    letters = dataclasses.replace(tiny.subset(1), class_names=tuple("abcdefghij"))
    with pytest.raises(UsageError, match="does not know class 'a'. Classes: 0 1"):
        adapter.with_writer(letters)
