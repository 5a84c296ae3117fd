"""`.npy` files whose names say what they are: `x_train.npy` and `y_train.npy`, and so on."""

import numpy as np

from ganprofile.arrays import MOST_ARRAY_BYTES, UNREADABLE
from ganprofile.datasets.readers.array_names import IMAGES, LABELS, parsed
from ganprofile.datasets.readers.array_sets import reading_of_arrays
from ganprofile.errors import GanprofileError, first_line
from ganprofile.files import printable

WHAT = "a folder of .npy files called images and labels, or x_train, y_train, ..., or one of them"


def recognises(path):
    """Whether it is an `.npy` file, or a folder with some, one of which is called images."""
    if path.is_dir():
        return any(parsed(file.stem).role == IMAGES for file in _files(path))
    return path.suffix.lower() == ".npy" and path.is_file()


def read(path, options):
    """A `Reading` of all files of the set.

    Raises:
        GanprofileError: a file is damaged, holds Python objects, or two cannot be told apart.
    """
    files = _files(path) if path.is_dir() else _with_its_like(path)
    if path.is_dir():
        files = [file for file in files if parsed(file.stem).role is not None]
    arrays = {file.stem: _opened(file) for file in files}
    name = printable(path.resolve().name if path.is_dir() else path.stem)
    return reading_of_arrays(arrays, path, name, options)


def _files(folder):
    return sorted(file for file in folder.glob("*.npy") if not file.name.startswith("."))


def _with_its_like(file):
    """A file and those beside it that are about the same set."""
    rest = parsed(file.stem).rest
    others = (other for other in _files(file.parent) if parsed(other.stem).role is not None)
    like = [other for other in others if parsed(other.stem).rest == rest]
    alone = parsed(file.stem).role is None and not any(parsed(o.stem).role == LABELS for o in like)
    return [file] if alone else sorted({file, *like})


def _opened(file):
    try:
        if file.stat().st_size > MOST_ARRAY_BYTES:
            raise ValueError(f"more than {MOST_ARRAY_BYTES:,} bytes")
        array = np.load(file, allow_pickle=False)
        if not isinstance(array, np.ndarray):
            raise ValueError("an .npz file by another name")
        return array
    except UNREADABLE as error:
        raise GanprofileError(
            f"{printable(file)} cannot be read as an .npy file of a plain array "
            f"({first_line(error)}). Write it with numpy.save(path, array)."
        ) from error
