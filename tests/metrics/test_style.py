"""Whether people who write differently are told apart, and others are not."""

import numpy as np
import pytest

from ganprofile.errors import UsageError
from ganprofile.metrics import style as module
from ganprofile.metrics.style import Styles, StyleSpace, told_apart


def leaning(images):
    """Every row moved by its height: pixels to the right for each pixel up, 1 of 3."""
    moved = [np.roll(images[:, y], round((13.5 - y) / 3), axis=1) for y in range(28)]
    return np.stack(moved, axis=1)


def bold(images):
    sides = [np.roll(images, step, axis) for axis in (1, 2) for step in (-1, 1)]
    return np.maximum.reduce([images, *sides])


@pytest.fixture(scope="module")
def hands(digits):
    """Digits by nobody in particular, as three people would write them; and who."""
    some = digits[0].subset(30, 0)
    writers = np.random.default_rng(0).integers(0, 3, len(some))
    changed = np.stack([some.images, leaning(some.images), bold(some.images)])
    return changed[writers, np.arange(len(some))], some.labels, writers


@pytest.fixture(scope="module")
def space(digits):
    return StyleSpace(digits[0].class_names)


def test_different_hands_are_told_apart(space, hands):
    images, labels, writers = hands
    told, recognised = told_apart(space, space.looks(images), labels, writers)
    # Real digits lean and are bold by themselves, more or less.
    assert told[0] > 0.65 and told[1:].min() > 0.8
    assert recognised[0] > 0.4 and recognised[1:].min() > 0.7


def test_alike_hands_are_not(space, digits):
    some = digits[0].subset(30, 0)
    writers = np.random.default_rng(1).integers(0, 3, len(some))
    told, recognised = told_apart(space, space.looks(some.images), some.labels, writers)
    assert np.abs(told - 0.5).max() < 0.15 and np.abs(recognised - 1 / 3).max() < 0.2


def test_a_unit_is_how_much_one_person_varies(space, hands):
    images, labels, writers = hands
    looks = space.looks(images)
    places = space.fit(looks, labels, writers)(looks, labels)
    assert places.shape == (len(images), 2), "three writers lie in a plane"
    means = np.stack([places[writers == k].mean(axis=0) for k in range(3)])
    np.testing.assert_allclose((places - means[writers]).var(axis=0), 1, atol=0.3)


def test_styles_of_few_images_are_drawn_to_the_middle():
    random = np.random.default_rng(0)
    true = random.normal(0, 2, (400, 5))
    writers = np.repeat(np.arange(400), random.integers(1, 12, 400)) + 10
    places = true[writers - 10] + random.normal(size=(len(writers), 5))
    styles = Styles.of(places, writers)
    np.testing.assert_array_equal(styles.writers, np.arange(400) + 10)
    np.testing.assert_allclose(styles.spread, 4, rtol=0.25)
    means = np.stack([places[writers == writer].mean(axis=0) for writer in styles.writers])
    assert ((styles.values - true) ** 2).mean() < 0.9 * ((means - true) ** 2).mean()
    someone = styles.of_another(places[writers == 13])
    np.testing.assert_allclose(someone, styles.values[3])


def test_halves_hold_all_classes_and_half_of_everybody():
    """Sixty people, who write each of nine classes once: odd ones fall either way."""
    writers, labels = np.divmod(np.arange(540), 9)
    half = module._half(writers, labels, 0)
    assert set(np.bincount(writers, half)) == {4.0, 5.0}
    of_class = np.bincount(labels, half)
    assert of_class.min() > 15 and of_class.max() < 45


def test_who_wrote_one_image_cannot_be_told(space, hands):
    images, labels, writers = hands
    writers = writers.copy()
    writers[0] = 7
    told, recognised = told_apart(space, space.looks(images), labels, writers)
    assert np.isnan([told[3], recognised[3]]).all() and np.isfinite(told[:3]).all()


@pytest.mark.parametrize("writers", [np.zeros(20, int), np.arange(20)], ids=["one", "all"])
def test_it_takes_several_people_with_several_images(space, hands, writers):
    images, labels, _ = hands
    with pytest.raises(UsageError, match="20 images by"):
        space.fit(space.looks(images[:20]), labels[:20], writers)
