"""Images that are others saved again: compressed, resized, shifted, noised, made lighter or darker.

Candidates are nearest in coarse shape, and of these by aligned correlation. One is the original
where it leaves hardly more of the image unexplained (`residuals`) than saving leaves of that very
original: it is saved again in some ways, and compared with itself. So a bare stroke, which has
little to be told by, is held to more than a letter with loops.
"""

import io

import numpy as np

from ganprofile.datasets.similarity.alignment import Aligned, blocks, shapes
from ganprofile.datasets.similarity.neighbours import INDEXED, Neighbours
from ganprofile.datasets.similarity.residuals import unexplained, without_paper
from ganprofile.images import luminance

CANDIDATES = 20  # of an image, by coarse shape
VERIFIED = 3  # of these, by aligned correlation
COARSE = 0.02  # the largest distance in `Aligned` of one that is verified
MOST_LEFT = 0.006  # of an image that is a copy, whatever saving leaves of its original
LEAST_LEFT = 0.0007  # up to here it is one
MARGIN = 1.8  # so many times what saving leaves
LEAST_SIDE = 20  # pixels; of smaller images a kernel explains too much
BLOCK = 1000
MOST_PAIRS = 10**9  # of images and references, so that the time is bounded
SECONDS = 7e-4, 15e-6  # of an image and of a reference, on two cores

QUALITY = 60  # of JPEG
SHRUNK = 5 / 7  # of a side, and back
NOISE = 12  # levels, standard deviation
LANCZOS = 1  # Pillow's number of the filter
GAIN = 1.2  # what was nearly black then is


def near_copies_within(images):
    """Images that are earlier ones of the same array saved again.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`, 255 = ink.

    Returns:
        `(rows, originals)` as of `near_copies`, both of `images`, each original before its copy.
    """
    rows, originals = near_copies(images, images, is_same=True)
    pairs = np.unique(np.sort(np.stack([rows, originals], axis=1), axis=1), axis=0)
    first = np.unique(pairs[:, 1], return_index=True)[1]  # a copy of several is one copy
    return pairs[first, 1], pairs[first, 0]


def near_copies(images, references, is_same=False):
    """Images that are references saved again.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`, 255 = ink.
        references: uint8 `(m, height, width, 1 or 3)`, of the same height and width.
        is_same: whether they are the very images, none of which is then its own copy.

    Returns:
        `(rows, originals)`: int64 `(k,)`, which images they are, in order, and which reference
        each is. None are looked for in images of fewer than 20 pixels a side.
    """
    rows, originals = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    if len(images) and len(references) and min(images.shape[1:3]) >= LEAST_SIDE:
        looks = [shapes(without_paper(some)) for _, some in blocks(references)]
        neighbours = Neighbours(np.concatenate(looks))
        for place, block in blocks(images, BLOCK):
            own = np.arange(place.start, place.start + len(block)) if is_same else None
            found, candidates = _verified(block, references, neighbours, own)
            rows.append(found + place.start)
            originals.append(candidates)
    return np.concatenate(rows), np.concatenate(originals)


def affordable(count, references):
    """How many of `count` images can be compared with so many references in bounded time.

    Returns:
        `(number, seconds)`: all, or so many that they and the references are 10^9 pairs, of
        references from 100,000 on as of so many; and about how long that takes.
    """
    number = min(count, MOST_PAIRS // min(max(references, 1), INDEXED))
    return number, SECONDS[0] * number + SECONDS[1] * references


def _verified(images, references, neighbours, own):
    """Which of some images are copies, and of what: `(rows, originals)`."""
    candidates, distances = _candidates(images, references, neighbours, own)
    rows, columns = np.nonzero(distances <= COARSE)
    left = np.ones(candidates.shape, np.float32)
    left[rows, columns] = unexplained(images[rows], references[candidates[rows, columns]])
    best = left.argmin(axis=1)[:, None]
    left = np.take_along_axis(left, best, axis=1)[:, 0]
    originals = np.take_along_axis(candidates, best, axis=1)[:, 0]
    doubtful = np.flatnonzero((left > LEAST_LEFT) & (left <= MOST_LEFT))
    is_copy = left <= LEAST_LEFT
    is_copy[doubtful] = left[doubtful] <= MARGIN * left_by_saving(references[originals[doubtful]])
    found = np.flatnonzero(is_copy)
    return found, originals[found]


def _candidates(images, references, neighbours, own):
    """References that images may be copies of, int64 `(n, k)`, and their aligned distances."""
    queries = without_paper(images)
    candidates = neighbours.nearest(shapes(queries), CANDIDATES, own)
    used, places = np.unique(candidates, return_inverse=True)
    aligned = Aligned(without_paper(references[used]))
    distances = aligned.distances(queries, places.reshape(candidates.shape))
    order = np.argsort(distances, axis=1, kind="stable")[:, :VERIFIED]
    return tuple(np.take_along_axis(array, order, axis=1) for array in (candidates, distances))


def left_by_saving(images):
    """The most that saving leaves unexplained of images, float32 `(n,)`.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`.
    """
    grey = luminance(images)
    most = np.zeros(len(images), np.float32)
    for saved in (compressed, shrunk, noised, brightened):
        again = [saved(image[..., 0])[..., None] for image in grey]
        if again:
            most = np.maximum(most, unexplained(np.stack(again), grey))
    return most


def compressed(image, quality=QUALITY):
    """An image, uint8 `(height, width)`, after JPEG."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def shrunk(image, share=SHRUNK, how=LANCZOS):
    """An image, uint8 `(height, width)`, in another size and back."""
    from PIL import Image

    height, width = image.shape
    other = max(1, round(width * share)), max(1, round(height * share))
    return np.asarray(Image.fromarray(image).resize(other, how).resize((width, height), how))


def noised(image, deviation=NOISE, seed=0):
    """An image, uint8 `(height, width)`, with Gaussian noise."""
    noise = np.random.default_rng(seed).normal(0, deviation, image.shape)
    return np.clip(np.rint(image + noise), 0, 255).astype(np.uint8)


def brightened(image, gain=GAIN, level=0):
    """An image, uint8 `(height, width)`, with other levels."""
    return np.clip(np.rint(image * float(gain) + level), 0, 255).astype(np.uint8)
