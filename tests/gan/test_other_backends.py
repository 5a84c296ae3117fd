"""The other backends: the same mathematics, and nothing of TensorFlow on their way."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from benchmarks.alone import alone
from ganprofile.frameworks import FRAMEWORKS
from tests.conftest import run_command
from tests.gan.one_step import MODELS
from tests.training.states import assert_equal_runs

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("one_step.py")
OTHERS = ("jax", "torch")
TRAIN = ("train", "--model", "cgan", "--subset", "20", "--seed", "5")
AUGMENT = (
    *("then", "augment", "digits", "--subset", "12", "--per-class", "15"),
    *("--jobs", "1", "--no-expect"),
)
SHORT = """
import sys
from ganprofile.augmentation import deformed_set, expected
from ganprofile.classifiers.convnet import ConvnetClassifier
from ganprofile.cli import main

ConvnetClassifier.STEPS = deformed_set.TEACHER_STEPS = expected.STEPS = 2
for command in "\\n".join(sys.argv[1:]).split("\\nthen\\n"):
    sys.argv = ["ganprofile", *command.split("\\n")]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""


@pytest.fixture(params=OTHERS)
def other(request):
    """A backend that is installed."""
    pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    return request.param


@pytest.fixture(scope="module")
def run_on(tmp_path_factory, compiled_quickly):
    """A `ganprofile` command where a backend is all that is installed, and nobody says so."""

    def run(backend, *arguments, code=None, **options):
        folder = tmp_path_factory.mktemp("alone")
        environment = {**alone(backend, folder), **compiled_quickly, **options}
        done = run_command(*arguments, code=code, env=environment, timeout=600)
        assert done.returncode == 0, done.stderr
        assert f"TensorFlow is not installed: Keras runs on {FRAMEWORKS[backend]}." in done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="module")
def trained(run_on, tmp_path_factory):
    """Backend -> the paths of a run of three epochs and of the same after two, which may go on."""
    runs = {}

    def of(backend):
        if backend not in runs:
            folder = tmp_path_factory.mktemp("runs")
            runs[backend] = run_on(
                backend,
                *(*TRAIN, "--epochs", "3", "--output", folder / "whole", "then"),
                *(*TRAIN, "--epochs", "2", "--output", folder / "parts"),
                code=SHORT,
            ).splitlines()
        return runs[backend]

    return of


@pytest.fixture(scope="module")
def steps(tmp_path_factory, compiled_quickly):
    """Backend -> what `one_step.py` saved on it."""
    folder = tmp_path_factory.mktemp("steps")
    saved = {}

    def of(name):
        if name not in saved:
            path = folder / f"{name}.npz"
            command = [sys.executable, os.fspath(PROGRAM), os.fspath(path)]
            environment = {**os.environ, "KERAS_BACKEND": name, **compiled_quickly}
            subprocess.run(command, env=environment, check=True, timeout=600)
            saved[name] = dict(np.load(path))
        return saved[name]

    return of


@pytest.mark.parametrize("model", [*MODELS, "semi"])
def test_a_step_is_the_same_on_all_backends(steps, other, model):
    """From equal weights and latents, with r1 and without dropout; some for k of 2, too."""
    ours, theirs = (
        {k: v for k, v in steps(name).items() if k.startswith(f"{model}/")}
        for name in ("tensorflow", other)
    )
    assert ours.keys() == theirs.keys() and len(ours) > 15
    for name, array in ours.items():
        np.testing.assert_allclose(array, theirs[name], rtol=0, atol=1e-5, err_msg=name)


def test_adam_is_the_same_on_all_backends(steps, other):
    ours, theirs = (
        [v for k, v in steps(name).items() if k.startswith("adam/")]
        for name in ("tensorflow", other)
    )
    assert len(ours) >= 4 and ours[0].shape == (2, 3) and (ours[0] != 1).all()
    for array, another in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(array, another, rtol=0, atol=1e-5)


def test_the_way_of_the_data_without_tensorflow(run_on, trained, other, tmp_path, in_process):
    """Train, sample, generate, classify, augment; a run that was stopped goes on bit-equal."""
    whole, run = trained(other)
    run_on(
        other,
        *("train", "--resume", run, "--epochs", "3", "then"),
        *("sample", run, "--class", "7", "--output", tmp_path / "pictures", "then"),
        *("generate", run, "--per-class", "25", "--no-score", "--output", tmp_path / "more"),
        *("then", "classify", "--train", "digits", "--subset", "5", "--no-variants"),
        *("--output", tmp_path / "reader"),
        # On JAX, XLA would compile for a minute what `augment` does, and for half of one the other
        # networks that read.
        *(("--model", "convnet") if other == "jax" else ()),
        *(AUGMENT if other == "torch" else ()),
        *(("--output", tmp_path / "augmented") if other == "torch" else ()),
        code=SHORT,
    )
    assert_equal_runs(whole, run)
    config = gp.Run.open(run).config
    assert config["backend"] == other and other in config["versions"]
    assert "tensorflow" not in config["versions"]

    assert list((tmp_path / "pictures").glob("*.png"))
    for name, count in [("more", 25), *([("augmented", 15)] if other == "torch" else [])]:
        dataset, _ = gp.load(tmp_path / name)
        assert np.bincount(dataset.labels).tolist() == [count] * 10
    said = gp.Reader.open(tmp_path / "reader").read(dataset.images[:5])[0]
    assert len(said) == 5, "a reader is read on every backend"

    code, _, said = in_process("train", "--resume", run, "--epochs", "4")
    assert code == 1 and f"KERAS_BACKEND={other}" in said


def test_pytorch_says_that_it_trains_on_one_device(tmp_path):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    options = ("--subset", "5", "--strategy", "mirrored", "--output", tmp_path / "runs")
    done = run_command("train", *options, env=alone("torch", tmp_path))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "--strategy mirrored needs TensorFlow or JAX." in done.stderr


def test_two_devices_share_a_batch_on_jax(run_on, trained, tmp_path):
    """The same losses, to within rounding, as one device; every replica is told nothing else."""
    pytest.importorskip("jax", reason="JAX is not installed")
    options = ("--epochs", "2", "--output", tmp_path, "--strategy", "mirrored")
    flags = "--xla_force_host_platform_device_count=2"
    mirrored = run_on("jax", *TRAIN, *options, XLA_FLAGS=flags)
    whole, _ = trained("jax")
    one, two = (gp.Run.open(path).history["generator_loss"] for path in (whole, mirrored))
    assert len(two) == 2
    np.testing.assert_allclose(one[:2], two, atol=1e-3)
