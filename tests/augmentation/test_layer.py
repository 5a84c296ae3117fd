import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation.layer import HandwritingAugmenter
from ganprofile.errors import UsageError


@pytest.fixture(scope="module")
def few(digits):
    return digits[0].subset(3)


@pytest.fixture(scope="module")
def adapted(few):
    return HandwritingAugmenter(10, seed=3).adapt(few.images, few.labels)


def seen(layer, *arguments, **options):
    return np.asarray(layer(*arguments, training=True, **options))


def test_it_acts_in_training_only_and_keeps_shape_and_range(adapted, few):
    assert gp.HandwritingAugmenter is HandwritingAugmenter
    np.testing.assert_array_equal(adapted(few.images), few.images)
    varied = seen(adapted, few.images, few.labels)
    assert varied.dtype == np.float32 and varied.shape == few.images.shape
    assert varied.min() >= 0 and varied.max() <= 255
    assert (varied != few.images).any(axis=(1, 2, 3)).all()
    one = seen(adapted, few.images[0], few.labels[0])
    assert one.shape == (28, 28, 1)


def test_the_range_is_what_the_user_has(few):
    """The same seed bends pixels in 0..1 as those in 0..255, and those of light paper, too."""
    whole, unit, light = (
        HandwritingAugmenter(10, value_range=given, seed=1) for given in ((0, 255), (0, 1), (1, 0))
    )
    expected = seen(whole, few.images) / 255
    np.testing.assert_allclose(seen(unit, few.images / 255), expected, atol=1e-4)
    np.testing.assert_allclose(seen(light, 1 - few.images / 255), 1 - expected, atol=1e-4)


def test_strength_0_is_nothing(few):
    still = HandwritingAugmenter(10, strength=0.0)
    np.testing.assert_array_equal(seen(still, few.images), few.images)


@pytest.mark.slow
def test_what_is_learned_is_of_the_class(few):
    """Of a class whose images are all alike nothing is learned but that nothing moves."""
    images = few.images.copy()
    images[few.labels == 0] = images[0]
    layer = HandwritingAugmenter(10).adapt(images, few.labels)
    sizes = np.abs(np.asarray(layer.directions)).sum(axis=(1, 2))
    assert sizes[0] < 0.1 * sizes[1:].min() and (sizes[1:] > 0).all()


@pytest.mark.slow
def test_its_gaussian_has_the_moments_of_the_ways(few, adapted):
    from ganprofile.variation import find_ways

    ways = find_ways(few.images, few.labels)
    moments = np.square(ways.fields).sum(axis=(2, 3, 4)).mean()
    drawn = np.square(np.asarray(adapted.directions)[-1, :, 6:]).sum()
    assert 0.9 * moments < drawn <= 1.001 * moments


def test_a_class_without_images_is_named_and_varied_as_all_are(few, capsys):
    chosen = few.labels != 3
    layer = HandwritingAugmenter(10).adapt(few.images[chosen], few.labels[chosen])
    directions = np.asarray(layer.directions)
    assert "classes numbered '3'" in capsys.readouterr().err
    np.testing.assert_array_equal(directions[3], directions[10])
    assert (directions[2] != directions[10]).any()


def test_it_travels_with_a_model(adapted, few, tmp_path):
    model = keras.Sequential([keras.Input((28, 28, 1)), adapted, keras.layers.Flatten()])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(again.layers[0].directions, adapted.directions)
    assert again.layers[0].get_config() == adapted.get_config()
    np.testing.assert_array_equal(model.predict(few.images, verbose=0), few.images.reshape(30, -1))


@pytest.mark.slow
def test_a_model_trains_with_it_whatever_the_batch(adapted, few):
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), adapted, keras.layers.Flatten(), keras.layers.Dense(10)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, jit_compile=False)
    history = model.fit(few.images, few.labels, batch_size=16, epochs=2, verbose=0)  # 16 and 14
    assert np.isfinite(history.history["loss"]).all()


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data with TensorFlow only")
@pytest.mark.parametrize("batched", [True, False])
def test_parallel_calls_change_nothing_in_a_pipeline(few, adapted, batched):
    import tensorflow as tf

    some = few.select(np.arange(30) % 3 == 0)

    def passes(calls, seed=3):
        layer = HandwritingAugmenter(10, seed=seed)
        layer.directions.assign(adapted.directions)
        dataset = tf.data.Dataset.from_tensor_slices((some.images, some.labels))
        dataset = layer.map(dataset.batch(4) if batched else dataset, num_parallel_calls=calls)
        both = [list(dataset.as_numpy_iterator()) for _ in range(2)]
        np.testing.assert_array_equal(np.hstack([label for _, label in both[0]]), some.labels)
        return [np.concatenate([np.atleast_1d(image).ravel() for image, _ in p]) for p in both]

    first, second = passes(None)
    assert (first != second).mean() > 0.1  # every pass draws anew
    for parallel, alone in zip(passes(8), (first, second), strict=True):
        np.testing.assert_array_equal(parallel, alone)
    assert (passes(None, seed=4)[0] != first).mean() > 0.1


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (np.zeros((3, 28, 28, 1)), np.zeros(3, int), "Received: float64"),
        (np.zeros((3, 28, 28, 1), np.uint8), np.zeros(2, int), r"and \(2,\)"),
        (np.zeros((3, 28, 28, 1), np.uint8), np.array([0, 1, 2]), r"0..1. Received: 0..2"),
    ],
)
def test_what_it_cannot_adapt_to_is_refused(images, labels, words):
    with pytest.raises(UsageError, match=words):
        HandwritingAugmenter(2).adapt(images, labels)
