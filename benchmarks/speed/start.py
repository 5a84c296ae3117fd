"""What a user waits for before anything happens: the help, the import."""

import functools
import subprocess
import sys
import time

from benchmarks.speed.design import OURS, SECONDS, Row

COMMANDS = {
    "help": ["-m", "ganprofile", "--help"],
    "import": ["-c", "import ganprofile"],
    "keras": ["-c", "import keras"],
}


def started(name, is_quick):
    """Seconds of a process from its start to its end."""
    began = time.perf_counter()
    command = [sys.executable, *COMMANDS[name]]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return {SECONDS: time.perf_counter() - began}


def _row(what, name, wanted):
    contenders = {OURS: name, "import keras": "keras"}
    return Row(
        what,
        {who: functools.partial(started, which) for who, which in contenders.items()},
        {"import keras": wanted},
        repeats=9,
    )


ROWS = {
    "help": _row("`ganprofile --help`", "help", 10.0),
    "import": _row("`import ganprofile`", "import", 15.0),
}
