import hashlib
import json
import string
import zipfile
from importlib import resources

import keras
import numpy as np
import pytest
from PIL import Image

from ganprofile.errors import UsageError
from ganprofile.images import luminance
from ganprofile.metrics import features as module
from ganprofile.metrics.diversity import diversity
from ganprofile.metrics.features import (
    FEATURE_NETWORKS,
    FeatureNetwork,
    Pixels,
    feature_network_for,
)
from ganprofile.metrics.kernel_distance import kernel_distance

WEIGHTS = resources.files("ganprofile.weights")


@pytest.fixture(scope="module", params=FEATURE_NETWORKS)
def network(request):
    return FeatureNetwork.load(request.param)


@pytest.fixture(scope="module")
def real(digits):
    """All 1,000 embedded test digits and their labels, in random order."""
    return digits[1].images, digits[1].labels


@pytest.mark.parametrize("name", FEATURE_NETWORKS)
def test_the_file_is_small_recorded_and_of_plain_keras(name):
    path = WEIGHTS / f"features-{name}.keras"
    record = json.loads((WEIGHTS / "features.json").read_text(encoding="utf-8"))[name]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == record["sha256"]
    assert len(path.read_bytes()) < 1e6
    assert 0.8 < record["held_out"]["accuracy"] < 1
    with zipfile.ZipFile(path) as file:
        assert "ganprofile" not in file.read("config.json").decode()
    loaded = keras.saving.load_model(path, safe_mode=True)
    assert loaded.input_shape == (None, 28, 28, 1)
    assert loaded.output_shape == (None, record["features"])


def test_the_letters_have_met_no_digit():
    record = json.loads((WEIGHTS / "features.json").read_text(encoding="utf-8"))
    assert not set(record["letters"]["classes"]) & set(string.digits)
    assert set(record["characters"]["classes"]) >= set(string.digits)


@pytest.mark.parametrize("side", [28, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
def test_any_size_and_colour(network, side, channels):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (3, side, side, channels), dtype=np.uint8)
    features = network(images)
    assert features.shape == (3, 64) and features.dtype == np.float32
    assert np.isfinite(features).all() and (features >= 0).all()
    assert np.array_equal(features, network(images))


def test_grey_in_three_channels_is_grey(network, real):
    images = real[0][:20]
    assert np.allclose(network(images), network(images.repeat(3, axis=-1)), atol=1e-4)


def test_a_batch_is_no_border(network, real, monkeypatch):
    images = real[0][:60]
    whole = network(images)
    monkeypatch.setattr(module, "BATCH", 7)
    assert np.allclose(network(images), whole, atol=1e-4)


@pytest.mark.parametrize("shape", [(32, 32), (64, 64), (20, 40)])
def test_other_sizes_are_resampled_as_pillow_does(shape):
    images = np.random.default_rng(0).integers(0, 256, (2, *shape, 3), dtype=np.uint8)
    grey = luminance(images)
    for image, levels in zip(grey, module._resampled(grey), strict=True):
        picture = Image.fromarray(image[..., 0].astype(np.float32))
        expected = np.clip(picture.resize((28, 28), Image.Resampling.LANCZOS), 0, 255)
        assert np.allclose(levels[..., 0], expected, atol=1e-3)


def test_size_matters_less_than_content(network, real):
    """The same digits drawn at twice the size are the same digits."""
    images = real[0][:500]
    larger = images.repeat(2, axis=1).repeat(2, axis=2)
    other = kernel_distance(network(images), network(255 - images))
    assert abs(kernel_distance(network(images), network(larger))) < other / 100


def test_distance_and_diversity_tell_real_digits_from_what_is_not(network, real):
    images, labels = real
    features = network(images)
    between_halves = abs(kernel_distance(features[:500], features[500:]))
    noise = np.random.default_rng(0).integers(0, 256, (500, 28, 28, 1), dtype=np.uint8)
    repeated = images[:1].repeat(500, axis=0)
    for worse in (noise, repeated):
        assert kernel_distance(features[:500], network(worse)) > 20 * between_halves
    assert diversity(network(repeated), features) < 1e-6
    halves = diversity(features[:500], features[500:], labels[:500], labels[500:])
    assert 0.8 < halves < 1.25
    a_class = images[[np.flatnonzero(labels == label)[0] for label in labels]]
    assert diversity(network(a_class), features, labels, labels) < 1e-6


def test_pixels_are_the_levels_row_by_row():
    images = np.random.default_rng(0).integers(0, 256, (3, 5, 4, 3), dtype=np.uint8)
    features = Pixels()(images)
    assert features.shape == (3, 60) and features.dtype == np.float32
    assert np.array_equal(np.rint(features * 255).reshape(images.shape), images)
    assert Pixels()(images.repeat(6, 1).repeat(8, 2)[:, :, :, :1]).shape == (3, 30 * 32)


@pytest.mark.parametrize("shape", [(64, 64, 1), (32, 32, 3), (33, 32, 1)])
def test_pixels_of_larger_images_are_as_many_as_those_of_small_ones(shape):
    images = np.full((2, *shape), 200, np.uint8)
    features = Pixels()(images)
    assert features.shape == (2, 784)
    assert np.allclose(features, 200 / 255, atol=1e-3)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 28, 28, 1), np.float32),
        np.zeros((2, 28, 28), np.uint8),
        np.zeros((2, 28, 28, 4), np.uint8),
        np.zeros((28, 28, 1), np.uint8),
        np.zeros((0, 28, 28, 1), np.uint8),
    ],
)
def test_what_is_not_images_is_refused(network, images):
    for features in (network, Pixels()):
        with pytest.raises(UsageError, match=r"Features are of uint8 images .* Received: "):
            features(images)


def test_an_unknown_network_is_refused():
    with pytest.raises(UsageError, match="characters, letters. Received: 'inception'"):
        FeatureNetwork.load("inception")


@pytest.mark.parametrize(
    ("class_names", "name"),
    [
        (tuple("0123456789"), "letters"),
        (["7", "1"], "letters"),
        (("zero", "seven"), "letters"),
        (tuple("0123456789AB"), "characters"),
        (("a", "b"), "characters"),
        (("10", "11"), "characters"),
        ((), "characters"),
    ],
)
def test_digits_are_judged_by_what_knows_letters_only(class_names, name):
    assert feature_network_for(class_names) == name
