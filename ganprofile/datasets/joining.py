"""Parts of a dataset made one again."""

import numpy as np

from ganprofile.console import few
from ganprofile.datasets.classes import in_words, relabelled
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.formats.attributes import OF_REAL, ORIGIN, is_origin
from ganprofile.datasets.loaders.writers import numbered_alike
from ganprofile.datasets.origins import merged_provenance
from ganprofile.errors import UsageError
from ganprofile.images import TO_ONE_SHAPE, shape_in_words
from ganprofile.storage.files import printable


def joined(*parts):
    """All images of some parts of a dataset as one `Dataset`, with the columns that all have, and
    with those that say where images come from: images of a part without them are real. Writers whom
    all parts call by name have one number each.

    Args:
        parts: `Dataset`s of the same classes, in whatever order; the first one's order counts.

    Raises:
        UsageError: labelled parts are of other classes, images of other sizes or channels, or there
            is no part.
    """
    _refuse_other_shapes(parts)
    parts = numbered_alike(_of_one_order(parts))
    first = parts[0]
    labels = [part.labels for part in parts]
    writers = [part.writers for part in parts]
    soft_labels = [part.soft_labels for part in parts]
    return Dataset(
        np.concatenate([part.images for part in parts]),
        None if any(some is None for some in labels) else np.concatenate(labels),
        first.class_names,
        None if any(some is None for some in writers) else np.concatenate(writers),
        {
            name: np.concatenate([_column(part, name) for part in parts])
            for name in dict.fromkeys(name for part in parts for name in part.attributes)
            if is_origin(name) or all(name in part.attributes for part in parts)
        },
        name=first.name,
        provenance=merged_provenance(*(part.provenance for part in parts)),
        split="everything",
        soft_labels=None if any(s is None for s in soft_labels) else np.concatenate(soft_labels),
    )


def _refuse_other_shapes(parts):
    """Refuse images that cannot lie in one array, or none at all."""
    if not parts:
        raise UsageError("Nothing was given to be made one. Give one part or more.")
    shapes = {part.image_shape: shape_in_words(part.image_shape) for part in parts}
    if len(shapes) > 1:
        received = few([*shapes.values()], 5, " and ")
        raise UsageError(
            f"Parts of {printable(parts[0].name)} should have images of one size to be made one. "
            f"Received: {received}. Load all with one {TO_ONE_SHAPE}."
        )


def _of_one_order(parts):
    """The parts with their classes in the order of the first, where all are labelled."""
    if any(part.labels is None for part in parts):
        return parts
    first = parts[0]
    for part in parts:
        if odd := {*part.class_names} ^ {*first.class_names}:
            raise UsageError(
                f"Parts of {printable(first.name)} should have the same classes to be made one. "
                f"Received: {in_words(sorted(odd))}, which not all of them have. Give each the "
                "names of all classes, or leave out those of other classes."
            )
    return [relabelled(part, first.class_names) for part in parts]


def _column(part, name):
    """What a part says in a column; of where its images come from, what is said of real ones."""
    known = part.attributes.get(name)
    if known is None:
        return np.full(len(part), OF_REAL.get(name.removeprefix(ORIGIN), ""))
    return known
