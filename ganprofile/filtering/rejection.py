"""What a drawn image is refused for, and how hard each level of the filter is."""

import dataclasses
from typing import Literal, TypeAlias

import numpy as np

from ganprofile.filtering.appearance import pixel_features
from ganprofile.filtering.streams import CONFIDENCE
from ganprofile.metrics.copies import Originals, copy_threshold, near_copies

# In the order in which an image is looked at: the first that holds is its reason.
REASONS = {
    "ink": "far less or far more ink than any real image of the class",
    "copy": "nearly a training image",
    "misread": "classifiers read another class",
    "unsure": "classifiers read the class, and are less sure than of real images",
    "duplicate": "nearly another drawn image",
    "discriminator": "among those of its class that the discriminator finds least real",
    "surplus": "nothing is wrong with it: others cover its class better",
}
PASSED = ""

LEAST_INK, MOST_INK = 0.5, 2.0  # of the least and the most that a real image of the class has


@dataclasses.dataclass(frozen=True)
class Level:
    """How hard a filter is.

    Attributes:
        real_refused: the share of real images that classifiers which did not see them would refuse;
            it decides how probable the label has to be. A weak classifier so refuses little.
        enough: this probability of the label is enough, however sure they are of real images.
        confidence: how probable the class of an unlabelled model's image has to be.
        drop_fraction: the share of those left that goes: which the discriminator finds least real.
        oversampling_factor: how many images have to be left for each that is chosen.
    """

    real_refused: float
    enough: float
    confidence: float
    drop_fraction: float
    oversampling_factor: float


NONE: Literal["none"] = "none"
# The names of `LEVELS`, against which a test holds them.
FilterLevel: TypeAlias = Literal["none", "standard", "strict"]
LEVELS = {
    NONE: None,
    "standard": Level(
        real_refused=0.1,
        enough=0.5,
        confidence=CONFIDENCE,
        drop_fraction=0.1,
        oversampling_factor=2.0,
    ),
    "strict": Level(
        real_refused=0.3, enough=0.9, confidence=0.99, drop_fraction=0.3, oversampling_factor=3.0
    ),
}


class RejectionFilter:
    """Says of drawn images for what reason each is refused, by the user's own images alone.

    Args:
        real: the labelled `Dataset` that the generator was trained on.
        level: a `Level`.
        cross_fitted: `CrossFittedClassifiers`, or None where there is one class.
        is_conditional: whether the generator was told the label.

    Attributes:
        least_probability: of its label, for an image to pass; None without a judge.
        copy_threshold: up to this distance two images are copies of each other.
    """

    def __init__(self, real, level, cross_fitted, is_conditional=True):
        self._real = real
        self._cross_fitted = cross_fitted
        self._is_conditional = is_conditional
        self._features = (
            pixel_features(real.images) if cross_fitted is None else cross_fitted.features
        )
        self._least_ink, self._most_ink = _ink_bounds(real)
        self._originals = Originals(real.images, self._features)
        self.copy_threshold = copy_threshold(real.images)
        self.least_probability = None
        if cross_fitted is not None:
            self.least_probability = (
                _least_probability(cross_fitted, level) if is_conditional else level.confidence
            )

    def real_features(self, label):
        """`pixel_features` of a class' real images, `(m, d)`; of all images where it has none."""
        members = self._real.labels == label
        return self._features[members] if members.any() else self._features

    def look_at(self, block):
        """Judge a `Block`.

        Returns:
            `(block, reasons)`: the block with labels, probabilities and features; for every image a
            key of `REASONS`, or `PASSED`.
        """
        features = pixel_features(block.images)
        if self._cross_fitted is None:
            block = dataclasses.replace(block, features=features)
        else:
            block = block.judged(self._cross_fitted, features)
        reasons = np.full(len(block), PASSED, "U16")
        ink = block.images.mean(axis=(1, 2, 3))
        bad = (ink < self._least_ink[block.labels]) | (ink > self._most_ink[block.labels])
        reasons[bad] = "ink"
        left = np.flatnonzero(reasons == PASSED)
        reasons[left[self._copies(block.select(left))]] = "copy"
        if self._cross_fitted is not None:
            improbable = (reasons == PASSED) & (block.scores < self.least_probability)
            is_read = block.probabilities.argmax(axis=1) == block.labels
            reasons[improbable & ~is_read] = "misread"
            reasons[improbable & is_read] = "unsure"
        return block, reasons

    def _copies(self, block):
        """Booleans `(n,)`: who is nearly a training image."""
        return self._originals.closest(block.images, block.features)[0] <= self.copy_threshold

    def duplicates(self, block, earlier):
        """Who is nearly another image of the class: one that was drawn before, or one of `earlier`.

        Args:
            block: a `Block` of images that passed, in the order of drawing.
            earlier: a `Block`, or None.

        Returns:
            Booleans `(n,)`; of a group that is alike, the first stays.
        """
        found = np.zeros(len(block), bool)
        for label in np.unique(block.labels):
            members = np.flatnonzero(block.labels == label)
            if earlier is not None:
                before = earlier.select(earlier.labels == label)
                found[members] = self._repeating(block.select(members), before)
                members = members[~found[members]]
            found[self._repeated(block, members)] = True
        return found

    def _repeating(self, block, before):
        """Booleans `(n,)`: who is nearly one of the images before."""
        if not len(before):
            return np.zeros(len(block), bool)
        distances, _ = near_copies(block.images, before.images, block.features, before.features)
        return distances <= self.copy_threshold

    def _repeated(self, block, members):
        """Those of `members` that repeat an earlier one, until none is left that does."""
        gone = []
        while len(members) > 1:
            images, features = block.images[members], block.features[members]
            distances, nearest = near_copies(images, images, features, features, exclude_own=True)
            # The nearest may be a later one; the closest pair of all is always found.
            repeats = (distances <= self.copy_threshold) & (nearest < np.arange(len(members)))
            if not repeats.any():
                break
            gone += members[repeats].tolist()
            members = members[~repeats]
        return np.array(gone, np.int64)


def _least_probability(cross_fitted, level):
    """What all but `real_refused` of the real images reach; at least chance, at most `enough`."""
    scores = cross_fitted.held_out_scores
    chance = 1 / cross_fitted.num_classes
    reached = np.quantile(scores, level.real_refused) if len(scores) else level.enough
    return float(np.clip(reached, chance, level.enough))


def _ink_bounds(real):
    """The least and the most mean level of a drawn image, each `(num_classes,)`."""
    ink = real.images.mean(axis=(1, 2, 3))
    least = np.full(real.num_classes, ink.min())  # a class without images goes by all others
    most = np.full(real.num_classes, ink.max())
    for label in np.unique(real.labels):
        least[label], most[label] = ink[real.labels == label].min(), ink[real.labels == label].max()
    return LEAST_INK * least, MOST_INK * most
