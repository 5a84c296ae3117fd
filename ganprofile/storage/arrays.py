"""Files of arrays, `.npz`, without anything pickled."""

import io
import zipfile
import zlib

import numpy as np

from ganprofile.errors import GanprofileError
from ganprofile.storage.files import atomic_path, expanded, printable
from ganprofile.storage.names import as_word

# What NumPy and zipfile raise for files that are cut, damaged, encrypted or something else.
UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    AttributeError,
    TypeError,
    RuntimeError,
    MemoryError,
    OverflowError,
)

MOST_ARRAY_BYTES = 4 * 2**30  # of one file, once unpacked: what is written and what is read
WRITTEN_BY = "Write it with numpy.savez_compressed(path, images=..., labels=...)."
HEADER_BYTES = 2**12  # more than stand before an array


def write_arrays(path, arrays):
    """Write name -> array as an `.npz` file, whole or not at all.

    Raises:
        GanprofileError: `open_arrays` would not read it, or its folder is not there.
    """
    check_readable(path, arrays)
    parent = expanded(path).parent
    if not parent.is_dir():
        raise GanprofileError(
            f"{printable(path)} cannot be written: there is no folder {printable(parent)}. Make "
            "it, or choose another path."
        )
    # To a name of another ending NumPy would add its own.
    with atomic_path(path) as partial, open(partial, "wb") as file:
        np.savez(file, **arrays)


def check_readable(path, arrays):
    """Refuse to write name -> array where `open_arrays` would refuse to read.

    Raises:
        GanprofileError: there are too many bytes for one file.
    """
    size = sum(np.asarray(array).nbytes + HEADER_BYTES for array in arrays.values())
    if size > MOST_ARRAY_BYTES:
        raise GanprofileError(
            f"{path} would take {size:,} bytes, and {MOST_ARRAY_BYTES:,} are the most that are "
            "read again. Take fewer or smaller images."
        )


# What to do with a set that has not as many images as it says, as where some were deleted in it.
NOT_WHOLE = (
    "Put back what is missing, or copy the set again. To leave images out, save a part of the "
    "whole set elsewhere: gp.load(SET)[0].select(ROWS).save(OTHER)."
)


def damaged_set(folder, was_said=False):
    """What to do where a file of a set that ganprofile wrote cannot be read; `was_said` where it
    has been said that it is damaged."""
    begin = "To mend that," if was_said else "It is cut or damaged:"
    return f"{begin} copy the set again, or make it again.{which_are_damaged(folder)}"


def which_are_damaged(folder):
    """Who says which files of a set are damaged; for the end of a sentence."""
    return (
        f" Which of its files are not as they were written says ganprofile verify {as_word(folder)}"
    )


def pickled_said(error):
    """What else to do where an array holds objects of Python's, whose pickles NumPy writes and
    nobody should load; "" of other errors."""
    if "allow_pickle" not in str(error):
        return ""
    return (
        " One that holds objects of Python's, as pandas gives text, is made plain before: names "
        "with labels.astype(str), images with numpy.stack(images)."
    )


def open_arrays(path, remedy=None):
    """All arrays of an `.npz` file as a dict; nothing pickled is ever loaded.

    Args:
        path: the file.
        remedy: what to do where it cannot be read; None for files of the user's.

    Raises:
        GanprofileError: the file is damaged, no npz, or holds Python objects.
    """
    try:
        with np.load(expanded(path), allow_pickle=False) as archive:
            size = sum(member.file_size for member in archive.zip.infolist())
            if size > MOST_ARRAY_BYTES:
                raise ValueError(f"{size:,} bytes; {MOST_ARRAY_BYTES:,} are the most")
            members = archive.zip.namelist()
            return {name.removesuffix(".npy"): _array(archive.zip.read(name)) for name in members}
    except UNREADABLE as error:
        remedy = remedy or f"{WRITTEN_BY}{pickled_said(error)}"
        raise GanprofileError(
            f"{path} cannot be read as an .npz file of plain arrays ({error}). {remedy}"
        ) from error


def _array(content):
    """What the bytes of an `.npy` file hold.

    NumPy would inflate a file of an archive piece by piece, and ask for the interpreter each time.
    """
    return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
