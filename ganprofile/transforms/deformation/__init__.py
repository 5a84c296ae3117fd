"""How one writer's character differs from another's, learned from pairs of images of one class."""

from ganprofile.transforms.deformation.upright import upright
from ganprofile.transforms.deformation.varier import Varier
from ganprofile.transforms.deformation.ways import Ways, find_ways

__all__ = ["Varier", "Ways", "find_ways", "upright"]
