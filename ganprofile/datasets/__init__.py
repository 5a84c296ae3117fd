"""Datasets in and out: `load` by name or path, `Dataset`, the registry, the output formats."""

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.registry import DATASETS, describe, from_recipe, known, load

__all__ = ["DATASETS", "Dataset", "describe", "from_recipe", "known", "load"]
