"""Images saved again are found, and others are not taken for them."""

import numpy as np
import pytest
from PIL import Image

from ganprofile.datasets.similarity import near_copies as module
from ganprofile.datasets.similarity.near_copies import (
    affordable,
    brightened,
    compressed,
    noised,
    shrunk,
)
from ganprofile.datasets.similarity.residuals import unexplained, without_paper
from ganprofile.images import fit

SAVED = {
    "JPEG": lambda image: compressed(image, 60),
    "a pixel down": lambda image: np.roll(image, 1, axis=0),
    "a pixel left and up": lambda image: np.roll(image, (-1, -1), axis=(0, 1)),
    "smaller and back": lambda image: shrunk(image, 20 / 28, Image.Resampling.BILINEAR),
    "larger and back": lambda image: shrunk(image, 2, Image.Resampling.BICUBIC),
    "noise": lambda image: noised(image, 8, 1),
    "darker": lambda image: brightened(image, 0.8),
    "on grey paper": lambda image: brightened(image, 1, 40),
    "a speck": lambda image: np.where(np.arange(784).reshape(28, 28) == 60, 255, image),
}


@pytest.fixture(scope="module", params=["digits", "characters"])
def parts(request):
    import ganprofile as gp

    return [part.images for part in gp.load(request.param)]


@pytest.mark.parametrize("way", SAVED)
def test_training_images_saved_again_are_found(parts, way):
    train, _ = parts
    chosen = np.arange(0, len(train), 47)
    again = np.stack([SAVED[way](image[..., 0])[..., None] for image in train[chosen]])
    rows, originals = module.near_copies(again.astype(np.uint8), train)
    assert (originals == chosen[rows]).sum() >= 0.99 * len(chosen)


def test_other_images_are_none(parts):
    train, test = parts
    rows, _ = module.near_copies(test, train)
    assert len(rows) == 0


def test_bare_strokes_are_told_apart(digits):
    """Ones are that alike that their residual is what saving leaves of other characters."""
    train, test = (part.of_classes("1").images for part in digits)
    assert len(module.near_copies(test, train)[0]) == 0
    again = np.stack([compressed(image[..., 0], 60)[..., None] for image in train])
    rows, originals = module.near_copies(again, train)
    assert (originals == rows).sum() >= 0.99 * len(train)


@pytest.mark.parametrize("size", [(56, 56), (28, 40), (64, 48), (24, 24)])
def test_any_size_and_colour(digits, size):
    train, test = (
        np.stack([fit(image, *size) for image in part.images[:: len(part) // 300]])
        for part in digits
    )
    again = np.stack([compressed(image[..., 0], 60)[..., None] for image in train[:50]])
    rows, originals = module.near_copies(again, train)
    assert rows.tolist() == originals.tolist() == list(range(50))
    assert len(module.near_copies(test, train)[0]) == 0
    coloured = np.concatenate([again, again // 2, again // 3], axis=-1)
    assert len(module.near_copies(coloured, train.repeat(3, axis=-1))[0]) == 50


def test_what_shows_nothing_or_is_tiny_is_no_copy(digits):
    blank = np.full((3, 28, 28, 1), 7, np.uint8)
    some = digits[0].images[:40]
    for images, references in ((blank, blank), (blank, some), (some, blank), (some[:0], some)):
        assert [len(found) for found in module.near_copies(images, references)] == [0, 0]
    assert len(module.near_copies(some[:, 5:20, 5:20], some[:, 5:20, 5:20])[0]) == 0


def test_blocks_hold_together(digits, monkeypatch):
    train = digits[0].images[:300]
    whole = module.near_copies(train[100:250], train)
    monkeypatch.setattr(module, "BLOCK", 40)
    for one, other in zip(whole, module.near_copies(train[100:250], train), strict=True):
        np.testing.assert_array_equal(one, other)
    assert whole[1].tolist() == list(range(100, 250))


def test_nothing_is_left_of_a_shift_a_blur_and_a_contrast(digits):
    """They are kernels; and what the worst saving leaves is little beside another image."""
    images = digits[0].images[:200]
    moved = np.roll(images, (2, -1), axis=(1, 2)) // 2 + 30
    assert unexplained(moved, images).max() < 2e-3
    assert np.quantile(unexplained(images[::-1], images), 0.05) > 0.05
    assert module.left_by_saving(images).max() < 0.02


def test_paper_has_no_level(digits):
    images = np.minimum(digits[0].images[:20], 200)
    np.testing.assert_array_equal(without_paper(images + 55), without_paper(images))


def test_the_time_is_bounded():
    assert affordable(1_000, 5_000)[0] == 1_000
    number, seconds = affordable(60_000, 60_000)
    assert number == 16_666 and 5 < seconds < 60
    assert affordable(60_000, 10**6)[0] == 10_000
    assert affordable(10, 0)[0] == 10
