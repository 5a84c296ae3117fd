"""Only the chief of several workers keeps the run.

The others do the same in a folder of their own, which goes away: so all judge, go back and stop at
the same epoch, without a word between them.
"""

import contextlib
import shutil
import tempfile
from pathlib import Path

from ganprofile.runs.run import Run

STATE = ("config.json", "subset.csv", "history.csv", "checkpoint")


@contextlib.contextmanager
def output_of(device, output):
    """The folder in which a worker makes its run folder."""
    if device.is_chief:
        yield output
        return
    with tempfile.TemporaryDirectory(prefix="ganprofile-worker-") as folder:
        yield Path(folder)


@contextlib.contextmanager
def run_of(device, run):
    """The run that a worker goes on with: the chief's own, or a copy of its state.

    To be entered before the networks are built, where the workers wait for each other: until then
    the chief changes nothing.
    """
    if device.is_chief:
        yield run
        return
    with output_of(device, None) as folder:
        copy = folder / run.path.name
        shutil.copytree(run.path, copy, ignore=_all_but_the_state)
        yield Run.open(copy)


def _all_but_the_state(folder, names):
    is_inside = Path(folder).name == "checkpoint"
    return [] if is_inside else [name for name in names if name not in STATE]
