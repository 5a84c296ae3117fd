"""MATLAB's `.mat` files of every version, and HDF5 files, with arrays of images and labels.

They are read in a process of its own: there are damages at which SciPy's compiled reader crashes.
"""

import re

import numpy as np

from ganprofile.datasets.array_images import CHANNELS
from ganprofile.datasets.loaders.array_names import IMAGES, LABELS, parsed
from ganprofile.datasets.loaders.array_sets import FEWEST_PIXELS, reading_of_arrays
from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.errors import GanprofileError, first_line
from ganprofile.parallel.processes import pool
from ganprofile.storage.arrays import MOST_ARRAY_BYTES
from ganprofile.storage.files import printable

WHAT = "a MATLAB (.mat) or HDF5 (.h5, .hdf5) file of images and labels, or a folder of such"
MATLAB, HDF5 = (".mat",), (".h5", ".hdf5")
SIGNATURE = b"\x89HDF\r\n\x1a\n"
SIGNED_AT = (0, 512)  # MATLAB writes a header before it
PER_CLASS = re.compile(r"(?P<part>.*?)[\s_-]*(digit|class|label)?[\s_-]*(?P<label>\d+)")


def recognises(path):
    """Whether it is such a file, or a folder in which some lie."""
    if path.is_dir():
        return bool(_files(path))
    return path.suffix.lower() in MATLAB + HDF5 and path.is_file()


def read(path, options):
    """A `LoadedData`; in a folder, what the files are called says which part each is.

    Raises:
        GanprofileError: a file is damaged, holds no arrays of images, or two cannot be told apart.
    """
    files = _files(path) if path.is_dir() else [path]
    with pool(1, f"the reading of {path}", "Or the file is damaged: copy it again.") as readers:
        opened = [readers.submit(arrays_in, file).result() for file in files]
    arrays, said = {}, []
    for file, found in zip(files, opened, strict=True):
        found, sentences = arranged(found, printable(file))
        said += sentences
        before = f"{file.stem} " if len(files) > 1 else ""
        arrays |= {before + name: array for name, array in found.items()}
    name = printable(path.resolve().name if path.is_dir() else path.stem)
    reading = reading_of_arrays(arrays, printable(path), name, options, mapping_beside(path))
    reading.findings["assumed"][:0] = said
    return reading


def _files(folder):
    endings = MATLAB + HDF5
    files = (file for file in folder.iterdir() if file.suffix.lower() in endings)
    return sorted(file for file in files if not file.name.startswith("."))


def arrays_in(file):
    """Name -> array of all arrays in a file, those of structures by a name for each step.

    Raises:
        GanprofileError: it cannot be read.
    """
    try:
        if file.stat().st_size > MOST_ARRAY_BYTES:
            raise ValueError(f"more than {MOST_ARRAY_BYTES:,} bytes")
        arrays = _of_hdf5(file) if _is_hdf5(file) else _of_matlab(file)
    except Exception as error:  # SciPy meets damaged files with nearly any exception
        raise GanprofileError(
            f"{printable(file)} cannot be read as a MATLAB or HDF5 file ({first_line(error)}). "
            "Write it again, or as an .npz."
        ) from error
    return arrays


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
    arrays = {}
    for name, value in content.items():
        if not name.startswith("__"):
            arrays |= dict(_flat(name, value))
    return arrays


def _flat(name, value):
    """`(name, array)` of a variable, and of the fields of a structure."""
    if not isinstance(value, np.ndarray):
        return
    if value.dtype.kind in "buifU":
        yield name, value
    elif value.dtype.names and value.size == 1 and "arr" not in value.dtype.names:
        for field in value.dtype.names:
            yield from _flat(f"{name} {field}", value[field].ravel()[0])
    elif value.dtype.kind == "O" and value.size:
        cells = value.ravel().tolist()
        shapes = {np.shape(cell) for cell in cells}
        if all(isinstance(cell, np.ndarray) and cell.dtype.kind in "buif" for cell in cells):
            if len(shapes) == 1 and cells[0].size > 1:
                yield name, np.stack(cells)
            elif shapes == {(1, 1)}:
                yield name, np.array([cell.item() for cell in cells])
        elif all(isinstance(cell, np.ndarray) and cell.dtype.kind == "U" for cell in cells):
            yield name, np.array(["".join(cell.ravel().tolist()) for cell in cells])


def _of_hdf5(file):
    try:
        import h5py
    except ImportError as error:
        raise GanprofileError("h5py is needed and not installed: pip install h5py") from error
    arrays = {}
    is_matlab = file.suffix.lower() in MATLAB

    def add(name, item):
        # Nothing but what the file holds itself.
        is_own = isinstance(item, h5py.Dataset) and not (item.is_virtual or item.external)
        if not is_own or name.startswith("#") or item.dtype.kind not in "buifSO":
            return
        value = item.asstr()[()] if h5py.check_string_dtype(item.dtype) else item[()]
        value = np.asarray(value)
        if value.dtype.kind == "O":
            value = np.array(value.tolist())
        if value.dtype.kind in "buifSU" and item.attrs.get("MATLAB_class") != b"char":
            # MATLAB writes its first axis as the last.
            arrays[name.replace("/", " ")] = value.T if is_matlab else value

    with h5py.File(file, "r") as opened:
        opened.visititems(add)
    return arrays


def arranged(arrays, where):
    """Arrays with the images counted first and labels as rows, and sentences.

    Args:
        arrays: name -> array, as MATLAB holds them.
        where: what the sentences call the file.
    """
    arrays, said = _of_classes(arrays, where)
    counts = {np.size(a) for name, a in arrays.items() if parsed(name).role == LABELS}
    counts |= {n for a in arrays.values() if 1 in a.shape or a.ndim == 1 for n in (a.size,)}
    done = {}
    for name, array in arrays.items():
        if array.ndim == 2 and 1 in array.shape:
            array = array.ravel()
        if array.ndim in (2, 3, 4) and _is_counted_last(array, counts):
            said.append(f"{where}: the images of {name} were taken to be counted by the last axis.")
            array = np.moveaxis(array, -1, 0)
        done[name] = array
    return done, said


def _is_counted_last(array, counts):
    """Whether images, or columns of pixels, are counted by the last axis."""
    first, last = array.shape[0], array.shape[-1]
    if array.ndim == 4:
        return array.shape[2] in CHANNELS and last not in CHANNELS
    if array.ndim == 3 and not counts:
        return first == array.shape[1] != last
    return last in counts and first not in counts and array[..., 0].size >= FEWEST_PIXELS


def _of_classes(arrays, where):
    """Arrays of one class each, such as `train0` to `train9`, as images and labels."""
    matches = {name: PER_CLASS.fullmatch(name) for name in arrays if arrays[name].ndim > 1}
    parts = {}
    for name, match in matches.items():
        if match:
            parts.setdefault(match["part"], {})[int(match["label"])] = arrays[name]
    parts = {
        part: found
        for part, found in parts.items()
        if len(found) > 1 and len({array.shape[1:] for array in found.values()}) == 1
    }
    if not parts or any(parsed(name).role == IMAGES for name in arrays if not matches.get(name)):
        return dict(arrays), []
    done, said = {}, []
    for part, found in parts.items():
        done[f"{part} images"] = np.concatenate([found[label] for label in sorted(found)])
        sizes = [len(found[label]) for label in sorted(found)]
        done[f"{part} labels"] = np.repeat(sorted(found), sizes)
        said.append(f"{where}: {part}N was taken for the images of the class N.")
    return done, said
