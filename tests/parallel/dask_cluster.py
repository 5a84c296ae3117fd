"""A scheduler and workers of Dask, in processes of their own on this machine."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.processes import wait_for

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def scheduler(folder):
    """A scheduler; yields the file in which it says where it listens."""
    file = folder / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", file)
    with _begun("distributed.cli.dask_scheduler", *options) as process:
        wait_for(lambda: _is_whole(file), process)
        yield file


@contextlib.contextmanager
def worker(file):
    """A worker of that scheduler, one process that nobody starts again; yields the process."""
    options = ("--scheduler-file", file, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny")
    with _begun("distributed.cli.dask_worker", *options) as process:
        yield process


def address(file):
    """`HOST:PORT` of a scheduler."""
    return json.loads(file.read_text())["address"].removeprefix("tcp://")


@contextlib.contextmanager
def _begun(module, *options):
    command = [sys.executable, "-m", module, "--no-dashboard", *map(str, options)]
    nowhere = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **nowhere) as process:
        try:
            yield process
        finally:
            process.kill()


def _is_whole(file):
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
        return bool(json.loads(file.read_text()))
    return False
