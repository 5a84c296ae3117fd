"""Several processes, and processes that are killed."""

import os
import signal
import time

import numpy as np
import psutil
import pytest

import ganprofile as gp
from ganprofile.benchmarking.experiment import run_experiment
from ganprofile.benchmarking.result_file import ResultFile
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.errors import GanprofileError, stopped_by
from ganprofile.parallel.processes import pool
from tests.benchmarking.arms import Fresh, plain, shrunk, without_times
from tests.forked import start
from tests.processes import end, wait_for

pytestmark = pytest.mark.slow

OPTIONS = {"per_class": (3, 5), "repeats": 3, "classifier": "mlp", "steps": 40, "progress": False}
TOGETHER = "TESTS_BEGIN_TOGETHER"  # in the environment, which other processes inherit
# An experiment in a process of its own: where to, and with how many jobs.
IN_A_PROCESS = """
import sys
from tests.benchmarking.test_processes import experiment
experiment(output=sys.argv[1], jobs=int(sys.argv[2]))
"""
# The same as a command.
COMMAND = """
import sys
import ganprofile as gp
from tests.benchmarking.test_processes import experiment
gp.benchmark = lambda dataset, output, jobs, **options: experiment(output=output, jobs=jobs)
sys.argv = ["ganprofile", "benchmark", "--output", sys.argv[1], "--jobs", sys.argv[2]]
from ganprofile.cli import main
main()
"""


def experiment(**options):
    train, test = (shrunk(part) for part in gp.load("digits"))
    arms = {"none": plain, "slow": slowly, "fresh": Fresh(train, 50)}
    return run_experiment(train, test, arms=arms, **{**OPTIONS, **options})


def slowly(subset, seed, folder):
    """Says in which process it is, and takes its time."""
    (folder / "process").write_text(str(os.getpid()))
    deadline = time.monotonic() + 60
    while TOGETHER in os.environ and not others_work(folder) and time.monotonic() < deadline:
        time.sleep(0.01)  # or one may have done all before the other has started
    time.sleep(0.3)
    return TrainingSet(subset.images, subset.labels)


def others_work(folder):
    """Whether another process has begun."""
    texts = [file.read_text() for file in folder.parent.glob("*/process")]
    return any(text not in ("", str(os.getpid())) for text in texts)


@pytest.fixture(scope="module")
def whole():
    return experiment()


def cells_in(folder):
    return ResultFile.read(folder).places if (folder / "benchmark.json").exists() else []


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_experiment_goes_on_to_the_same_result(whole, tmp_path, jobs):
    process = start(tmp_path, jobs, code=IN_A_PROCESS)
    wait_for(lambda: len(cells_in(tmp_path)) >= 4, process)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    kept = ResultFile.read(tmp_path).content["cells"]
    assert 4 <= len(kept) < len(whole.cells)
    wait_until_gone(tmp_path)
    resumed = experiment(output=tmp_path)
    assert [cell for cell in kept if cell not in resumed.cells] == [], "nothing is done twice"
    assert without_times(resumed.cells) == without_times(whole.cells)
    assert resumed.verdicts == whole.verdicts
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("number", "code", "jobs"),
    [(signal.SIGINT, 130, 2), (signal.SIGTERM, 143, 1)],
)
def test_a_stopped_command_keeps_whole_cells_and_says_how_to_go_on(tmp_path, number, code, jobs):
    process = start(tmp_path, jobs, code=COMMAND)
    wait_for(lambda: len(cells_in(tmp_path)) >= 2, process)
    exit_code, said = end(process, number)
    assert exit_code == code
    kept = len(cells_in(tmp_path))
    assert said.splitlines()[-1] == (
        f"{stopped_by(number)}. {kept} cells are kept in {tmp_path / 'benchmark.json'}. "
        "Go on with the same command."
    )
    wait_until_gone(tmp_path)
    assert 2 <= kept == len(cells_in(tmp_path)) < 18 and not list(tmp_path.glob(".*"))


def wait_until_gone(folder, seconds=30):
    """The processes that worked for one that was killed end by themselves."""
    texts = [file.read_text() for file in folder.glob("subsets/*/process")]
    numbers = {int(text) for text in texts if text}  # one may have been killed while it wrote
    deadline = time.monotonic() + seconds
    while any(map(is_alive, numbers)):
        assert time.monotonic() < deadline, "they go on"
        time.sleep(0.1)


def is_alive(number):
    """A process that nobody asked how it ended is still in the list."""
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_two_processes_find_the_same_and_arms_of_a_subset_keep_their_order(
    whole, tmp_path, monkeypatch
):
    monkeypatch.setenv(TOGETHER, "yes")
    found = experiment(output=tmp_path, jobs=2)
    assert without_times(found.cells) == without_times(whole.cells)
    used = {file.read_text() for file in tmp_path.glob("subsets/*/process")}
    assert len(used) == 2 and str(os.getpid()) not in used
    assert found.environments[0]["jobs"] == 2


def test_a_failure_in_one_process_names_its_cell_keeps_whole_cells_and_ends_the_others(tmp_path):
    train, test = (shrunk(part) for part in gp.load("digits"))

    def failing(subset, seed, folder):
        other = folder.parent / "00003-001" / "process"
        if folder.name == "00003-000":
            while not other.exists():
                time.sleep(0.01)
            raise GanprofileError("The generator collapsed.")
        other.write_text(str(os.getpid()))
        time.sleep(600)

    arms = {"none": plain, "gan": failing}
    options = {**OPTIONS, "per_class": (3,)}
    with pytest.raises(GanprofileError, match="Arm 'gan' at 3 per class, repeat 1: The gen"):
        run_experiment(train, test, arms=arms, output=tmp_path, jobs=2, **options)
    wait_until_gone(tmp_path)
    assert cells_in(tmp_path) == [(3, 0, "none", 0), (3, 1, "none", 0)]


def test_a_process_that_ends_is_told_in_one_sentence(tmp_path):
    train, test = (shrunk(part) for part in gp.load("digits"))

    def ending(subset, seed, folder):
        os._exit(9)

    arms = {"gan": ending}
    with pytest.raises(GanprofileError, match="ended from outside.*fewer `jobs`"):
        run_experiment(train, test, arms=arms, output=tmp_path, jobs=2, **OPTIONS)


HELD = []


def hold(megabytes):
    """Keeps memory and takes longer than loky waits between two looks at it."""
    HELD.append(np.ones(megabytes << 20, np.uint8))
    time.sleep(1.2)
    return os.getpid()


def test_a_process_that_has_grown_is_replaced_without_a_word(recwarn):
    with pool(1, "the test", "Do it again.") as processes:
        pids = list(processes.map(hold, [1, 500, 1, 1]))
    assert len(set(pids)) == 2, "loky did not replace the process"
    assert [str(warning.message) for warning in recwarn] == []
