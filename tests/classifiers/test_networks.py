import numpy as np
import pytest

from ganprofile.classifiers import CLASSIFIERS, TRANSFORMS
from ganprofile.classifiers.lenet import LeNet5
from ganprofile.classifiers.order import shown_order
from ganprofile.classifiers.published import DeepestCnn
from ganprofile.errors import UsageError
from ganprofile.transforms.random_transforms import RandomTransforms

# A test below holds this against the registry.
NETWORKS = tuple(
    pytest.param(name, marks=pytest.mark.slow)
    for name in ("cnn", "convnet", "deepconvnet", "embedding")
)
ALL = (*NETWORKS, "mlp")
# How they learn is written once for all networks: by the smallest and the deepest.
TWO = (NETWORKS[0], NETWORKS[-1])


@pytest.fixture(scope="module")
def two(digits):
    return digits[0].of_classes(["0", "1"]), digits[1].of_classes(["0", "1"])


@pytest.mark.parametrize("name", ALL)
def test_it_learns_is_repeatable_and_survives_its_file(two, tmp_path, name):
    train, test = two
    first, again = (
        CLASSIFIERS[name](2, steps=40).fit(train.images, train.labels) for _ in range(2)
    )
    assert (first.predict(test.images) == test.labels).mean() > 0.95
    probabilities = first.predict_proba(test.images)
    assert probabilities.shape == (200, 2)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(probabilities, again.predict_proba(test.images))
    first.save(tmp_path / "judge.keras")
    loaded = CLASSIFIERS[name].load(tmp_path / "judge.keras")
    assert np.array_equal(probabilities, loaded.predict_proba(test.images))


@pytest.mark.parametrize("name", (*TWO, "mlp"))
def test_probabilities_and_frequencies_teach(two, name):
    """Every image once with its label and once with the other, which is shown a tenth as often."""
    train, test = two
    images = np.concatenate([train.images, train.images])
    labels = np.eye(2, dtype=np.float32)[np.concatenate([train.labels, 1 - train.labels])]
    frequency = np.repeat([1.0, 0.1], len(train))
    reader = CLASSIFIERS[name](2, steps=60).fit(images, labels, frequency=frequency)
    assert (reader.predict(test.images) == test.labels).mean() > 0.95


@pytest.mark.parametrize("name", TWO)
def test_it_sees_images_changed_and_reads_them_as_they_are(two, name):
    train, test = two
    plain, changed, again = (
        CLASSIFIERS[name](2, steps=8).fit(train.images, train.labels, transforms=transforms)
        for transforms in (None, "classic", "classic")
    )
    seen = changed.predict_proba(test.images)
    assert not np.allclose(seen, plain.predict_proba(test.images))
    assert np.array_equal(seen, again.predict_proba(test.images))
    assert changed.network.count_params() == plain.network.count_params()


@pytest.mark.slow
def test_pretrained_weights_are_where_training_begins(two, digits):
    train, _ = two
    known = CLASSIFIERS["cnn"](10, steps=30).fit(digits[0].images, digits[0].labels)
    few = train.subset(2)
    alone, after = (
        CLASSIFIERS["cnn"](2, steps=1).fit(few.images, few.labels, pretrained=pretrained)
        for pretrained in (None, known.body())
    )
    first = known.network.layers[0].get_weights()[0]
    assert np.abs(after.network.layers[0].get_weights()[0] - first).max() < 0.01
    assert np.abs(alone.network.layers[0].get_weights()[0] - first).max() > 0.02
    with pytest.raises(UsageError, match="the weights of another network"):
        CLASSIFIERS["convnet"](2, steps=1).fit(few.images, few.labels, pretrained=known.body())


@pytest.mark.parametrize("name", TRANSFORMS)
def test_transforms_happen_in_training_only(digits, name):
    images = digits[0].images[:8].astype("float32") / 127.5 - 1
    layer = RandomTransforms(name, seed=0)
    assert np.array_equal(layer(images), images)
    changed = np.asarray(layer(images, training=True))
    assert (changed != images).any(axis=(1, 2, 3)).all()
    assert np.abs(changed).max() <= 1


def test_frequencies_are_met_to_within_one():
    random = np.random.default_rng(0)
    frequency = random.uniform(0.1, 5, 37)
    order = shown_order(random, 37, 1000, frequency)
    expected = 1000 * frequency / frequency.sum()
    assert np.abs(np.bincount(order, minlength=37) - expected).max() <= 1
    assert not np.array_equal(order, np.sort(order))


def test_copies_are_shown_as_often_as_their_image_would_be_at_any_time():
    once, five_times = np.full(7, 1 / 7), np.full(35, 1 / 35)
    order = shown_order(np.random.default_rng(0), 42, 280, np.concatenate([once, five_times]))
    image = np.where(order < 7, order, (order - 7) // 5)
    for first in range(0, 280, 14):
        assert (np.bincount(image[first : first + 14], minlength=7) == 2).all()


def test_without_frequencies_all_are_shown_in_turn():
    order = shown_order(np.random.default_rng(0), 7, 24)
    for first in (0, 7, 14):
        assert np.array_equal(np.sort(order[first : first + 7]), np.arange(7))
    assert len(order) == 24


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_one_class_is_refused(some_images, name):
    images, _ = some_images
    with pytest.raises(UsageError, match="two classes or more"):
        CLASSIFIERS[name](1, steps=1).fit(images, np.zeros(12, int))


def test_every_classifier_is_tested():
    assert set(CLASSIFIERS) == {"cnn", "convnet", "deepconvnet", "embedding", "mlp"}


@pytest.mark.parametrize("kind", [LeNet5, DeepestCnn])
def test_images_of_which_nothing_would_be_left_are_refused(kind):
    images = np.random.default_rng(0).integers(0, 256, (4, 8, 7, 1), np.uint8)
    with pytest.raises(UsageError, match="Images of 7x8 are too small for this classifier"):
        kind(2).fit(images, np.arange(4) % 2)
