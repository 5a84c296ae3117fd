"""`soft_labels.npy`: a probability for every class of every image, float32 `(n, num_classes)`.

Rows are in the order of the set, which is that of `manifest.csv` in every format (in class folders
the number that is a file's name); columns are in the order of `class_names`. NumPy alone reads it:

    np.load("soft_labels.npy", mmap_mode="r")

Sets that were written before have them as columns `soft_label.CLASS` of `attributes.npz`.
"""

import numpy as np

from ganprofile.datasets.formats.attributes import read_attributes
from ganprofile.errors import GanprofileError
from ganprofile.storage.arrays import UNREADABLE, damaged_set

FILE = "soft_labels.npy"
OLD_COLUMN = "soft_label."  # and the name of a class
ROUNDING = 1e-3  # a sum of probabilities may be off by
ROWS = 50_000  # looked at together


class SoftLabelFile:
    """A growing `.npy` file; how many rows it has is written into its header at the end.

    Args:
        folder: of the set.
        num_classes: how many columns there are.
    """

    def __init__(self, folder, num_classes):
        self._num_classes = num_classes
        self._count = 0
        self._file = open(folder / FILE, "wb")
        self._write_header()
        self._begin = self._file.tell()

    def append(self, probabilities):
        """Write some rows, numbers `(m, num_classes)`."""
        rows = np.ascontiguousarray(probabilities, np.float32)
        assert rows.shape[1:] == (self._num_classes,), rows.shape
        self._file.write(rows.data)
        self._count += len(rows)

    def close(self):
        """Complete the header; may be called twice."""
        if self._file.closed:
            return
        with self._file:
            self._file.seek(0)
            self._write_header()
            # NumPy leaves room in a header for a first axis that grows.
            assert self._file.tell() == self._begin

    def _write_header(self):
        shape = (self._count, self._num_classes)
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, header)


def certain(labels, num_classes):
    """The soft labels of images whose classes are known, float32 `(n, num_classes)`."""
    sure = np.zeros((len(labels), num_classes), np.float32)
    sure[np.arange(len(labels)), labels] = 1
    return sure


def no_probabilities(values):
    """Which rows of floats `(n, num_classes)` are none, in their file or not: int64 `(m,)`."""
    strange = [np.zeros(0, np.int64)]
    for first in range(0, len(values), ROWS):
        some = values[first : first + ROWS]
        sums = some.sum(axis=1, dtype=np.float64)  # what is not a number is not near 1 either
        right = (some >= 0).all(axis=1) & (np.abs(sums - 1) <= ROUNDING)
        strange.append(first + np.flatnonzero(~right))
    return np.concatenate(strange)


def read_soft_labels(folder, info, mapped=False, attributes=None):
    """The soft labels of a set that was written, float32 `(n, num_classes)`, or None.

    Args:
        folder: of the set.
        info: its `dataset.json` (`datasets.stored.read_info`).
        mapped: leave them in their file, and read what is asked for.
        attributes: what `read_attributes` gave, where that file has been read already.

    Raises:
        GanprofileError: they are damaged, of another set, or lost.
    """
    values = found_soft_labels(folder, info, mapped, attributes)
    if values is None and info.get("soft_labels"):
        raise GanprofileError(
            f"{folder / FILE} is missing, though the set was written with it. {damaged_set(folder)}"
        )
    return values


def found_soft_labels(folder, info, mapped=False, attributes=None):
    """The same, but None where they are lost, too."""
    path = folder / FILE
    shape = (info["images"], len(info["class_names"]))
    if not path.is_file():
        if attributes is None:
            attributes = read_attributes(folder, info["images"])
        return _old_soft_labels(attributes, info)
    try:
        # An empty file cannot be mapped.
        values = np.load(path, "r" if mapped and shape[0] else None, allow_pickle=False)
        if values.shape != shape or values.dtype != np.float32:
            raise ValueError(f"{values.dtype} {values.shape}")
    except UNREADABLE as error:
        raise GanprofileError(
            f"{path} should hold float32 values of the shape {shape}. Received: {error}."
        ) from error
    return values


def _old_soft_labels(attributes, info):
    columns = old_columns(attributes, info)
    return np.stack([attributes[c] for c in columns], 1, dtype=np.float32) if columns else None


def old_columns(attributes, info):
    """The names of the columns of a set that are its soft labels, class by class; none where it
    says that it has none, so that a further column may be called like one."""
    names = [f"{OLD_COLUMN}{name}" for name in info["class_names"]]
    columns = [attributes.get(name) for name in names]
    are_floats = all(column is not None and column.dtype.kind == "f" for column in columns)
    return names if are_floats and info.get("soft_labels", True) else []


def rearranged(soft_labels, labels, kept, places, num_classes):
    """Soft labels for other classes: what is left out is shared by the others.

    Args:
        soft_labels: float32 `(n, m)`, or None.
        labels: integers `(n,)`, among the other classes.
        kept: integers `(k,)`, which columns are kept.
        places: integers `(k,)`, and as which.
        num_classes: how many classes there are then.

    Returns:
        float32 `(n, num_classes)`, each row of which sums to 1, or None.
    """
    if soft_labels is None:
        return None
    moved = np.zeros((len(soft_labels), num_classes), np.float32)
    moved[:, places] = soft_labels[:, kept]
    sums = moved.sum(axis=1, keepdims=True)
    return np.where(sums > 0, moved / np.where(sums > 0, sums, 1), certain(labels, num_classes))
