"""What makes two sets, or two images, the same."""

import hashlib
import json

import numpy as np
import pytest

from ganprofile.datasets.fingerprint import Fingerprint, hash_images, image_sums


def sha256(array, dtype):
    return hashlib.sha256(np.asarray(array, dtype).tobytes()).hexdigest()


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (5, 3, 7, 1), dtype=np.uint8)


@pytest.mark.parametrize("labels", [[1, 0, 1, 1, 0], None])
@pytest.mark.parametrize("writers", [[4, -1, 4, 2, 300], None])
def test_a_fingerprint_is_one_digest_over_a_digest_a_column(images, labels, writers):
    """As it has always been, since it stands in files: how it is computed must never change."""
    columns = {"images": sha256(images, np.uint8)}
    if labels:
        columns["labels"] = sha256(labels, "<i4")
    columns["writers"] = sha256([-1] * 5 if writers is None else writers, "<i4")
    content = {"class_names": ["a", "b"], "image_shape": [3, 7, 1], **columns}
    expected = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    whole, pieces = Fingerprint(["a", "b"]), Fingerprint(["a", "b"])
    whole.update(images, labels, writers)
    for rows in (slice(0, 2), slice(2, 5)):
        pieces.update(images[rows], labels and labels[rows], writers and writers[rows])
    assert whole.hexdigest() == pieces.hexdigest() == expected


def test_a_digest_of_an_image_is_that_of_its_pixels(images):
    found = hash_images(images[:, :, ::-1])
    assert found.tolist() == [
        hashlib.blake2b(image[:, ::-1].tobytes(), digest_size=16).digest() for image in images
    ]


def test_a_sum_counts_every_bit_of_every_word():
    """An image of 20 bytes, two words and a half, against all that differ from it in one bit.

    The highest bit of a word would be lost where its factor is even.
    """
    image = np.random.default_rng(1).integers(0, 256, 20, dtype=np.uint8)
    changed = image ^ np.packbits(np.eye(160, dtype=bool), axis=1)
    sums = image_sums(np.concatenate([[image], changed]).reshape(161, 4, 5, 1))
    assert sums.dtype == np.uint64 and sums.shape == (161,) and (sums[1:] != sums[0]).all()


def test_a_sum_tells_the_order_of_words():
    words = np.random.default_rng(2).integers(0, 256, (4, 8), dtype=np.uint8)
    both = np.stack([words, words[::-1]]).reshape(2, 4, 8, 1)
    assert len(set(image_sums(both).tolist())) == 2


def test_a_sum_is_that_of_words_times_factors_of_their_own():
    """All 0 but the first byte of a word, which is 3: three times what 1 gives there."""
    images = np.zeros((6, 1, 24, 1), np.uint8)
    for row, (word, value) in enumerate([(0, 1), (0, 3), (1, 1), (1, 3), (2, 1)]):
        images[row, 0, 8 * word] = value
    first, thrice, second, second_thrice, third, none = map(int, image_sums(images))
    assert none == 0
    assert (thrice, second_thrice) == (3 * first % 2**64, 3 * second % 2**64)
    assert len({first, second, third}) == 3 and all(f % 2 for f in (first, second, third))
    images[5] = images[0] + images[3] + images[4]
    assert int(image_sums(images)[5]) == (first + 3 * second + third) % 2**64
