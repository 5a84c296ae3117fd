"""From a trained generator to a bigger labelled set, and whether a set is what it says."""

from ganprofile.augmentation.augment import AugmentedSet, augment
from ganprofile.augmentation.experiment import benchmark
from ganprofile.augmentation.labelling import label
from ganprofile.augmentation.verify import Verification, verify

__all__ = ["AugmentedSet", "Verification", "augment", "benchmark", "label", "verify"]
