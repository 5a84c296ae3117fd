"""Watching for what goes wrong without a single wrong number, and saying what to do."""

import dataclasses
import itertools
from collections.abc import Callable

import keras
import numpy as np

from ganprofile.console import say

# Of the real images' diversity: with labels, as if there were two images per class.
COLLAPSED = 0.5
PATIENCE = 3  # epochs in a row that show it
CERTAIN = 0.98


@dataclasses.dataclass(frozen=True)
class FailureMode:
    """A way in which a GAN stops learning.

    Attributes:
        measure: the column of the history that tells it; where it is NaN, it was not measured.
        shows: rows of the history, the newest first -> whether these epochs show it.
        words: what it is and what to do.
    """

    measure: str
    shows: Callable
    words: str


def _collapsed(rows):
    """At the beginning all images are alike, too, but from epoch to epoch less so."""
    low = all(row["diversity"] < COLLAPSED for row in rows)
    return low and rows[0]["diversity"] <= rows[-1]["diversity"]


def _discriminator_won(rows):
    return all(
        row["probability_real"] > CERTAIN and row["probability_fake"] < 1 - CERTAIN for row in rows
    )


def _discriminator_dead(rows):
    return all(abs(row["probability_real"] - row["probability_fake"]) < 1e-4 for row in rows)


FAILURE_MODES = (
    FailureMode(
        "diversity",
        _collapsed,
        "The drawn images vary less than half as much as real ones: too short a training, or "
        "mode collapse. Train longer; where that does not help, with another `model` or "
        "`learning_rate`, or on more images.",
    ),
    FailureMode(
        "probability_fake",
        _discriminator_won,
        "The discriminator tells nearly every real image from the drawn ones, and the generator "
        'learns little from it. Train with `penalty="r1"` or a lower `learning_rate`.',
    ),
    FailureMode(
        "probability_fake",
        _discriminator_dead,
        "The discriminator no longer tells real images from drawn ones at all, and nothing is "
        'learned. Train with a lower `learning_rate` or `loss="non_saturating"`.',
    ),
)


class Monitor(keras.callbacks.Callback):
    """Reports an mode that three judged epochs in a row show, once, in words with a remedy.

    Args:
        recorder: the `Recorder`, which comes before this among callbacks.
    """

    def __init__(self, recorder):
        super().__init__()
        self._recorder = recorder

    def on_epoch_end(self, epoch, logs=None):
        self._report(PATIENCE)

    def conclude(self):
        """Report what the newest judged epoch shows: a short training has no three in a row."""
        self._report(1)

    def _report(self, patience):
        said = " ".join(self._recorder.events.values())
        for mode in (one for one in FAILURE_MODES if one.words not in said):
            measured = (row for row in self._recorder.rows() if not np.isnan(row[mode.measure]))
            newest = list(itertools.islice(measured, patience))
            if len(newest) == patience and mode.shows(newest):
                self._recorder.note(mode.words)
                say(f"Epoch {self._recorder.epochs_done}: {mode.words}")
