import numpy as np
import pytest

from ganprofile.filtering.appearance import nearest, pixel_features


@pytest.mark.parametrize(
    ("shape", "width"), [((28, 28, 1), 196), ((8, 8, 1), 64), ((64, 41, 3), 13 * 14)]
)
def test_features_of_any_size(shape, width):
    images = np.random.default_rng(0).integers(0, 256, (5, *shape), dtype=np.uint8)
    features = pixel_features(images)
    assert features.shape == (5, width) and features.dtype == np.float32
    assert (features >= 0).all() and (features <= 1).all()
    alone = np.concatenate([pixel_features(images[k : k + 1]) for k in range(5)])
    assert np.array_equal(features, alone)


def test_a_noisy_or_slightly_moved_image_is_near_its_original(digits):
    images = digits[0].images
    references = pixel_features(images)
    random = np.random.default_rng(0)
    noisy = np.clip(images[:100] + random.normal(0, 40, (100, 28, 28, 1)), 0, 255).astype(np.uint8)
    assert (nearest(pixel_features(noisy), references) == np.arange(100)).all()
    moved = pixel_features(np.roll(images[:100], 1, axis=2))
    assert (nearest(moved, references) == np.arange(100)).mean() > 0.6


def test_the_nearest_is_the_nearest(monkeypatch):
    random = np.random.default_rng(0)
    features, references = random.normal(size=(50, 7)), random.normal(size=(30, 7))
    exact = ((features[:, None] - references) ** 2).sum(axis=2).argmin(axis=1)
    assert np.array_equal(nearest(features, references), exact)
    monkeypatch.setattr("ganprofile.filtering.appearance.MOST_PRODUCTS", 100)
    assert np.array_equal(nearest(features, references), exact)
    assert nearest(features[:0], references).shape == (0,)
