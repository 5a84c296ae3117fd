"""Shared fixtures. `GANPROFILE_TEST_DATA` names a folder with the official data files."""

import gc
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile import frameworks

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# A process tests on each core. Threads of OpenMP, which PyTorch and scikit-learn begin, wait by
# turning round, and two processes with two each take ten times as long as with one each. Those of
# TensorFlow within an operation are one, too.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

# What tests write goes into memory where it holds 8 GB: a disk takes a millisecond for each of some
# hundred thousand small files. Set TMPDIR to look at what is left of a test that failed.
MEMORY, LEAST_ROOM = "/dev/shm", 8 << 30
IN_MEMORY = None
is_there = "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK)
if is_there and shutil.disk_usage(MEMORY).free > LEAST_ROOM:
    IN_MEMORY = tempfile.mkdtemp(prefix="tests-", dir=MEMORY)
    os.environ["TMPDIR"] = IN_MEMORY
    tempfile.tempdir = None  # it is asked for again


def pytest_unconfigure():
    """What libraries and processes that were killed left goes with the process that made it."""
    if IN_MEMORY is not None:
        shutil.rmtree(IN_MEMORY, ignore_errors=True)


# Files with long tests, the longest first: begun last, one would leave the other process idle.
LONG = (
    "test_snippets.py",
    "test_other_backends.py",
    "test_train.py",
    "test_notebooks.py",
    "test_resume.py",
    "test_chars74k.py",
    "test_commands.py",
    "test_augment.py",
    "test_hwdplus_study.py",
    "test_sharpies.py",
    "test_processes.py",
    "test_deformed_set.py",
    "test_examples.py",
    "test_multiworker.py",
    "test_teachers.py",
    "test_cluster.py",
    "test_same_everywhere.py",
    "test_full_disk.py",
    "test_recovery.py",
    "test_many_steps.py",
    "test_gpu.py",
    "test_null.py",
    "test_verify.py",
    "test_networks_that_leave.py",
    "test_together.py",
    "test_signals.py",
    "test_style_adaptation.py",
    "test_stopped.py",
    "test_networks.py",
    "test_presets.py",
    "test_long_run.py",
    "test_layer.py",
    "test_strategies.py",
    "test_browser.py",
    "test_supplied_by_hand.py",
    "test_filtering.py",
    "test_imports.py",
    "test_export.py",
    "test_paper.py",
    "test_official.py",
    "test_training_again.py",
    "test_speed.py",
    "test_arms.py",
    "test_without_frameworks.py",
    "test_lenet.py",
    "test_backend_costs.py",
    "test_labelling.py",
    "test_package.py",
    "test_pushing.py",
    "test_tracked.py",
    "test_tfds_builders.py",
    "test_workers.py",
    "test_m2.py",
    "test_evaluate.py",
    "test_backends.py",
    "test_semi_supervised.py",
    "test_tfds_data.py",
    "test_array_files.py",
    "test_classify.py",
    "test_profiling.py",
)


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def pytest_collection():
    """No garbage is looked for while tests are imported: a million objects, and they stay."""
    gc.disable()


def pytest_collection_finish():
    """Nor is it looked for among those afterwards: that would be a tenth of what tests take."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def no_data_of_the_user(tmp_path_factory):
    """Tests neither see nor touch what the person at this machine imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANPROFILE_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("GANPROFILE_DATA_DIR", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def files_after_every_epoch():
    """Epochs of these tests have two steps; in a training, files are some twenty steps apart."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ganprofile.training.callbacks.cadence.STEPS_BETWEEN_FILES", 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def steps_are_kept():
    """A step that one test has compiled serves the next; commands train fewer kinds of networks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ganprofile.backend.training.MOST_KEPT", 16)
        yield


@pytest.fixture(scope="session", autouse=True)
def judges_learn_briefly():
    """Classifiers that judge drawn images see a fraction of what they need; few tests look at it.

    Four of them take a minute of a slow core otherwise, for each set that is drawn.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ganprofile.filtering.cross_fitting.STEPS", 20)
        yield


@pytest.fixture(scope="session", autouse=True)
def not_flushed():
    """What is written here need not outlast a failure of power; to wait for the disk takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session")
def compiled_quickly(tmp_path_factory):
    """Environment variables of processes in which JAX runs a few steps of what it compiles.

    What one has compiled serves all that follow. XLA would take half the time without its emitters
    of fusions (`--xla_cpu_use_fusion_emitters=false`), but then, beside this, gives two of a batch
    of five deformed images up to 31 levels of 255 otherwise than it does operation by operation.
    """
    return {
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
        "JAX_COMPILATION_CACHE_DIR": os.fspath(tmp_path_factory.mktemp("compiled")),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }


@pytest.fixture(scope="session")
def digits():
    """`(train, test)` of the embedded digits."""
    return gp.load("digits")


@pytest.fixture(scope="session")
def test_data():
    """The folder of official data files; tests that need it are skipped without it."""
    place = os.environ.get("GANPROFILE_TEST_DATA")
    if not place or not Path(place).is_dir():
        pytest.skip("GANPROFILE_TEST_DATA names no folder with the official data files")
    return Path(place)


@pytest.fixture
def prepared_tfds(test_data, monkeypatch):
    """`TFDS_DATA_DIR` with prepared `mnist` and `emnist/balanced`."""
    folder = test_data / "tfds"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing")
    monkeypatch.setenv("TFDS_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def tiny(digits):
    """20 images per class."""
    return digits[0].subset(20)


@pytest.fixture(scope="session")
def short_run(digits, tmp_path_factory):
    """A finished run of three epochs on a small subset, for tests that only read it."""
    output = tmp_path_factory.mktemp("runs")
    return gp.train(digits[0].subset(20), "cgan", epochs=3, output=output, progress=False)


@pytest.fixture
def run_of_three_epochs(short_run, tmp_path):
    """A copy of it to go on with."""
    return gp.Run.open(shutil.copytree(short_run.path, tmp_path / short_run.path.name))


@pytest.fixture(scope="session")
def short_unlabelled_run(digits, tmp_path_factory):
    """The same for the unlabelled preset."""
    output = tmp_path_factory.mktemp("runs")
    return gp.train(digits[0].subset(20), "gan", epochs=2, output=output, progress=False)


@pytest.fixture
def some_images():
    """Random uint8 images and labels: `(12, 28, 28, 1)`, `(12,)`."""
    random = np.random.default_rng(0)
    return random.integers(0, 256, (12, 28, 28, 1), dtype=np.uint8), np.arange(12) % 3


@pytest.fixture
def in_process(capsys, monkeypatch):
    """The entry point in this process: `(exit code, standard output, standard error)`."""
    import ganprofile.cli
    import ganprofile.cli.quiet

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["ganprofile", *map(str, arguments)])
        # Click names a program that was begun as `python -m pytest` so, whatever argv says.
        monkeypatch.setattr(sys.modules["__main__"], "__package__", None, raising=False)
        monkeypatch.setattr(ganprofile.cli.quiet, "silence_frameworks", lambda: None)
        monkeypatch.setattr(ganprofile.cli, "stop_on_signals", lambda: None)
        with pytest.raises(SystemExit) as exit_:
            ganprofile.cli.main()
        captured = capsys.readouterr()
        return exit_.value.code, captured.out, captured.err

    return run


def run_command(*arguments, code=None, timeout=300, **options):
    """`python -m ganprofile ...`, or other Python code, in a fresh process."""
    what = ["-m", "ganprofile"] if code is None else ["-c", code]
    return subprocess.run(
        [sys.executable, *what, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        **options,
    )


@pytest.fixture
def script(monkeypatch):
    """Name -> module of a benchmark."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    return importlib.import_module


@pytest.fixture
def fast_classifier(monkeypatch):
    """Nearest neighbours in the place of networks."""
    from tests.planted import NearestNeighbour

    monkeypatch.setattr("ganprofile.classifiers.CnnClassifier", NearestNeighbour)


@pytest.fixture
def planted(digits, short_run, monkeypatch, fast_classifier):
    """Every run draws known images, trained on those of `short_run`; a classifier that is fast."""
    from tests.planted import Planted

    monkeypatch.setattr("ganprofile.metrics.copies.PLANTED", 100)
    return Planted(digits[0], short_run.dataset()).plant(monkeypatch)


@pytest.fixture
def hugging_face(monkeypatch):
    """The library `datasets`, without bars and without the network.

    Both libraries read the environment once, when they are imported: an import under the variables
    would leave them without a network for all tests that follow in this process.
    """
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):  # for other processes
        monkeypatch.setenv(name, "1")
    datasets.disable_progress_bars()
    return datasets


@pytest.fixture
def keras_runs_on(monkeypatch):
    """Lets Keras seem to run on a framework of this name, as in another process."""
    return lambda name: monkeypatch.setattr(frameworks, "_running", lambda: name)


@pytest.fixture
def stand_in_hub(monkeypatch, tmp_path):
    """A local stand-in for Hugging Face's Hub, see `tests/stand_in_hub.py`, and an empty home."""
    pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")
    from huggingface_hub import constants

    from tests.stand_in_hub import running

    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_TOKEN", "of-the-tests")
    with running() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)  # for other processes
        template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, hub.url)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        yield hub
