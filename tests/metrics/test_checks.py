"""What all metrics ask of what they are given."""

import numpy as np
import pytest

from ganprofile.errors import UsageError
from ganprofile.metrics.copies import authenticity, membership_auc, near_copies
from ganprofile.metrics.diversity import diversity
from ganprofile.metrics.features import checked_images
from ganprofile.metrics.frechet_distance import frechet_distance
from ganprofile.metrics.kernel_distance import kernel_distance, kernel_distances
from ganprofile.metrics.manifold import coverage_by_class, overlap

REAL = np.random.default_rng(0).normal(size=(40, 3))
LABELS = np.arange(40) % 2
IMAGES = np.random.default_rng(0).integers(0, 256, (40, 28, 28, 1), np.uint8)
ROWS = np.arange(20)
OF_FEATURES = {
    "frechet_distance": lambda given: frechet_distance(REAL, given),
    "kernel_distance": lambda given: kernel_distance(given, REAL),
    "kernel_distances": lambda given: kernel_distances(REAL, given, [(ROWS, ROWS)]).mean,
    "overlap": lambda given: overlap(REAL, given).precision,
    "coverage_by_class": lambda given: coverage_by_class(given, REAL, LABELS, LABELS, 2).mean(),
    "diversity": lambda given: diversity(given, REAL),
    "authenticity": lambda given: authenticity(given, REAL),
    "near_copies": lambda given: near_copies(IMAGES, IMAGES, given, REAL)[0].mean(),
}
OF_OTHERS = {
    "real_labels": (lambda given: coverage_by_class(REAL, REAL, given, LABELS, 2).mean(), LABELS),
    "labels": (lambda given: diversity(REAL, REAL, given, LABELS), LABELS),
    "Row numbers": (lambda given: kernel_distances(REAL, REAL, [(given, ROWS)]).mean, ROWS),
    "scores": (lambda given: membership_auc(given, REAL[:, 0])[0], REAL[:, 1]),
    "images": (lambda given: checked_images(given).mean(), IMAGES),
}


@pytest.mark.parametrize("metric", OF_FEATURES.values(), ids=OF_FEATURES)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda x: np.ma.masked_less(x, -1), "has masked values. Leave out what"),
        (
            lambda x: x * 1e200,
            r"numbers up to 1e\+\d\d, .* Received: .*e\+200. Divide those of both",
        ),
        (lambda x: [[1.0], [1.0, 2.0]], "should be one array of numbers. Received: ValueError"),
    ],
)
def test_features_that_nothing_can_be_computed_of_are_refused(metric, change, sentence):
    with pytest.raises(UsageError, match=sentence):
        metric(change(REAL))


@pytest.mark.parametrize(
    ("name", "metric", "good"), [(name, *one) for name, one in OF_OTHERS.items()]
)
def test_what_is_masked_does_not_count_as_if_it_were_not(name, metric, good):
    masked = np.ma.array(good, mask=np.arange(good.size).reshape(good.shape) == 3)
    with pytest.raises(UsageError, match=f"{name} has masked values"):
        metric(masked)
    assert metric(np.ma.array(good)) == metric(good)


def test_tensors_of_pytorch_are_taken_with_their_gradients():
    torch = pytest.importorskip("torch")
    other = REAL[::-1] / 2
    for metric in OF_FEATURES.values():
        assert metric(torch.tensor(other.copy(), requires_grad=True)) == metric(other)


def test_a_set_is_never_nearer_than_itself():
    for seed in range(9):
        same = np.random.default_rng(seed).normal(size=(60, 20))
        assert frechet_distance(same, same.copy()) >= 0
