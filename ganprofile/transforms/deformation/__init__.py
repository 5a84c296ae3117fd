"""How one writer's character differs from another's, learned from pairs of images of one class."""

from ganprofile.transforms.deformation.augmenter import DeformationAugmenter
from ganprofile.transforms.deformation.pairwise import PairwiseDeformations, find_deformations
from ganprofile.transforms.deformation.upright import upright

__all__ = ["DeformationAugmenter", "PairwiseDeformations", "find_deformations", "upright"]
