"""The published studies that this toolkit re-runs, and profiles of people who write."""

from ganprofile.studies.registry import STUDIES
from ganprofile.studies.run import study

__all__ = ["STUDIES", "study"]
