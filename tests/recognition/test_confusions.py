"""What a reader confuses, and how many more images might help."""

import numpy as np
import pytest

from ganprofile.recognition import confusions
from ganprofile.recognition.calibration import Calibration
from ganprofile.recognition.confusions import Confusion, confused, error_exponent, misread
from ganprofile.recognition.sentences import _share as share_in_words
from ganprofile.recognition.sentences import sentences


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


def test_the_classes_that_need_more_images_are_named(few):
    fours, nines, sevens = (np.flatnonzero(few.labels == k) for k in (4, 9, 7))
    wrong = {**dict.fromkeys(nines[:3], 4), **dict.fromkeys(fours[:2], 7), sevens[0]: 1}
    found = misread(few, said_of(few, wrong))
    assert [(one["name"], one["errors"], one["asked"]) for one in found] == [
        ("9", 3, 12),
        ("4", 2, 12),
    ]
    assert sentences({"misread": found})[1].startswith("Misread most: 9 (3 of 12), 4 (2 of 12).")


def test_of_a_class_with_one_image_it_is_said_that_nothing_is_known(digits):
    real = digits[0].subset(3)
    real = real.select(np.delete(np.arange(len(real)), np.flatnonzero(real.labels == 6)[1:]))
    every = said_of(real, {})
    rows = real.labels != 6
    asked = Calibration(
        *(getattr(every, name)[rows] for name in ("said", "labels", "folds", "rows"))
    )
    (found,) = misread(real, asked)
    assert found == {"name": "6", "errors": 0, "asked": 0}
    assert "How well it reads 6 is not known" in sentences({"misread": [found]})[1]


def test_shares_have_intervals_and_the_calibration_error_its_name():
    sure = [{"level": 0.99, "share": 0.5, "accuracy": 1.0}]
    calibration = {"images": 200, "accuracy": 0.955, "error_before": 0.116, "error_after": 0.032}
    said = sentences(
        {"accuracy": 0.97, "test_images": 1000, "calibration": {**calibration, "sure": sure}}
    )
    assert said[0] == "It reads 97.00 % (95 % interval 95.7..97.9) of the 1,000 test images."
    assert "95.50 % (95 % interval 91.7..97.6) rightly" in said[1]
    assert said[2].startswith("Expected calibration error") and "3.2 points, 11.6 before" in said[2]
    assert "of these 100.0 % (95 % interval 96.3..100.0) rightly" in said[3]


@pytest.mark.parametrize(("writers", "said"), [(6, "by 6 writers,"), (1, "by 1 writer,"), (5, "")])
def test_of_images_by_known_writers_it_is_said_whose_they_are(writers, said):
    errors = {"error_before": 0.1, "error_after": 0.1, "sure": []}
    images = 9 if not said else 180  # few by each: the networks had hardly seen others of theirs
    calibration = {"images": images, "accuracy": 1.0, **errors}
    heard = " ".join(sentences({"writers": writers, "calibration": calibration}))
    assert said in heard and ("other people's writing" in heard) is bool(said)
    assert "writing" not in " ".join(sentences({"calibration": calibration}))


def test_of_labels_that_had_spread_from_what_is_asked_it_is_said():
    calibration = {"images": 9, "accuracy": 1.0, "error_before": 0.1, "error_after": 0.1}
    info = {"images": 29, "calibration": {**calibration, "sure": []}}
    guessed = {"dataset": "many", "images": 20, "effort": "quick"}
    said = " ".join(sentences({**info, "unlabelled": guessed}))
    assert "Labels had spread from these images to others" in said and "20 of the 29" in said
    assert "spread" not in " ".join(sentences({**info, "unlabelled": None}))


def test_of_images_that_are_there_twice_it_is_said_that_they_do_not_count(few):
    calibration = {"images": 9, "accuracy": 1.0, "error_before": 0.1, "error_after": 0.1}
    said = sentences({"calibration": {**calibration, "sure": [], "copies": 4}})
    assert said[1] == "4 more were left out: the network had seen the same image elsewhere."
    (said,) = sentences({"calibration": {"images": 0, "copies": 18}})
    assert said.endswith("was not measured: each image is there more than once.")
    nobody = Calibration(np.empty((0, few.num_classes)), *np.empty((3, 0), int), copies=18)
    unknown = misread(few, nobody)
    assert [one["name"] for one in unknown] == list(few.class_names)
    assert "as one that is there twice" in sentences({"misread": unknown})[1]


@pytest.mark.parametrize(
    ("keep_size", "words"),
    [(40.0, "should have the resolution"), ("auto", "in size alone may be confused")],
)
def test_of_characters_that_keep_their_sizes_it_is_said_how_pictures_are_read(keep_size, words):
    (not_measured,) = sentences({})
    assert "not measured" in not_measured and words in sentences({"keep_size": keep_size})[1]


def test_of_a_student_it_is_said_whose_figures_they_are():
    calibration = {
        "images": 9,
        "accuracy": 1.0,
        "error_before": 0.1,
        "error_after": 0.1,
        "sure": [],
    }
    info = {"model": "student", "calibration": calibration}
    assert "These figures are of its teachers" in sentences(info)[0]
    assert sentences(info | {"accuracy": 0.9, "test_images": 9})[-1].startswith("All but the first")
    assert "teachers" not in " ".join(sentences(info | {"model": "teachers"}))


@pytest.mark.parametrize(
    ("share", "count", "said"),
    [
        (1.0, 10_000, "100.00 % (95 % interval 99.96..100.0)"),
        (0.9996, 10_000, "99.96 % (95 % interval 99.9..99.98)"),
        (0.5, 4, "50.00 % (95 % interval 15.0..85.0)"),
        (0.0, 10_000, "0.00 % (95 % interval 0.0..0.04)"),
    ],
)
def test_no_end_of_an_interval_is_rounded_to_none_or_all(share, count, said):
    assert share_in_words(share, count, 2) == said
