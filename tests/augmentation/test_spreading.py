import dataclasses
import types

import numpy as np
import pytest

from ganprofile.augmentation.spreading import SHARES, SpreadLabels, Ties, with_readings
from ganprofile.augmentation.spreading import Pixels as seen
from ganprofile.datasets.folds import SEEN_BY_ALL, folds_of
from ganprofile.images import grey_rows
from ganprofile.transforms.deformation import upright


def nearest(features, labels):
    """The class of the nearest labelled one, which come first."""
    distances = np.linalg.norm(features[:, None] - features[None, : len(labels)], axis=2)
    return labels[distances.argmin(axis=1)]


def test_labels_go_along_chains_of_neighbours():
    from sklearn.datasets import make_moons

    places, classes = make_moons(600, noise=0.05, random_state=0)
    first = [np.flatnonzero(classes == c)[0] for c in (0, 1)]
    order = np.concatenate([first, np.setdiff1d(np.arange(600), first)])
    places, classes = places[order].astype(np.float32), classes[order]
    found = Ties(places).spread(np.arange(2), np.array([0, 1]), 2)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    assert (found.argmax(axis=1) == classes).mean() > 0.98
    assert (nearest(places, np.array([0, 1])) == classes).mean() < 0.9


def test_what_no_label_reaches_may_be_anything():
    random = np.random.default_rng(0)
    near, far = random.normal(0, 1, (20, 2)), random.normal(100, 1, (20, 2))
    ties = Ties(np.concatenate([near, far]))
    found = ties.spread(np.arange(3), np.array([0, 1, 2]), 3)
    np.testing.assert_allclose(found[20:], 1 / 3, rtol=1e-6)
    assert (np.abs(found[:20] - 1 / 3).max(axis=1) > 1e-3).all()


class Pixels:
    """Teachers who see two halves of the pixels."""

    def activations(self, images):
        rows = grey_rows(images)
        yield rows[:, : rows.shape[1] // 2]
        yield rows[:, rows.shape[1] // 2 :]


class Nothing:
    """Teachers in whose eyes any two images may be neighbours."""

    def activations(self, images):
        yield np.random.default_rng(0).normal(size=(len(images), 8)).astype(np.float32)


def few_and_others(digits, per_class):
    """Some labelled images, and others."""
    labelled = digits[0].subset(per_class, 1)
    return labelled, digits[0].select(~np.isin(digits[0].image_hashes, labelled.image_hashes))


def test_pixels_count_beside_what_teachers_see(digits):
    labelled, others = few_and_others(digits, 5)
    some = others.subset(60)
    labels = SpreadLabels(labelled, some.images, [Nothing()], seed=0)
    assert (labels.probabilities.argmax(axis=1) == some.labels).mean() > 0.7


def test_where_size_tells_classes_apart_pixels_are_as_they_are(digits):
    images = digits[0].images[:20]
    plain, turned = (next(seen(is_upright).activations(images)) for is_upright in (False, True))
    np.testing.assert_array_equal(plain, images.reshape(20, -1))
    np.testing.assert_array_equal(turned, upright(images).reshape(20, -1))
    assert not np.array_equal(plain, turned)


def test_what_comes_from_other_folds_knows_nothing_of_ones_own(digits):
    labelled, others = few_and_others(digits, 4)
    folds = folds_of(labelled.labels, 4, 0)
    some = others.subset(30).images
    found = SpreadLabels(labelled, some, [Pixels()], seed=0).held_out(folds)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-4)
    assert 0.5 < (found.argmax(axis=1) == labelled.labels).mean() < 1
    changed = labelled.labels.copy()
    changed[folds == 2] = 0  # of which this fold itself is told nothing
    other = dataclasses.replace(labelled, labels=changed)
    again = SpreadLabels(other, some, [Pixels()], seed=0).held_out(folds)
    np.testing.assert_array_equal(again[folds == 2], found[folds == 2])
    assert not np.array_equal(again[folds == 1], found[folds == 1])


@dataclasses.dataclass
class Training:
    """Teachers who say of images what they were told to."""

    real: object
    folds: np.ndarray | None
    said: np.ndarray
    said_of_others: np.ndarray

    def held_out(self):
        return self.said

    def predict_proba(self, images):
        return self.said_of_others


class Came:
    """What has spread."""

    def __init__(self, to_labelled, probabilities):
        self.to_labelled, self.probabilities = to_labelled, probabilities

    def held_out(self, folds):
        return self.to_labelled


def test_teachers_count_as_far_as_they_label_better():
    """Of ten images of two classes seven are labelled rightly by what spreads, weakly."""
    labels = np.repeat([0, 1], 5)
    real = types.SimpleNamespace(labels=labels)
    right, wrong = np.eye(2)[labels], np.eye(2)[1 - labels]
    weak = 0.4 + 0.2 * right
    weak[:3] = (0.4, 0.6)
    unlabelled, of_others = np.full((3, 2), 0.5), np.array([[1.0, 0.0]] * 3)
    folds = np.arange(10) % 4
    teachers = Training(real, folds, right, of_others)
    found, share = with_readings(Came(weak, unlabelled), teachers, teachers, [])
    assert share == 0.25  # 0.4 + 0.25 is more than 0.6, and 0.1 too little
    np.testing.assert_allclose(found, np.array([[0.75, 0.5]] * 3) / 1.25)
    hardly = weak.copy()
    hardly[0] = right[0]  # one image more, which may be chance
    for said in (weak, hardly):
        teachers = Training(real, folds, said, of_others)
        assert with_readings(Came(weak, unlabelled), teachers, teachers, [])[1] == SHARES[0] == 0.1
    teachers = Training(real, folds, wrong, of_others)
    found, share = with_readings(Came(0.48 + 0.04 * right, unlabelled), teachers, teachers, [])
    assert share == 0
    np.testing.assert_array_equal(found, unlabelled)
    alone = np.full(10, SEEN_BY_ALL)
    for folds in (None, alone):
        training = Training(real, folds, right, of_others)
        assert with_readings(Came(weak, unlabelled), training, training, [])[1] == 0


@pytest.mark.slow
def test_it_reads_digits_that_nobody_labelled(digits):
    pool, held_out = digits
    labelled = pool.subset(5, 1)
    known = {image.tobytes() for image in labelled.images}
    others = pool.select([k for k, image in enumerate(pool.images) if image.tobytes() not in known])
    labels = SpreadLabels(labelled, others.images, [Pixels()], seed=0)
    assert labels.probabilities.shape == (len(others), 10)
    right = (labels.probabilities.argmax(axis=1) == others.labels).mean()
    rows = grey_rows(np.concatenate([labelled.images, others.images]))
    alone = nearest(rows, labelled.labels)[len(labelled) :]
    assert right > (alone == others.labels).mean() + 0.05
    read = labels.predict_proba(held_out.images)
    np.testing.assert_allclose(read.sum(axis=1), 1, rtol=1e-4)
    assert (read.argmax(axis=1) == held_out.labels).mean() > right - 0.05
    again = SpreadLabels(labelled, others.images, [Pixels()], seed=0)
    np.testing.assert_array_equal(again.probabilities, labels.probabilities)
