"""Thousands of steps in one process: nothing grows, and the step is traced once."""

import json

import pytest

from benchmarks.long_run import summary
from tests.forked import run_forked

pytestmark = pytest.mark.slow

EPOCHS = 24  # of a hundred steps
WARM_UP = 1 / 2  # allocators take what they need for good within some thousand steps
# What happens to be in use differs by 0.3; a leak of 5 KB a step is above.
MOST_GROWTH_PERCENT = 0.8
ATTEMPTS = 4
# A row of the history is some twenty objects, an epoch's arrays a few: one in two steps. Were a
# single one kept by each step, it would be twice as many more.
MOST_OBJECTS_PER_STEP = 0.75
# In a process of its own: what other tests left open is closed when it pleases. Large arrays are
# given back when they are freed (mallopt's M_MMAP_THRESHOLD), else memory goes up and down by them.
CODE = """
import ctypes, json, sys
from pathlib import Path
import ganprofile as gp
from benchmarks.long_run import Watch
from ganprofile.training.callbacks import cadence
from tests.training.test_recovery import Poison

ctypes.CDLL(None).mallopt(-3, 1 << 17)
cadence.STEPS_BETWEEN_FILES = 1
output, epochs = Path(sys.argv[1]), int(sys.argv[2])
watch = Watch(output, interval=3)
subset = gp.load("digits")[0].subset(177)  # 17 of each class are kept aside
options = {"model": "gan", "batch_size": 16, "output": output, "progress": False}
run = gp.train(subset, epochs=epochs, callbacks=[Poison(12, times=1), watch], **options)
print(json.dumps({"event": run.events[11], "rows": watch.rows}))
"""


def test_a_long_training_stays_as_it_began(tmp_path):
    """With a checkpoint, a grid and, after 400 steps, a judgement; taken back in between.

    What leaks does so in every process; an allocator that once takes 8 MB more, as it does in some,
    is tried again.
    """
    highest = []
    for attempt in range(ATTEMPTS):
        seen = watched(tmp_path / f"{attempt}")
        highest.append(seen["memory_highest_percent"])
        if highest[-1] < MOST_GROWTH_PERCENT:
            break
    assert min(highest) < MOST_GROWTH_PERCENT, highest


def watched(folder):
    """What a training in a process of its own was like."""
    done = run_forked(folder, EPOCHS, code=CODE, timeout=600)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    rows = told["rows"]
    assert "Went back to the end of epoch 11" in told["event"]
    assert rows[-1]["steps"] == 100 * EPOCHS
    seen = summary(rows, WARM_UP)
    assert seen["traces"] == [1, 1], "in all, before and after it was taken back"
    assert len(set(seen["open_files"])) == len(set(seen["threads"])) == 1, seen
    assert seen["python_blocks_per_step"] < MOST_OBJECTS_PER_STEP, rows
    return seen
