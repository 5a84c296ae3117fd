import numpy as np
import pytest

from ganprofile.classifiers import TRANSFORMS
from ganprofile.transforms.deformation import DeformationAugmenter, find_deformations

STILL = {"shift": (1.0, 0.0)}


def varier_of(dataset, transforms=STILL):
    return DeformationAugmenter(
        dataset.images, find_deformations(dataset.images, dataset.labels), transforms
    )


@pytest.fixture(scope="module")
def few(digits):
    return digits[0].subset(5)


@pytest.fixture(scope="module")
def augmenter(few):
    return varier_of(few, TRANSFORMS["classic"])


def test_the_same_seed_varies_alike_and_another_does_not(augmenter, few):
    chosen = np.arange(50)
    first, again, other = (augmenter.deform(chosen, seed) for seed in (3, 3, 4))
    assert first.dtype == np.uint8 and first.shape == few.images.shape
    np.testing.assert_array_equal(first, again)
    assert (first != other).any(axis=(1, 2, 3)).all()


def test_one_image_is_varied_in_many_ways(augmenter, few):
    deformed = augmenter.deform(np.zeros(600, int), 0)
    assert len(np.unique(deformed.reshape(600, -1), axis=0)) == 600
    assert augmenter.deform([], 0).shape == (0, *few.image_shape)


def test_some_are_deformed_more_weakly_than_others(few):
    found = find_deformations(few.images, few.labels)
    # A square that is cut out is as large for all; what else happens is not.
    transforms = {k: v for k, v in TRANSFORMS["classic"].items() if k != "cutout"}

    def moved(*weakest):
        augmenter = DeformationAugmenter(few.images, found, transforms, *weakest)
        deformed = augmenter.deform(np.arange(50).repeat(8), 3)
        return np.abs(deformed - few.images.repeat(8, axis=0).astype(float)).mean(axis=(1, 2, 3))

    strong, same, weak, still = moved(), moved(1.0), moved(0.25), moved(0.0)
    np.testing.assert_array_equal(strong, same)
    assert still.mean() < weak.mean() < 0.9 * strong.mean()
    assert weak.min() > 0 and weak.std() / weak.mean() > strong.std() / strong.mean()


@pytest.mark.slow
def test_variations_come_closer_to_classmates_than_the_image_is(few):
    """Without the transforms, what warps an image is the deformation to its neighbours alone."""
    augmenter = varier_of(few)
    closer = 0
    for k in range(0, 50, 5):
        neighbours = few.images[(few.labels == few.labels[k]) & (np.arange(50) != k)].astype(float)
        deformed = augmenter.deform(np.full(200, k), 1).astype(float)
        before = np.square(neighbours - few.images[k]).mean(axis=(1, 2, 3))
        after = np.square(neighbours[:, None] - deformed).mean(axis=(2, 3, 4)).min(axis=1)
        closer += (after < 0.8 * before).mean() > 0.7
    assert closer >= 8


@pytest.mark.slow
def test_the_only_image_of_a_class_gets_the_transforms_alone(few):
    images = few.images[:3]
    alone = DeformationAugmenter(images, find_deformations(images, np.arange(3)), STILL)
    np.testing.assert_array_equal(alone.deform(np.arange(3), 0), few.images[:3])
    some = few.select(np.arange(50) % 5 < (few.labels != 0) * 4 + 1)  # of the digit 0 only one
    augmenter = varier_of(some)
    place = int(np.flatnonzero(some.labels == 0)[0])
    np.testing.assert_array_equal(augmenter.deform([place], 0)[0], some.images[place])
    other = place + 1
    assert (augmenter.deform([other], 0)[0] != some.images[other]).any()
