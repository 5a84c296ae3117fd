"""`attributes.npz`: the further columns of a set, such as the writer's age, with their types."""

import numpy as np

from ganprofile.datasets.formats.checksums import is_listed
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.arrays import check_readable, damaged_set, open_arrays

FILE = "attributes.npz"
REAL, SYNTHETIC = "real", "synthetic"  # what a manifest says that an image is
# Where an image comes from stands in the manifest; in a `Dataset`, these attributes hold it.
ORIGIN = "manifest."
ORIGIN_COLUMNS = ("source", "seed", "draw", "run", "score", "labelled_by", "real_image")
OF_REAL = {"source": REAL, "labelled_by": "dataset"}  # what they hold of images as they were given
NEIGHBOURS = "neighbours"  # by whom images are labelled whose labels were guessed
PLAIN = "biufU"  # kinds of arrays that need no pickling


def check_plain(values, what):
    """Refuse an array of what no file of a set can hold.

    Args:
        values: an array.
        what: it is, the beginning of a sentence.

    Raises:
        UsageError: it holds neither numbers nor text, such as dates or Python objects.
    """
    if values.dtype.kind not in PLAIN:
        raise UsageError(
            f"{what} should be numbers or text. Received: {values.dtype}. Give it as text, such as "
            "values.astype(str)."
        )


def write_attributes(folder, attributes):
    """Write name -> array `(n,)` beside a set's images; nothing where there are none.

    Raises:
        UsageError: as `check_plain`.
        GanprofileError: there is more than can be read again.
    """
    if not attributes:
        return
    columns = [np.asarray(values) for values in attributes.values()]
    for name, values in zip(attributes, columns, strict=True):
        check_plain(values, f"Attribute {name!r}")
    # Numbered, since a column may have any name.
    numbered = {str(index): values for index, values in enumerate(columns)}
    arrays = {"names": np.array(list(attributes)), **numbered}
    check_readable(folder / FILE, arrays)
    np.savez_compressed(folder / FILE, **arrays)


def read_attributes(folder, count):
    """What `write_attributes` wrote, each column with `count` values; empty where it wrote none.

    Raises:
        GanprofileError: the file is damaged, of another set, or lost.
    """
    path = folder / FILE
    if not path.is_file():
        if is_listed(folder, FILE):
            raise GanprofileError(
                f"{path} is missing, though the set was written with it. {damaged_set(folder)}"
            )
        return {}
    arrays = open_arrays(path, damaged_set(folder))
    names = arrays.pop("names", np.array([])).tolist()
    columns = [arrays.get(str(index)) for index in range(len(names))]
    if any(values is None or values.shape != (count,) for values in columns):
        raise GanprofileError(f"{path} should hold {count} values for each of {names}.")
    return dict(zip(names, columns, strict=True))


def split_origins(attributes):
    """The manifest's own columns, name -> list of text, and the other attributes."""
    own = [name for name in attributes if is_origin(name)]
    origins = {name.removeprefix(ORIGIN): attributes[name].tolist() for name in own}
    return origins, {name: v for name, v in attributes.items() if name not in own}


def is_origin(name):
    """Whether a column of a `Dataset` of this name says where an image comes from."""
    return name.startswith(ORIGIN) and name.removeprefix(ORIGIN) in ORIGIN_COLUMNS
