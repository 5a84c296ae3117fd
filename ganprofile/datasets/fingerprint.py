"""What two sets of images have in common when they are the same: one sha256."""

import hashlib
import json
import math

import numpy as np

UNKNOWN_WRITER = -1
HASH_BYTES = 16
WORD = 8  # bytes


class Fingerprint:
    """sha256 over class names, images, labels and writers, fed in pieces.

    Each column has a digest of its own, so that it does not matter how the rows were divided:
    a set that is written in pieces and read back whole has the same fingerprint. Unknown writers
    count as -1, whether one is unknown or all.
    """

    def __init__(self, class_names=()):
        self._class_names = list(class_names)
        self._columns = {}

    def update(self, images, labels=None, writers=None):
        """Add rows; labels that are missing once must be missing always."""
        writers = np.full(len(images), UNKNOWN_WRITER) if writers is None else writers
        for name, values, dtype in (
            ("images", images, np.uint8),
            ("labels", labels, "<i4"),
            ("writers", writers, "<i4"),
        ):
            if values is None:
                continue
            digest = self._columns.setdefault(name, hashlib.sha256())
            digest.update(np.ascontiguousarray(values, dtype=dtype))
        self._image_shape = images.shape[1:]

    def hexdigest(self):
        """64 hexadecimal digits."""
        columns = {name: digest.hexdigest() for name, digest in sorted(self._columns.items())}
        content = {
            "class_names": self._class_names,
            "image_shape": list(self._image_shape),
            **columns,
        }
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def hash_images(images):
    """A digest of every image's pixels.

    Args:
        images: uint8 `(n, height, width, channels)`.

    Returns:
        bytes `(n,)` of 16 bytes each (BLAKE2b); two images have the same when they are identical.
    """
    digests = (
        hashlib.blake2b(np.ascontiguousarray(image), digest_size=HASH_BYTES).digest()
        for image in images
    )
    return np.fromiter(digests, f"S{HASH_BYTES}", len(images))


def image_sums(images):
    """A number for every image, the same where images are, and seldom elsewhere.

    Args:
        images: uint8 `(n, height, width, channels)`.

    Returns:
        uint64 `(n,)`: the sum of the image's words of eight bytes, each times an odd number of its
        own, modulo 2^64.
    """
    rows = np.ascontiguousarray(images).reshape(len(images), math.prod(images.shape[1:]))
    if incomplete := rows.shape[1] % WORD:
        rows = np.pad(rows, ((0, 0), (0, WORD - incomplete)))
    words = rows.view(np.uint64)
    return words @ _factors(words.shape[1])


def _factors(count):
    return np.random.default_rng(0).integers(2**64, size=count, dtype=np.uint64) | np.uint64(1)
