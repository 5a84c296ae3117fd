"""What a shell is given to complete, as it asks for it, and that nothing heavy is loaded."""

import os
import subprocess
import sys

import pytest

import ganprofile as gp

FRAMEWORKS = {"tensorflow", "keras", "torch", "jax", "sklearn", "matplotlib"}
CODE = (
    "import sys; sys.argv = ['ganprofile'];\n"
    "import atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    "from ganprofile.cli import main; main()"
)


@pytest.fixture
def completed(tmp_path, monkeypatch):
    """The words that bash gets for a line that is being typed."""
    monkeypatch.chdir(tmp_path)

    def complete(line):
        words = line.split(" ")
        asked = {
            "_GANPROFILE_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        }
        done = subprocess.run(
            [sys.executable, "-c", CODE],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **asked},
        )
        assert not FRAMEWORKS & set(done.stderr.split())
        return done.stdout.split()

    return complete


def test_names_of_options_are_completed(completed):
    assert completed("ganprofile generate digits-cgan --format t") == ["tfds", "tfrecord"]
    assert completed("ganprofile train --model c") == ["cgan", "cdcgan"]
    assert completed("ganprofile benchmark digits --arms none,cl") == ["none,classic"]
    assert "--sampling-strategy" in completed("ganprofile augment --samp")


def test_datasets_models_runs_and_classes_are_completed(completed, tmp_path, some_images):
    gp.Dataset(some_images[0], some_images[1], ("ka", "ga", "sa")).save(tmp_path / "set")
    gp.import_dataset(tmp_path / "set", "kana")
    (tmp_path / "runs" / "one").mkdir(parents=True)
    (tmp_path / "runs" / "one" / "config.json").write_text("{}")
    assert completed("ganprofile augment mn") == ["mnist"]
    assert completed("ganprofile train --dataset kan") == ["kana"]
    assert "digits-cgan" in completed("ganprofile sample d")
    assert completed("ganprofile plot r") == ["runs/one"]
    assert completed("ganprofile train kana --class ka,g") == ["ka,ga"]
    assert completed("ganprofile train --dataset kana --class g") == ["ga"]
    assert completed("ganprofile generate digits-cgan --class 1,7") == ["1,7"]
    assert completed("ganprofile train runs/missing --class k") == []


def test_the_script_is_of_the_command_however_it_was_called():
    """Of `python -m ganprofile` it would be of `python`, too."""
    command = [sys.executable, "-m", "ganprofile"]
    asked = {**os.environ, "_GANPROFILE_COMPLETE": "source_bash"}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=asked).stdout
    assert "-F _ganprofile_completion ganprofile" in said and "python" not in said
