"""The reader that learns against a generator: kept, and gone on with."""

import dataclasses

import numpy as np
import pytest

from ganprofile.errors import GanprofileError
from ganprofile.gan.semi_supervised import SemiSupervisedSettings
from ganprofile.images import to_float
from ganprofile.recipes import adversarial
from ganprofile.recipes.adversarial import AdversarialTraining, certainty, with_reader

pytestmark = pytest.mark.slow

SETTINGS = SemiSupervisedSettings(steps=40, batch=20)


@pytest.fixture
def training(digits, tmp_path, monkeypatch):
    monkeypatch.setattr(adversarial, "STEPS_PER_EPOCH", 20)
    few, many = digits[0].subset(5, seed=1), digits[1]
    spread = np.full((len(many), 10), 0.05, np.float32)
    spread[np.arange(len(many)), many.labels] = 0.55
    return AdversarialTraining(few, many.images, spread, 3, tmp_path, SETTINGS)


def test_certainty_is_nought_where_all_classes_are_as_likely():
    rows = np.array([[0.25] * 4, [1, 0, 0, 0], [0.5, 0.5, 0, 0]], np.float32)
    np.testing.assert_allclose(certainty(rows), [0, 1, 0.5], atol=1e-5)


def test_a_stopped_training_is_gone_on_with(training, monkeypatch):
    class Stop(BaseException):
        pass

    kept = adversarial._Kept.on_epoch_end

    def stop(callback, epoch, logs=None):
        kept(callback, epoch, logs)
        raise Stop

    monkeypatch.setattr(adversarial._Kept, "on_epoch_end", stop)
    with pytest.raises(Stop):
        training.trained()
    assert training.place.is_file()
    monkeypatch.setattr(adversarial._Kept, "on_epoch_end", kept)
    resumed = training.trained()
    whole = dataclasses.replace(training, folder=training.folder / "whole").trained()
    np.testing.assert_array_equal(
        *(reader.predict_proba(training.many[:50]) for reader in (resumed, whole))
    )
    monkeypatch.setattr(AdversarialTraining, "_fit", None)  # what is finished is not trained again
    (again,) = training.trained().activations(training.many[:50])
    (seen,) = resumed.activations(training.many[:50])
    np.testing.assert_array_equal(again, seen)
    assert seen.shape == (50, 250)


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_images_saturate_no_layer(training, count):
    """Layers begin by the deviation of what they are shown, which of one image is none."""
    spread = training.spread[:count]
    little = dataclasses.replace(training, many=training.many[:count], spread=spread)
    begun = little.model().reader(to_float(little.few.images), training=False)[0]
    assert np.abs(begun).max() < 5
    said = with_reader(spread, little.trained(), little.many)
    assert np.isfinite(said).all() and said.max() < 1


def test_a_reader_that_says_no_numbers_is_refused(training):
    class Diverged:
        def predict_proba(self, images):
            return np.full((len(images), 10), np.nan, np.float32)

    with pytest.raises(GanprofileError, match="what it says is no number"):
        with_reader(training.spread, Diverged(), training.many)


def test_another_set_or_seed_has_a_place_of_its_own(training):
    places = {
        training.place,
        dataclasses.replace(training, seed=4).place,
        dataclasses.replace(training, many=training.many[:-1], spread=training.spread[:-1]).place,
        dataclasses.replace(training, spread=training.spread[::-1]).place,
        dataclasses.replace(training, spread=training.spread**2).place,  # the same classes, surer
        dataclasses.replace(training, settings=SemiSupervisedSettings(steps=60)).place,
    }
    assert len(places) == 6
