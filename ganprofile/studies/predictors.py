"""What reads digits, writers and characteristics in the study of HWD+."""

import dataclasses
import math

from ganprofile.classifiers.estimators import MajorityClassifier, NeighboursClassifier
from ganprofile.classifiers.lenet import (
    Committee,
    DeepDense,
    InformedCommittee,
    InformedLeNet5,
    LeNet5,
    LeNet5Committee,
)
from ganprofile.classifiers.m2 import M2
from ganprofile.classifiers.network import NetworkClassifier

# So often is every training image seen, by each member of a committee: on a part of QMNIST's
# training images LeNet-5 gains no more by 30 or 60.
PASSES = 20
BATCH = 64
QUICK_PASSES, QUICK_MEMBERS = 10, 3
REPEATS, REPEATS_OF_COMMITTEES = 50, 15


@dataclasses.dataclass(frozen=True)
class Predictor:
    """A classifier of the study.

    Attributes:
        title: in words.
        kind: the class.
        is_conditional: whether it is told more than the image.
        larger: whether it sees images of 100 x 100.
    """

    title: str
    kind: type
    is_conditional: bool = False
    larger: bool = False

    @property
    def is_network(self):
        """Whether it is trained for a number of passes."""
        return issubclass(self.kind, NetworkClassifier)

    @property
    def is_committee(self):
        """Whether it has members."""
        return issubclass(self.kind, Committee)

    @property
    def sees_others(self):
        """Whether it also learns from images without labels, by other people."""
        return issubclass(self.kind, M2)

    @property
    def repeats(self):
        """How often the document draws parts for it."""
        return REPEATS_OF_COMMITTEES if self.is_committee else REPEATS

    def fitted(self, images, labels, num_classes, room, passed, options, more):
        """The classifier, trained.

        Args:
            images: what it sees, a row each.
            labels: class indices.
            num_classes: how many classes.
            room: the step's `Room`.
            passed: so many images make a pass, whatever the number of `images`.
            options: further arguments of the class, a dict.
            more: further arguments of its `fit`, a dict.
        """
        quick, options = room.plan.quick, dict(options)
        if self.is_network:
            passes = QUICK_PASSES if quick else PASSES
            options |= {"batch_size": BATCH, "steps": math.ceil(passes * passed / BATCH)}
        if self.is_committee and quick:
            options["size"] = QUICK_MEMBERS
        return self.kind(num_classes, seed=room.seed, **options).fit(images, labels, **more)


NAIVE = "naive"
PREDICTORS = {
    NAIVE: Predictor("majority", MajorityClassifier),
    "k-nn": Predictor("k-NN", NeighboursClassifier),
    "lenet-5": Predictor("LeNet-5", LeNet5),
    "committee": Predictor("committee of LeNet-5", LeNet5Committee),
    "deep-nn": Predictor("deep NN", DeepDense),
    "lenet-5-100": Predictor("LeNet-5 at 100 x 100", LeNet5, larger=True),
    "lenet-5-told": Predictor("LeNet-5", InformedLeNet5, is_conditional=True),
    "committee-told": Predictor("committee of LeNet-5", InformedCommittee, is_conditional=True),
    "m2": Predictor("M2, with images that have no labels", M2),
}
