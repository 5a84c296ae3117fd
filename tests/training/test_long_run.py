"""Thousands of steps in one process: nothing grows, and the step is traced once."""

import pytest

import ganprofile as gp
from benchmarks.long_run import Watch, summary
from tests.training.test_recovery import Poison

pytestmark = pytest.mark.slow

EPOCHS = 36  # of a hundred steps
WARM_UP = 1 / 3  # allocators take what they need for good within some thousand steps
# What happens to be in use differs by up to 1; a leak of 6 KB a step is above.
MOST_GROWTH_PERCENT = 1.5
# A row of the history is some twenty objects, an epoch's arrays a few: one in four steps.
MOST_OBJECTS_PER_STEP = 0.5


def test_a_long_training_stays_as_it_began(digits, tmp_path):
    """With a checkpoint, a grid and, after 400 steps, a judgement; taken back in between."""
    watch = Watch(tmp_path, interval=3)
    subset = digits[0].subset(177)  # 17 of each class are kept aside
    options = {"model": "gan", "batch_size": 16, "output": tmp_path, "progress": False}
    run = gp.train(subset, epochs=EPOCHS, callbacks=[Poison(20, times=1), watch], **options)
    assert "Went back to the end of epoch 19" in run.events[19]
    assert watch.rows[-1]["steps"] == 100 * EPOCHS
    seen = summary(watch.rows, WARM_UP)
    assert seen["traces"] == [1, 1], "in all, before and after it was taken back"
    assert len(set(seen["open_files"])) == len(set(seen["threads"])) == 1, seen
    assert seen["memory_highest_percent"] < MOST_GROWTH_PERCENT, watch.rows
    assert seen["python_blocks_per_step"] < MOST_OBJECTS_PER_STEP, watch.rows
