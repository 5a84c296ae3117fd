"""The statistics by which a network normalises are those of the weights that it keeps."""

import keras
import numpy as np
import pytest

from ganprofile.classifiers import CLASSIFIERS, network
from ganprofile.classifiers.batch_statistics import renew_statistics


@pytest.fixture
def batches():
    random = np.random.default_rng(0)
    return [random.normal(mean, 2, (50, 3)).astype("float32") for mean in (1, 4, 10)]


def statistics(layer):
    return [np.asarray(keras.ops.convert_to_numpy(weight)) for weight in layer.weights[-2:]]


def test_they_are_the_average_over_batches(batches):
    normalising = keras.layers.BatchNormalization(momentum=0.9)
    doubling = keras.layers.Rescaling(2.0)
    small = keras.Sequential([keras.Input((3,)), normalising])
    renew_statistics(small, batches, keras.Sequential([keras.Input((3,)), doubling, small]))
    mean, variance = statistics(normalising)
    assert np.allclose(mean, np.mean([(2 * one).mean(axis=0) for one in batches], axis=0))
    expected = np.mean([(2 * one).var(axis=0) for one in batches], axis=0)
    assert np.allclose(variance, expected, rtol=1e-4)
    assert normalising.momentum == 0.9


def test_without_batch_normalisation_nothing_is_asked(batches):
    plain = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    taken = []
    renew_statistics(plain, (taken.append(one) for one in batches), plain)
    assert taken == []


def test_a_failure_leaves_the_momentum(batches):
    normalising = keras.layers.BatchNormalization(momentum=0.9)
    small = keras.Sequential([keras.Input((3,)), normalising])
    with pytest.raises(ValueError, match="shape"):
        renew_statistics(small, [batches[0], batches[1][:, :2]], small)
    assert normalising.momentum == 0.9


@pytest.mark.slow
def test_a_trained_classifier_normalises_by_its_last_weights(digits, monkeypatch):
    """Those of the first convolution, over just the images that were shown last."""
    monkeypatch.setattr(network, "STATISTICS_OF", 64)
    monkeypatch.setattr(network, "STATISTICS_BATCH", 64)
    train = digits[0].of_classes(["0", "1"]).subset(10)
    reader = CLASSIFIERS["convnet"](2, steps=20)
    begun = reader.begun(train.images, train.labels)
    reader.fit(train.images, train.labels)
    convolution, normalising = reader.network.layers[:2]
    shown, _ = reader.batch(begun, begun.order[-64:])
    seen = np.asarray(keras.ops.convert_to_numpy(convolution(shown)), np.float64)
    mean, variance = statistics(normalising)
    assert np.allclose(mean, seen.mean(axis=(0, 1, 2)), atol=1e-4)
    assert np.allclose(variance, seen.var(axis=(0, 1, 2)), rtol=1e-3)
