"""The arrays of HDF5 files, MATLAB's of version 7.3 among them, and of MATLAB's cells."""

import collections
import re

import numpy as np

from ganprofile.datasets.loaders.array_names import CLASS_NAMES, IMAGES, LABELS, parsed
from ganprofile.datasets.loaders.class_arrays import FEWEST_CLASSES, is_picture
from ganprofile.datasets.loaders.paired_names import agreeing
from ganprofile.datasets.loaders.pictures import HEAD, begins_picture
from ganprofile.errors import UsageError, needed
from ganprofile.storage.arrays import MOST_ARRAY_BYTES
from ganprofile.storage.files import printable
from ganprofile.storage.names import by_numbers

CLASS = "MATLAB_class"
OBJECT = "MATLAB_object_decode"  # of what has methods of its own, such as tables
SPARSE = "MATLAB_sparse"  # how many rows the matrix of a group has that holds what is not 0


def of_hdf5(file, is_matlab):
    """Name -> array of all arrays in a file, those in groups by a name for each step; and name ->
    class of the objects that only MATLAB can read.

    Args:
        file: its path.
        is_matlab: whether MATLAB wrote it, which has its first axis as the last, and cells as
            references to what is in them.

    Raises:
        GanprofileError: h5py is not installed.
        UsageError: arrays for an image each are called otherwise than those of its label.
    """
    h5py = needed("h5py", "h5py is needed and not installed: pip install h5py")
    arrays, objects, names, labels, sparse = {}, {}, {}, {}, set()

    def add(name, item):
        names.update(_class_names(item.attrs))
        called = name.replace("/", " ")
        if SPARSE in item.attrs and not name.startswith("#"):
            sparse.add(name)
            arrays[called] = _of_sparse(item)
        is_part = name.rpartition("/")[0] in sparse
        if name.startswith("#") or is_part or not isinstance(item, h5py.Dataset):
            return
        labels.update((called, item.attrs[key]) for key in item.attrs if parsed(key).role == LABELS)
        if OBJECT in item.attrs:
            objects[called] = item.attrs[CLASS].decode()
            return
        if h5py.check_ref_dtype(item.dtype) is h5py.Reference and _is_own(item):
            references = np.atleast_1d(item[()]).T  # one alone is no array
            cells = [_in_cell(item.file[one], is_matlab) for one in references.ravel() if one]
            arrays.update(of_cells(called, cells, references.shape))
        elif (value := _value(item, is_matlab)) is not None:
            arrays[called] = value
        else:
            arrays.update(_fields(called, item))

    with h5py.File(file, "r") as opened:
        names.update(_class_names(opened.attrs))
        opened.visititems(add)
    if is_matlab:
        return arrays, objects
    if not any(parsed(name).role == CLASS_NAMES for name in arrays):
        arrays.update(names)
    return dict(_stacked(_with_labels(arrays, labels), printable(file))), objects


def _of_sparse(group):
    """The matrix of a group that holds what is not 0, by columns."""
    import h5py
    import scipy.sparse

    def held(name):
        is_own = isinstance(group.get(name, getlink=True), h5py.HardLink)
        return _value(group[name], False) if is_own else np.array([], np.int64)

    starts, rows = held("jc"), int(group.attrs[SPARSE])
    content = held("data"), held("ir"), starts
    return dense(scipy.sparse.csc_matrix(content, (rows, len(starts) - 1)))


def dense(matrix):
    """A sparse matrix of SciPy's as an array.

    Raises:
        ValueError: it is too large.
    """
    if np.prod(matrix.shape, dtype=float) * matrix.dtype.itemsize > MOST_ARRAY_BYTES:
        raise ValueError(f"a sparse matrix of more than {MOST_ARRAY_BYTES:,} bytes")
    return matrix.toarray()


def _fields(name, item):
    """Name -> array of the fields of rows, one of which is called images and has several values."""
    names = item.dtype.names or ()
    kinds = {field: item.dtype[field] for field in names}
    several = [field for field, kind in kinds.items() if kind.shape or kind.kind == "O"]
    if not (_is_own(item) and any(parsed(field).role == IMAGES for field in several)):
        return {}
    rows = item[()]
    fields = {f"{name} {field}": _plain(rows[field]) for field in names}
    return {called: of for called, of in fields.items() if of.dtype.kind in "buifSU"}


def _class_names(attributes):
    """`{name: array}` of the attribute that names the classes, if there is one."""
    for key in attributes:
        if parsed(key).role == CLASS_NAMES:
            names = np.ravel(attributes[key])
            if len(names) > 1 and names.dtype.kind in "SUO":
                return {CLASS_NAMES: np.array([*map(_as_text, names)])}
    return {}


def _as_text(name):
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)


def _with_labels(arrays, labels):
    """Arrays in which images that have their labels as attributes, name -> label, stand beside them
    as `0 image` and `0 label`; an attribute of one or two arrays may be anything."""
    shapes = {np.shape(arrays.get(name, ())) for name in labels} | {*map(np.shape, labels.values())}
    are_images = len(labels) >= FEWEST_CLASSES and len(shapes) == 2 and () in shapes
    if not (are_images and is_picture(*(shapes - {()}))):
        return arrays
    images = {f"{name} image": arrays[name] for name in labels}
    others = {name: array for name, array in arrays.items() if name not in labels}
    return others | images | {f"{name} label": np.array(of) for name, of in labels.items()}


def _stacked(arrays, where):
    """`(name, array)`, the images of a group, each an array of its own, as one array, and so its
    labels; in the order of their numbers, since HDF5 lists 10 before 2.

    Raises:
        UsageError: the images of a group are called otherwise than their labels.
    """
    groups = collections.defaultdict(list)
    arrays = _rows_last(arrays)
    for name in sorted(arrays, key=by_numbers):
        groups[name.rpartition(" ")[0]].append(name)
    keyed, images = {}, {}
    for group, names in groups.items():
        shapes = {arrays[name].shape for name in names}
        are_alike = group and len(names) >= FEWEST_CLASSES and len(shapes) == 1
        if are_alike and (is_picture(*shapes) or _are_labels(group, *shapes)):
            keyed[group] = _keyed(names)
        if are_alike and is_picture(*shapes):
            images[group] = keyed[group]
    for group, names in groups.items():
        if group in keyed:
            order = keyed[group] if group in images else _in_order_of(images, group, keyed, where)
            yield group, np.stack([arrays[name] for name in order.values()])
        else:
            yield from ((name, arrays[name]) for name in names)


def _keyed(names):
    """Key -> name of the arrays of a group: the last number or the first, whichever is another in
    each, as 12 in `zero_12`, else the last step itself; in the order of these numbers where none is
    left out."""
    steps = [name.rpartition(" ")[2] for name in names]
    found = [numbers for step in steps if (numbers := re.findall(r"[0-9]+", step))]
    places = [[int(numbers[place]) for numbers in found] for place in (-1, 0)]
    places = [numbers for numbers in places if len({*numbers}) == len(names)]
    if not places or places[0] != places[-1]:
        return dict(zip(steps, names, strict=True))
    keyed = dict(zip(places[0], names, strict=True))
    is_whole = max(keyed) - min(keyed) == len(names) - 1
    return dict(sorted(keyed.items())) if is_whole else keyed


def _in_order_of(images, group, keyed, where):
    """The labels of a group, key -> name, in the order of the only group of images of its part, if
    there is one.

    Raises:
        UsageError: keys of one are none of the other.
    """
    labels = keyed[group]
    like = [own for name, own in images.items() if parsed(name).part == parsed(group).part]
    if len(like) != 1:
        return labels
    own = like[0]
    if {*own} != {*labels}:
        own, labels = agreeing(own, labels)
    unlabelled = [f"{name} has no label" for key, name in own.items() if key not in labels]
    unseen = [f"{name} has no image" for key, name in labels.items() if key not in own]
    if unlabelled or unseen:
        raise UsageError(
            f"{where}: {printable(' and '.join(unlabelled[:1] + unseen[:1]))} of the same name or "
            "number. Call each label as its image, and remove what has none."
        )
    return {key: labels[key] for key in own}


def _rows_last(arrays):
    """Arrays by names as `image 0` and `label 0` where a group for each image holds both, `0/image`
    and `0/label`."""
    steps = {name: name.rpartition(" ") for name in arrays}
    labels = collections.Counter(
        row for name, (row, _, own) in steps.items() if _are_labels(own, arrays[name].shape)
    )
    # A group of several, such as `labels`, holds those of all images.
    rows = {row for row, count in labels.items() if count == 1 or parsed(row).role != LABELS}
    done = {}
    for name, (row, _, own) in steps.items():
        before, _, number = row.rpartition(" ")
        done[f"{before} {own} {number}".strip() if row in rows and number else name] = arrays[name]
    return done


def _are_labels(name, shape):
    """Whether arrays of a shape are each the label of one image, or of one class."""
    return shape in ((), (1,)) and parsed(name).role == LABELS


def of_cells(name, cells, shape=()):
    """`(name, array)` of MATLAB's cells where all hold images, a number or a text.

    What differs in shape, or is more than an image, is an array of arrays.

    Args:
        name: of the variable.
        cells: a list of arrays; texts are arrays of text.
        shape: how they lie, where that says something: a row for each class, perhaps.
    """
    if not all(isinstance(cell, np.ndarray) for cell in cells):
        return
    shapes = {np.shape(cell) for cell in cells}
    if all(cell.dtype.kind in "buif" for cell in cells):
        if all(cell.size == 1 for cell in cells):
            yield name, np.array([cell.item() for cell in cells])
        elif len(shapes) > 1 or not is_picture(cells[0].shape):
            yield name, _array_of(cells)
        elif len(shape) == 2 and 1 not in shape and np.prod(shape) == len(cells):
            yield name, _array_of(np.reshape(cells, (*shape, *cells[0].shape)))
        else:
            yield name, np.stack(cells)
    elif all(cell.dtype.kind == "U" for cell in cells):
        yield name, np.array(["".join(cell.ravel().tolist()) for cell in cells])


def _array_of(arrays):
    """An array of arrays, whatever their shapes."""
    array = np.empty(len(arrays), object)
    for place, one in enumerate(arrays):
        array[place] = one
    return array


def _is_own(item):
    """Whether the file holds it itself, and nothing else does."""
    return not (item.is_virtual or item.external)


def _value(item, is_matlab):
    """A data set as an array of numbers or text, or None."""
    import h5py

    if not _is_own(item) or item.dtype.kind not in "buifSO":
        return None
    value = _plain(np.asarray(_text(item) if h5py.check_string_dtype(item.dtype) else item[()]))
    if value.dtype.kind not in "buifSU" and not _are_arrays(value):
        return None
    names = h5py.check_enum_dtype(item.dtype)
    if names and value.dtype.kind in "iu" and {*value.ravel().tolist()} <= {*names.values()}:
        name_of = {number: name for name, number in names.items()}
        value = np.vectorize(name_of.get, otypes=["U"])(value)
    return _spelled(value.T if is_matlab else value, item.attrs)


def _spelled(value, attributes):
    """Characters, which MATLAB keeps in UTF-16, as text, one for each row; all else as it is."""
    if attributes.get(CLASS) != b"char" or value.dtype.kind not in "iu":
        return value
    if attributes.get("MATLAB_empty"):
        return np.array([""])
    rows = np.atleast_2d(value).astype("<u2")
    return unpadded(np.array([row.tobytes().decode("utf-16-le", "replace") for row in rows]))


def unpadded(rows):
    """The rows of a matrix of characters without the blanks that make all as long as the longest;
    one blank stays of a row of blanks, and a single row as it is."""
    stripped = np.char.rstrip(rows, " ")
    return rows if rows.size < 2 else np.where(stripped == "", rows.astype("U1"), stripped)


def _plain(value):
    """Objects as an array of numbers or text; what differs in length, and the bytes of picture
    files, as an array of arrays."""
    if value.dtype.kind != "O":
        return value
    flat = value.ravel()
    several = len({np.shape(one) for one in flat}) > 1
    are_files = any(
        isinstance(one, np.ndarray) and begins_picture(one[:HEAD].tobytes()) for one in flat
    )
    return _array_of(flat) if several or are_files else np.array(value.tolist())


def _are_arrays(value):
    return value.dtype.kind == "O" and all(
        isinstance(one, np.ndarray) and one.dtype.kind in "buif" for one in value.ravel()
    )


def _text(item):
    """Text, whatever set of characters the file names, which is ASCII for most bytes of UTF-8; the
    bytes where it is other text, which is refused where it is needed."""
    try:
        return item.asstr("utf-8")[()]
    except UnicodeDecodeError:
        return item[()]


def _in_cell(item, is_matlab):
    """What a cell holds, or None where that is neither numbers nor text."""
    import h5py

    if not isinstance(item, h5py.Dataset):
        return _of_sparse(item) if SPARSE in item.attrs else None
    return _value(item, is_matlab)
