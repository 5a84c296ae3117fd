"""Keras is started with a framework that is installed, or a sentence says what to install."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest

import ganprofile as gp
from ganprofile import frameworks
from ganprofile.errors import GanprofileError, UsageError
from tests.conftest import run_command


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """Lets these packages be all that are installed, and nobody have said which to take."""
    monkeypatch.setenv("KERAS_BACKEND", "")  # so that whatever becomes of it is put back
    monkeypatch.delenv("KERAS_BACKEND")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delitem(sys.modules, "keras", raising=False)

    def install(*packages):
        monkeypatch.setattr(frameworks, "_is_here", lambda package: package in packages)

    return install


def usual(tmp_path, name):
    (tmp_path / "keras.json").write_text(json.dumps({"backend": name}))


def test_tensorflow_is_what_keras_takes_and_nothing_is_said(installed, capsys):
    installed("tensorflow", "jax", "torch")
    frameworks.choose()
    assert frameworks.chosen() == "tensorflow" and "KERAS_BACKEND" not in os.environ
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("packages", "name", "title"),
    [(["torch"], "torch", "PyTorch"), (["torch", "jax"], "jax", "JAX")],
)
def test_without_tensorflow_what_is_there_is_taken_and_said_once(
    installed, capsys, packages, name, title
):
    installed(*packages)
    assert frameworks.chosen() == name
    frameworks.choose()
    assert os.environ["KERAS_BACKEND"] == frameworks.chosen() == name
    said = capsys.readouterr().err
    assert f"TensorFlow is not installed: Keras runs on {title}." in said
    frameworks.choose()
    assert capsys.readouterr().err == "", "a process that this one starts says nothing"


def test_what_kerass_own_file_names_is_usual(installed, tmp_path, capsys):
    usual(tmp_path, "jax")
    installed("tensorflow", "jax")
    frameworks.choose()
    assert frameworks.chosen() == "jax" and capsys.readouterr().err == ""
    installed("tensorflow")
    frameworks.choose()
    assert os.environ["KERAS_BACKEND"] == "tensorflow"
    assert "JAX is not installed: Keras runs on TensorFlow." in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", '{"floatx": "float32"}'])
def test_a_file_of_keras_that_says_nothing_is_as_none(installed, tmp_path, content):
    (tmp_path / "keras.json").write_text(content)
    installed("tensorflow", "torch")
    assert frameworks.chosen() == "tensorflow"


def test_what_keras_runs_on_counts_whatever_is_said_once_it_is_loaded(monkeypatch, tmp_path):
    running = keras.backend.backend()
    other = next(name for name in frameworks.FRAMEWORKS if name != running)
    usual(tmp_path, other)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_BACKEND", other)
    assert frameworks.chosen() == running
    monkeypatch.delenv("KERAS_BACKEND")
    assert frameworks.chosen() == running
    assert frameworks.backend_fact().get("backend", "tensorflow") == running


@pytest.mark.parametrize(
    ("said", "packages", "kind", "words"),
    [
        ("numpy", ["tensorflow"], UsageError, "tensorflow, jax or torch. Received: 'numpy'"),
        (None, [], GanprofileError, "none of them is installed.*: pip install tensorflow.$"),
        ("torch", [], GanprofileError, "none of them is installed.*: pip install torch.$"),
        ("torch", ["jax"], GanprofileError, "PyTorch is not installed.*install torch; or set.*jax"),
    ],
)
def test_what_cannot_be_started_is_one_sentence(
    installed, monkeypatch, said, packages, kind, words
):
    installed(*packages)
    if said:
        monkeypatch.setenv("KERAS_BACKEND", said)
    with pytest.raises(kind, match=words):
        frameworks.choose()


def test_a_wrong_word_is_one_sentence_of_the_command_line(tmp_path):
    environment = {**os.environ, "KERAS_BACKEND": "pytorch"}
    arguments = ("sample", "digits-cgan", "--output", tmp_path / "drawn")
    done = run_command(*arguments, env=environment)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "KERAS_BACKEND should be tensorflow, jax or torch. Received: 'pytorch'" in done.stderr


def test_it_is_decided_when_keras_is_imported_and_not_before():
    code = "import ganprofile; print('here'); import keras"
    environment = {**os.environ, "KERAS_BACKEND": "pytorch"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert done.stdout == "here\n" and "UsageError: KERAS_BACKEND should be" in done.stderr


def test_what_only_tensorflow_can_do_says_so(installed, digits, tmp_path):
    installed("torch")
    train_set = digits[0].subset(2)
    for format, packages in (
        ("tfds", "tensorflow tensorflow-datasets"),
        ("tfrecord", "tensorflow"),
    ):
        with pytest.raises(GanprofileError, match=f"needs TensorFlow.*pip install {packages}"):
            train_set.save(tmp_path / format, format=format)
        assert not (tmp_path / format).exists()
    with pytest.raises(GanprofileError, match="Dataset.to_tf needs TensorFlow, not installed here"):
        train_set.to_tf(2)


def test_a_download_through_tensorflow_datasets_says_how_else(installed, tmp_path, monkeypatch):
    installed("torch")
    for name in ("TFDS_DATA_DIR", "GANPROFILE_DATA_DIR", "GANPROFILE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    with pytest.raises(
        GanprofileError, match="pip install tensorflow tensorflow-data.*GANPROFILE_DATA_DIR"
    ):
        gp.load("mnist")


def test_triton_is_loaded_before_tensorflow_and_only_then(tmp_path):
    """PyTorch's Triton crashes Python where TensorFlow was loaded first."""
    (tmp_path / "triton.py").write_text("")
    (tmp_path / "tensorflow.py").write_text("import sys\nassert 'triton' in sys.modules\n")
    code = (
        "import sys, ganprofile as gp; gp.load\n"
        "assert 'triton' not in sys.modules\n"
        "import tensorflow"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path.cwd()}"}
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
