"""Folders of `.npy` files, `x_train.npy` and `y_train.npy` or one a class, or of `.npz`."""

import numpy as np

from ganprofile.datasets.loaders.array_names import IMAGES, LABELS, parsed
from ganprofile.datasets.loaders.array_sets import reading_of_arrays
from ganprofile.datasets.loaders.class_arrays import FEWEST_CLASSES, classes_in
from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.datasets.loaders.loaded_data import name_of
from ganprofile.datasets.loaders.parts import part_folders
from ganprofile.datasets.loaders.stored_set import is_set
from ganprofile.errors import GanprofileError, first_line
from ganprofile.storage.arrays import MOST_ARRAY_BYTES, UNREADABLE, open_arrays, pickled_said
from ganprofile.storage.files import printable

WHAT = "a folder of .npy files such as x_train.npy and y_train.npy, or of train.npz and test.npz"


def recognises(path):
    """Whether it is an `.npy` file, or a folder with some, one called images, or with `.npz`; or
    one with the folders train and test of such."""
    if path.is_dir():
        folders = part_folders(path)
        are_parts = bool(folders) and not any(map(is_set, folders))
        return _has_arrays(path) or (are_parts and all(map(_has_arrays, folders)))
    return path.suffix.lower() == ".npy" and path.is_file()


def _has_arrays(folder):
    files = _files(folder)
    has_images = any(parsed(file.stem).role == IMAGES for file in files)
    return has_images or len(files) >= FEWEST_CLASSES or bool(_files(folder, "npz"))


def read(path, options):
    """A `LoadedData` of all files of the set.

    Raises:
        GanprofileError: a file is damaged, holds Python objects, or two cannot be told apart.
    """
    if not path.is_dir():
        arrays, unread = {file.stem: _opened(file) for file in _with_its_like(path)}, []
    elif _has_arrays(path):
        arrays, unread = _arrays_in(path)
    else:
        arrays, unread = {}, []
        for folder in part_folders(path):
            found, others = _arrays_in(folder)
            arrays |= {f"{folder.name} {name}": array for name, array in found.items()}
            unread += others
    reading = reading_of_arrays(arrays, path, name_of(path), options, mapping_beside(path))
    if unread:
        return reading.saying(f"{printable(path)}: {', '.join(map(printable, unread))} not read.")
    return reading


def _arrays_in(folder):
    """The arrays in a folder, by the names of their files, and the names of files that are none of
    the set's."""
    unread, files = [], _files(folder)
    if any(parsed(file.stem).role == IMAGES for file in files) and not _hold_classes(files):
        unread = [file.name for file in files if parsed(file.stem).role is None]
        files = [file for file in files if parsed(file.stem).role is not None]
    arrays = {file.stem: _opened(file) for file in files}
    return arrays or _of_archives(_files(folder, "npz")), unread


def _hold_classes(files):
    """Whether files hold a class each, `X.npy` and `Y.npy` among `A.npy` to `Z.npy` too."""
    if len(files) < FEWEST_CLASSES:
        return False
    try:
        arrays = {file.stem: np.load(file, "r", allow_pickle=False) for file in files}
    except UNREADABLE:
        return False  # what is damaged, and is read, is named then
    return bool(classes_in(arrays, printable(files[0].parent)))


def _of_archives(files):
    """The arrays of one `.npz`, or of several, each under the name of its file and its own."""
    before = {file: f"{file.stem} " if len(files) > 1 else "" for file in files}
    opened = ((file, *pair) for file in files for pair in open_arrays(file).items())
    return {before[file] + name: array for file, name, array in opened}


def _files(folder, ending="npy"):
    return sorted(file for file in folder.glob(f"*.{ending}") if not file.name.startswith("."))


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
            f"({first_line(error)}). Write it with numpy.save(path, array).{pickled_said(error)}"
        ) from error
