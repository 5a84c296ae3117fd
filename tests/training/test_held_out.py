import numpy as np
import pytest

import ganprofile as gp
from ganprofile.training.held_out import divide


def dataset(per_class, classes=3, labelled=True):
    labels = np.repeat(np.arange(classes), per_class)
    images = np.zeros((len(labels), 28, 28, 1), np.uint8)
    return gp.Dataset(images, labels if labelled else None, name="some")


@pytest.mark.parametrize("labelled", [True, False])
def test_a_tenth_of_every_class_is_kept_aside(labelled):
    some = dataset(50, labelled=labelled)
    chosen, aside, held_out = divide(some, seed=3)
    assert held_out
    assert sorted([*chosen, *aside]) == list(range(150))
    assert len(aside) == 15
    if labelled:
        assert np.bincount(some.labels[aside]).tolist() == [5, 5, 5]


def test_of_many_images_no_more_than_a_thousand_are_kept_aside():
    _, aside, _ = divide(dataset(4000), seed=0)
    assert 990 <= len(aside) <= 1000


def test_of_few_images_none_is_kept_aside_and_they_are_the_reference_themselves():
    chosen, reference, held_out = divide(dataset(49), seed=0)
    assert not held_out
    assert chosen.tolist() == reference.tolist() == list(range(147))
    _, reference, _ = divide(dataset(40, classes=62), seed=0)
    assert len(reference) == 1000 and (np.diff(reference) > 0).all()


def test_the_division_follows_the_seed():
    first, again, other = (divide(dataset(60), seed)[1].tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_a_class_without_images_does_not_count():
    images = np.zeros((120, 28, 28, 1), np.uint8)
    some = gp.Dataset(images, np.arange(120) % 2, ("a", "b", "never"), name="some")
    assert divide(some, 0)[2]


def test_rare_classes_and_the_only_image_of_a_writer_are_trained_on():
    labels = np.repeat([0, 1], [400, 20])
    images = np.zeros((420, 28, 28, 1), np.uint8)
    some = gp.Dataset(images, labels, writers=np.arange(420) // 2, name="some")
    chosen, aside, held_out = divide(some, seed=0)
    assert held_out and set(labels[aside]) == {0}
    assert set(some.writers[chosen]) == set(some.writers)
    assert len(aside) == 40


@pytest.mark.parametrize("classes", [1001, 3755])
def test_of_very_many_classes_some_give_an_image(classes):
    """A thousandth of each would be less than one, and the reference what is trained on."""
    some = dataset(60, classes)
    chosen, aside, held_out = divide(some, seed=0)
    assert held_out and not set(chosen) & set(aside)
    assert 990 <= len(aside) <= 1000 and np.bincount(some.labels[aside]).max() == 1
