"""The published studies that this toolkit re-runs: their figures beside ours."""

from ganprofile.studies.registry import STUDIES
from ganprofile.studies.run import study

__all__ = ["STUDIES", "study"]
