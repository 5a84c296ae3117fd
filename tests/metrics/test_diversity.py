import numpy as np
import pytest

from ganprofile.errors import UsageError
from ganprofile.metrics.diversity import diversity


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_by_hand():
    # Variances of 2 and 8 with the unbiased factor.
    assert diversity([[0.0], [2.0]], [[0.0], [4.0]]) == 0.25
    # Within classes 2 and 0 of the drawn, 8 and 8 of the reference.
    drawn, real = [[0.0], [2.0], [9.0], [9.0]], [[0.0], [4.0], [5.0], [1.0]]
    assert diversity(drawn, real, [0, 0, 1, 1], [0, 0, 1, 1]) == 2 / 16


def test_the_same_distribution_is_one_at_any_size(random):
    values = [
        diversity(random.normal(3, 2, (20, 5)), random.normal(3, 2, (2000, 5))) for _ in range(200)
    ]
    assert np.mean(values) == pytest.approx(1, abs=0.02)


def test_half_as_far_from_the_mean_is_a_quarter(random):
    real = random.normal(size=(500, 4))
    assert diversity(real / 2 + 7, real) == pytest.approx(0.25)


def test_one_image_again_and_again_is_zero(random):
    assert diversity(np.ones((50, 4)), random.normal(size=(50, 4))) == 0


def test_one_image_a_class_is_zero_only_within_classes(random):
    labels = np.arange(60) % 3
    images_of_classes = 10 * random.normal(size=(3, 4))
    real = images_of_classes[labels] + random.normal(size=(60, 4))
    collapsed = images_of_classes[labels]
    assert diversity(collapsed, real) > 0.8
    assert diversity(collapsed, real, labels, labels) == pytest.approx(0, abs=1e-20)


def test_class_frequencies_do_not_matter(random):
    """A class that varies more, drawn more often, is no more variety."""
    spread = np.array([1.0, 5.0])
    labels, reference_labels = np.repeat([0, 1], [50, 950]), np.repeat([0, 1], [500, 500])
    drawn = spread[labels][:, None] * random.normal(size=(1000, 30))
    real = spread[reference_labels][:, None] * random.normal(size=(1000, 30))
    assert diversity(drawn, real, labels, reference_labels) == pytest.approx(1, abs=0.03)


def test_classes_with_one_image_or_on_one_side_are_left_out():
    drawn, labels = [[0.0], [2.0], [100.0], [0.0], [50.0]], [0, 0, 1, 2, 2]
    real, reference_labels = [[0.0], [2.0], [5.0], [50.0], [7.0]], [0, 0, 1, 1, 3]
    assert diversity(drawn, real, labels, reference_labels) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1.0]], [[1.0], [2.0]]), r"features should be .* Received: shape \(1, 1\)"),
        (([[1.0], [2.0]], [[3.0], [3.0]]), "should vary. Received: the same row"),
        (([[1.0], [2.0]], [[1.0], [2.0]], [0, 0]), "Received: only one"),
        (([[1.0], [2.0]], [[1.0], [2.0]], [0], [0, 0]), r"2 class indices.* shape \(1,\)"),
        (([[1.0], [2.0]], [[1.0], [2.0]], [0, 0], [1, 1]), "1 and 1 such classes, none shared"),
        (([[1.0], [2.0]], [[1.0], [2.0]], [0, 1], [0, 1]), "0 and 0 such classes"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, message):
    with pytest.raises(UsageError, match=message):
        diversity(*arguments)
