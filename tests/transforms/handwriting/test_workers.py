"""The transform in a `DataLoader`: every worker another stream, every epoch anew, repeatable."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.slow
KINDS = ("alone", "fork2", "fork4", "kept2", "spawn2", "spawn4")


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    pytest.importorskip("torch")
    path = tmp_path_factory.mktemp("seen") / "seen.npz"
    script = Path(__file__).with_name("loading.py")
    subprocess.run([sys.executable, script, os.fspath(path)], check=True, timeout=300)
    with np.load(path) as arrays:
        return dict(arrays)


def differ(some, others):
    """Whether most of the images differ."""
    return (some != others).any(axis=(-1, -2)).mean() > 0.9


def test_without_workers_it_is_one_stream_that_pytorch_does_not_change(seen):
    np.testing.assert_array_equal(seen["alone"].ravel(), seen["directly"].ravel())
    np.testing.assert_array_equal(seen["alone"], seen["alone_again"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_epoch_draws_anew(seen, kind):
    assert differ(*seen[kind])


def test_workers_are_streams_of_their_own(seen):
    """Two workers have the first places of their streams for images that would be alike else."""
    first, second = seen["fork2"][0, 0:2], seen["fork2"][0, 2:4]
    assert differ(first, second)
    assert differ(seen["fork2"][0], seen["alone"][0])
    assert differ(seen["fork2"][0][4:], seen["fork4"][0][4:])


def test_pytorch_seeds_the_workers(seen):
    np.testing.assert_array_equal(seen["fork2"], seen["fork2_again"])
    assert differ(seen["fork2"], seen["fork2_other"])


def test_spawned_workers_draw_as_forked_ones_do(seen):
    np.testing.assert_array_equal(seen["spawn2"], seen["kept2"])
    np.testing.assert_array_equal(seen["spawn2"][0], seen["fork2"][0])
    np.testing.assert_array_equal(seen["spawn4"][0], seen["fork4"][0])
