"""Comparing what trainings left behind, to the bit."""

import numpy as np

import ganprofile as gp
from ganprofile.images import read_png

TIMINGS = ("seconds", "images_per_second")


def everything(run):
    """The newest complete state of a run without its timings."""
    arrays = run.load_checkpoint()
    return {name: v for name, v in arrays.items() if not name.endswith(TIMINGS)}


def same(first, second):
    """Equal to the bit; an epoch that was not judged has NaN in both."""
    return np.array_equal(first, second, equal_nan=first.dtype.kind == "f")


def assert_equal_states(first, second):
    """Weights, both optimisers, average, seeds, every step's losses, the best epoch so far."""
    first, second = everything(first), everything(second)
    assert list(first) == list(second)
    differing = [name for name in first if not same(first[name], second[name])]
    assert not differing


def assert_equal_runs(first, second):
    """States, histories, what happened, and what the best generators draw."""
    first, second = gp.Run.open(first), gp.Run.open(second)
    assert_equal_states(first, second)
    ours, theirs = first.history, second.history
    assert list(ours) == list(theirs)
    assert all(same(ours[name], theirs[name]) for name in ours if name not in TIMINGS)
    assert first.events == second.events
    assert first.config["criterion"] == second.config["criterion"]
    assert np.array_equal(first.sample(20), second.sample(20))


def assert_equal_grids(first, second):
    """The same pictures of the same epochs; their names."""
    grids = [sorted((path / "samples").glob("*.png")) for path in (first, second)]
    for ours, theirs in zip(*grids, strict=True):
        assert ours.name == theirs.name and np.array_equal(read_png(ours), read_png(theirs))
    return [path.stem for path in grids[0]]
