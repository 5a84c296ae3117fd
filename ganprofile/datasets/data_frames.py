"""Tables of pandas and the like in the place of arrays: what their headings say counts."""

import numpy as np

from ganprofile.datasets.classes import in_words, numbered_names
from ganprofile.datasets.loaders.one_hot import one_hot, one_hot_said
from ganprofile.datasets.loaders.pixel_headings import as_counted, pixel_places, simple
from ganprofile.storage.files import composed


def pixels_in_order(given, where):
    """A table with a column for each pixel as an array in the order in which the headings count
    these; all else as it is.

    Args:
        given: anything.
        where: what sentences call it.

    Returns:
        `(array, said)`, with a list of sentences on what was assumed.
    """
    names = _headings(given)
    if not names or len(pixel_places(names)) < len(names):
        return given, []
    places, said = as_counted([simple(name) for name in names], pixel_places(names), where)
    return np.asarray(given)[:, places], said


def labels_by_heading(given, where, class_names=()):
    """One-hot labels in a table, as `pandas.get_dummies` makes them, by their headings; all else as
    it is.

    Args:
        given, where: as for `pixels_in_order`.
        class_names: what the labels mean; where the headings are others, the columns stand in their
            order.

    Returns:
        `(labels, said)`.
    """
    names = _headings(given)
    rows = np.asarray(given) if names else None
    labels = one_hot(names, [*rows.T]) if names else None
    if labels is None:
        return given, []
    known, _ = numbered_names(class_names, where)
    if not known:
        return labels, [f"{where}: {one_hot_said(names, names)}"]
    found = _among(known, names)
    if found is None:
        listed, meant = (in_words(some) for some in (names, known))
        said = f"{where}: the columns {listed} were taken for the classes {meant}, in this order."
        return given, [said]
    return np.array(found)[rows.argmax(axis=1)], [f"{where}: {one_hot_said(found, found)}"]


def _among(known, headings):
    """Headings as names of classes, whole or without what all begin with, as `pandas.get_dummies`
    puts it there; None where they are none."""
    headings = [*map(composed, headings)]
    cuts = (place for place, mark in enumerate(headings[0], 1) if mark == "_")
    begins = ("", *(headings[0][:place] for place in cuts))
    for begin in begins:
        names = [heading[len(begin) :] for heading in headings if heading.startswith(begin)]
        if len(names) == len(headings) and {*names} <= {*known}:
            return names
    return None


def _headings(given):
    """Those of a table of pandas, Polars or Arrow as text; [] of all else."""
    columns = getattr(given, "column_names", getattr(given, "columns", None))
    is_table = hasattr(given, "__array__") and len(getattr(given, "shape", ())) == 2
    return [*map(str, columns)] if is_table and columns is not None else []
