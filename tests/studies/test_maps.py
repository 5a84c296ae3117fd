"""How well classes lie apart on a map."""

import numpy as np
import pytest

from ganprofile.studies.maps import alike


def test_most_of_five_neighbours_are_three_whatever_classes_are_called():
    """Of six images all others are near: one of three sees two of its class, and two of a third."""
    places = np.random.default_rng(1).normal(size=(6, 2))
    for labels in ([0, 0, 0, 1, 1, 2], [2, 2, 2, 1, 1, 0]):
        assert alike(places, np.array(labels)) == 0
    for labels in ([0, 0, 0, 0, 1, 2], [2, 2, 2, 2, 1, 0]):
        assert alike(places, np.array(labels)) == pytest.approx(4 / 6)
