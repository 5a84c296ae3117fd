"""A command run as a user runs it, by the clock, and what it said of its time beforehand."""

import os
import re
import subprocess
import time

ESTIMATE = re.compile(r"estimated to take (\d+):(\d\d)")
KINDS = ("children_user", "children_system")


def clocked(command, finished_by=None, checkout=None):
    """Run a command in a process of its own.

    Args:
        command: a list of str and paths.
        finished_by: how the line begins with which the estimated work is finished; None is the end
            of the command.
        checkout: whose package it is to import; None for that of this process.

    Returns:
        A dict: `seconds` until the work was finished, `seconds_after` from there to the end,
        `cpu_seconds` of all its processes, and `estimated_over_true` of the last estimate, or None.

    Raises:
        SystemExit: the command fails.
    """
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    if checkout is not None:
        environment["PYTHONPATH"] = str(checkout)
    began, before = time.monotonic(), os.times()
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=checkout,  # where `python -m` looks first
        stderr=subprocess.PIPE,
        text=True,
    )
    said, finished = None, None
    for line in process.stderr:
        if match := ESTIMATE.search(line):
            said = time.monotonic(), 60 * int(match[1]) + int(match[2])
        if finished_by and finished is None and line.startswith(finished_by):
            finished = time.monotonic()
    if process.wait():
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}.")
    ended, after = time.monotonic(), os.times()
    finished = finished or ended
    return {
        "seconds": finished - began,
        "seconds_after": ended - finished,
        "cpu_seconds": sum(getattr(after, kind) - getattr(before, kind) for kind in KINDS),
        "estimated_over_true": said and said[1] / (finished - said[0]),
    }
