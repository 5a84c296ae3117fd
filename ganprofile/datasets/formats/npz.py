"""Compressed NumPy archives (no pickle), 50,000 images a shard or 256 MB of them: images, labels,
class_names."""

import concurrent.futures
import zipfile
import zlib

import numpy as np

from ganprofile.datasets.formats.pieces import images_in_piece
from ganprofile.errors import GanprofileError
from ganprofile.storage.arrays import damaged_set, open_arrays

SHARD = 50_000  # images at most
ARRAYS = ("images", "labels", "class_names")
FILES = {
    "shard-*.npz": "the images, 50,000 at most a file: arrays `images` (uint8, n x height x width "
    "x channels, 0 = paper, 255 = ink), `labels` (int32), `class_names`",
}


class Writer:
    """Collects images and writes a shard whenever one is full, in a thread while others come."""

    def __init__(self, folder, class_names, image_shape):
        self._folder = folder
        self._class_names = np.array(class_names)
        self._size = images_in_piece(image_shape, SHARD)
        self._images = np.empty((self._size, *image_shape), np.uint8)
        self._labels = np.empty(self._size, np.int32)
        self._filled = 0
        self._shards = 0
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "shards")
        self._writing = None

    def add(self, images, labels, writers, sources):
        """Append images; returns the index of each in the whole set."""
        first = self._shards * self._size + self._filled
        done = 0
        while done < len(images):
            room = slice(self._filled, min(self._size, self._filled + len(images) - done))
            taken = room.stop - room.start
            self._images[room] = images[done : done + taken]
            self._labels[room] = labels[done : done + taken]
            self._filled = room.stop
            done += taken
            if self._filled == self._size:
                self._write_shard()
        return list(range(first, first + len(images)))

    def close(self):
        """Write what is left, and wait until all is on disk."""
        with self._thread:
            if self._filled:
                self._write_shard()
            self._wait()

    def _wait(self):
        """For the shard that is being written; why it cannot be is raised here."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def _write_shard(self):
        self._wait()
        arrays = {
            "images": self._images[: self._filled],
            "labels": self._labels[: self._filled],
            "class_names": self._class_names,
        }
        path = self._folder / f"shard-{self._shards:05d}.npz"
        self._writing = self._thread.submit(_write_compressed, path, arrays)
        self._images = np.empty_like(self._images)
        self._labels = np.empty_like(self._labels)
        self._shards += 1
        self._filled = 0


def _write_compressed(path, arrays):
    """As `numpy.savez_compressed`, three times as fast and of about the same size.

    In drawn and scanned characters nothing repeats but paper and ink, for which zlib need not
    search further than the byte before.
    """
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy")  # without the time, so that bytes repeat
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w", force_zip64=True) as file:
                # zipfile offers no strategy. Should it keep its compressor elsewhere one day, this
                # does nothing.
                file._compressor = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_RLE)
                np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)


def shards(folder):
    """The paths of a set's shards, in order."""
    return sorted(folder.glob("shard-*.npz"))


def blocks(folder, info):
    """`(images, labels)` of one shard after the other.

    Raises:
        GanprofileError: a shard is damaged, or one of another set.
    """
    for path in shards(folder):
        arrays = open_arrays(path, damaged_set(folder))
        missing = [name for name in ARRAYS if name not in arrays]
        if missing:
            raise GanprofileError(f"{path} has no array {missing[0]!r}; it is no shard of a set.")
        if arrays["class_names"].tolist() != np.array(info["class_names"]).tolist():
            raise GanprofileError(f"{path} has other class names than dataset.json.")
        yield arrays["images"], arrays["labels"]
