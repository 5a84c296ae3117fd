"""Commands in processes of their own that are stopped while they run."""

import subprocess
import sys
import time


def start(*arguments, code=None, **options):
    """`python -m ganprofile ...`, or other Python code, in a fresh process that runs on."""
    what = ["-m", "ganprofile"] if code is None else ["-c", code]
    command = [sys.executable, *what, *map(str, arguments)]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, **{**pipes, **options})


def wait_for(condition, process, seconds=300):
    """Wait until something is so while a process runs; return what it is."""
    deadline = time.monotonic() + seconds
    while not (result := _so_far(condition)):
        assert process.poll() is None, f"the process ended early: {process.communicate()[1]}"
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.005)
    return result


def _so_far(condition):
    """What it is; nothing where a folder is renamed or removed while it is searched."""
    try:
        return condition()
    except FileNotFoundError:
        return None


def end(process, number):
    """Send a signal; the exit code and what was said, which are due within ten seconds."""
    process.send_signal(number)
    try:
        _, said = process.communicate(timeout=10)
    finally:
        process.kill()
    return process.returncode, said
