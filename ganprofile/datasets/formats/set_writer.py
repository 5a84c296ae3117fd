"""Writing a labelled set piece by piece: the images, their manifest, what the set is."""

import collections
import csv
from pathlib import Path

import numpy as np

from ganprofile.datasets.fingerprint import UNKNOWN_WRITER, Fingerprint
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats.attributes import (
    NEIGHBOURS,
    OF_REAL,
    REAL,
    SYNTHETIC,
    split_origins,
    write_attributes,
)
from ganprofile.datasets.formats.card import GUESSED, write_card
from ganprofile.datasets.formats.checksums import INFO, MANIFEST, not_as_written, write_checksums
from ganprofile.datasets.formats.preview import Preview
from ganprofile.datasets.formats.soft_labels import SoftLabelFile, certain
from ganprofile.datasets.origins import MADE_FROM
from ganprofile.errors import UsageError
from ganprofile.storage.files import (
    OTHER_PLACE,
    atomic_folder,
    composed,
    read_json,
    refuse_others,
    write_json,
)
from ganprofile.storage.names import check_known

MANIFEST_COLUMNS = (
    "item",  # the file, or the index in the set
    "label",
    "class_name",
    "source",  # real or synthetic
    "writer",
    "seed",  # with `draw`: the image can be drawn again
    "draw",
    "run",
    "score",  # a reference classifier's probability of the label
    "labelled_by",  # dataset, condition, classifier, real image or neighbours
    "real_image",  # the row of the real data that was varied
)
OURS = "a set that ganprofile wrote"
MADE = (MADE_FROM, "labels_of")  # in `dataset.json`: drawn or deformed, and labelled
UNKNOWN = (
    "So nothing tells whether ganprofile made this set or only saved it. Remove the folder if it "
    "is not needed, or choose another `output`."
)


class SetWriter:
    """Streams images into `folder`; memory does not grow with the number of images.

    Args:
        folder: an existing, empty folder.
        format: a name in `FORMATS`.
        class_names: the classes that labels index.
        image_shape: `(height, width, channels)`.
        soft_labels: whether images have soft labels, too.
        drawn: integers, the classes of which there will be new images.
    """

    def __init__(self, folder, format, class_names, image_shape, soft_labels=False, drawn=()):
        check_format(format)
        self._folder = folder
        self._format = format
        self._class_names = [composed(name) for name in class_names]
        self._image_shape = image_shape
        self._images = FORMATS[format].Writer(folder, self._class_names, image_shape)
        self._soft_labels = SoftLabelFile(folder, len(class_names)) if soft_labels else None
        self._preview = Preview(self._class_names, drawn)
        self._fingerprint = Fingerprint(self._class_names)
        self._manifest = open(folder / MANIFEST, "w", newline="", encoding="utf-8")
        self._rows = csv.writer(self._manifest)
        self._rows.writerow(MANIFEST_COLUMNS)
        self.class_counts = np.zeros(len(self._class_names), np.int64)
        self._sources, self._labelled_by = collections.Counter(), collections.Counter()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._close()

    def _close(self):
        self._manifest.close()
        self._images.close()
        if self._soft_labels is not None:
            self._soft_labels.close()

    def show_real(self, images, labels):
        """Show real images in the set's picture that are not a part of it; as for `add`."""
        self._preview.add(images, labels, REAL)

    def add(self, images, labels, writers=None, soft_labels=None, **columns):
        """Append images.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: integers `(n,)`.
            writers: integers `(n,)`, or None.
            soft_labels: numbers `(n, num_classes)`, where the set has them; None for images whose
                labels are certain.
            **columns: further manifest columns, a value for all or a list of n values.
        """
        count = len(images)
        known = np.full(count, UNKNOWN_WRITER) if writers is None else writers
        sources = _listed(columns.get("source", ""), count)
        self._sources.update(sources)
        self._labelled_by.update(_listed(columns.get("labelled_by", ""), count))
        items = self._images.add(images, labels, known, sources)
        self._fingerprint.update(images, labels, known)
        self._preview.add(images, labels, sources, columns.get("labelled_by", ""))
        if self._soft_labels is not None:
            known = certain(labels, len(self._class_names)) if soft_labels is None else soft_labels
            self._soft_labels.append(known)
        self.class_counts += np.bincount(labels, minlength=len(self.class_counts))
        if writers is not None:
            columns["writer"] = writers.tolist()
        names = [self._class_names[label] for label in labels]
        columns.update(item=items, label=labels.tolist(), class_name=names)
        listed = [_listed(columns.get(column, ""), count) for column in MANIFEST_COLUMNS]
        self._rows.writerows(zip(*listed, strict=True))

    def add_from(self, dataset, soft_labels=None, **columns):
        """Append images of a labelled `Dataset`, with what it knows of where each comes from: a
        drawn one stays synthetic, others are real.

        Args:
            dataset: the `Dataset`.
            soft_labels: as for `add`.
            **columns: manifest columns that take the place of what the `Dataset` says.
        """
        origins, _ = split_origins(dataset.attributes)
        columns = (origins or OF_REAL) | columns
        self.add(dataset.images, dataset.labels, dataset.writers, soft_labels, **columns)

    def counted(self):
        """How many of the images are real, and how many synthetic, as `dataset.json` says it."""
        return {source: self._sources[source] for source in (REAL, SYNTHETIC)}

    def finish(self, name, **facts):
        """Close the files, and write what describes them: `dataset.json`, whose content is
        returned, `preview.png`, `README.md` and `SHA256SUMS`."""
        self._close()
        guessed = self._labelled_by[NEIGHBOURS]
        info = {
            "name": name,
            "format": self._format,
            "images": int(self.class_counts.sum()),
            "image_shape": list(self._image_shape),
            "class_names": self._class_names,
            "class_counts": self.class_counts.tolist(),
            "fingerprint": self._fingerprint.hexdigest(),
            "soft_labels": self._soft_labels is not None,
            **({GUESSED: guessed} if guessed else {}),
            **facts,
        }
        write_json(self._folder / INFO, info)
        self._preview.save(self._folder)
        write_card(self._folder, info)
        write_checksums(self._folder)
        return info


def _listed(value, count):
    """A manifest column: `count` values, from as many or from one for all."""
    return value if isinstance(value, list) else [value] * count


def save(dataset, path, format="npz", force=False):
    """Write a labelled `Dataset` as a folder that appears whole or not at all; returns its path."""
    if dataset.labels is None:
        raise UsageError(f"{dataset.name} has no labels; only labelled sets can be written.")
    check_format(format)
    refuse_others(path, force, INFO, OURS, name="path", foreign=not_as_written)
    with atomic_folder(path, force, OTHER_PLACE.format("path")) as folder:
        save_into(dataset, folder, format)
    return path


def save_into(dataset, folder, format="npz"):
    """Write a labelled `Dataset` into a folder, which is made where it is missing.

    What is known of an image's origin is kept: a drawn one stays synthetic.
    """
    folder.mkdir(exist_ok=True)
    _, attributes = split_origins(dataset.attributes)
    provenance = dict(dataset.provenance)
    facts = {MADE_FROM: provenance.pop(MADE_FROM)} if MADE_FROM in provenance else {}
    soft_labels = dataset.soft_labels
    with SetWriter(
        folder, format, dataset.class_names, dataset.image_shape, soft_labels is not None
    ) as writer:
        writer.add_from(dataset, soft_labels)
        write_attributes(folder, attributes)
        writer.finish(
            dataset.name,
            split=dataset.split,
            recipe=dataset.recipe,
            **writer.counted(),
            provenance=provenance,
            **facts,
        )


def checked_output(path, force):
    """Before any work: nothing of the user's is replaced, with `force` only a set that was made,
    and never one of real images that was only saved.

    Args:
        path: the folder that is to be made.
        force: whether a made set that is there is replaced.

    Returns:
        The path, a `Path`.

    Raises:
        UsageError: something is there that is not to be replaced.
        GanprofileError: nothing tells which of the two is there.
    """
    info = Path(path, INFO)
    if info.is_file() and not _says_made(info):
        exists = "" if force else "exists already and "
        raise UsageError(
            f"{path} {exists}is a saved set of images that ganprofile did not make, so `force` "
            "does not replace it. Choose another `output`."
        )
    return refuse_others(path, force, INFO, OURS, foreign=not_as_written)


def _says_made(info):
    """Whether a `dataset.json` says that its set was made; one that is cut may have said it before,
    as a file of ours begins such a line. Real images of a set that were saved by themselves repeat
    what was made of them, and say a recipe."""
    text = info.read_text("utf-8", "replace")
    if '\n  "recipe": ' in text and '\n  "real": 0' not in text:
        return False
    begun = any(f'\n  "{mark}": {{' in text for mark in MADE)
    return begun or any(mark in read_json(info, UNKNOWN) for mark in MADE)


def check_format(format):
    """Refuse an unknown format.

    Raises:
        UsageError: with the known ones.
        GanprofileError: it is of an installed package, and none.
    """
    check_known("format", format, FORMATS)
    FORMATS[format]  # loads what a package adds
