"""Which real images classifiers learn from, and by which others they are judged."""

import dataclasses

import numpy as np

from ganprofile.datasets import Dataset
from ganprofile.datasets.duplicates import shared
from ganprofile.evaluation.sources import sample, sampled_rows

FEWEST_UNSEEN = 50  # real images; of fewer, shares of copies and accuracies say little


@dataclasses.dataclass(frozen=True)
class RealParts:
    """A training part, divided where there is no test part.

    Attributes:
        train: the training part, a `Dataset`.
        images: at most so many of either part.
        seed: of every random choice.
        drawn: the images judged, which one of the classifiers learns from.
        learned: the images that what drew them learned from, or None where that is not known.
    """

    train: Dataset
    images: int
    seed: int
    drawn: Dataset
    learned: Dataset | None

    def for_classifiers(self):
        """`(train, test, sentence)`: a `Dataset` to learn from and one to be judged by, None for
        both where too few would be left."""
        train = self.train
        known = shared(train, self.drawn)
        others = np.setdiff1d(np.arange(len(train)), known)
        third = len(train) // 3
        if len(others) < min(third, FEWEST_UNSEEN):
            said = (
                f"Classifiers were not asked: {len(known):,} of the {len(train):,} images of "
                f"{train.name} are also among those judged, so that too few are left to judge by. "
                "Give `against` a dataset with a test part."
            )
            return None, None, said
        count = min(third, len(others))
        rows = others[sampled_rows(train.select(others), count, self.seed)]
        rest = train.select(np.setdiff1d(np.arange(len(train)), rows))
        learning, judging = (
            sample(part, self.images, self.seed) for part in (rest, train.select(rows))
        )
        name = f"{'a third' if count == third else f'{len(judging):,}'} of {train.name}"
        return learning, judging, self._who_learned(name, judging)

    def _who_learned(self, name, judging):
        """Who has learned from the part of the training images that classifiers are judged by."""
        said = f"Classifiers are judged by {name}, from which neither learns"
        if self.learned is None or self.learned.image_shape != judging.image_shape:
            return f"{said}; whether what drew the synthetic images did is not known."
        known = len(shared(judging, self.learned))
        if not known:
            return f"{said}, nor did what drew the synthetic images."
        return (
            f"{said}; but what drew the synthetic images learned from {known:,} of these "
            f"{len(judging):,}, which flatters the accuracy of the classifier that learns from "
            "them."
        )
