"""HODA's handwritten Farsi digits and letters, `.cdb` files (Khosravi and Kabir 2007).

A head of 1,024 bytes, then a record for each image: 255, its label, width, height, how many bytes
follow, and these. Bytes are the lengths of runs in each row, the first of paper; or grey levels.
"""

import re
import struct

import numpy as np

from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.datasets.loaders.loaded_data import name_of
from ganprofile.datasets.loaders.parts import files_ending, part_of
from ganprofile.datasets.loaders.picture_cells import reading_of_cells
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import printable

WHAT = "HODA's .cdb file of characters, or a folder of such"
ENDINGS = (".cdb",)
HEAD = struct.Struct("<HBBBBI512sB501s")
RECORD, SIZED, COUNT = 255, struct.Struct("<BB"), struct.Struct("<H")


def recognises(path):
    """Whether it is such a file, or a folder in which some lie."""
    if path.is_dir():
        return bool(files_ending(path, ENDINGS))
    return path.suffix.lower() in ENDINGS and path.is_file()


def read(path, options):
    """A `LoadedData`; in a folder, what the files are called says which part each is, and others
    are left out.

    Raises:
        UsageError: several files are one part, or none is to be learned from; or no size is asked
            for.
        GanprofileError: a file is damaged.
    """
    files = files_ending(path, ENDINGS) if path.is_dir() else [path]
    parts = {file: _part(file) if len(files) > 1 else "train" for file in files}
    used = [file for file in files if parts[file] is not None]
    if len({parts[file] for file in used}) < len(used) or "train" not in parts.values():
        raise UsageError(
            f"{printable(path)} holds {_listed(files)}; which of them are to be learned from and "
            "to test with cannot be told. Call one train and one test, or give one."
        )
    arrays = {}
    for file in used:
        images, labels = characters(file)
        arrays |= {f"images_{parts[file]}": images, f"labels_{parts[file]}": labels}
    # A full dot or bar, cropped to its ink, does not show its paper.
    options, mapping = options.with_light_ink(), mapping_beside(path)
    reading = reading_of_cells(arrays, path, name_of(path), options, mapping).with_light_ink()
    left_out = [file for file in files if file not in used]
    if left_out:
        said = f"{printable(path)}: {_listed(left_out)} is no part by its name, and is left out."
        return reading.saying(said)
    return reading


def characters(file):
    """The images of a file, an array of uint8 `(height, width)` arrays with 255 for ink, and their
    labels, int64 `(n,)`.

    Raises:
        GanprofileError: it is damaged.
    """
    data = file.read_bytes()
    try:
        return _records(data)
    except (struct.error, ValueError) as error:
        raise GanprofileError(
            f"{printable(file)} is damaged ({error}). Get a whole copy of it."
        ) from error


def _records(data):
    *_, width, height, count, _, is_grey, _ = HEAD.unpack_from(data)
    fixed = (width, height) if width and height else None
    images, labels, at = [], [], HEAD.size
    if not count:
        raise ValueError("it has no records")
    for number in range(count):
        begin, label = SIZED.unpack_from(data, at)
        if begin != RECORD:
            raise ValueError(f"no record {number + 1} at byte {at:,}")
        at += SIZED.size
        width, height = fixed or SIZED.unpack_from(data, at)
        at += 0 if fixed else SIZED.size
        (length,) = COUNT.unpack_from(data, at)
        at += COUNT.size
        content = np.frombuffer(data[at : at + length], np.uint8)
        images.append(content.reshape(height, width) if is_grey else _runs(content, width, height))
        labels.append(label)
        at += length
    cells = np.empty(len(images), object)
    cells[:] = images
    return cells, np.array(labels)


def _runs(content, width, height):
    """Runs of paper and ink by turns, as pixels; each row begins with paper."""
    starts = np.cumsum(content, dtype=np.int64) - content
    firsts = np.searchsorted(starts, starts // max(1, width) * width)  # run of each run's row
    is_ink = (np.arange(len(content)) - firsts) % 2
    return np.repeat((255 * is_ink).astype(np.uint8), content).reshape(height, width)


def _part(file):
    """The part that a file's name says, such as `Train 60000`, or None."""
    return part_of(re.sub(r"[\d\s_-]+", " ", file.stem).strip())


def _listed(files):
    return " and ".join(printable(file.name) for file in files)
