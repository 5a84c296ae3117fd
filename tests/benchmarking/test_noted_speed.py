"""How long an experiment takes, said before its first cell as fast as the last one was here."""

import pytest

from ganprofile.benchmarking.progress import BenchmarkProgress
from ganprofile.benchmarking.result_file import ResultFile
from ganprofile.benchmarking.speed import FILE, Speed
from ganprofile.storage.remembered import remember
from tests.conftest import run_command

SPEED = Speed("convnet", (28, 28, 1), 4000)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def progress_of(trainings, speed=SPEED):
    chains = [[(10, 0, "none", trainings), (10, 0, "taught", trainings)]]
    file = ResultFile.open(None, {}, {"none": {}, "taught": {}}, {})
    costs = {(10, "none"): (1.0, 1.0), (10, "taught"): (7.0, 1.0)}
    return BenchmarkProgress(file, chains, enabled=False, costs=costs, speed=speed)


def cell(arm, training, seconds):
    facts = {"per_class": 10, "repeat": 0, "arm": arm, "training": training, "accuracy": 0.5}
    return {**facts, "arm_seconds": 0, "classifier_seconds": seconds}


def test_what_an_experiment_took_the_next_one_is_estimated_by():
    assert progress_of((0, 1)).told_by is None and progress_of((0, 1)).seconds_left() == 0
    with progress_of((0, 1)) as first:
        for arm, training, seconds in (("none", 0, 40), ("none", 1, 40), ("taught", 0, 280)):
            first.add(cell(arm, training, seconds))
        assert first.told_by == "the cells that are done"
        assert first.seconds_left() == 40, "one more training of a set that is there"
        first.add(cell("taught", 1, 40))
    assert SPEED.known_seconds() == pytest.approx(40)
    second = progress_of((0, 1))
    assert second.told_by == "the last benchmark on this machine"
    assert second.seconds_left() == pytest.approx(40 * (1 + 1 + 7 + 1))
    assert Speed("convnet", (28, 28, 1), 2000).known_seconds() == pytest.approx(20)
    assert Speed("convnet", (64, 64, 1), 4000).known_seconds() is None


def test_a_short_or_empty_experiment_tells_nothing():
    few = Speed("convnet", (28, 28, 1), 10)
    with progress_of((0,), few) as progress:
        progress.add(cell("none", 0, 5))
    with progress_of((0,)):
        pass
    assert few.known_seconds() is SPEED.known_seconds() is None


@pytest.mark.parametrize("value", ["fast", 0, None, [1]])
def test_a_damaged_note_is_none(value):
    remember(FILE, "convnet 28x28x1", value)
    assert SPEED.known_seconds() is None


def test_a_dry_run_loads_no_framework_and_says_how_long():
    """Loading one takes longer than all that a dry run does; so does that of `augment`."""
    remember(FILE, "convnet 28x28x1", 0.01)
    code = (
        "import sys, ganprofile as gp\n"
        "arms = ['none', 'classic', 'augment', 'deformed+distilled', 'gan', 'classic+distilled']\n"
        "plan = gp.benchmark('digits', arms=arms, repeats=2, dry_run=True)\n"
        "assert plan['about_seconds'] > 1000, plan['about_seconds']\n"
        "gp.augment('digits', subset=10, dry_run=True)\n"
        "print({'keras', 'tensorflow', 'jax', 'torch', 'matplotlib'} & set(sys.modules))"
    )
    done = run_command(code=code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "set()"
