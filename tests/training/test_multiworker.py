"""Two real processes that train one run over the loopback network."""

import json
import os
import signal
import socket
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from tests.forked import start
from tests.processes import wait_for
from tests.training.states import assert_equal_states

pytestmark = pytest.mark.slow

TRAINING = ("--model", "gan", "--subset", "20", "--epochs", "12", "--batch-size", "40")


def start_workers(*arguments, temporary, indices=(0, 1)):
    """`ganprofile train` as worker 0 and as worker 1 of two, or as one of these."""
    sockets = [socket.socket() for _ in range(2)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]
    for one in sockets:
        one.close()
    workers = []
    for index in indices:
        task = {"type": "worker", "index": index}
        config = json.dumps({"cluster": {"worker": addresses}, "task": task})
        environment = {**os.environ, "TF_CONFIG": config, "TMPDIR": os.fspath(temporary)}
        workers.append(start("train", *arguments, env=environment, stdout=-1))
    return workers


def finish(workers, seconds=180):
    """Exit code, standard output and what was said of each."""
    ends = [(*worker.communicate(timeout=seconds), worker.returncode) for worker in workers]
    return [(code, out.strip(), said) for out, said, code in ends]


def all_said(ends):
    """All that was said, which a list would be cut from where a test fails."""
    return "\n".join(f"{code}: {said}" for code, _, said in ends)


@pytest.fixture
def temporary():
    """Where the workers make temporary folders; a short path, which sockets need."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_two_workers_train_one_run_and_resume_after_one_was_killed(tmp_path, temporary):
    """The same as two that nobody disturbed, to the bit; only the chief writes."""
    whole = start_workers(*TRAINING, "--output", tmp_path / "whole", temporary=temporary)
    (code, path, said), (other_code, other_path, other_said) = finish(whole)
    assert (code, other_code) == (0, 0), said + other_said
    assert "worker 0 of 2 keeps the run; 2 replicas in all" in said
    assert other_path == "" and "worker 1 of 2 helps worker 0" in other_said
    assert [run.name for run in (tmp_path / "whole").iterdir()] == [Path(path).name]
    assert not list(temporary.glob("ganprofile-worker-*")), "the other's own folder is gone"

    killed = start_workers(*TRAINING, "--output", tmp_path / "killed", temporary=temporary)
    place = tmp_path / "killed"
    wait_for(lambda: list(place.glob("[!.]*/checkpoint/state.npz")), killed[0])
    killed[1].send_signal(signal.SIGKILL)
    (code, out, said), _ = finish(killed)
    (run,) = place.iterdir()
    assert code == 1 and out == "" and "Traceback" not in said
    assert "Error: Another worker has ended" in said
    assert f"Start all workers again with: ganprofile train --resume {run}" in said
    assert not (run / "generator.keras").exists()

    again = finish(start_workers("--resume", run, temporary=temporary))
    assert [code for code, _, _ in again] == [0, 0], all_said(again)
    assert again[0][1] == str(run)
    first, second = gp.Run.open(path), gp.Run.open(run)
    assert len(second.history["epoch"]) == 12
    assert_equal_states(first, second)
    assert np.array_equal(first.sample(20), second.sample(20))


def test_workers_that_are_asked_to_end_do_and_say_how_to_go_on(tmp_path, temporary):
    endless = (*TRAINING[:4], "--epochs", "9999", "--output", tmp_path)
    workers = start_workers(*endless, temporary=temporary)
    wait_for(lambda: list(tmp_path.glob("[!.]*/checkpoint/state.npz")), workers[0])
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    ends = finish(workers, seconds=15)
    assert [code for code, _, _ in ends] == [143, 143], all_said(ends)
    assert all("Start all workers again with: ganprofile train --resume" in end[2] for end in ends)
    assert not list(temporary.glob("ganprofile-worker-*"))


@pytest.mark.parametrize(("index", "number"), [(0, signal.SIGTERM), (1, signal.SIGINT)])
def test_a_worker_that_waits_for_another_can_be_stopped(tmp_path, temporary, index, number):
    """While TensorFlow waits, it lets Python handle no signal."""
    (worker,) = start_workers(*TRAINING, "--output", tmp_path, temporary=temporary, indices=[index])
    said = worker.stderr.readline()
    while "waits for" not in said:
        said = worker.stderr.readline()
    time.sleep(3)
    assert worker.poll() is None, "it waits"
    worker.send_signal(number)
    assert worker.wait(timeout=15) == 128 + number
    assert not list(tmp_path.iterdir())


def test_one_workers_time_limit_ends_all(tmp_path, temporary):
    arguments = (*TRAINING[:4], "--minutes", "0.05", "--output", tmp_path)
    ends = finish(start_workers(*arguments, temporary=temporary))
    assert [code for code, _, _ in ends] == [0, 0], all_said(ends)
    assert gp.Run.open(ends[0][1]).last_epoch["epoch"] >= 1
