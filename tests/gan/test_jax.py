"""The second backend: the same mathematics, and no TensorFlow on its way."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.gan.presets import PRESETS
from tests.conftest import run_command
from tests.training.states import assert_equal_runs

pytestmark = pytest.mark.slow

pytest.importorskip("jax", reason="JAX is not installed")

PROGRAM = Path(__file__).with_name("one_step.py")
ENVIRONMENT = {**os.environ, "KERAS_BACKEND": "jax"}
WITHOUT_TENSORFLOW = """
import sys
sys.modules["tensorflow"] = sys.modules["tensorflow_datasets"] = None  # importing them fails
from ganprofile.cli import main
main()
"""


@pytest.fixture
def on_jax(tmp_path):
    """A `ganprofile` command on JAX, in a process that has no TensorFlow.

    What XLA compiles is kept from one command of a test to the next.
    """
    kept = {
        "JAX_COMPILATION_CACHE_DIR": os.fspath(tmp_path / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }

    def run(*arguments, **options):
        environment = {**ENVIRONMENT, **kept, **options}
        done = run_command(*arguments, code=WITHOUT_TENSORFLOW, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """What `one_step.py` saved on each backend."""
    folder = tmp_path_factory.mktemp("steps")
    results = []
    for name in ("tensorflow", "jax"):
        path = folder / f"{name}.npz"
        command = [sys.executable, os.fspath(PROGRAM), os.fspath(path)]
        subprocess.run(command, env={**os.environ, "KERAS_BACKEND": name}, check=True, timeout=600)
        results.append(dict(np.load(path)))
    return results


@pytest.mark.parametrize("model", PRESETS)
def test_a_step_is_the_same_on_both_backends(steps, model):
    """From equal weights and latents, with r1 and without dropout, for k of 1 and of 2."""
    ours, theirs = ({k: v for k, v in one.items() if k.startswith(f"{model}/")} for one in steps)
    assert ours.keys() == theirs.keys() and len(ours) > 30
    for name, array in ours.items():
        np.testing.assert_allclose(array, theirs[name], rtol=0, atol=1e-5, err_msg=name)


def test_the_way_of_the_data_on_jax(on_jax, tmp_path, in_process):
    """Train, sample, augment, all without TensorFlow; a run that was stopped goes on bit-equal."""
    common = ("train", "--model", "cdcgan", "--subset", "20", "--seed", "5")
    whole = on_jax(*common, "--epochs", "3", "--output", tmp_path / "whole")
    run = on_jax(*common, "--epochs", "2", "--output", tmp_path / "parts")
    assert on_jax("train", "--resume", run, "--epochs", "3") == run
    assert_equal_runs(whole, run)
    config = gp.Run.open(run).config
    assert config["backend"] == "jax" and "jax" in config["versions"]
    assert "tensorflow" not in config["versions"]

    on_jax("sample", run, "--class", "7", "--output", tmp_path / "pictures")
    assert list((tmp_path / "pictures").glob("*.png"))
    on_jax("generate", run, "--per-class", "25", "--no-score", "--output", tmp_path / "more")
    dataset, _ = gp.load(tmp_path / "more")
    assert np.bincount(dataset.labels).tolist() == [25] * 10

    code, _, said = in_process("train", "--resume", run, "--epochs", "4")
    assert code == 1 and "KERAS_BACKEND=jax" in said


def test_two_devices_share_a_batch_on_jax(on_jax, tmp_path):
    """The same losses, to within rounding, as one device; every replica is told nothing else."""
    runs = []
    for strategy, devices in (("one", 1), ("mirrored", 2)):
        flags = f"--xla_force_host_platform_device_count={devices}"
        options = ("--epochs", "2", "--output", tmp_path / strategy, "--strategy", strategy)
        path = on_jax("train", "--model", "dcgan", "--subset", "20", *options, XLA_FLAGS=flags)
        runs.append(gp.Run.open(path))
    one, two = (run.history["generator_loss"] for run in runs)
    np.testing.assert_allclose(one, two, atol=1e-3)
