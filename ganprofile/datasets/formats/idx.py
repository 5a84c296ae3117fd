"""MNIST's own file format: `images-idxN-ubyte.gz` and `labels-idx1-ubyte.gz`.

N is 3 for grey images and 4 for colour. Labels are unsigned bytes, so at most 256 classes.
"""

import contextlib
import gzip
import math
import struct
import zlib

import numpy as np

from ganprofile.datasets.formats.pieces import images_in_piece
from ganprofile.errors import GanprofileError, UsageError

BLOCK_BYTES = 2**24
UNSIGNED_BYTE = 0x08
# QMNIST's extended labels are integers of 32 bits; others write labels as whatever they have.
VALUE_TYPES = {UNSIGNED_BYTE: np.uint8, 0x09: np.int8, 0x0B: ">i2", 0x0C: ">i4"}
COMPRESSION = 4  # over twenty times as fast as 9, and 7 % larger
READ_AT_ONCE = 10_000
FILES = {
    "images-idx?-ubyte.gz": "the images in MNIST's file format, 0 = paper, 255 = ink",
    "labels-idx1-ubyte.gz": "their labels, numbers of classes",
}


class Writer:
    """Two growing gzip files; the counts in their headers are filled in at the end."""

    def __init__(self, folder, class_names, image_shape):
        if len(class_names) > 256:
            raise UsageError(
                f"idx labels are bytes: at most 256 classes. Received: {len(class_names)}. "
                "Use another `format`."
            )
        height, width, channels = image_shape
        sides = (height, width) if channels == 1 else image_shape
        self._count = 0
        self._files = [
            _GrowingIdx(folder / f"images-idx{1 + len(sides)}-ubyte.gz", sides),
            _GrowingIdx(folder / "labels-idx1-ubyte.gz", ()),
        ]

    def add(self, images, labels, writers, sources):
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
    """An idx or idx.gz file of integers as an array.

    Raises:
        GanprofileError: wrong magic number, or more or fewer values than the header says.
    """
    with _opened(path, VALUE_TYPES) as (file, sizes, dtype):
        expected = math.prod(sizes) * dtype.itemsize
        content = bytearray()
        while len(content) <= expected and (block := file.read(BLOCK_BYTES)):
            content += block  # never much more than promised, whatever the file unpacks to
        if len(content) != expected:
            raise _wrong_length(path, sizes, f"{len(content):,} bytes")
    try:
        return np.frombuffer(content, dtype).reshape(sizes)
    except ValueError as error:  # no values, and sides beyond what an array can have
        raise GanprofileError(f"{path} has impossible sizes: {sizes}.") from error


def read_idx_images(path):
    """The same as bytes, whatever integers they were written as.

    Raises:
        GanprofileError: as for `read_idx`, or they are not in 0..255.
    """
    images = read_idx(path)
    small = images.astype(np.uint8)
    if not np.array_equal(small, images):
        raise GanprofileError(
            f"{path} should hold levels of 0..255. Received: {images.dtype.name}, "
            f"{images.min()} to {images.max()}. Bring them into this range, and write them as "
            "unsigned bytes."
        )
    return small


def blocks(folder, info):
    """`(images, labels)` in the order of writing.

    Raises:
        GanprofileError: a file is damaged, or the two do not belong together.
    """
    grey = info["image_shape"][-1] == 1
    shape = tuple(info["image_shape"][: 2 if grey else 3])
    labels = read_idx(folder / "labels-idx1-ubyte.gz")
    path = folder / f"images-idx{3 if grey else 4}-ubyte.gz"
    with _opened(path, (UNSIGNED_BYTE,)) as (file, sizes, _):
        if sizes != (*labels.shape, *shape):
            raise GanprofileError(
                f"{path} should hold {len(labels)} images of {shape}, as the labels and "
                f"dataset.json say. Received: {sizes}."
            )
        size = images_in_piece(info["image_shape"], READ_AT_ONCE)
        for first in range(0, len(labels), size):
            some = labels[first : first + size]
            content = file.read(len(some) * math.prod(shape))
            if len(content) != len(some) * math.prod(shape):
                raise _wrong_length(path, sizes, first * math.prod(shape) + len(content))
            yield np.frombuffer(content, np.uint8).reshape(-1, *info["image_shape"]), some
        if file.read(1):
            raise _wrong_length(path, sizes, f"more than {math.prod(sizes)}")


@contextlib.contextmanager
def _opened(path, types):
    """The file of an idx or idx.gz, its header read, and the sizes and type that this gave."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rb") as file:
            magic = file.read(4)
            if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in types:
                raise GanprofileError(
                    f"{path} is no idx file of this kind: it should begin with 0, 0 and "
                    f"{' or '.join(map(str, types))}. Received: {list(magic[:3])}. Write its "
                    "values as integers."
                )
            header = file.read(4 * magic[3])
            if len(header) < 4 * magic[3]:
                raise GanprofileError(
                    f"{path} ends inside its header of {magic[3]} sizes. "
                    f"Received: {len(header)} bytes."
                )
            sizes = struct.unpack(f">{magic[3]}I", header)
            yield file, sizes, np.dtype(VALUE_TYPES[magic[2]])
    except (OSError, EOFError, zlib.error) as error:
        raise GanprofileError(f"{path} cannot be read ({error}).") from error


def _wrong_length(path, sizes, received):
    return GanprofileError(
        f"{path} should hold {' x '.join(map(str, sizes))} values after its header. "
        f"Received: {received}."
    )
