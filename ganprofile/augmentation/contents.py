"""One pass over a written set: its images, and what its manifest says of them."""

import collections
import dataclasses

import numpy as np
import pyarrow.compute as pc

from ganprofile.augmentation.labelled_set import CERTAINTY
from ganprofile.console import ProgressBar
from ganprofile.datasets.agreement import ClassTexts
from ganprofile.datasets.fingerprint import UNKNOWN_WRITER, Fingerprint, hash_images
from ganprofile.datasets.formats.attributes import NEIGHBOURS, REAL, SYNTHETIC, read_attributes
from ganprofile.datasets.formats.checksums import MANIFEST
from ganprofile.datasets.formats.soft_labels import ROUNDING, found_soft_labels
from ganprofile.datasets.manifest import Manifest
from ganprofile.datasets.stored import stored_blocks
from ganprofile.datasets.synthetic import INCLUDED
from ganprofile.parallel.ahead import ahead

COLUMNS = (
    *("label", "class_name", "source", "writer", "seed", "draw", "real_image", "score"),
    "labelled_by",
)
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
        class_names: the names of the classes, a list.
        class_counts: int64 `(num_classes,)`.
        sources: source -> how many rows name it.
        included: how many synthetic images it was given, which stand before those made for it.
        synthetic_labels: int32 `(m,)`, of the images that the manifest calls synthetic and that
            were made for the set.
        made_of: int64 `(m,)`, the real image that it says each of them was made of, else -1.
        mislabelled: indices of images to which the manifest gives another label or class name.
        given: `(index, hash of the pixels, label)` of every image that was not made for the set:
            what the manifest calls real, and what it was given of synthetic ones.
        samples: some images that were made for the set, spread over it.
        soft_labels: float32 `(n, num_classes)`, left in their file, or None.
        certainty: float32 `(n,)`, how sure labels are where some were guessed; empty elsewhere.
        last_given: the index of the last image whose label was not guessed, or -1.
    """

    def __init__(self, folder, info):
        self._manifest = Manifest(folder / MANIFEST, COLUMNS)
        names = self.class_names = info["class_names"]
        self._texts = ClassTexts(names)
        self._digest = Fingerprint(names)
        self.included = _included(info)
        self._sampled = _spread(info.get(SYNTHETIC), self.included)
        self.images, self.rows = 0, 0
        self.class_counts = np.zeros(len(names), np.int64)
        self.sources = collections.Counter()
        self.mislabelled, self.given, self.samples = [], [], []
        self._synthetic_labels, self._made_of = [], []
        self._labels, self._scores = [], []
        self.soft_labels, self.certainty, self.last_given = None, np.zeros(0, np.float32), -1

    @property
    def fingerprint(self):
        """sha256 of what was read, or None where nothing was."""
        return self._digest.hexdigest() if self.images else None

    @property
    def synthetic_labels(self):
        return np.concatenate([np.zeros(0, np.int32), *self._synthetic_labels])

    @property
    def made_of(self):
        return np.concatenate([np.zeros(0, np.int64), *self._made_of])

    def add(self, images, labels):
        """Take in a block and its rows, of which there may be too few."""
        rows = self._manifest.take(len(images))
        writers = np.full(len(images), UNKNOWN_WRITER)
        writers[: len(rows)] = self._manifest.writers(rows)
        self._digest.update(images, labels, writers)
        self.class_counts += np.bincount(labels, minlength=len(self.class_counts))
        self.mislabelled += (self.images + self._texts.differing(rows, labels)).tolist()
        given_labels = pc.not_equal(rows["labelled_by"].fill_null(""), NEIGHBOURS)
        if (places := np.flatnonzero(given_labels)).size:
            self.last_given = self.images + int(places[-1])
        sources = rows["source"].fill_null("")
        synthetic = np.flatnonzero(pc.equal(sources, SYNTHETIC))
        given, made = np.split(synthetic, [max(0, self.included - self.sources[SYNTHETIC])])
        self._take_given(images, labels, np.flatnonzero(pc.equal(sources, REAL)))
        self._take_given(images, labels, given)
        self._take_samples(images, rows, made)
        self._synthetic_labels.append(labels[made])
        self._made_of.append(_numbers(rows["real_image"].take(made)))
        self._labels.append(labels[: len(rows)])
        # How certain a guess is stands in no soft label, where it is the only class.
        self._scores.append(np.where(given_labels, _shares(rows["score"]), np.nan))
        for counted in sources.value_counts().to_pylist():
            self.sources[counted["values"]] += counted["counts"]
        self.images += len(images)
        self.rows += len(rows)

    def unlike_scores(self):
        """Images whose soft label gives their class another probability than the manifest's score,
        int64 `(m,)`: it is the same number, written twice."""
        labels, scores = np.concatenate(self._labels), np.concatenate(self._scores)
        known = np.flatnonzero(np.isfinite(scores[: len(self.soft_labels)]))
        found = self.soft_labels[known, labels[known]]
        return known[np.abs(found - scores[known]) > ROUNDING]

    def finish(self):
        """Count the rows behind the last image."""
        self.rows += sum(map(len, self._manifest.pieces()))

    def _take_given(self, images, labels, places):
        hashes = hash_images(images[places]).tolist()
        numbers = (self.images + places).tolist()
        self.given += zip(numbers, hashes, labels[places].tolist(), strict=True)

    def _take_samples(self, images, rows, places):
        first = max(0, self.sources[SYNTHETIC] - self.included)
        for number in sorted(self._sampled):
            if not 0 <= number - first < len(places):
                continue
            k = int(places[number - first])
            (row,) = rows.slice(k, 1).to_pylist()
            self.samples.append(Sample(self.images + k, row, images[k].copy()))


def _numbers(texts):
    """A column of a manifest as int64 `(n,)`; what is no number is -1."""
    texts = texts.fill_null("")
    plain = pc.match_substring_regex(texts, r"^[0-9]{1,18}$")
    return pc.if_else(plain, texts, "-1").cast("int64").to_numpy()


def _shares(texts):
    """A column of a manifest as float32 `(n,)`; what is no share is NaN."""
    texts = texts.fill_null("")
    plain = pc.match_substring_regex(texts, r"^[01]\.[0-9]{1,9}$")
    return pc.if_else(plain, texts, "nan").cast("float32").to_numpy()


def read_contents(folder, info, progress=False):
    """Read a set; of a synthetic image little more than its label is kept.

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
    with ProgressBar(info["images"], progress) as bar:
        for images, labels in ahead(stored_blocks(folder, info)):
            contents.add(images, labels)
            bar.show_rate(contents.images)
    contents.finish()
    attributes = read_attributes(folder, contents.images)  # refuses what does not fit
    contents.certainty = attributes.get(CERTAINTY, contents.certainty)
    contents.soft_labels = found_soft_labels(folder, info, mapped=True, attributes=attributes)
    return contents


def _included(info):
    """How many synthetic images a set was given, as it says; 0 where it says no number."""
    claim = info.get("made_from")
    count = claim.get(INCLUDED) if isinstance(claim, dict) else 0
    return count if type(count) is int and count > 0 else 0


def _spread(count, included):
    """`SAMPLES` numbers below `count - included`, the first and the last among them; fewer where it
    is small.

    `count` is what a file says, so that it may be anything.
    """
    if type(count) is not int or not included < count < 2**53:
        return frozenset()
    count -= included
    return frozenset(np.linspace(0, count - 1, min(SAMPLES, count)).astype(int).tolist())
