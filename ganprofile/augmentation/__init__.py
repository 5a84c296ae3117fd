"""From a trained generator to a bigger labelled set."""

from ganprofile.augmentation.augment import AugmentedSet, augment

__all__ = ["AugmentedSet", "augment"]
