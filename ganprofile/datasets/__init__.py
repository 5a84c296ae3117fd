"""Datasets in and out: `load` by name or path, `Dataset`, imports, the output formats."""

from ganprofile.datasets.blanks import without_blanks
from ganprofile.datasets.classes import (
    empty_classes,
    parts_without_empty_classes,
    relabelled,
    say_empty_classes,
    without_empty_classes,
)
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.describing import dataset_info, imported, list_datasets
from ganprofile.datasets.duplicates import refuse_overlap
from ganprofile.datasets.given import are_arrays, as_dataset
from ganprofile.datasets.imports import import_dataset
from ganprofile.datasets.joining import joined
from ganprofile.datasets.loading import check_loading, check_request, load
from ganprofile.datasets.loading_parts import load_for_training, load_like, load_unlabelled
from ganprofile.datasets.opened import StoredSet, open_set
from ganprofile.datasets.recipe import from_recipe
from ganprofile.datasets.sources import DATASETS

__all__ = [
    "DATASETS",
    "Dataset",
    "StoredSet",
    "are_arrays",
    "as_dataset",
    "check_loading",
    "check_request",
    "dataset_info",
    "empty_classes",
    "from_recipe",
    "import_dataset",
    "imported",
    "joined",
    "list_datasets",
    "load",
    "load_for_training",
    "load_like",
    "load_unlabelled",
    "open_set",
    "parts_without_empty_classes",
    "refuse_overlap",
    "relabelled",
    "say_empty_classes",
    "without_blanks",
    "without_empty_classes",
]
