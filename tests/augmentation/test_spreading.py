import numpy as np
import pytest

from ganprofile.augmentation.spreading import SpreadLabels, spread
from ganprofile.images import grey_rows


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
    found = spread(places, np.array([0, 1]), 2)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    assert (found.argmax(axis=1) == classes).mean() > 0.98
    assert (nearest(places, np.array([0, 1])) == classes).mean() < 0.9


def test_what_no_label_reaches_may_be_anything():
    random = np.random.default_rng(0)
    near, far = random.normal(0, 1, (20, 2)), random.normal(100, 1, (20, 2))
    found = spread(np.concatenate([near, far]), np.array([0, 1, 2]), 3)
    np.testing.assert_allclose(found[20:], 1 / 3, rtol=1e-6)
    assert (np.abs(found[:20] - 1 / 3).max(axis=1) > 1e-3).all()


class Pixels:
    """Teachers who see two halves of the pixels."""

    def activations(self, images):
        rows = grey_rows(images)
        yield rows[:, : rows.shape[1] // 2]
        yield rows[:, rows.shape[1] // 2 :]


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
