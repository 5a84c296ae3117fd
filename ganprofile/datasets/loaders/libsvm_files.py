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
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

WHAT = "a file in LIBSVM's format"
OPENED_BY = {".gz": gzip.open, ".bz2": bz2.open}
HEAD = 4096  # bytes, of which the first row is looked at
ROW = re.compile(rb"\s*[-+]?\d+(\.\d+)?(\s+\d+:[-+.\deE]+)+\s*")
FEWEST, ROWS = 196, 2  # pixels of an image whose last rows may be paper in all, and these rows
CUT = re.compile(rb"\s+\S*$")  # the cell at which the beginning of a file ends


def recognises(path):
    """Whether the first row of a file is such a one."""
    try:
        with OPENED_BY.get(path.suffix.lower(), open)(path, "rb") as file:
            first, is_whole, _ = file.read(HEAD).partition(b"\n")
    except (OSError, EOFError):
        return False
    return ROW.fullmatch(first if is_whole else CUT.sub(b"", first)) is not None


def read(path, options):
    """A `LoadedData`; where pixels at the end of all images are left out they are paper.

    Raises:
        GanprofileError: a row is no such row, or its values are no image.
    """
    from sklearn.datasets import load_svmlight_file

    try:
        values, labels = load_svmlight_file(path)
    except (ValueError, OSError, EOFError) as error:
        raise GanprofileError(
            f"{printable(path)} is damaged ({error}). Get a whole copy of it."
        ) from error
    values, count = values.toarray(), values.shape[1]
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
        said = f"{printable(path)}: images have {count} pixels; {missing} more were added."
        return reading.saying(said)
    return reading
