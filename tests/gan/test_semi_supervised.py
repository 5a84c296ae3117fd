"""The semi-supervised GAN: its losses by hand, its step, and a stopped training gone on with."""

import keras
import numpy as np
import pytest
from keras import ops

from ganprofile.gan import semi_supervised_losses as losses
from ganprofile.gan.networks.perceptron_reader import build_generator, build_reader, fit_scales
from ganprofile.gan.semi_supervised import SemiSupervisedGAN, SemiSupervisedSettings

SHAPE = (8, 8, 1)
LOGITS = np.array([[2.0, 0.0, -1.0], [0.5, 0.5, 0.5]], np.float32)
LABELS = np.array([0, 2], np.int32)


def number(loss):
    return float(ops.convert_to_numpy(loss))


def softmax(logits):
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


def test_labels_are_learned_as_far_as_they_are_certain():
    right = -np.log(softmax(LOGITS)[[0, 1], LABELS])
    assert number(losses.labelled_loss(LOGITS, LABELS)) == pytest.approx(right.mean(), rel=1e-5)
    half = np.array([1.0, 0.5], np.float32)
    expected = (half * right).mean()
    assert number(losses.spread_loss(LOGITS, LABELS, half)) == pytest.approx(expected, rel=1e-5)


def test_a_drawn_image_is_of_a_class_more_whose_logit_is_nought():
    with_drawn = softmax(np.concatenate([LOGITS, np.zeros((2, 1), np.float32)], axis=1))
    is_real = with_drawn[:, :3].sum(axis=1)
    real = -np.log(is_real).mean()
    drawn = -np.log(1 - softmax(np.array([[3.0, 0, 0, 0]], np.float32))[:, :3].sum())
    found = number(losses.real_or_drawn_loss(LOGITS, np.array([[3.0, 0, 0]], np.float32)))
    assert found == pytest.approx((real + drawn) / 2, rel=1e-5)


def test_consistency_is_the_squared_distance_of_probabilities():
    said = np.array([[1.0, 0, 0], [0, 1.0, 0]], np.float32)
    expected = ((softmax(LOGITS) - said) ** 2).sum(axis=1).mean()
    assert number(losses.consistency_loss(LOGITS, said)) == pytest.approx(expected, rel=1e-5)


def test_features_match_in_the_mean():
    real = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    drawn = np.array([[2.0, 3.0], [2.0, 5.0]], np.float32)
    assert number(losses.feature_matching_loss(real, drawn)) == pytest.approx((0 + 1) / 2)
    assert number(losses.feature_matching_loss(real, real[::-1])) == 0


def small(steps=40, seed=3, **settings):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (12, *SHAPE), np.uint8)
    reader = build_reader(SHAPE, 3, seed, widths=(16, 8))
    generator = build_generator(SHAPE, seed, latents=4, units=8)
    settings = SemiSupervisedSettings(steps=steps, batch=6, **settings)
    return SemiSupervisedGAN(reader, generator, images, np.arange(12) % 3, settings, seed)


def test_images_may_keep_their_size():
    square = np.full((200, 24, 24, 1), -1, np.float32)
    square[:, 8:16, 8:16] = 1

    def deviation(**settings):
        ink = ops.convert_to_numpy(small(**settings).deformed(square)) + 1
        return ink.sum(axis=(1, 2, 3)).std()

    assert deviation(keeps_size=True) < deviation() / 2


def batches(first=0):
    from ganprofile.gan.pipeline import endless_batches

    random = np.random.default_rng(1)
    images = random.integers(0, 256, (30, *SHAPE), np.uint8)
    told = {"label": (np.arange(30) % 3).astype(np.int32), "certainty": np.ones(30, np.float32)}
    return endless_batches(images, told, 6, 5, first_batch=first, steps_per_epoch=4)


def fit(model, first, epochs):
    model.fit(
        batches(4 * first),
        epochs=epochs,
        initial_epoch=first,
        steps_per_epoch=4,
        shuffle=False,
        verbose=0,
    )
    return model


def test_both_networks_learn_and_the_average_follows():
    model = small()
    before = {name: [w.copy() for w in weights] for name, weights in weights_of(model).items()}
    fit(model, 0, 2)
    for name, weights in weights_of(model).items():
        moved = [not np.array_equal(a, b) for a, b in zip(before[name], weights, strict=True)]
        assert any(moved), name
    average, reader = (weights_of(model)[name] for name in ("averaged_reader", "reader"))
    assert not all(np.array_equal(a, b) for a, b in zip(average, reader, strict=True))


def weights_of(model):
    names = ("reader", "averaged_reader", "generator")
    return {name: getattr(model, name).get_weights() for name in names}


def test_a_stopped_training_goes_on_to_the_bit():
    whole = fit(small(), 0, 4).state()
    begun = fit(small(), 0, 2).state()
    again = small()
    again.restore(begun)
    resumed = fit(again, 2, 4).state()
    assert whole.keys() == resumed.keys()
    for name, array in whole.items():
        np.testing.assert_array_equal(array, resumed[name], err_msg=name)


def test_a_weight_of_nought_leaves_an_objective_out():
    """What the generator draws teaches the reader only by the adversarial objective."""
    states = {}
    for adversarial in (0.0, 1.0):
        for other_generator in (False, True):
            model = small(adversarial=adversarial)
            model.run_eagerly = True  # four steps are sooner made than compiled
            if other_generator:
                model.generator.set_weights([w + 0.5 for w in model.generator.get_weights()])
            states[adversarial, other_generator] = fit(model, 0, 1).reader.get_weights()
    alike = [
        all(map(np.array_equal, states[weight, False], states[weight, True]))
        for weight in (0.0, 1.0)
    ]
    assert alike == [True, False]


def test_it_learns_to_read_what_labels_and_consistency_say():
    """Bars in three places: six labels of each, the others without any."""
    random = np.random.default_rng(2)
    labels = np.arange(300) % 3
    images = random.integers(0, 60, (300, *SHAPE)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[:, 1 + 2 * label : 3 + 2 * label] = 255
    from ganprofile.gan.pipeline import endless_batches

    reader = build_reader(SHAPE, 3, 0, widths=(32, 16))
    fit_scales(reader, images[:100].astype(np.float32) / 127.5 - 1)
    settings = SemiSupervisedSettings(steps=120, batch=30)
    generator = build_generator(SHAPE, 0, latents=4, units=16)
    model = SemiSupervisedGAN(reader, generator, images[:18], labels[:18], settings, 0)
    told = {"label": np.zeros(300, np.int32), "certainty": np.zeros(300, np.float32)}
    stream = endless_batches(images, told, 30, 0, steps_per_epoch=120)
    model.fit(stream, epochs=1, steps_per_epoch=120, shuffle=False, verbose=0)
    logits, features = model(images.astype(np.float32) / 127.5 - 1)
    assert features.shape == (300, 16)
    assert (ops.convert_to_numpy(logits).argmax(axis=1) == labels).mean() > 0.9


def test_the_first_scales_give_every_layer_a_deviation_of_one():
    reader = build_reader(SHAPE, 3, 0, widths=(16, 8))
    images = np.random.default_rng(0).uniform(-1, 1, (200, *SHAPE)).astype(np.float32)
    fit_scales(reader, images)
    logits, _ = reader(images)
    np.testing.assert_allclose(ops.convert_to_numpy(logits).std(axis=0), 0.1, rtol=1e-3)
    np.testing.assert_allclose(ops.convert_to_numpy(logits).mean(axis=0), 0.0, atol=1e-5)


def test_the_layer_is_read_again(tmp_path):
    reader = build_reader(SHAPE, 3, 0, widths=(16, 8))
    reader.save(tmp_path / "reader.keras")
    again = keras.saving.load_model(tmp_path / "reader.keras", safe_mode=True)
    images = np.random.default_rng(0).uniform(-1, 1, (5, *SHAPE)).astype(np.float32)
    for one, other in zip(reader(images), again(images), strict=True):
        np.testing.assert_array_equal(ops.convert_to_numpy(one), ops.convert_to_numpy(other))
