"""How the pictures of a set were read: what is held against them is read in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.imports import imported_names, read_report
from ganprofile.datasets.loaders.loaded_data import SCANS
from ganprofile.datasets.origins import marked

# The arguments of `load` that others' pictures share with a set's, and those of them that the
# report of an import holds by the same names.
REPORTED = ("keep_size", "invert", "transpose", "rotate", "bits", "zip_encoding", "first_label")
FORM = ("photographs", "labels", "image_column", "label_column", *REPORTED)


KEPT_SIZE = "keep_size"  # in the provenance of what keeps its sizes, whatever became of it since


def kept_size(dataset: Dataset) -> float | str | None:
    """What `keep_size` was of the pictures of a `Dataset`, or of what it was made of: how many
    pixels a character of middling size is long, `"auto"`, or None where sizes are not kept."""
    return dataset.provenance.get(KEPT_SIZE)


def with_kept_size(dataset: Dataset) -> Dataset:
    """A `Dataset` that was just loaded, marked if its images keep their sizes."""
    size = read_as(dataset.recipe).get("keep_size")
    if size is None:
        return dataset
    return marked(dataset, **{KEPT_SIZE: size})


def read_as(recipe: Sequence[Mapping[str, Any]] | None) -> dict[str, Any]:
    """How the pictures were read that a set was made of, as arguments of `load`.

    Args:
        recipe: of the set, as `Dataset.recipe` has it; None or empty for what came as arrays.

    Returns:
        A dict, without what is not known. What keeps its sizes are scans: Chars74K's are, though
        nobody had to say so.

    Raises:
        GanprofileError: the report of an import is damaged.
    """
    step = dict(recipe[0]) if recipe else {}
    if step.get("load") in imported_names():
        report = read_report(str(step["load"]))
        kind = report.get("photographs", {}).get("kind")
        step = {"photographs": kind, **{option: report.get(option) for option in REPORTED}}
    found = {option: step[option] for option in FORM if step.get(option) is not None}
    return {"photographs": SCANS, **found} if "keep_size" in found else found
