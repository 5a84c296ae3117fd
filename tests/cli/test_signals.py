"""Ctrl-C and SIGTERM in a process of its own: 130 and 143 within ten seconds, nothing half done."""

import itertools
import random
import signal
import subprocess
import time

import pytest

import ganprofile as gp
from ganprofile.errors import NOTHING_KEPT, STOPPING_SIGNALS, stopped_by
from tests import forked
from tests.processes import end, start, wait_for

pytestmark = pytest.mark.slow

CODES = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
# Sends itself SIGTERM so many seconds after the command line is ready for it.
STOPPED_EARLY = """
import os, signal, sys, threading, time
def stop(delay):
    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        time.sleep(0.001)
    time.sleep(delay)
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=stop, args=[float(sys.argv.pop(1))], daemon=True).start()
from ganprofile.cli import main
main()
"""
# The main thread computes in C for long, where Python handles no signal.
BLOCKED = """
import hashlib
from ganprofile.cli.signals import stop_on_signals
stop_on_signals()
print("ready", flush=True)
hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)
"""
# Python swallows what a destructor raises, and what a callback of its garbage collector does.
SWALLOWED = """
import gc, os, sys, threading, time
from ganprofile.cli.signals import stop_on_signals
from ganprofile.errors import Interrupted
def stop(*_):
    gc.callbacks.clear()
    os.kill(os.getpid(), {number:d})
    time.sleep(0.1)
class Destroyed:
    __del__ = stop
stop_on_signals()
send_again, swallowed = sys.unraisablehook, []
def remember(unraisable):
    swallowed.append(str(unraisable.exc_value))
    send_again(unraisable)
sys.unraisablehook = remember
begin = threading.Timer.start
def begin_slowly(timer):
    threading.Timer.start = begin
    begin(timer)
    time.sleep(0.3)
try:
    if sys.argv[1] == "busy":  # the next signal comes while the first is still being swallowed
        threading.Timer.start = begin_slowly
    if sys.argv[1] != "collector":
        Destroyed()
    else:
        gc.callbacks.append(stop)
        gc.collect()
    time.sleep(5)
except Interrupted as stop:
    print(swallowed, stop, flush=True)
    time.sleep(9)
"""


def train(output, *options):
    return forked.start(
        "train", "--epochs", "9999", "--model", "cgan", "--output", output, *options
    )


def assert_whole_epochs_are_kept(output, said):
    (path,) = output.iterdir()
    run = gp.Run.open(path)
    assert f"ganprofile train --resume {path}" in said and "Traceback" not in said
    assert run.load_checkpoint()["epochs_done"] == len(run.history["epoch"]) > 0
    assert not list(path.rglob(".*")), "nothing half written is left"


@pytest.mark.parametrize(("number", "code"), CODES)
def test_where_epochs_are_short_the_last_whole_one_is_kept(tmp_path, number, code):
    """Four steps per epoch: files every five epochs."""
    process = train(tmp_path, "--subset", 50)
    wait_for(lambda: list(tmp_path.glob("[!.]*/checkpoint/[!.]*.npz")), process)
    time.sleep(random.uniform(0, 0.5))
    exit_code, said = end(process, number)
    assert exit_code == code
    assert_whole_epochs_are_kept(tmp_path, said)


def test_where_epochs_are_long_the_last_whole_one_is_kept(tmp_path):
    """Forty steps per epoch: each ends with files."""
    process = train(tmp_path, "--batch-size", "100")
    wait_for(lambda: list(tmp_path.glob("[!.]*/checkpoint/state.npz")), process)
    exit_code, said = end(process, signal.SIGTERM)
    assert exit_code == 143
    assert_whole_epochs_are_kept(tmp_path, said)


def test_before_the_first_epoch_ended_a_run_is_left_that_can_be_resumed(tmp_path):
    process = train(tmp_path, "--subset", 200)
    wait_for(lambda: list(tmp_path.glob("[!.]*/subset.csv")), process)
    exit_code, said = end(process, signal.SIGTERM)
    (path,) = tmp_path.iterdir()
    assert exit_code == 143 and "Traceback" not in said
    assert f"ganprofile train --resume {path}" in said
    assert not list(path.rglob(".*")) and gp.Run.open(path).load_checkpoint() is None
    assert gp.resume(path, dry_run=True, progress=False)["settings"]["epochs"] == 9999


@pytest.mark.parametrize("delay", [0, 1])
def test_while_it_starts_it_leaves_nothing(tmp_path, delay):
    arguments = [
        "train",
        "--dataset",
        "digits",
        "--subset",
        50,
        "--model",
        "cgan",
        "--output",
        tmp_path / "runs",
    ]
    process = start(delay, *arguments, code=STOPPED_EARLY)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 143
    *before, last = said.splitlines()
    assert last == f"Stopped by signal 15. {NOTHING_KEPT}"
    assert before in ([], ["Loading TensorFlow, which takes some seconds."])
    assert list(tmp_path.rglob("*")) == []


def test_whatever_the_main_thread_does_the_process_ends():
    processes = [start(code=BLOCKED, stdout=subprocess.PIPE) for _ in CODES]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)  # from the word to the computation
    interrupted, terminated = processes
    interrupted.send_signal(signal.SIGINT)
    time.sleep(0.5)  # two of a kind that come together are one
    terminated.send_signal(signal.SIGTERM)
    for process, (number, code) in zip(processes, [*CODES], strict=True):
        exit_code, said = end(process, number)
        assert exit_code == code
        assert said.startswith(f"{stopped_by(number)} in the midst of a computation.")
        assert said.count("\n") == 1


def test_a_signal_where_errors_are_swallowed_stops_all_the_same():
    cases = list(
        itertools.product([signal.SIGINT, signal.SIGTERM], ["destructor", "collector", "busy"])
    )
    codes = {number: SWALLOWED.format(number=number) for number, _ in cases}
    pipe = {"stdout": subprocess.PIPE}
    processes = [start(where, code=codes[number], **pipe) for number, where in cases]
    for process, (number, _) in zip(processes, cases, strict=True):
        printed, said = process.communicate(timeout=60)
        stopped = f"{stopped_by(number)}."
        assert printed == f"['{stopped}'] {stopped}\n"
        # The clearing away that follows has a time limit after SIGTERM, none after one Ctrl-C.
        late = f"{stopped_by(number)} in the midst of a computation."
        assert said == "" if number == signal.SIGINT else said.startswith(late)


def test_a_hang_up_that_was_ignored_stays_so():
    """As `nohup` has it."""
    if signal.SIGHUP not in STOPPING_SIGNALS:
        pytest.skip("no such signal here")
    code = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "from ganprofile.cli.signals import stop_on_signals; stop_on_signals();"
        "print(signal.getsignal(signal.SIGHUP) == signal.SIG_IGN)"
    )
    process = start(code=code, stdout=subprocess.PIPE)
    assert process.communicate(timeout=60) == ("True\n", "")
