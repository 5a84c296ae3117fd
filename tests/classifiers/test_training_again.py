"""Models that are alike are trained by one compiled step, as if each had its own."""

import keras
import numpy as np
import pytest

from ganprofile.backend import training
from ganprofile.classifiers import CLASSIFIERS
from ganprofile.transforms.random_transforms import RandomTransforms


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """The compiled steps that are kept, none at first."""
    monkeypatch.setattr(training, "_kept", type(training._kept)())
    return training._kept


def network(seed, units=8, rate=0.01):
    """With all that a training changes: weights, statistics, moments, an average, randomness."""
    draw = keras.initializers.GlorotUniform(seed=seed)
    layers = [
        keras.Input((16, 16, 1)),
        RandomTransforms("classic", seed),
        keras.layers.Flatten(),
        keras.layers.Dense(units, kernel_initializer=draw),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.5, seed=seed),
        keras.layers.Dense(3, kernel_initializer=keras.initializers.GlorotUniform(seed=seed + 1)),
    ]
    model = keras.Sequential(layers)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(rate, use_ema=True), loss, jit_compile=False)
    return model


def trained(model, steps=6, watch=None):
    random = np.random.default_rng(0)
    images = random.uniform(-1, 1, (30, 16, 16, 1)).astype(np.float32)
    labels = np.eye(3, dtype=np.float32)[np.arange(30) % 3]
    order = random.integers(0, 30, (steps, 5))
    training.train_steps(model, [order], lambda rows: (images[rows], labels[rows]), watch)
    return state(model)


def state(model):
    return [np.array(variable) for variable in (*model.variables, *model.optimizer.variables)]


def assert_equal(ours, theirs):
    assert len(ours) == len(theirs) > 15
    for one, another in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, another)


@pytest.fixture
def alone(kept):
    """Seed -> what a network of this seed has after a training with a step of its own."""
    found = {}
    for seed in (1, 2):
        found[seed] = trained(network(seed))
        kept.clear()
    return found


def test_a_second_model_learns_as_alone_and_the_first_stays(kept, alone):
    first, second = network(1), network(2)
    assert_equal(trained(first), alone[1])
    assert_equal(trained(second), alone[2])
    assert len(kept) == 1
    assert_equal(state(first), alone[1])
    assert any((one != another).any() for one, another in zip(alone[1], alone[2], strict=True))


def test_a_model_goes_on_from_where_it_is(kept):
    apart, together = network(1), network(1)
    for model in (apart, together):
        trained(model)
        if model is apart:
            kept.clear()
    assert_equal(trained(apart), trained(together))


def test_models_of_another_form_have_steps_of_their_own(kept, monkeypatch):
    monkeypatch.setattr(training, "MOST_KEPT", 4)
    frozen = network(1)
    frozen.layers[2].trainable = False
    for model in (network(1), network(1, units=9), network(1, rate=0.02), frozen):
        trained(model)
    assert len(kept) == 4
    trained(network(1, units=7))
    assert len(kept) == 4


def test_what_was_stopped_is_not_used_again(kept, alone):
    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(network(2), watch=stop)
    assert not kept
    assert_equal(trained(network(1)), alone[1])


@pytest.mark.parametrize("transforms", [None, "classic"])
def test_classifiers_of_a_kind_share_a_step(kept, transforms):
    images = np.zeros((4, 16, 16, 1), np.uint8)
    for seed in (1, 2):
        CLASSIFIERS["cnn"](2, steps=1, seed=seed).fit(images, [0, 1, 0, 1], transforms=transforms)
    assert len(kept) == 1
