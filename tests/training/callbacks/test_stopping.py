import signal
import threading

import pytest

from ganprofile.errors import STOPPING_SIGNALS
from ganprofile.training.callbacks import Stopping


class Checkpoint:
    """Stands in for the checkpoint."""

    def __init__(self, is_current):
        self.is_current = is_current

    def keep_newest(self):
        self.is_current = True


@pytest.fixture
def heard():
    """What comes to those who handled signals before."""
    numbers = []
    handlers = {
        number: signal.signal(number, lambda number, frame: numbers.append(number))
        for number in STOPPING_SIGNALS
    }
    yield numbers
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPPING_SIGNALS)
def test_a_signal_waits_until_the_epoch_is_whole_and_saved(heard, number):
    checkpoint = Checkpoint(is_current=False)
    with Stopping(checkpoint) as stopping:
        signal.raise_signal(number)
        stopping.on_train_batch_end(0)
        assert heard == [] and not checkpoint.is_current
        stopping.on_epoch_end(0)
        assert heard == [number] and checkpoint.is_current


def test_a_signal_that_costs_nothing_does_not_wait(heard):
    with Stopping(Checkpoint(is_current=True)):
        signal.raise_signal(signal.SIGTERM)
        assert heard == [signal.SIGTERM]


def test_the_second_signal_does_not_wait_but_one_of_another_kind_does(heard):
    with Stopping(Checkpoint(is_current=False)):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        assert heard == []
        signal.raise_signal(signal.SIGINT)
        assert sorted(heard) == [signal.SIGINT, signal.SIGTERM]


def test_no_signal_waits_for_long(heard, monkeypatch):
    monkeypatch.setattr("ganprofile.training.callbacks.stopping.MOST_SECONDS_HELD", 0.0)
    checkpoint = Checkpoint(is_current=False)
    with Stopping(checkpoint) as stopping:
        signal.raise_signal(signal.SIGTERM)
        stopping.on_train_batch_end(0)
        assert heard == [signal.SIGTERM] and not checkpoint.is_current


def test_what_is_held_comes_at_the_latest_when_the_training_ends(heard):
    with pytest.raises(KeyError), Stopping(Checkpoint(is_current=False)):
        signal.raise_signal(signal.SIGTERM)
        raise KeyError
    assert heard == [signal.SIGTERM]


def test_what_handled_signals_before_may_raise_and_does_so_once():
    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt), Stopping(Checkpoint(False)) as stopping:
            signal.raise_signal(signal.SIGINT)
            stopping.on_epoch_end(0)
        assert signal.getsignal(signal.SIGINT) is interrupt
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_is_ignored_stays_ignored_and_all_is_put_back(heard):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    before = [signal.getsignal(number) for number in STOPPING_SIGNALS]
    with Stopping(Checkpoint(is_current=False)) as stopping:
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN
        stopping.on_epoch_end(0)
    assert [signal.getsignal(number) for number in STOPPING_SIGNALS] == before


def test_in_another_thread_signals_are_left_alone(heard):
    def enter():
        with Stopping(Checkpoint(is_current=False)):
            seen.append(signal.getsignal(signal.SIGINT))

    seen, before = [], signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [before]
