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
    arguments, recognised = told_apart(space, space.features(images), labels, writers)
    # Real digits lean and are bold by themselves, more or less.
    assert arguments[0] > 0.65 and arguments[1:].min() > 0.8
    assert recognised[0] > 0.4 and recognised[1:].min() > 0.7


def test_alike_hands_are_not(space, digits):
    some = digits[0].subset(30, 0)
    writers = np.random.default_rng(1).integers(0, 3, len(some))
    arguments, recognised = told_apart(space, space.features(some.images), some.labels, writers)
    assert np.abs(arguments - 0.5).max() < 0.15 and np.abs(recognised - 1 / 3).max() < 0.2


def test_a_unit_is_how_much_one_person_varies(space, hands):
    images, labels, writers = hands
    features = space.features(images)
    assert features.shape == (len(images), module.FEATURES + 28 * 28)
    places = space.fit(features, labels, writers)(features, labels)
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
    arguments, recognised = told_apart(space, space.features(images), labels, writers)
    assert np.isnan([arguments[3], recognised[3]]).all() and np.isfinite(arguments[:3]).all()


@pytest.mark.parametrize("writers", [np.zeros(300, int), np.arange(300)], ids=["one", "all"])
def test_it_takes_several_people_with_several_images(space, writers):
    with pytest.raises(UsageError, match="300 images by"):
        space.fit(np.zeros((300, 848), np.float32), np.zeros(300, int), writers)


def test_it_takes_classes_that_are_there_more_than_once(space):
    """Else nothing is left of an image without its class."""
    random, writers = np.random.default_rng(0), np.repeat([0, 1], 5)
    once, alike = random.random((10, 848)), np.repeat(random.random((1, 848)), 10, axis=0)
    for features, labels in ((once, np.arange(10)), (alike, np.arange(10) // 2)):
        with pytest.raises(UsageError, match="there more than once. Received: 10 images by 2"):
            space.fit(features.astype(np.float32), labels, writers)
    alike, labels = np.repeat(random.random((2, 848)), 6, axis=0), np.zeros(12, int)
    said = "Received: 12 images by 2, of whom nobody wrote two that differ"
    with pytest.raises(UsageError, match=said):  # of all, and not of a half
        told_apart(space, alike.astype(np.float32), labels, np.repeat([0, 1], 6))
    features, labels = random.random((4, 848)).astype(np.float32), np.zeros(4, int)
    with pytest.raises(UsageError, match="Received: 4 images by 2"):  # not of a half
        told_apart(space, features, labels, np.array([0, 0, 1, 1]))


def test_styles_by_hand():
    """Means 1 and 10 of two images and of one, about 4; people vary by 18 and chance by 2 of 3."""
    styles = Styles.of(np.array([[0.0], [10.0], [2.0]]), np.array([3, 9, 3]))
    assert styles.writers.tolist() == [3, 9] and styles.centre == [4]
    spread = (2 * (1 - 4) ** 2 + (10 - 4) ** 2) / 3 - 2 / 3
    assert styles.spread == pytest.approx([spread])
    drawn = [4 + spread / (spread + 1 / 2) * (1 - 4), 4 + spread / (spread + 1) * (10 - 4)]
    assert styles.values[:, 0] == pytest.approx(drawn)
    assert styles.of_another(np.array([[0.0], [2.0]])) == pytest.approx(drawn[:1])


def test_people_who_are_all_alike_are_drawn_to_the_middle_but_not_wholly():
    styles = Styles.of(np.array([[-1.0], [1.0], [-1.0], [1.2]]), np.array([0, 0, 1, 1]))
    assert styles.spread.tolist() == [0.02]
    drawn = 0.02 / (0.02 + 1 / 2) * 0.05  # of a mean of two images, 0.05 from the middle
    assert styles.values[:, 0] - styles.centre == pytest.approx([-drawn, drawn])


def test_the_directions_are_those_in_which_writers_differ_most():
    """Means of -3, 0, 3 where people vary by 2, and of 1, -2, 1 where they vary by 0.5."""
    random = np.random.default_rng(0)
    writers = np.repeat([4, 7, 5], 4000)
    means = np.array([[-3, 1, 0], [3, 1, 0], [0, -2, 0]])[[0] * 4000 + [1] * 4000 + [2] * 4000]
    values = means + random.normal(size=(12000, 3)) * [2, 0.5, 1]
    found = module._discriminants(values, writers)
    # In units of people's own variation the second axis tells more, and the third nothing.
    np.testing.assert_allclose(np.abs(found.T), [[0, 2, 0], [0.5, 0, 0]], atol=0.05)
    spread = [(values[writers == writer] @ found).var(axis=0) for writer in (4, 5, 7)]
    np.testing.assert_allclose(np.mean(spread, axis=0), 1, atol=0.01)


def test_of_many_writers_the_first_directions_are_kept(monkeypatch):
    monkeypatch.setattr(module, "MOST_DIMENSIONS", 2)
    random = np.random.default_rng(0)
    values = random.normal(size=(60, 5)) + np.repeat(random.normal(size=(20, 5)), 3, axis=0)
    assert module._discriminants(values, np.repeat(np.arange(20), 3)).shape == (5, 2)


class Plain:
    """A space in which images lie where they look."""

    def learn(self, features, labels, writers):
        return Styles.of(features, writers)

    def __call__(self, features, labels):
        return features


@pytest.mark.parametrize("at_once", [module.AT_ONCE, 5])
def test_how_well_writers_are_told_by_hand(monkeypatch, at_once):
    """Writers at 0 and at 10; a third at 20, but with every other class where the second is.

    The third's style lies at 15. Half of its images are further from that than from the second's,
    and all are nearer to it than to the first's.
    """
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    writers, labels = np.repeat([2, 5, 8, 9], [8, 8, 8, 1]), np.array([0, 1] * 12 + [0])
    features = np.select([writers == 2, (writers == 8) & (labels == 0)], [0.0, 20.0], 10.0)[:, None]
    arguments, recognised = told_apart(Plain(), features[:-1], labels[:-1], writers[:-1])
    assert arguments.tolist() == [1, 1, 3 / 4] and recognised.tolist() == [1, 1, 1 / 2]
    arguments, recognised = told_apart(Plain(), features, labels, writers, seed=1)
    assert (
        np.isnan([arguments[3], recognised[3]]).all()
        and np.isfinite([arguments[:3], recognised[:3]]).all()
    )


def test_the_seed_decides_the_halves():
    writers, labels = np.divmod(np.arange(80) % 40, 4)
    one, again, other = (module._half(writers, labels, seed) for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    groups = np.bincount(4 * writers + labels, one)
    assert set(groups) == {1.0}, "of two images of a class one falls in each half"


def test_distances_to_styles_by_hand():
    styles = Styles(np.array([3, 9]), None, None, np.array([[0.0, 0], [3, 4]]))
    places = np.array([[0.0, 4], [3, 0], [6, 8]])
    own, apart = module._compared(places, styles, np.array([9, 3, 9]))
    assert apart.tolist() == [[16, 9], [9, 16], [100, 25]] and own.tolist() == [[9], [9], [25]]
