"""One pass over a written set: its images, and what its manifest says of them."""

import collections
import dataclasses
import itertools

import numpy as np

from ganprofile.console import ProgressBar
from ganprofile.datasets.fingerprint import UNKNOWN_WRITER, Fingerprint, hash_images
from ganprofile.datasets.formats.attributes import read_attributes
from ganprofile.datasets.stored import manifest_rows, stored_blocks, writers_of
from ganprofile.sharing.ahead import ahead

SAMPLES = 8


@dataclasses.dataclass(frozen=True)
class Sample:
    """A synthetic image that can be drawn again.

    Attributes:
        index: its place in the set.
        row: its row of the manifest.
        image: uint8 `(height, width, channels)`.
    """

    index: int
    row: dict
    image: np.ndarray


class Contents:
    """What a set was found to hold.

    Attributes:
        images: how many images were read.
        rows: how many rows the manifest has.
        class_counts: int64 `(num_classes,)`.
        sources: source -> how many rows name it.
        mislabelled: indices of images to which the manifest gives another label or class name.
        real: `(index, hash of the pixels, label)` of every image that the manifest calls real.
        samples: some synthetic images, spread over the set.
        attributes: the further columns, name -> array.
    """

    def __init__(self, folder, info):
        self._manifest = folder / "manifest.csv"
        self._class_names = info["class_names"]
        self._true = [(str(k), name) for k, name in enumerate(self._class_names)]
        self._digest = Fingerprint(self._class_names)
        self._sampled = _spread(info.get("synthetic"))
        self.images, self.rows = 0, 0
        self.class_counts = np.zeros(len(self._class_names), np.int64)
        self.sources = collections.Counter()
        self.mislabelled, self.real, self.samples = [], [], []
        self.attributes = {}

    @property
    def fingerprint(self):
        """sha256 of what was read, or None where nothing was."""
        return self._digest.hexdigest() if self.images else None

    def add(self, images, labels, rows):
        """Take in a block and its rows, of which there may be too few."""
        writers = np.full(len(images), UNKNOWN_WRITER)
        writers[: len(rows)] = writers_of(rows, self._manifest)
        self._digest.update(images, labels, writers)
        self.class_counts += np.bincount(labels, minlength=len(self.class_counts))
        said = [(row.get("label"), row.get("class_name")) for row in rows]
        true = [self._true[label] for label in labels.tolist()]
        differ = [k for k, both in enumerate(zip(said, true, strict=False)) if both[0] != both[1]]
        self.mislabelled += [self.images + k for k in differ]
        sources = np.array([row.get("source") or "" for row in rows], object)
        self._take_real(images, labels, np.flatnonzero(sources == "real"))
        self._take_samples(images, rows, np.flatnonzero(sources == "synthetic"))
        self.sources.update(sources)
        self.images += len(images)
        self.rows += len(rows)

    def _take_real(self, images, labels, places):
        hashes = hash_images(images[places]).tolist()
        numbers = (self.images + places).tolist()
        self.real += zip(numbers, hashes, labels[places].tolist(), strict=True)

    def _take_samples(self, images, rows, places):
        first = self.sources["synthetic"]
        for number in sorted(self._sampled):
            if not 0 <= number - first < len(places):
                continue
            k = int(places[number - first])
            self.samples.append(Sample(self.images + k, rows[k], images[k].copy()))


def read_contents(folder, info, progress=False):
    """Read a set; memory does not grow with its synthetic images.

    Args:
        folder: the folder.
        info: its `dataset.json` (`datasets.stored.read_info`).
        progress: whether to say how it goes.

    Returns:
        `Contents`.

    Raises:
        GanprofileError: the images, the manifest or the further columns cannot be read.
    """
    contents = Contents(folder, info)
    rows = manifest_rows(folder / "manifest.csv")
    with ProgressBar(info["images"], progress) as bar:
        for images, labels in ahead(stored_blocks(folder, info)):
            contents.add(images, labels, list(itertools.islice(rows, len(images))))
            bar.show_images(contents.images)
    contents.rows += sum(1 for _ in rows)
    contents.attributes = read_attributes(folder, contents.images)  # refuses what does not fit
    return contents


def _spread(count):
    """`SAMPLES` numbers below `count`, the first and the last among them; fewer where it is small.

    `count` is what a file says, so that it may be anything.
    """
    if type(count) is not int or not 0 < count < 2**53:
        return frozenset()
    return frozenset(np.linspace(0, count - 1, min(SAMPLES, count)).astype(int).tolist())
