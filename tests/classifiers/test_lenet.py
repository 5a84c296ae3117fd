"""The networks of the study of HWD+."""

import itertools

import numpy as np
import pytest

from ganprofile.backend import forward
from ganprofile.classifiers.lenet import (
    DeepDense,
    Informed,
    InformedCommittee,
    InformedLeNet5,
    LeNet5,
    LeNet5Committee,
    _mean_of,
)
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.images import to_float

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def some(digits):
    return digits[0].subset(60), digits[1]


def test_the_networks_are_the_published_ones(some):
    images = some[0].images[:20]
    labels = np.arange(20) % 10
    lenet = LeNet5(10, steps=1).fit(images, labels).network
    # 6 filters of 25 weights, 16 of 150, layers of 120 and 84, each with its biases.
    assert lenet.count_params() == 156 + 2416 + (16 * 5 * 5 * 120 + 120) + 10_164 + 850
    deep = DeepDense(10, steps=1).fit(images, labels).network
    sizes = [784, 2500, 2000, 1500, 1000, 500, 10]
    wanted = sum((a + 1) * b for a, b in itertools.pairwise(sizes))
    assert deep.count_params() == wanted, "12 million"


@pytest.mark.parametrize(
    ("kind", "options"),
    [(LeNet5, {}), (LeNet5Committee, {"size": 2}), (DeepDense, {"steps": 60})],
)
def test_it_learns_is_repeatable_and_survives_its_file(some, tmp_path, monkeypatch, kind, options):
    train, test = some
    monkeypatch.setattr(DeepDense, "UNITS", (500, 400, 300, 200, 100))  # of a fifth of the width
    options = {"steps": 110, "seed": 3, **options}
    first, again = (kind(10, **options).fit(train.images, train.labels) for _ in range(2))
    said = first.predict_proba(test.images)
    np.testing.assert_array_equal(said, again.predict_proba(test.images))
    np.testing.assert_allclose(said.sum(axis=1), 1, rtol=1e-4)
    assert (said.argmax(axis=1) == test.labels).mean() > 0.75
    first.save(tmp_path / "network.keras")
    np.testing.assert_allclose(
        kind.load(tmp_path / "network.keras").predict_proba(test.images), said, atol=1e-6
    )


def test_how_often_networks_were_made_decides_no_digit(some):
    """TensorFlow adds in the order of names, and `softmax_10` comes before `softmax_9`."""
    images = to_float(some[1].images[:100])
    networks = [LeNet5(10).build((28, 28, 1), seed_stream(k, "test")) for k in range(3)]
    committees = [_mean_of(networks) for _ in range(6)]
    first, *others = (np.asarray(forward(committee)(images)) for committee in committees)
    for said in others:
        np.testing.assert_array_equal(said, first)


def test_a_committee_says_the_mean_of_its_members(some):
    train, test = some
    committee = LeNet5Committee(10, steps=30, seed=1, size=2).fit(train.images, train.labels)
    members = [layer for layer in committee.network.layers if layer.name.startswith("member")]
    from keras import ops

    said = [ops.softmax(one(committee.inputs(test.images[:50]))) for one in members]
    assert len(said) == 2 and np.abs(said[0] - said[1]).max() > 0.01, "they differ"
    mean = np.mean([ops.convert_to_numpy(one) for one in said], axis=0)
    np.testing.assert_allclose(committee.predict_proba(test.images[:50]), mean, atol=1e-4)


@pytest.mark.parametrize(
    ("kind", "options"), [(InformedLeNet5, {}), (InformedCommittee, {"size": 2})]
)
def test_what_else_is_known_is_heeded(some, kind, options):
    """Images of noise say nothing; what is told is all there is to go by."""
    noise = np.random.default_rng(0).integers(0, 256, (400, 28, 28, 1), np.uint8)
    arguments = np.arange(400) % 4
    shown = Informed(noise, arguments)
    reader = kind(2, steps=150, values=4, **options).fit(shown[:300], arguments[:300] % 2)
    assert (reader.predict(shown[300:]) == arguments[300:] % 2).mean() > 0.9
