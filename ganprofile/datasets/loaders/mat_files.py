"""MATLAB's `.mat` files of every version, and HDF5 files, with arrays of images and labels.

They are read in a process of its own: there are damages at which SciPy's compiled reader crashes.
"""

import re

import numpy as np

from ganprofile.datasets.loaders.array_axes import arranged
from ganprofile.datasets.loaders.array_sets import reading_of_arrays
from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.datasets.loaders.hdf5_files import dense, of_cells, of_hdf5, unpadded
from ganprofile.datasets.loaders.loaded_data import NO_LABELS, PARTS, name_of
from ganprofile.datasets.loaders.official import FILE_NAMES, SIDE, upright
from ganprofile.datasets.loaders.parts import files_ending, part_folders
from ganprofile.datasets.loaders.picture_cells import has_picture_cells, reading_of_cells
from ganprofile.errors import GanprofileError, first_line
from ganprofile.parallel.processes import pool
from ganprofile.storage.arrays import MOST_ARRAY_BYTES
from ganprofile.storage.files import printable

WHAT = "a MATLAB (.mat) or HDF5 (.h5, .hdf5) file of images and labels, or a folder of such"
MATLAB, HDF5 = (".mat",), (".h5", ".hdf5")
SIGNATURE = b"\x89HDF\r\n\x1a\n"
SIGNED_AT = (0, 512)  # MATLAB writes a header before it


def recognises(path):
    """Whether it is such a file, or a folder in which some lie."""
    if path.is_dir():
        return bool(_files(path))
    return path.suffix.lower() in MATLAB + HDF5 and path.is_file()


def _files(folder):
    """The files in a folder, else those in its folders train and test."""
    own = files_ending(folder, MATLAB + HDF5)
    below = [file for one in part_folders(folder) for file in files_ending(one, MATLAB + HDF5)]
    return own or below


def read(path, options):
    """A `LoadedData`; in a folder, what the files are called says which part each is.

    Raises:
        GanprofileError: a file is damaged, holds no arrays of images, or two cannot be told apart.
    """
    files = _files(path) if path.is_dir() else [path]
    with pool(1, f"the reading of {path}", "Or the file is damaged: copy it again.") as readers:
        opened = [readers.submit(arrays_in, file).result() for file in files]
    arrays, said, objects = {}, [], {}
    for file, (found, owned) in zip(files, opened, strict=True):
        objects |= owned
        found, sentences = arranged(found, printable(file))
        found, turned = _upright(found, file)
        said += sentences + turned
        before = f"{file.stem} " if len(files) > 1 else ""
        before = before if file.parent == path or not before else f"{file.parent.name} {before}"
        arrays |= {before + name: array for name, array in found.items()}
    name, mapping = name_of(path), mapping_beside(path)
    if has_picture_cells(arrays):
        reading = reading_of_cells(arrays, path, name, options, mapping)
    else:
        uneven = [key for key, array in arrays.items() if array.dtype == object]
        said += [f"{printable(path)}: the cells {', '.join(uneven)} are not read."] * bool(uneven)
        arrays = {key: array for key, array in arrays.items() if key not in uneven}
        reading = reading_of_arrays(arrays, printable(path), name, options, mapping)
    reading.findings["assumed"][:0] = [*said, *_unread(objects, path)]
    if reading.train.labels is None and objects:
        reading.findings[NO_LABELS] = " ".join(_unread(objects, path))
    return reading


def _upright(arrays, file):
    """Arrays of EMNIST's MATLAB file with the images upright, as they are by its other routes, and
    a sentence on it in a list; those of other files as they are."""
    names = [f"dataset {part} images" for part in PARTS]
    shapes = {name: arrays[name].shape[1:] for name in names if name in arrays}
    if not re.fullmatch(FILE_NAMES["mat"], file.name) or {*shapes.values()} != {(SIDE * SIDE,)}:
        return arrays, []
    turned = {name: upright(arrays[name].reshape(-1, SIDE, SIDE), file.name) for name in shapes}
    said = f"{printable(file)}: images are turned upright, as EMNIST's files need it."
    return arrays | turned, [said]


def _unread(objects, path):
    """A list of one sentence on variables, name -> class, that only MATLAB can read, or `[]`."""
    if not objects:
        return []
    name, kind = next(iter(objects.items()))
    plain = f"table2struct({name}, 'ToScalar', true)" if kind == "table" else f"cellstr({name})"
    return [
        f"{printable(path)} holds objects of MATLAB's own, such as {printable(name)} ({kind}), "
        "which only MATLAB can read. Save them there as numbers or text, and all else with them: "
        f"{printable(name)} = {plain}; save('plain.mat')."
    ]


def arrays_in(file):
    """What is in a file: name -> array of all arrays, those of structures by a name for each step;
    and name -> class of the objects that only MATLAB can read.

    Raises:
        GanprofileError: it cannot be read.
    """
    try:
        if file.stat().st_size > MOST_ARRAY_BYTES:
            raise ValueError(f"more than {MOST_ARRAY_BYTES:,} bytes")
        if _is_hdf5(file):
            return of_hdf5(file, file.suffix.lower() in MATLAB)
        return _of_matlab(file)
    except GanprofileError:
        raise
    except Exception as error:  # SciPy meets damaged files with nearly any exception
        raise GanprofileError(
            f"{printable(file)} cannot be read as a MATLAB or HDF5 file ({first_line(error)}). "
            "Write it again, or as an .npz."
        ) from error


def _is_hdf5(file):
    with open(file, "rb") as opened:
        start = opened.read(SIGNED_AT[-1] + len(SIGNATURE))
    return any(start[place:].startswith(SIGNATURE) for place in SIGNED_AT)


def _of_matlab(file):
    import warnings

    import scipy.io

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of objects of MATLAB's own, which are not read
        content = scipy.io.loadmat(file)
    arrays, objects = {}, {}
    for name, value in content.items():
        if isinstance(value, scipy.io.matlab.MatlabOpaque):
            objects |= {one["s0"].decode(): one["s2"].decode() for one in value}
        elif not name.startswith("__"):
            arrays |= dict(_flat(name, value))
    return arrays, objects


def _flat(name, value):
    """`(name, array)` of a variable, and of the fields of a structure."""
    value = _whole(value)
    if not isinstance(value, np.ndarray):
        return
    if value.dtype.kind in "buifU":
        yield name, unpadded(value) if value.dtype.kind == "U" else value
    elif value.dtype.names and value.size and "arr" not in value.dtype.names:
        for field in value.dtype.names:
            cells = value[field].ravel()
            if len(cells) == 1:
                yield from _flat(f"{name} {field}", cells[0])
            else:  # a structure for each image
                yield from of_cells(f"{name} {field}", [*map(_whole, cells)])
    elif value.dtype.kind == "O" and value.size:
        yield from of_cells(name, [*map(_whole, value.ravel())], value.shape)


def _whole(value):
    """A sparse matrix as an array; all else as it is."""
    import scipy.sparse

    return dense(value) if scipy.sparse.issparse(value) else value
