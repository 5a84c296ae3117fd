"""The classifier that also learns from images without labels."""

import keras
import numpy as np
import pytest
from keras import ops

from ganprofile.classifiers.m2 import M2, Machine
from ganprofile.errors import UsageError
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.images import to_float

pytestmark = pytest.mark.slow


@pytest.fixture
def machine(monkeypatch):
    """One of three classes and images of 28 x 28, whose latents have no noise."""
    monkeypatch.setattr(keras.random, "normal", lambda shape, **_: ops.zeros(shape))
    seeds = seed_stream(0, "classifier")
    reader = M2(3).build((28, 28, 1), seeds)
    return Machine(reader, (28, 28, 1), 3, 100.0, seeds)


def test_the_bound_is_the_published_one(machine, digits):
    images = to_float(digits[0].images[:5])
    levels = (images.reshape(5, -1) + 1) / 2
    classes = np.eye(3, dtype=np.float32)[[0, 1, 2, 1, 0]]
    bound = ops.convert_to_numpy(machine.bound(images, classes))
    hidden = ops.relu(machine.of_image(levels) + machine.of_class(classes))
    mean, log_variance = np.split(ops.convert_to_numpy(machine.encoder(hidden)), 2, axis=1)
    drawn = ops.sigmoid(machine.decoder(np.concatenate([mean, classes], axis=1)))
    pixels = keras.losses.binary_crossentropy(levels, drawn)  # of a pixel, on average
    divergence = 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=1)
    np.testing.assert_allclose(
        bound, 784 * ops.convert_to_numpy(pixels) + divergence + np.log(3), rtol=1e-3
    )


def test_every_class_has_its_bound(machine, digits):
    images = to_float(digits[0].images[:4])
    bounds = ops.convert_to_numpy(machine.bounds(images))
    for k, of_class in enumerate(np.eye(3, dtype=np.float32)):
        alone = machine.bound(images, np.tile(of_class, (4, 1)))
        np.testing.assert_allclose(bounds[:, k], ops.convert_to_numpy(alone), rtol=1e-4)


def test_guesses_are_weighted_by_the_reader(machine, digits):
    images, others = (to_float(some) for some in np.split(digits[0].images[:8], 2))
    known = np.eye(3, dtype=np.float32)[[0, 1, 2, 0]]
    machine([images, known, others])
    (loss,) = machine.losses
    says = ops.convert_to_numpy(ops.softmax(machine.reader(others)))
    entropy = -(says * np.log(says)).sum(axis=1)
    guessing = (says * ops.convert_to_numpy(machine.bounds(others))).sum(axis=1) - entropy
    drawing = ops.convert_to_numpy(machine.bound(images, known))
    reading = keras.losses.categorical_crossentropy(known, machine.reader(images), from_logits=True)
    wanted = drawing.mean() + guessing.mean() + 100 * float(ops.mean(reading))
    assert float(loss) == pytest.approx(wanted, rel=1e-4)


def test_it_learns_is_repeatable_and_survives_its_file(digits, tmp_path):
    train, test = digits
    few = train.subset(20, 0)
    first, again = (
        M2(10, steps=120, seed=3).fit(few.images, few.labels, train.images) for _ in range(2)
    )
    said = first.predict_proba(test.images)
    np.testing.assert_array_equal(said, again.predict_proba(test.images))
    assert (said.argmax(axis=1) == test.labels).mean() > 0.8
    first.save(tmp_path / "network.keras")
    np.testing.assert_allclose(
        M2.load(tmp_path / "network.keras").predict_proba(test.images), said, atol=1e-6
    )


def test_one_class_is_refused(digits):
    some = digits[0].images[:4]
    with pytest.raises(UsageError, match="class"):
        M2(1).fit(some, np.zeros(4, int), some)
