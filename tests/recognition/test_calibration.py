"""How sure a reader may be, from images that it has not seen."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import ganprofile as gp
from ganprofile.datasets.folds import SEEN_BY_ALL
from ganprofile.recognition.calibration import (
    Calibration,
    calibration_error,
    nearest_temperature,
    temperature_of,
    tempered,
)
from ganprofile.recognition.sentences import sentences

COUNT = 4000


@pytest.fixture(scope="module")
def drawn():
    """Probabilities of five classes, and labels that follow them."""
    random = np.random.default_rng(5)
    logits = random.normal(0, 2, (COUNT, 5))
    right = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (right.cumsum(axis=1) > random.random((COUNT, 1))).argmax(axis=1)
    return right.astype(np.float32), labels


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_the_temperature_that_was_lost_is_found(drawn, temperature):
    right, labels = drawn
    wrong = tempered(right, 1 / temperature)
    found = temperature_of(wrong, labels)
    assert found == pytest.approx(temperature, rel=0.1)
    assert calibration_error(tempered(wrong, found), labels) < 0.02
    if temperature != 1:
        assert calibration_error(wrong, labels) > 0.08


@pytest.mark.parametrize("temperature", [0.4, 2.5])
def test_the_temperature_nearest_to_what_others_say_is_found(drawn, temperature):
    right, _ = drawn
    found = nearest_temperature(tempered(right, 1 / temperature), right)
    assert found == pytest.approx(temperature, rel=0.01)


@pytest.mark.parametrize("count", [4, 24, 60])
def test_of_few_images_none_is_so_sure_as_if_errors_could_not_be(count):
    """All are read rightly, with a certainty of 80 to 95 %."""
    sure = np.linspace(0.8, 0.95, count)
    said = np.stack([sure, 0.7 * (1 - sure), 0.3 * (1 - sure)], axis=1).astype(np.float32)
    labels = np.zeros(count, int)
    after = tempered(said, temperature_of(said, labels)).max(axis=1)
    assert after.mean() == pytest.approx((count + 1) / (count + 2), abs=0.01)
    foreign = np.array([[0.5, 0.3, 0.2]], np.float32)
    assert tempered(foreign, temperature_of(said, labels)).max() < 0.9
    told = " ".join(sentences({"calibration": facts_of(said, labels)}))
    assert f"Errors rarer than one in {count + 2} need not show among {count} images" in told


def facts_of(said, labels):
    folds = np.arange(len(labels)) % 4
    return Calibration(said, labels, folds, np.arange(len(labels))).facts()


def test_of_many_images_one_error_more_changes_next_to_nothing(drawn):
    said, labels = tempered(drawn[0], 0.5)[:500], drawn[1][:500]
    rows = np.arange(500)

    def surprise(exponent):
        return -np.log(np.maximum(tempered(said, np.exp(exponent))[rows, labels], 1e-12)).mean()

    plain = np.exp(minimize_scalar(surprise, bounds=(-3, 3), method="bounded").x)
    assert temperature_of(said, labels) == pytest.approx(plain, rel=0.02)
    assert "Errors rarer" not in " ".join(sentences({"calibration": facts_of(said, labels)}))


def test_the_error_is_that_of_certainty_against_accuracy():
    said = np.array([[0.9, 0.1]] * 4 + [[0.35, 0.65]] * 4, np.float32)
    labels = np.array([0, 0, 0, 1, 1, 1, 1, 1])  # 75 % right at 90 %, 100 % at 65 %
    assert calibration_error(said, labels) == pytest.approx((0.15 + 0.35) / 2, abs=1e-6)
    assert calibration_error(np.eye(2, dtype=np.float32)[labels], labels) == 0


def test_probabilities_may_be_nought_and_no_order_changes():
    said = np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]], np.float32)
    for temperature in (0.05, 20.0):
        found = tempered(said, temperature)
        np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
        assert found[0].argmax() == 0 and found[1, 0] == found[1, 1] > found[1, 2]


def test_a_few_are_neither_none_nor_all():
    sure = [
        {"level": 0.9, "share": 0.997, "accuracy": 0.99999},
        {"level": 0.95, "share": 1.0, "accuracy": 1.0},
        {"level": 0.99, "share": 0.0004, "accuracy": 1.0},
    ]
    measured = {"images": 10_000, "accuracy": 0.9, "error_before": 0.1, "error_after": 0.1}
    told = " ".join(sentences({"calibration": {**measured, "sure": sure}}))
    assert "With a certainty of 90 % it reads 99.7 % of them, and of these 99.999 % (95 %" in told
    assert "With a certainty of 95 % it reads 100 % of them, and of these 100.0 % (95 %" in told
    assert "With a certainty of 99 % it reads 0.04 % of them" in told


@dataclasses.dataclass
class Training:
    """One whose two teachers say of an image what stands at its number, if it is of their fold."""

    said: np.ndarray
    real: gp.Dataset
    folds: np.ndarray

    member = SimpleNamespace(view=lambda images: images, is_upright=False)
    ensemble = SimpleNamespace(members=[member] * 2)

    def train(self, number):
        def predict_proba(images):
            rows = images.reshape(len(images), -1).view(np.int32).ravel()
            assert (self.folds[rows] == number).all()
            return self.said[rows]

        return SimpleNamespace(predict_proba=predict_proba)


@pytest.fixture
def training(drawn):
    """The first of whose teachers is twice as sure as is right."""
    right, labels = drawn
    folds = np.arange(COUNT) % 2
    said = np.where(folds[:, None] == 0, tempered(right, 0.5), right)
    numbers = np.arange(COUNT, dtype=np.int32).view(np.uint8).reshape(COUNT, 2, 2, 1)
    return Training(said, gp.Dataset(numbers, labels), folds)


def test_a_fold_is_tempered_by_what_the_others_say(training):
    found = Calibration.of(training, training.real.images)
    np.testing.assert_array_equal(found.labels, training.real.labels)
    sure, plain = found.folds == 0, found.folds == 1
    # The other fold is right as it is, so the sure one stays; and the other way round.
    np.testing.assert_allclose(found.tempered()[sure], training.said[sure], atol=0.03)
    softened = tempered(training.said[plain], 2.0)
    np.testing.assert_allclose(found.tempered()[plain], softened, atol=0.03)
    assert 1.1 < found.temperature < 1.9


def test_the_images_of_the_user_are_asked_for_and_not_those_that_were_shown(training):
    """What a teacher says goes by the number of an image; theirs come in another order."""
    found = Calibration.of(training, np.roll(training.real.images, 2, axis=0))
    np.testing.assert_array_equal(found.said, np.roll(training.said, 2, axis=0))


def test_what_was_seen_by_all_or_has_no_label_of_its_own_is_not_asked(training):
    training.folds[:100] = SEEN_BY_ALL
    found = Calibration.of(training, training.real.images, known=1000)
    np.testing.assert_array_equal(found.labels, training.real.labels[100:1000])
    assert found.facts()["images"] == 900


def test_an_image_of_which_another_fold_has_a_copy_is_not_asked_for(training):
    hashes = np.arange(COUNT)
    hashes[20:22] = 5  # in the other fold than its twin, and in the same
    hashes[30] = 40  # in the same fold
    found = Calibration.of(training, training.real.images, known=100, hashes=hashes)
    assert set(range(100)) - set(found.rows.tolist()) == {5, 20, 21}
    assert found.facts()["images"] == 97 and found.facts()["copies"] == 3
    assert set(found.kept(training.real.images)) == {
        *("said", "labels", "folds", "rows", "doubtful", "images")
    }
    nobody = Calibration.of(training, training.real.images, hashes=np.zeros(COUNT))
    assert nobody.facts() == {"images": 0, "copies": COUNT}


def test_what_is_read_with_a_certainty_is_read_as_surely(training, drawn):
    training.said = tempered(drawn[0], 0.5)
    facts = Calibration.of(training, training.real.images).facts()
    assert facts["error_after"] < 0.03 < facts["error_before"]
    levels, shares = ([one[key] for one in facts["sure"]] for key in ("level", "share"))
    assert levels == [0.9, 0.95, 0.99] and shares == sorted(shares, reverse=True)
    for one in facts["sure"]:
        assert one["accuracy"] > one["level"] - 0.01


def test_where_nobody_can_be_asked_nothing_is_said(training):
    training.folds[:] = SEEN_BY_ALL
    found = Calibration.of(training, training.real.images)
    assert found.facts() == {"images": 0} and found.temperature == 1
    training.folds = None  # all teachers were shown all
    assert Calibration.of(training, training.real.images).facts() == {"images": 0}
