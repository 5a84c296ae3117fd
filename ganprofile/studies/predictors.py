"""What reads digits, writers and characteristics in the study of HWD+."""

import dataclasses
import math
from collections.abc import Callable

import numpy as np

from ganprofile.classifiers.estimators import NeighboursClassifier
from ganprofile.classifiers.lenet import (
    DeepDense,
    InformedCommittee,
    InformedLeNet5,
    LeNet5,
    LeNet5Committee,
)
from ganprofile.classifiers.m2 import M2

PASSES = 30  # so often is every training image seen, by each member of a committee
BATCH = 64
QUICK_PASSES, QUICK_MEMBERS = 20, 5
REPEATS, REPEATS_OF_COMMITTEES = 50, 15


class Majority:
    """Says the class that most training images have."""

    def __init__(self, num_classes, seed=0):
        self.num_classes = num_classes

    def fit(self, images, labels):
        """Count."""
        self.majority = int(np.bincount(labels, minlength=self.num_classes).argmax())
        return self

    def predict(self, images):
        """The same for all."""
        return np.full(len(images), self.majority)


@dataclasses.dataclass(frozen=True)
class Predictor:
    """A classifier of the study.

    Attributes:
        title: in words.
        kind: the class.
        is_network: whether it is trained for a number of passes.
        is_committee: whether it has members.
        is_told: whether it is told more than the image.
        larger: whether it sees images of 100 x 100.
        sees_others: whether it also learns from images without labels, by other people.
    """

    title: str
    kind: Callable
    is_network: bool = True
    is_committee: bool = False
    is_told: bool = False
    larger: bool = False
    sees_others: bool = False

    @property
    def repeats(self):
        """How often the document draws parts for it."""
        return REPEATS_OF_COMMITTEES if self.is_committee else REPEATS

    def fitted(self, images, labels, num_classes, room, passed=None, options=None, more=None):
        """The classifier, trained.

        Args:
            images: what it sees, a row each.
            labels: class indices.
            num_classes: how many classes.
            room: the step's `Room`.
            passed: so many images make a pass, whatever the number of `images`; None takes that.
            options: further arguments of the class, a dict.
            more: further arguments of its `fit`.
        """
        quick, options = room.plan.quick, dict(options or {})
        if self.is_network:
            passes = QUICK_PASSES if quick else PASSES
            steps = math.ceil(passes * (passed or len(images)) / BATCH)
            options |= {"batch_size": BATCH, "steps": steps}
        if self.is_committee and quick:
            options["size"] = QUICK_MEMBERS
        return self.kind(num_classes, seed=room.seed, **options).fit(images, labels, **(more or {}))


NAIVE = "naive"
PREDICTORS = {
    NAIVE: Predictor("majority", Majority, is_network=False),
    "k-nn": Predictor("k-NN", NeighboursClassifier, is_network=False),
    "lenet-5": Predictor("LeNet-5", LeNet5),
    "committee": Predictor("committee of LeNet-5", LeNet5Committee, is_committee=True),
    "deep-nn": Predictor("deep NN", DeepDense),
    "lenet-5-100": Predictor("LeNet-5 at 100 x 100", LeNet5, larger=True),
    "lenet-5-told": Predictor("LeNet-5", InformedLeNet5, is_told=True),
    "committee-told": Predictor(
        "committee of LeNet-5", InformedCommittee, is_committee=True, is_told=True
    ),
    "m2": Predictor("M2, with images that have no labels", M2, sees_others=True),
}
