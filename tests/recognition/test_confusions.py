"""What a reader confuses, and how many more images might help."""

import numpy as np
import pytest

from ganprofile.recognition import confusions
from ganprofile.recognition.calibration import Calibration
from ganprofile.recognition.confusions import Confusion, confused, error_exponent


def said_of(real, wrong):
    """A calibration of all images; `wrong` gives row -> what it is taken for."""
    found = np.array(real.labels)
    for row, label in wrong.items():
        found[row] = label
    said = np.eye(real.num_classes, dtype=np.float32)[found]
    return Calibration(
        said, np.asarray(real.labels), np.zeros(len(found), int), np.arange(len(found))
    )


@pytest.fixture(scope="module")
def few(digits):
    return digits[0].subset(12)


def test_the_worst_pairs_come_first_whichever_way_they_are_confused(few):
    fours, nines, sevens = (np.flatnonzero(few.labels == k) for k in (4, 9, 7))
    wrong = {fours[0]: 9, nines[0]: 4, nines[1]: 4, sevens[0]: 1, sevens[1]: 1, nines[2]: 0}
    first, second = confused(few, said_of(few, wrong))
    assert (first["classes"], first["errors"], first["images"]) == (("4", "9"), 3, 24)
    assert (second["classes"], second["errors"]) == (("1", "7"), 2)
    assert first["more"] == second["more"] and first["more"] % 5 == 0 and first["more"] > 0
    assert "4 and 9 are confused: 3 of 24 images." in Confusion(**first).sentence()


def test_no_confusion_asks_for_nothing(few, monkeypatch):
    monkeypatch.setattr(confusions, "embedded", None)  # nor is anything looked at
    assert confused(few, said_of(few, {0: 3})) == []


def test_errors_that_halve_with_twice_the_images_have_the_exponent_one(few, monkeypatch):
    monkeypatch.setattr(confusions, "_errors", lambda seen, labels, folds, share: 0.1 / share)
    assert error_exponent(few) == pytest.approx(1)
    assert confusions._more(20, 1.0) == 10  # a third fewer errors of half as many more
    monkeypatch.setattr(confusions, "_errors", lambda seen, labels, folds, share: 0.1)
    assert error_exponent(few) == pytest.approx(0) and confusions._more(20, 0.0) is None
    assert "would hardly" in Confusion(("a", "b"), 2, 40, 0.0, None).sentence()


def test_more_images_of_real_digits_leave_fewer_errors(digits):
    assert error_exponent(digits[0].subset(40)) > confusions.FLATTEST


def test_of_too_few_images_nothing_is_said(digits):
    assert error_exponent(digits[0].subset(3)) is None
    assert Confusion(("a", "b"), 2, 6, None, None).sentence().endswith("2 of 6 images.")
