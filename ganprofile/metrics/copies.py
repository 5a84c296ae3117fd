"""Whether an image is a copy: its nearest references in feature space, then aligned in pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ganprofile.datasets.similarity.alignment import Aligned, blocks, shapes
from ganprofile.datasets.similarity.neighbours import Neighbours, nearest
from ganprofile.errors import UsageError, check_seed, check_whole
from ganprofile.metrics.checks import LARGEST_SINGLE, as_array, check_features, check_finite

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

NEIGHBOURS = 100  # of an image in feature space that are compared with it in pixels
SAME_SHAPE = 20  # further ones that are so compared: features of a shifted copy lie elsewhere
BLOCK = 1000  # images

PLANTED = 1000  # copies that the threshold is set by
FOUND = 0.995  # the share of them that it finds
NOISE = 20  # levels, their noise's standard deviation
LONGEST_SHIFT = 2  # pixels of 28
THRESHOLDS = (0.0015, 0.005)  # the least, for what rounding and resampling do, and the most
Z95 = 1.959964


def near_copies(
    images: np.ndarray,
    references: np.ndarray,
    image_features: np.ndarray,
    reference_features: np.ndarray,
    *,
    neighbours: int = NEIGHBOURS,
    exclude_own: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """The reference that an image is most like, and how like: small is close to a copy.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`, 255 = ink.
        references: uint8 `(m, height, width, 1 or 3)`, of the same height and width.
        image_features: `(n, d)`, of `images`.
        reference_features: `(m, d)`, of `references`, from the same network.
        neighbours: how many references, the nearest in feature space, are compared in pixels; so
            are 20 of the same coarse shape wherever it stands, since a shift moves an image far in
            many feature spaces.
        exclude_own: `references` are `images`, and image i is not compared with reference i: for
            near-duplicates within a set.

    Returns:
        `(distance, index)`: float32 `(n,)` in 0..1, the distance to the closest reference over
        all shifts of up to 2 pixels of 28 (0 for an exact or a shifted copy, 1 for an image
        without ink), and its index, int64 `(n,)`. An image is a copy where
        `distance <= copy_threshold(references)`.

    Raises:
        UsageError: the images differ in size, the features do not fit them or hold what is no
            number, there is nothing to compare an image with, or `neighbours` is no whole number
            of 1 or more.

    Example:
        >>> from ganprofile.metrics.copies import copy_threshold, near_copies
        >>> from ganprofile.metrics.features import Pixels
        >>> train_set, test_set = gp.load("digits")
        >>> real = train_set.images[:300]

        >>> images = np.roll(real[[5, 8]], 1, axis=2)  # shifted by a pixel
        >>> distances, indices = near_copies(images, real, Pixels()(images), Pixels()(real))
        >>> indices.tolist(), (distances <= copy_threshold(real)).tolist()
        ([5, 8], [True, True])
    """
    own = np.arange(len(images)) if exclude_own else None
    return Originals(references, reference_features).closest(
        images, image_features, neighbours=neighbours, own=own
    )


def copy_threshold(references: np.ndarray, *, seed: int = 0) -> float:
    """The distance of `near_copies` up to which an image counts as a copy.

    It is what 99.5 % of planted copies of the references keep below, shifted by up to 2 pixels of
    28 and with Gaussian noise of 20 levels: how many copies are found is decided in advance, and
    how many other images are taken for copies can be measured on any.

    Args:
        references: uint8 `(m, height, width, 1 or 3)`, 255 = ink, m at least 1.
        seed: of the choice of references, the shifts and the noise, in 0..2147483647.

    Returns:
        A float in 0.0015..0.005.

    Raises:
        UsageError: `seed` is out of range.

    Example:
        >>> from ganprofile.metrics.copies import copy_threshold
        >>> train_set, test_set = gp.load("digits")
        >>> 0.0015 <= copy_threshold(train_set.images[:300]) <= 0.005
        True
    """
    check_seed(seed)
    random = np.random.default_rng([seed, 0])
    chosen = np.sort(random.integers(len(references), size=PLANTED))
    originals = references[chosen]
    planted = planted_copies(originals, random)
    distances = Aligned(originals).distances(planted, np.arange(len(originals))[:, None])
    written = distances[distances < 1]  # what has no ink is no copy at any distance
    if not len(written):
        return THRESHOLDS[0]
    return float(np.clip(np.quantile(written, FOUND), *THRESHOLDS))


def planted_copies(
    images: np.ndarray,
    random: np.random.Generator,
    shift: float = LONGEST_SHIFT,
    noise: float = NOISE,
) -> np.ndarray:
    """Copies of images, each shifted and noised; what is shifted out of the frame is lost.

    Args:
        images: uint8 `(n, height, width, channels)`, 0 = paper.
        random: a `numpy.random.Generator`.
        shift: the longest, in pixels of 28, on either axis, 0 or more.
        noise: the standard deviation, in levels, 0 or more.

    Returns:
        uint8 `(n, height, width, channels)`.

    Example:
        >>> from ganprofile.metrics.copies import planted_copies
        >>> images = gp.load("digits")[0].images[:5]
        >>> copies = planted_copies(images, np.random.default_rng(0))
        >>> copies.shape, copies.dtype
        ((5, 28, 28, 1), dtype('uint8'))
    """
    height, width = images.shape[1:3]
    reach = round(shift * max(height, width) / 28)
    margins = (0, 0), (reach, reach), (reach, reach), (0, 0)
    copies = np.empty_like(images)
    offsets = random.integers(0, 2 * reach + 1, (len(images), 2))
    for rows, block in blocks(images):
        padded = np.pad(block, margins)
        moved = [
            image[top : top + height, left : left + width]
            for image, (top, left) in zip(padded, offsets[rows], strict=True)
        ]
        levels = np.stack(moved) + random.normal(0, noise, block.shape)
        copies[rows] = np.clip(np.rint(levels), 0, 255)
    return copies


class Originals:
    """Reference images, prepared so that the closest to any number of images can be found.

    Args:
        references: uint8 `(m, height, width, 1 or 3)`, 255 = ink.
        features: `(m, d)`, of `references`.

    Raises:
        UsageError: there is no reference, or the features do not fit them.

    Example:
        >>> from ganprofile.metrics.copies import Originals
        >>> from ganprofile.metrics.features import Pixels
        >>> train_set, test_set = gp.load("digits")
        >>> real = train_set.images[:300]

        >>> originals = Originals(real, Pixels()(real))
        >>> distances, indices = originals.closest(real[7:9], Pixels()(real[7:9]))
        >>> distances.round(4).tolist(), indices.tolist()
        ([0.0, 0.0], [7, 8])
    """

    def __init__(self, references: np.ndarray, features: np.ndarray) -> None:
        references, features = _arrays(references, features, "references")
        self._form = _checked(references, features, "references")
        self._features = Neighbours(features.astype(np.float32, copy=False))
        self._shapes = Neighbours(shapes(references))
        self._aligned = Aligned(references)

    def closest(
        self,
        images: np.ndarray,
        features: np.ndarray,
        *,
        neighbours: int = NEIGHBOURS,
        own: np.ndarray | None = None,
        on_images: Callable[[int], object] | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """What `near_copies` returns.

        Args:
            images: uint8 `(n, height, width, 1 or 3)`, 255 = ink.
            features: `(n, d)`, of `images`.
            neighbours: as for `near_copies`.
            own: for every image the reference that it is not compared with, int `(n,)`, or None.
            on_images: called with the number of images after every block, or None.

        Returns:
            `(distance, index)`: float32 `(n,)` in 0..1 and int64 `(n,)`.

        Raises:
            UsageError: the images differ in size from the references, the features do not fit them
                or hold what is no number, there is nothing to compare an image with, or
                `neighbours` is no whole number of 1 or more.

        Example:
            >>> from ganprofile.metrics.copies import Originals
            >>> from ganprofile.metrics.features import Pixels
            >>> train_set, test_set = gp.load("digits")
            >>> real = train_set.images[:300]

            >>> originals = Originals(real, Pixels()(real))
            >>> own = np.arange(4)
            >>> distances, indices = originals.closest(real[:4], Pixels()(real[:4]), own=own)
            >>> bool((indices == own).any())
            False
        """
        check_whole("neighbours", neighbours)
        images, features = _arrays(images, features, "images")
        if not len(images):
            return np.empty(0, np.float32), np.empty(0, np.int64)
        self._check(images, features, own)
        distances, indices = np.empty(len(images), np.float32), np.empty(len(images), np.int64)
        for rows, block in blocks(images, BLOCK):
            without = None if own is None else own[rows]
            queries = features[rows].astype(np.float32, copy=False)
            candidates = np.hstack(
                [
                    self._features.nearest(queries, neighbours, without),
                    self._shapes.nearest(shapes(block), SAME_SHAPE, without),
                ]
            )
            found = self._aligned.distances(block, candidates)
            best = found.argmin(axis=1)[:, None]
            distances[rows] = np.take_along_axis(found, best, axis=1)[:, 0]
            indices[rows] = np.take_along_axis(candidates, best, axis=1)[:, 0]
            if on_images is not None:
                on_images(len(block))
        return distances, indices

    def _check(self, images: np.ndarray, features: np.ndarray, own: np.ndarray | None) -> None:
        form = _checked(images, features, "images")
        if form != self._form:
            raise UsageError(
                f"Images and references should agree in height, width and features. Received: "
                f"{form} and {self._form}."
            )
        if own is not None and len(self._features) < 2:
            raise UsageError("An image has no other to be compared with. Received: one reference.")


def authenticity(fake_features: ArrayLike, real_features: ArrayLike) -> float:
    """The share of synthetic images that are no noisy copies of real ones.

    One is authentic if it is further from its nearest real image than that is from its own nearest:
    Alaa, van Breugel, Saveliev, van der Schaar: How faithful is your synthetic data?, 2022 (arXiv
    2102.08921).

    Args:
        fake_features: `(n, d)`, of synthetic images.
        real_features: `(m, d)`, of the training images, from the same network; one that is there
            twice counts once, or else it would be its own nearest.

    Returns:
        A float in 0..1: 0 for copies; real characters that were held out reach 0.55 to 0.7.

    Raises:
        UsageError: an array is not features, or the two differ in d.

    Example:
        >>> from ganprofile.metrics.copies import authenticity
        >>> random = np.random.default_rng(0)
        >>> real, fake = random.normal(size=(2, 500, 8))
        >>> authenticity(real, real), authenticity(fake, real) > 0.4
        (0.0, True)
    """
    fake, real = check_features(
        LARGEST_SINGLE, fake_features=fake_features, real_features=real_features
    )
    fake, real = fake.astype(np.float32), real.astype(np.float32)
    once = np.unique(real, axis=0)
    real = once if len(once) > 1 else real
    closest = nearest(fake, real, 1)[:, 0]
    met, place = np.unique(closest, return_inverse=True)
    others = nearest(real[met], real, 1, own=met)[:, 0]
    between = np.linalg.norm(real[met] - real[others], axis=1)[place]
    return float((np.linalg.norm(fake - real[closest], axis=1) > between).mean())


def membership_auc(
    member_scores: ArrayLike, other_scores: ArrayLike
) -> tuple[float, tuple[float, float]]:
    """How well a score tells members of a training set from others.

    Args:
        member_scores: `(m,)`, m at least 2, of images that were trained on; larger should mean a
            member.
        other_scores: `(n,)`, n at least 2, of images that were not.

    Returns:
        `(auc, (low, high))`: the area under the ROC curve, 0.5 if the score tells nothing, and its
        95 % interval by DeLong, DeLong and Clarke-Pearson (1988).

    Raises:
        UsageError: either side has fewer than two scores, or one is no number.

    Example:
        >>> from ganprofile.metrics.copies import membership_auc
        >>> area, (low, high) = membership_auc([0.9, 0.8, 0.7, 0.4], [0.6, 0.3, 0.2, 0.1])
        >>> area, low < area <= high
        (0.9375, True)
    """
    members, others = _scores(member_scores), _scores(other_scores)
    if min(len(members), len(others)) < 2:
        raise UsageError(
            "A membership AUC needs two scores or more on either side. "
            f"Received: {len(members)} and {len(others)}."
        )
    above = _share_below(members, others)
    below = 1 - _share_below(others, members)
    area = float(above.mean())
    variance = above.var(ddof=1) / len(members) + below.var(ddof=1) / len(others)
    half = Z95 * np.sqrt(variance)
    return area, (float(max(0.0, area - half)), float(min(1.0, area + half)))


def _scores(given: ArrayLike) -> np.ndarray:
    """Numbers `(n,)`."""
    scores = as_array("The array of scores", given)
    if scores.ndim != 1 or scores.dtype.kind not in "fiub":
        raise UsageError(
            "Scores should be numbers (n,), one for each image. Received: "
            f"{scores.dtype} {scores.shape}."
        )
    if not np.isfinite(scores).all():
        raise UsageError("Scores should be numbers. Received: NaN or infinite values.")
    return scores


def _share_below(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For every value the share of the others below it; an equal one counts half."""
    ordered = np.sort(others)
    left, right = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    return (left + right) / (2 * len(ordered))


def _arrays(images: ArrayLike, features: ArrayLike, name: str) -> tuple[np.ndarray, np.ndarray]:
    return as_array(f"The array of {name}", images), as_array(f"Features of {name}", features)


def _checked(images: np.ndarray, features: np.ndarray, name: str) -> tuple[int, int, int]:
    """`(height, width, d)`."""
    if images.ndim != 4 or images.dtype != np.uint8 or not len(images):
        raise UsageError(
            f"{name} should be uint8 (n, height, width, 1 or 3), one or more. "
            f"Received: {images.dtype} {images.shape}."
        )
    if features.ndim != 2 or len(features) != len(images):
        raise UsageError(
            f"Features of {len(images)} {name} should be ({len(images)}, d). "
            f"Received: shape {features.shape}."
        )
    check_finite(f"Features of {name}", features, LARGEST_SINGLE)
    return *images.shape[1:3], features.shape[1]
