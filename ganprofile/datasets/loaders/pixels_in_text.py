"""Tables in which one cell holds all pixels of an image as text, as FER2013 has them."""

import contextlib
import csv
import io
import re
import sys

import numpy as np

from ganprofile.datasets.loaders.columns import numbers_in
from ganprofile.datasets.loaders.one_hot import as_numbers
from ganprofile.errors import GanprofileError


@contextlib.contextmanager
def long_cells():
    """Let `csv` read cells of any length: an image of 256x256 has more text than it takes."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def printed_arrays(lines):
    """What is to be said of a table whose cells are arrays as NumPy prints them, over several lines
    and cut short; None of others.

    Args:
        lines: its first ones.
    """
    printed = re.search(r"\[ *[\d.e+-]+([ \n]+[\d.e+-]+){6,}\]?\n", "".join(lines))
    if printed is None:
        return None
    return (
        f"holds images as NumPy prints arrays, such as {printed[0]!r:.30}, of which large ones are "
        "cut short. Write the arrays themselves: numpy.savez(path, images=..., labels=...)"
    )


def columns_in_text(text, layout, where):
    """The headings of a table and an array `(n,)` for each, its pixels in as many as an image has;
    and sentences on columns, as `csv_columns` has them.

    Args:
        text: of the whole table.
        layout: its `delimiter`, its `headings` or None, and in `text` the place of the pixels.
        where: what the sentences call it.

    Raises:
        GanprofileError: a row has another number of cells or of pixels than the first.
    """
    with long_cells():
        cells = io.StringIO(text, newline="")
        lines = csv.reader(cells, delimiter=layout.delimiter, skipinitialspace=True)
        rows = [row for row in lines if row][bool(layout.headings) :]
    pixels, width = [], len(rows[0])
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise GanprofileError(f"{where}: row {number:,} has {len(row)} cells, not {width}.")
        pixels.append(_pixels(row.pop(layout.text), number, where))
        if len(pixels[-1]) != len(pixels[0]):
            raise GanprofileError(
                f"{where}: row {number:,} has {len(pixels[-1]):,} pixels and the first row "
                f"{len(pixels[0]):,}. Bring the images to one size."
            )
    names = [*(layout.headings or (f"column {k + 1}" for k in range(width)))]
    del names[layout.text]
    names += [f"pixel{k}" for k in range(len(pixels[0]))]
    others = [np.array(column) for column in zip(*rows, strict=True)]
    columns = [*map(as_numbers, others)]
    doubts = {place: (columns[place], text) for place, text in enumerate(others)}
    return names, [*columns, *np.stack(pixels).T], doubts


def _pixels(cell, number, where):
    """The numbers in a cell, as bytes where they are some."""
    try:
        found = np.array(numbers_in(cell), np.float32)
    except ValueError as error:
        raise GanprofileError(
            f"{where}: row {number:,} has pixels that are no numbers ({error}). Write all of them."
        ) from error
    small = found.astype(np.uint8)
    return small if np.array_equal(small, found) else found
