"""How one writer's character differs from another's, learned from pairs of images of one class."""

from ganprofile.variation.upright import upright
from ganprofile.variation.varier import Varier
from ganprofile.variation.ways import Ways, find_ways

__all__ = ["Varier", "Ways", "find_ways", "upright"]
