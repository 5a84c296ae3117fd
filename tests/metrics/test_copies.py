import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.similarity import neighbours
from ganprofile.errors import UsageError
from ganprofile.metrics import copies
from ganprofile.metrics.copies import (
    Originals,
    authenticity,
    copy_threshold,
    membership_auc,
    near_copies,
    planted_copies,
)

KINDS = {
    "exact": (0, 0),
    "shifted by 1": (1, 0),
    "shifted by 2": (2, 0),
    "noise of 8 levels": (0, 8),
    "noise of 16 levels": (0, 16),
    "shifted and noise of 16 levels": (2, 16),
}


def means(images):
    """Means of 4x4 pixels of the first channel: features that a shift moves far."""
    count, height, width, _ = images.shape
    cells = images[..., 0].reshape(count, height // 4, 4, width // 4, 4).astype(np.float32)
    return cells.mean(axis=(2, 4)).reshape(count, -1) / 255


@pytest.fixture(scope="module", params=["digits", "characters"])
def real(request):
    """A dataset's training images prepared, its test images, and the threshold."""
    train, test = gp.load(request.param)
    originals = Originals(train.images, means(train.images))
    return train, test, originals, copy_threshold(train.images)


@pytest.mark.parametrize("kind", KINDS)
def test_planted_copies_are_found(real, kind):
    train, _, originals, threshold = real
    random = np.random.default_rng(1)
    chosen = random.choice(len(train), 300, replace=False)
    planted = planted_copies(train.images[chosen], random, *KINDS[kind])
    distances, indices = originals.closest(planted, means(planted))
    assert ((distances <= threshold) & (indices == chosen)).mean() >= 0.99


def test_real_images_that_were_held_out_are_no_copies(real):
    _, test, originals, threshold = real
    distances, _ = originals.closest(test.images, means(test.images))
    assert (distances <= threshold).mean() < 0.01


def test_planted_copies_are_found_by_an_index(digits, monkeypatch):
    monkeypatch.setattr(neighbours, "INDEXED", 500)
    train = digits[0]
    random = np.random.default_rng(2)
    chosen = random.choice(len(train), 300, replace=False)
    planted = planted_copies(train.images[chosen], random)
    originals = Originals(train.images, means(train.images))
    distances, indices = originals.closest(planted, means(planted))
    assert ((distances <= copy_threshold(train.images)) & (indices == chosen)).mean() >= 0.99


def test_thin_strokes_are_not_taken_for_copies_of_each_other(digits):
    """The hardest case: the ones among the digits, all of a kind."""
    train, test = (part.of_classes(["1"]) for part in digits)
    distances, _ = near_copies(
        train.images, train.images, *[means(train.images)] * 2, exclude_own=True
    )
    threshold = copy_threshold(train.images)
    assert (distances <= threshold).mean() < 0.01
    distances, _ = near_copies(test.images, train.images, means(test.images), means(train.images))
    assert (distances <= threshold).mean() < 0.01


def test_ink_that_a_shift_moves_out_of_the_frame_is_not_missed(digits):
    """Images without a margin, as some datasets have them."""
    images = np.stack([without_margin(image) for image in digits[0].images[:400]])
    planted = planted_copies(images, np.random.default_rng(0), noise=0)
    lost = planted.sum(axis=(1, 2, 3), dtype=np.int64) < images.sum(axis=(1, 2, 3), dtype=np.int64)
    assert lost.mean() > 0.5
    distances, indices = near_copies(planted, images, means(planted), means(images))
    found = (distances <= copy_threshold(images)) & (indices == np.arange(len(images)))
    assert found.mean() >= 0.99


def without_margin(image):
    rows, columns = (np.flatnonzero((image[..., 0] > 64).any(axis=axis)) for axis in (1, 0))
    inner = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, 0]
    return np.asarray(Image.fromarray(inner).resize((28, 28), Image.Resampling.BICUBIC))[..., None]


@pytest.mark.parametrize(("side", "channels"), [(32, 1), (32, 3), (64, 3)])
def test_other_sizes_and_colour(digits, side, channels, monkeypatch):
    monkeypatch.setattr(copies, "PLANTED", 100)
    train, test = (
        resized(part.images[:count], side, channels)
        for part, count in zip(digits, (100, 100), strict=True)
    )
    planted = planted_copies(train, np.random.default_rng(0), noise=16)
    assert planted.shape == train.shape
    threshold = copy_threshold(train)
    distances, indices = near_copies(planted, train, means(planted), means(train))
    assert ((distances <= threshold) & (indices == np.arange(len(train)))).mean() >= 0.99
    assert (near_copies(test, train, means(test), means(train))[0] <= threshold).mean() < 0.01


def resized(images, side, channels):
    pictures = [Image.fromarray(image[..., 0]).resize((side, side)) for image in images]
    grey = np.stack([np.asarray(picture) for picture in pictures])[..., None]
    return (grey * np.array([1.0, 0.8, 0.5])[:channels]).astype(np.uint8)


def test_what_a_copy_is(digits):
    images = digits[0].images[:50]
    fainter = (images * 0.6).astype(np.uint8)
    blank = np.zeros_like(images[:1])
    inverted = 255 - images[:1]
    both = np.concatenate([images[:1], fainter[:1], blank, inverted])
    distances, indices = near_copies(both, images, means(both), means(images))
    assert distances[0] < 1e-5 and distances[1] < copy_threshold(images)
    assert indices[:2].tolist() == [0, 0]
    assert distances[2] == 1 and distances[3] > 0.3
    blanks = np.zeros_like(images)
    assert (near_copies(blanks, blanks, means(blanks), means(blanks))[0] == 1).all()


def test_near_duplicates_within_a_set(digits):
    images = digits[0].images[:60].copy()
    images[40] = planted_copies(images[7:8], np.random.default_rng(0))[0]
    columns = images, images, means(images), means(images)
    distances, indices = near_copies(*columns, exclude_own=True)
    assert np.flatnonzero(distances <= copy_threshold(images)).tolist() == [7, 40]
    assert indices[7] == 40 and indices[40] == 7
    assert (indices != np.arange(60)).all()
    assert near_copies(*columns)[1].tolist() == list(range(60))
    with pytest.raises(UsageError, match="no other to be compared with"):
        near_copies(images[:1], images[:1], means(images[:1]), means(images[:1]), exclude_own=True)


def test_blocks_change_nothing(digits, monkeypatch):
    train, test = digits[0].images[:300], digits[1].images[:40]
    columns = test, train, means(test), means(train)
    distances, indices = near_copies(*columns)
    monkeypatch.setattr(copies, "BLOCK", 7)
    again = near_copies(*columns)
    assert np.allclose(again[0], distances, atol=1e-6) and np.array_equal(again[1], indices)


@pytest.mark.slow
def test_the_threshold_is_made_of_training_images_alone(digits):
    train = digits[0].images
    threshold = copy_threshold(train)
    assert threshold == copy_threshold(train)
    assert abs(copy_threshold(train, seed=1) - threshold) < threshold / 4
    assert 0.0015 <= threshold <= 0.005
    blanks = np.zeros_like(train[:2])
    with_blanks = np.concatenate([train[:8], blanks])
    assert copy_threshold(with_blanks) < 0.005, "what has no ink has no copies"
    assert copy_threshold(blanks) == 0.0015


def test_authenticity_by_hand():
    real = np.array([[0.0], [1.0], [3.0]])
    # From 0 to its nearest is 1, from 1 is 1, from 3 is 2.
    fake = np.array([[-0.5], [-1.5], [1.5], [5.5], [3.0]])
    assert authenticity(fake, real) == 2 / 5
    assert authenticity(real, real) == 0


def test_authenticity_takes_a_training_image_that_is_there_twice_once():
    real = np.random.default_rng(1).normal(size=(200, 6)).astype(np.float32)
    near = real + 1e-4
    assert authenticity(near, real) == authenticity(near, np.repeat(real, 2, axis=0)) == 0
    assert authenticity(real[:5], real[[0, 0, 0]]) == 4 / 5, "one image that is there three times"


def test_authenticity_of_copies_and_of_new_draws():
    random = np.random.default_rng(0)
    real, new = random.normal(size=(400, 8)), random.normal(size=(400, 8))
    assert authenticity(new, real) > 0.4
    assert authenticity(real + random.normal(0, 0.01, real.shape), real) < 0.01


def test_the_auc_is_the_share_of_pairs_in_order():
    random = np.random.default_rng(0)
    members, others = random.integers(0, 6, 30), random.integers(0, 5, 20)
    pairs = [(m > o) + 0.5 * (m == o) for m in members for o in others]
    auc, (low, high) = membership_auc(members, others)
    assert auc == pytest.approx(np.mean(pairs))
    assert low < auc < high
    assert membership_auc(others, members)[0] == pytest.approx(1 - auc)
    assert membership_auc([1.0, 2.0], [0.0, 0.5])[0] == 1


def test_the_interval_of_the_auc_by_hand():
    """Above 1 and 3 lie 1/2 and 1 of 0 and 2, and the other way round: variances of 1/8."""
    auc, (low, high) = membership_auc([1, 3], [0, 2])
    assert auc == 3 / 4 and high == 1
    assert low == pytest.approx(3 / 4 - 1.959964 * np.sqrt(1 / 8 / 2 + 1 / 8 / 2))
    with pytest.raises(UsageError, match="two scores or more on either side. Received: 2 and 1"):
        membership_auc([1, 3], [0])


def test_planted_copies_are_shifted_by_up_to_2_pixels_of_28_and_noised_by_20_levels():
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (200, 56, 28, 1), dtype=np.uint8)
    assert np.array_equal(planted_copies(images, random, shift=0, noise=0), images)
    padded = np.pad(images, ((0, 0), (4, 4), (4, 4), (0, 0)))  # 2 of 28 are 4 of 56
    shifted = planted_copies(images, random, noise=0)
    found = set()
    for copy, around in zip(shifted, padded, strict=True):
        places = [(y, x) for y in range(9) for x in range(9)]
        found |= {(y, x) for y, x in places if np.array_equal(around[y : y + 56, x : x + 28], copy)}
    assert {y for y, _ in found} == {x for _, x in found} == set(range(9))
    grey = np.full((100, 28, 28, 1), 128, np.uint8)
    noise = planted_copies(grey, random, shift=0).astype(float) - grey
    assert abs(noise.mean()) < 0.3 and noise.std() == pytest.approx(20, abs=0.3)


def test_the_interval_of_the_auc_holds_what_is_true():
    random = np.random.default_rng(0)
    draws = [membership_auc(random.normal(size=60), random.normal(size=90)) for _ in range(400)]
    inside = [low <= 0.5 <= high for _, (low, high) in draws]
    assert 0.92 < np.mean(inside) < 0.98


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"image_features": np.zeros((3, 49))}, r"Features of 5 images should be \(5, d\)"),
        ({"image_features": np.zeros((5, 50))}, r"agree in height, width and features"),
        ({"images": np.zeros((5, 28, 36, 1), np.uint8)}, r"\(28, 36, 49\) and \(28, 28, 49\)"),
        ({"references": np.zeros((9, 28, 28, 1))}, r"references should be uint8 .* float64"),
        ({"image_features": np.full((5, 49), np.nan)}, "Features of images should hold finite"),
        ({"reference_features": np.full((9, 49), np.inf)}, "9 of 9 rows with others"),
        ({"neighbours": -1}, "`neighbours` should be a whole number, 1 or more. Received: -1"),
        ({"neighbours": 1.5}, "`neighbours` should be a whole number, 1 or more. Received: 1.5"),
        ({"references": np.zeros((0, 28, 28, 1), np.uint8)}, r"one or more. Received: uint8"),
    ],
)
def test_what_does_not_fit_is_refused(changed, message):
    columns = {
        "images": np.zeros((5, 28, 28, 1), np.uint8),
        "references": np.zeros((9, 28, 28, 1), np.uint8),
        "image_features": np.zeros((5, 49)),
        "reference_features": np.zeros((9, 49)),
    }
    with pytest.raises(UsageError, match=message):
        near_copies(**{**columns, **changed})


def test_no_image_has_no_closest(digits):
    images = digits[0].images[:5]
    distances, indices = near_copies(images[:0], images, np.zeros((0, 49)), means(images))
    assert distances.shape == indices.shape == (0,)


def test_what_is_no_number_proves_nothing():
    with pytest.raises(UsageError, match="should be numbers. Received: NaN"):
        membership_auc([np.nan, 1.0], [0.1, 0.2])
    for scores, received in ((["a", "b"], r"<U1 \(2,\)"), ([[1, 2], [3, 4]], r"int64 \(2, 2\)")):
        with pytest.raises(UsageError, match=rf"numbers \(n,\), one for each.* {received}"):
            membership_auc(scores, [1, 2])
    with pytest.raises(UsageError, match="`seed` should be in"):
        copy_threshold(np.zeros((4, 8, 8, 1), np.uint8), seed=-1)
