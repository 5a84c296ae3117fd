import numpy as np
import pytest

from ganprofile.evaluation.distances import distances, feature_spaces
from ganprofile.metrics.features import FeatureNetwork
from ganprofile.metrics.kernel_distance import kernel_distance
from ganprofile.metrics.manifold import coverage_by_class


@pytest.fixture(scope="module")
def measured(digits, planted):
    """Fault -> distances from 300 real digits, and the mean coverage within classes."""
    network = FeatureNetwork.load("letters")
    real = digits[1].subset(30)
    features = network(real.images)
    found = {}
    for name, dataset in planted.items():
        drawn = network(dataset.images)
        by_class = coverage_by_class(features, drawn, real.labels, dataset.labels, 10)
        found[name] = distances(features, drawn), by_class.mean()
    return found


def test_real_images_pass_for_real_ones(measured):
    found, by_class = measured["none"]
    assert abs(found.kernel_distance) < 0.15
    assert min(found.coverage, found.precision, found.recall, by_class) > 0.9
    assert 0.8 < found.density < 1.2


def test_a_collapsed_generator_lacks_variety_and_is_precise(measured):
    found, by_class = measured["collapsed"]
    assert found.recall == 0 and found.coverage < 0.6 and by_class < 0.6
    assert found.precision > 0.8
    assert found.kernel_distance > 5 * found.kernel_distance_sd / 10 > 0
    assert found.frechet_distance > 3 * measured["none"][0].frechet_distance


def test_swapped_labels_are_seen_within_classes_only(measured):
    found, by_class = measured["swapped"]
    assert by_class < 0.1
    assert found == measured["none"][0], "the images are the same"


@pytest.mark.parametrize("fault", ["inverted", "blurred", "blank"])
def test_images_of_another_kind_are_far_and_not_precise(measured, fault):
    found, by_class = measured[fault]
    usual = measured["none"][0]
    assert found.kernel_distance > 10 * found.kernel_distance_sd
    assert found.kernel_distance > 20 * abs(usual.kernel_distance)
    assert found.frechet_distance > 10 * usual.frechet_distance
    assert max(found.precision, found.coverage, found.density, by_class) < 0.3


def test_subsets_are_half_of_a_small_set_so_that_they_differ():
    random = np.random.default_rng(0)
    real, fake = random.normal(size=(120, 4)), random.normal(1, 1, (120, 4))
    found = distances(real, fake, seed=1)
    assert (found.images, found.subsets, found.subset_size) == (120, 100, 60)
    assert found.kernel_distance_sd > 0
    assert found.kernel_distance == pytest.approx(kernel_distance(real, fake), rel=0.1)
    assert distances(real, fake, seed=1) == found != distances(real, fake, seed=2)


def test_pixels_have_no_neighbours_that_say_something():
    random = np.random.default_rng(0)
    found = distances(random.normal(size=(50, 4)), random.normal(size=(50, 4)), has_balls=False)
    assert found.precision is found.coverage is found.density is found.recall is None


def test_the_space_that_counts_comes_first():
    for names, first in (
        (tuple("0123"), "letters"),
        (("a", "b"), "characters"),
        ((), "characters"),
    ):
        spaces = feature_spaces(names)
        assert spaces[0].name == first
        assert {space.name for space in spaces} == {"letters", "characters", "pixels"}
    assert len(spaces[0].described["sha256"]) == 64
    assert spaces[0].described["learned_classes"].startswith("0 1 2")
