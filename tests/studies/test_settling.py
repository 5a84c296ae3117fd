import numpy as np
import pytest

from ganprofile.studies.settling import FEWEST, WINDOW, settled_epoch

EPOCHS = np.arange(100)


@pytest.mark.parametrize(("after", "least", "most"), [(30, 25, 40), (60, 55, 70)])
def test_a_step_settles_where_it_ends(after, least, most):
    noise = np.random.default_rng(0).normal(0, 0.01, 100)
    loss = np.where(after > EPOCHS, 2.0, 1.0) + noise
    assert least <= settled_epoch(loss) <= most


def test_the_last_loss_to_settle_counts():
    early, late = np.where(EPOCHS < 20, 2.0, 1.0), np.where(EPOCHS < 50, 2.0, 1.0)
    assert settled_epoch(early, late) == settled_epoch(late) > settled_epoch(early)


def test_what_goes_on_falling_has_not_settled():
    assert settled_epoch(2.0 - 0.015 * EPOCHS) is None
    assert settled_epoch(np.ones(100), 2.0 - 0.015 * EPOCHS) is None


def test_what_never_moves_is_settled_at_once():
    assert settled_epoch(np.ones(100)) == WINDOW


def test_nothing_is_said_of_few_epochs_or_no_numbers():
    assert settled_epoch(np.ones(FEWEST - 1)) is None
    assert settled_epoch(np.full(50, np.nan)) is None


def test_what_leaves_at_the_end_has_not_settled():
    noise = np.random.default_rng(0).normal(0, 0.001, 100)
    assert settled_epoch(np.where(EPOCHS < 99, 1.0, 3.0) + noise) is None
