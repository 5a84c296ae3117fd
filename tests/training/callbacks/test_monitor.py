import numpy as np
import pytest

from ganprofile.training.callbacks import Monitor

SOUND = {
    "probability_real": 0.6,
    "probability_fake": 0.4,
    "discriminator_gradient_norm": 1.0,
    "diversity": 0.9,
}
AILING = {
    "vary less than half": {"diversity": 0.1},
    "tells nearly every real image": {"probability_real": 0.99, "probability_fake": 0.01},
    "no longer tells": {"probability_real": 0.5, "probability_fake": 0.5},
}


class Record:
    """Stands in for the recorder."""

    def __init__(self):
        self.history, self.events = [], {}

    @property
    def epochs_done(self):
        return len(self.history)

    def rows(self):
        return reversed(self.history)

    def note(self, event):
        self.events[self.epochs_done] = event


def watch(rows):
    record = Record()
    monitor = Monitor(record)
    for epoch, row in enumerate(rows):
        record.history.append(SOUND | row)
        monitor.on_epoch_end(epoch)
    return record, monitor


@pytest.mark.parametrize("words", AILING)
def test_three_epochs_in_a_row_are_reported_once(words):
    record, monitor = watch([{}, *[AILING[words]] * 2, {}, *[AILING[words]] * 5])
    monitor.conclude()
    ((epoch, event),) = record.events.items()
    assert (
        epoch == 7
        and words in event
        and "Train with" in event.replace("Train longer", "Train with")
    )


def test_a_sound_training_is_not_reported():
    record, monitor = watch([{}] * 9)
    monitor.conclude()
    assert record.events == {}


def test_images_that_become_more_varied_have_not_collapsed():
    record, monitor = watch([{"diversity": share} for share in (0.02, 0.06, 0.14, 0.37, 0.49)])
    assert record.events == {}
    monitor.conclude()
    assert list(record.events) == [5], "but a training that ends there was too short"


def test_epochs_without_a_judgement_do_not_interrupt_a_collapse():
    unmeasured = {"diversity": np.nan}
    record, _ = watch([AILING["vary less than half"], unmeasured] * 3)
    assert list(record.events) == [5]


def test_a_short_training_is_judged_by_its_end():
    record, monitor = watch([{}, AILING["vary less than half"]])
    assert record.events == {}
    monitor.conclude()
    assert list(record.events) == [2]
