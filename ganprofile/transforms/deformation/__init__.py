"""How one writer's character differs from another's, learned from pairs of images of one class."""

import importlib
from typing import TYPE_CHECKING, Any

from ganprofile.transforms.deformation.pairwise import PairwiseDeformations, find_deformations
from ganprofile.transforms.deformation.reduced import reduced, reduction, reduction_fact
from ganprofile.transforms.deformation.upright import upright

if TYPE_CHECKING:
    from ganprofile.transforms.deformation.augmenter import DeformationAugmenter

__all__ = [
    "DeformationAugmenter",
    "PairwiseDeformations",
    "find_deformations",
    "reduced",
    "reduction",
    "reduction_fact",
    "upright",
]


if not TYPE_CHECKING:  # where it is, a name that does not exist is found

    def __getattr__(name: str) -> Any:
        if name != "DeformationAugmenter":  # which needs Keras; the others do not
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return importlib.import_module(f"{__name__}.augmenter").DeformationAugmenter
