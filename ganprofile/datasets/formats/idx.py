"""MNIST's own file format: `images-idxN-ubyte.gz` and `labels-idx1-ubyte.gz`.

N is 3 for grey images and 4 for colour. Labels are unsigned bytes, so at most 256 classes.
"""

import gzip
import struct
import zlib

import numpy as np

from ganprofile.errors import GanprofileError, UsageError

UNSIGNED_BYTE = 0x08
COMPRESSION = 4  # over twenty times as fast as 9, and 7 % larger


class Writer:
    """Two growing gzip files; the counts in their headers are filled in at the end."""

    def __init__(self, folder, class_names, image_shape):
        if len(class_names) > 256:
            raise UsageError(
                f"idx labels are bytes: at most 256 classes. Received: {len(class_names)}. "
                "Use --format npz or imagefolder."
            )
        height, width, channels = image_shape
        sides = (height, width) if channels == 1 else image_shape
        self._count = 0
        self._files = [
            _GrowingIdx(folder / f"images-idx{1 + len(sides)}-ubyte.gz", sides),
            _GrowingIdx(folder / "labels-idx1-ubyte.gz", ()),
        ]

    def add(self, images, labels):
        """Append images; returns the index of each in the whole set."""
        self._files[0].append(images)
        self._files[1].append(np.asarray(labels, np.uint8))
        first, self._count = self._count, self._count + len(images)
        return list(range(first, self._count))

    def close(self):
        """Complete the headers."""
        for file in self._files:
            file.close(self._count)


class _GrowingIdx:
    """An idx.gz file whose count is known at the end.

    The header is a gzip member of its own, stored without compression: its length does not
    depend on the count, so that the true one can be written over it.
    """

    def __init__(self, path, sides):
        self._path = path
        self._sides = sides
        path.write_bytes(self._header(0))
        self._raw = open(path, "ab")
        self._body = gzip.GzipFile("", "wb", COMPRESSION, self._raw, mtime=0)

    def _header(self, count):
        magic = bytes([0, 0, UNSIGNED_BYTE, 1 + len(self._sides)])
        sizes = struct.pack(f">{1 + len(self._sides)}I", count, *self._sides)
        return gzip.compress(magic + sizes, compresslevel=0, mtime=0)

    def append(self, values):
        self._body.write(np.ascontiguousarray(values).data)

    def close(self, count):
        if self._raw.closed:
            return
        self._body.close()
        self._raw.close()
        with open(self._path, "r+b") as file:
            file.write(self._header(count))


def read_idx(path):
    """An idx or idx.gz file of unsigned bytes as an array.

    Raises:
        GanprofileError: wrong magic number, or more or fewer values than the header says.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rb") as file:
            content = file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise GanprofileError(f"{path} cannot be read ({error}).") from error
    if len(content) < 4 or content[:3] != bytes([0, 0, UNSIGNED_BYTE]):
        raise GanprofileError(
            f"{path} is no idx file of bytes: it should begin with 0, 0, 8. "
            f"Received: {list(content[:3])}."
        )
    dimensions = content[3]
    offset = 4 + 4 * dimensions
    sizes = struct.unpack_from(f">{dimensions}I", content.ljust(offset, b"\0"), 4)
    if len(content) - offset != int(np.prod(sizes, dtype=object)):
        raise GanprofileError(
            f"{path} should hold {' x '.join(map(str, sizes))} bytes after its header. "
            f"Received: {len(content) - offset}."
        )
    return np.frombuffer(content, np.uint8, offset=offset).reshape(sizes)


def read(folder, info):
    """Images uint8 `(n, height, width, channels)` and labels int32 `(n,)`."""
    dimensions = 3 if info["image_shape"][-1] == 1 else 4
    images = read_idx(folder / f"images-idx{dimensions}-ubyte.gz")
    labels = read_idx(folder / "labels-idx1-ubyte.gz")
    if len(images) != len(labels):
        raise GanprofileError(f"{folder} has {len(images)} images but {len(labels)} labels.")
    return images.reshape(len(images), *info["image_shape"]), labels.astype(np.int32)
