"""Files as LIBSVM reads them: a label, and the pixels that are not 0 by their numbers.

`5 153:0.012 154:0.07 ...`, plain or compressed by gzip or bzip2 (`mnist.scale.bz2`, `usps`).
"""

import bz2
import gzip
import math
import re

import numpy as np

from ganprofile.datasets.loaders.array_sets import reading_of_arrays
from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.datasets.loaders.hdf5_files import dense
from ganprofile.errors import GanprofileError
from ganprofile.storage.arrays import UNREADABLE
from ganprofile.storage.files import printable

WHAT = "a file in LIBSVM's format"
OPENED_BY = {".gz": gzip.open, ".bz2": bz2.open}
HEAD = 2**16  # bytes, of which the first row below comments is looked at
ROW = re.compile(rb"\s*[-+]?\d+(\.\d+)?(\s+\d+:[-+.\deE]+)+\s*(#.*)?")
BASE = re.compile(rb"column indices are (zero|one)-based", re.IGNORECASE)  # as scikit-learn says it
FEWEST, ROWS = 196, 2  # pixels of an image whose last rows may be paper in all, and these rows
CUT = re.compile(rb"\s+\S*$")  # the cell at which the beginning of a file ends


def recognises(path):
    """Whether the first row of a file is such a one."""
    try:
        first, _ = _first_row(path)
    except UNREADABLE:
        return False
    return ROW.fullmatch(first) is not None


def _first_row(path):
    """The first row of a file, which may be cut off behind a cell, and the comments above it."""
    with OPENED_BY.get(path.suffix.lower(), open)(path, "rb") as file:
        head = file.read(HEAD)
    comments = re.match(rb"(\s*(#[^\n]*)?\n)*", head)[0]
    first, is_whole, _ = head[len(comments) :].partition(b"\n")
    return (first if is_whole else CUT.sub(b"", first)), comments


def read(path, options):
    """A `LoadedData`; where pixels at the end of all images are left out they are paper.

    Pixels are counted from 1, as LIBSVM does, or from 0, as scikit-learn does, which a comment or
    the numbers themselves may say; where nothing does, from 1 is taken, and said.

    Raises:
        GanprofileError: a row is no such row, or its values are no image.
    """
    from sklearn.datasets import load_svmlight_file

    try:
        sparse, labels = load_svmlight_file(path, zero_based=True)
        values = dense(sparse)
    except UNREADABLE as error:
        raise GanprofileError(
            f"{printable(path)} is damaged or of something else ({error}). Get a whole copy of it."
        ) from error
    first, said = _first_number(sparse, path)
    values = values[:, first:]
    count = values.shape[1]
    side = math.ceil(count**0.5)
    missing = side**2 - count
    if count < FEWEST or missing > ROWS * side:
        missing = 0
    paper = min(values.min(), 0)
    images = np.pad(values, ((0, 0), (0, missing)), constant_values=paper)
    arrays = {"images": images, "labels": labels}
    name = path.name.removesuffix(path.suffix) if path.suffix in OPENED_BY else path.name
    reading = reading_of_arrays(arrays, path, name, options, mapping_beside(path))
    if missing:
        said.append(f"{printable(path)}: images have {count} pixels; {missing} more were added.")
    return reading.saying(*said)


def _first_number(values, path):
    """The number of the first pixel, 0 or 1, and a list of sentences where it is guessed.

    Args:
        values: sparse `(n, numbers)`, as if counted from 0.
        path: of the file.
    """
    told = BASE.search(_first_row(path)[1])
    if told is not None:
        return int(told[1].lower() == b"one"), []
    if not values.nnz or values.indices.min() == 0:
        return 0, []
    last = values.shape[1] - 1
    if math.isqrt(last) ** 2 == last:
        return 1, []  # counted from 0 it would be one pixel more than a square
    return 1, [
        f"{printable(path)}: pixels were taken to be counted from 1, as LIBSVM does. If they are "
        "from 0, all lies one pixel too far left: write it with zero_based=False, or with a "
        "comment, in which scikit-learn says how it counts."
    ]
