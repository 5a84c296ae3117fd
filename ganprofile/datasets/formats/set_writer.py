"""Writing a labelled set piece by piece: the images, their manifest, what the set is."""

import csv

import numpy as np

from ganprofile.datasets.fingerprint import Fingerprint
from ganprofile.datasets.formats import FORMATS
from ganprofile.errors import UsageError
from ganprofile.files import atomic_folder, write_json

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
    "labelled_by",  # dataset, condition or classifier
)


class SetWriter:
    """Streams images into `folder`; memory does not grow with the number of images.

    Args:
        folder: an existing, empty folder.
        format: a name in `FORMATS`.
        class_names: the classes that labels index.
        image_shape: `(height, width, channels)`.
    """

    def __init__(self, folder, format, class_names, image_shape):
        check_format(format)
        self._folder = folder
        self._format = format
        self._class_names = list(class_names)
        self._image_shape = image_shape
        self._images = FORMATS[format].Writer(folder, self._class_names, image_shape)
        self._fingerprint = Fingerprint(class_names)
        self._manifest = open(folder / "manifest.csv", "w", newline="", encoding="utf-8")
        self._rows = csv.writer(self._manifest)
        self._rows.writerow(MANIFEST_COLUMNS)
        self.class_counts = np.zeros(len(self._class_names), np.int64)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._manifest.close()
        self._images.close()

    def add(self, images, labels, writers=None, **columns):
        """Append images.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: integers `(n,)`.
            writers: integers `(n,)`, or None.
            **columns: further manifest columns, a value for all or a sequence of n values.
        """
        items = self._images.add(images, labels)
        self._fingerprint.update(images, labels, writers)
        self.class_counts += np.bincount(labels, minlength=len(self.class_counts))
        if writers is not None:
            columns["writer"] = writers.tolist()
        names = [self._class_names[label] for label in labels]
        columns.update(item=items, label=labels.tolist(), class_name=names)
        values = [columns.get(column, "") for column in MANIFEST_COLUMNS]
        listed = [v if isinstance(v, list) else [v] * len(images) for v in values]
        self._rows.writerows(zip(*listed, strict=True))

    def finish(self, name, **facts):
        """Close the files and write `dataset.json`; returns its content."""
        self._manifest.close()
        self._images.close()
        info = {
            "name": name,
            "format": self._format,
            "images": int(self.class_counts.sum()),
            "image_shape": list(self._image_shape),
            "class_names": self._class_names,
            "class_counts": self.class_counts.tolist(),
            "fingerprint": self._fingerprint.hexdigest(),
            **facts,
        }
        write_json(self._folder / "dataset.json", info)
        return info


def save(dataset, path, format="npz", force=False):
    """Write a labelled `Dataset` as a folder that appears whole or not at all; returns its path."""
    if dataset.labels is None:
        raise UsageError(f"{dataset.name} has no labels; only labelled sets can be written.")
    check_format(format)
    with (
        atomic_folder(path, force) as folder,
        SetWriter(folder, format, dataset.class_names, dataset.image_shape) as writer,
    ):
        writer.add(
            dataset.images, dataset.labels, dataset.writers, source="real", labelled_by="dataset"
        )
        writer.finish(dataset.name, split=dataset.split, recipe=dataset.recipe)
    return path


def check_format(format):
    """Refuse an unknown format.

    Raises:
        UsageError: with the known ones.
    """
    if format not in FORMATS:
        raise UsageError(f"No format {format!r}. Known: {', '.join(FORMATS)}.")
