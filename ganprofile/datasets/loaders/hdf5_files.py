"""The arrays of HDF5 files, MATLAB's of version 7.3 among them, and of MATLAB's cells."""

import numpy as np

from ganprofile.errors import GanprofileError

CLASS = "MATLAB_class"


def of_hdf5(file, is_matlab):
    """Name -> array of all arrays in a file, those in groups by a name for each step.

    Args:
        file: its path.
        is_matlab: whether MATLAB wrote it, which has its first axis as the last, and cells as
            references to what is in them.

    Raises:
        GanprofileError: h5py is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise GanprofileError("h5py is needed and not installed: pip install h5py") from error
    arrays = {}

    def add(name, item):
        if name.startswith("#") or not isinstance(item, h5py.Dataset):
            return
        called = name.replace("/", " ")
        if h5py.check_ref_dtype(item.dtype) is h5py.Reference and _is_own(item):
            cells = [_in_cell(item.file[one], is_matlab) for one in item[()].ravel() if one]
            arrays.update(of_cells(called, cells))
        elif item.attrs.get(CLASS) != b"char" and (value := _value(item, is_matlab)) is not None:
            arrays[called] = value

    with h5py.File(file, "r") as opened:
        opened.visititems(add)
    return arrays


def of_cells(name, cells):
    """`(name, array)` of MATLAB's cells where all hold an image, a number or a text.

    Args:
        name: of the variable.
        cells: a list of arrays; texts are arrays of text.
    """
    if not all(isinstance(cell, np.ndarray) for cell in cells):
        return
    shapes = {np.shape(cell) for cell in cells}
    if all(cell.dtype.kind in "buif" for cell in cells):
        if len(shapes) == 1 and cells[0].size > 1:
            yield name, np.stack(cells)
        elif all(cell.size == 1 for cell in cells):
            yield name, np.array([cell.item() for cell in cells])
    elif all(cell.dtype.kind == "U" for cell in cells):
        yield name, np.array(["".join(cell.ravel().tolist()) for cell in cells])


def _is_own(item):
    """Whether the file holds it itself, and nothing else does."""
    return not (item.is_virtual or item.external)


def _value(item, is_matlab):
    """A data set as an array of numbers or text, or None."""
    import h5py

    if not _is_own(item) or item.dtype.kind not in "buifSO":
        return None
    value = item.asstr()[()] if h5py.check_string_dtype(item.dtype) else item[()]
    value = np.asarray(value)
    if value.dtype.kind == "O":
        value = np.array(value.tolist())
    if value.dtype.kind not in "buifSU":
        return None
    return value.T if is_matlab else value


def _in_cell(item, is_matlab):
    """What a cell holds, or None where that is neither numbers nor text."""
    import h5py

    if not isinstance(item, h5py.Dataset):
        return None
    value = _value(item, is_matlab)
    if value is not None and item.attrs.get(CLASS) == b"char":  # UTF-16
        if item.attrs.get("MATLAB_empty"):
            return np.array([""])
        text = value.ravel(order="F").astype("<u2").tobytes().decode("utf-16-le")
        return np.array([text])
    return value
