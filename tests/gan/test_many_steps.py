"""Several steps in one compiled call are these steps one by one."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.gan import pipeline
from tests.training.states import assert_equal_runs

PROGRAM = Path(__file__).with_name("many_steps.py")


@pytest.fixture(scope="module")
def trained(tmp_path_factory, compiled_quickly):
    """The folder of what `many_steps.py` trained."""
    pytest.importorskip("jax", reason="JAX is not installed")
    folder = tmp_path_factory.mktemp("many_steps")
    command = [sys.executable, os.fspath(PROGRAM), os.fspath(folder)]
    environment = {**os.environ, "KERAS_BACKEND": "jax", **compiled_quickly}
    subprocess.run(command, env=environment, check=True, timeout=600)
    return folder


def run_in(folder):
    (path,) = folder.iterdir()
    return gp.Run.open(path)


@pytest.mark.slow
@pytest.mark.parametrize(("model", "steps"), [("gan", 7), ("quick", 3)])
def test_they_give_what_single_steps_give(trained, model, steps):
    """Networks, average, optimizers, seeds, each step's losses; with and without a condition."""
    ours, theirs = (dict(np.load(trained / f"{model}-{n}" / "state.npz")) for n in (1, 3))
    assert ours.keys() == theirs.keys() and len(ours) > 30
    assert ours["generator_loss"].shape == (2, steps)
    for name, array in ours.items():
        np.testing.assert_allclose(array, theirs[name], rtol=0, atol=1e-6, err_msg=name)


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_bit_equal(trained):
    assert run_in(trained / "whole").history["epoch"].tolist() == [1, 2, 3]
    assert_equal_runs(run_in(trained / "whole"), run_in(trained / "parts"))


@pytest.mark.slow
def test_after_a_nan_nothing_is_left_of_the_call(trained):
    """The three epochs that follow are whole, and the event names the epoch."""
    run = run_in(trained / "rescued")
    assert run.history["epoch"].tolist() == [1, 2, 3]
    assert np.isfinite(run.history["generator_loss"]).all()
    assert "became nan in epoch 2." in run.events[1]


@pytest.mark.parametrize(
    ("steps", "most", "sizes"),
    [
        (1, 50, [1]),
        (50, 50, [50]),
        (90, 50, [45, 45]),
        (7, 3, [3, 3, 1]),
        (107, 50, [50, 50, 7]),
        (3, 1, [1, 1, 1]),
    ],
)
def test_an_epoch_is_divided_into_calls(steps, most, sizes):
    assert pipeline.divided(steps, most) == sizes


def test_calls_show_the_images_of_the_stream(monkeypatch):
    """What does not fit on the device is given call by call; the order stays the same."""
    monkeypatch.setattr(pipeline, "MOST_BYTES_ON_DEVICE", 0)
    labels = np.arange(9)
    orders = [np.array([3, 1]), np.array([8, 3]), np.array([0, 5])]
    shown = []
    for (call,) in pipeline.calls({"label": labels}, iter(orders), [2, 1]):
        shown += call["columns"]["label"][call["rows"]].tolist()
        if len(shown) == len(orders):
            break
    assert shown == [order.tolist() for order in orders]


def test_every_step_is_met_with_its_measures():
    """Also by a second `fit`, which begins with its own first step."""
    pytest.importorskip("jax", reason="JAX is not installed")
    from ganprofile.backend._jax import StepByStep

    def steps(state, call):
        losses = call["rows"][:, 0] * 1.0
        return {"loss": losses}, state + len(losses)

    calls = [({"rows": np.arange(first, first + 3)[:, None]},) for first in (0, 3)]
    function, state, met = StepByStep(None, steps), 0, []
    for iterator in (iter(calls), iter(calls)):
        for _ in range(4):
            measures, state = function(state, iterator)
            met.append((measures["loss"], state))
    assert met[:4] == [(0, 3), (1, 3), (2, 3), (3, 6)]
    assert met[4:] == [(0, 9), (1, 9), (2, 9), (3, 12)]
