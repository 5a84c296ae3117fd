import numpy as np
import pytest

import ganprofile as gp
from ganprofile import classifiers
from ganprofile.datasets.folds import SEEN_BY_ALL, folds_of
from ganprofile.filtering import cross_fitting
from ganprofile.filtering.cross_fitting import (
    FOLDS,
    CrossFittedClassifiers,
)
from tests.planted import NearestNeighbour


def test_folds_divide_every_class_evenly_and_spare_what_is_alone():
    labels = np.repeat(np.arange(5), [1, 2, 4, 7, 40])
    folds = folds_of(labels, 4, seed=0)
    assert folds[0] == SEEN_BY_ALL and (folds[1:] >= 0).all()
    assert len(set(folds[1:3])) == 2
    for label in range(2, 5):
        sizes = np.bincount(folds[labels == label], minlength=4)
        assert sizes.max() - sizes.min() <= 1
    assert np.array_equal(folds, folds_of(labels, 4, seed=0))
    assert not np.array_equal(folds, folds_of(labels, 4, seed=1))


class Remembering(NearestNeighbour):
    """Certain of class 1 where it has seen the very image, else of class 0."""

    fitted = 0

    def fit(self, images, labels, frequency=None, **_):
        Remembering.fitted += 1
        assert len(images) == len(labels) > 0
        self.seen = {image.tobytes() for image in images}
        shown = np.bincount(labels, frequency, minlength=self.num_classes)
        assert np.allclose(shown[shown > 0], 1)  # every class is shown alike
        return self

    def predict_proba(self, images):
        seen = [image.tobytes() in self.seen for image in images]
        return np.eye(self.num_classes, dtype=np.float32)[np.array(seen, int)]


def test_whoever_saw_the_nearest_real_image_is_not_asked(tiny, monkeypatch):
    monkeypatch.setattr(classifiers, "CnnClassifier", Remembering)
    alone = tiny.select(np.flatnonzero((tiny.labels != 3) | (np.cumsum(tiny.labels == 3) == 1)))
    cross_fitted = CrossFittedClassifiers(alone)
    assert (
        cross_fitted.predict_proba(alone.images).argmax(axis=1).tolist()
        == (alone.labels == 3).tolist()
    )
    slightly_other = np.maximum(alone.images, 1)
    assert not cross_fitted.predict_proba(slightly_other).argmax(axis=1).any()
    assert len(cross_fitted.held_out_scores) == 180
    assert (cross_fitted.held_out_scores == (alone.labels[alone.labels != 3] == 0)).all()


def test_as_few_classifiers_as_are_needed(tiny, monkeypatch):
    monkeypatch.setattr(classifiers, "CnnClassifier", Remembering)
    for per_class, expected in ((1, 1), (5, FOLDS)):
        Remembering.fitted = 0
        cross_fitted = CrossFittedClassifiers(tiny.subset(per_class))
        assert Remembering.fitted == expected
        assert cross_fitted.predict_proba(tiny.images).shape == (200, 10)
    alone = CrossFittedClassifiers(tiny.subset(1))
    assert alone.predict_proba(tiny.subset(1).images).argmax(axis=1).all()  # who saw them is asked
    assert len(alone.held_out_scores) == 0
    with pytest.raises(gp.UsageError, match="two classes or more"):
        CrossFittedClassifiers(tiny.of_classes("1"))


def test_networks_learn_from_the_only_image_of_each_class(digits, monkeypatch):
    monkeypatch.setattr(cross_fitting, "STEPS", 25)
    alone = digits[0].subset(1)
    cross_fitted = CrossFittedClassifiers(alone, seed=1)
    read = cross_fitted.predict_proba(alone.images)
    assert np.allclose(read.sum(axis=1), 1, atol=1e-5)
    assert (read.argmax(axis=1) == alone.labels).sum() >= 8
    assert len(cross_fitted.held_out_scores) == 0


@pytest.mark.slow
def test_the_networks_read_what_they_did_not_see(digits, monkeypatch):
    monkeypatch.setattr("ganprofile.filtering.cross_fitting.STEPS", 100)
    train, test = digits
    cross_fitted = CrossFittedClassifiers(train.subset(10), seed=1)
    scores = cross_fitted.held_out_scores
    assert len(scores) == 100 and 0.6 < np.mean(scores > 0.5) < 1
    some = test.images[:300]
    read = cross_fitted.predict_proba(some)
    assert np.allclose(read.sum(axis=1), 1, atol=1e-5)
    assert np.mean(read.argmax(axis=1) == test.labels[:300]) > 0.8
