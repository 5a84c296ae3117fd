import types

import pytest

from ganprofile.training.callbacks.time_limit import TimeLimit


class Clock:
    """Stands in for the recorder: epochs that took what is said."""

    def __init__(self):
        self.seconds, self.last_epoch = 0.0, None

    def spend(self, seconds):
        self.seconds += seconds
        self.last_epoch = {"seconds": seconds}


def epochs_done(limit, clock, lengths):
    limit.set_model(types.SimpleNamespace(stop_training=False))
    for epoch, seconds in enumerate(lengths):
        clock.spend(seconds)
        limit.on_epoch_end(epoch)
        if limit.model.stop_training:
            return epoch + 1
    return None


@pytest.mark.parametrize(
    ("lengths", "done"),
    [
        ([2.0] * 9, 3),  # exactly full
        ([2.5] * 9, 2),  # a third would end at 7.5
        ([4.0, 1.0, 1.0], 1),  # the next is taken to be as long as the last
        ([7.0], 1),  # the first is done whatever it takes
    ],
)
def test_no_epoch_begins_that_would_not_end_in_time(lengths, done):
    clock = Clock()
    assert epochs_done(TimeLimit(0.1, clock), clock, lengths) == done


def test_without_minutes_it_goes_on():
    clock = Clock()
    assert epochs_done(TimeLimit(None, clock), clock, [1e6] * 3) is None


def test_what_one_worker_wishes_all_do():
    clock = Clock()
    limit = TimeLimit(0.1, clock, any_worker=lambda wish: True)
    assert epochs_done(limit, clock, [0.1] * 3) == 1
