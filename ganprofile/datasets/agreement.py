"""Whether the manifest of a written set and its files say the same labels."""

from pathlib import Path

import numpy as np

from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats.checksums import MANIFEST, is_as_written
from ganprofile.datasets.manifest import Manifest
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

COLUMNS = ("label", "class_name")


class ClassTexts:
    """Labels and class names as a manifest writes them.

    Args:
        class_names: of the set, a list.
    """

    def __init__(self, class_names):
        import pyarrow

        numbers = list(map(str, range(len(class_names))))
        self._texts = {"label": pyarrow.array(numbers), "class_name": pyarrow.array(class_names)}

    def differing(self, rows, labels):
        """Places where a row of a manifest says another label or class name, in order.

        Args:
            rows: a `pyarrow.Table` with `COLUMNS`, as long as `labels` or shorter.
            labels: int32 `(n,)`, what the files say.
        """
        import pyarrow.compute as pc

        agree = [
            pc.fill_null(pc.equal(rows[name], texts.take(labels[: len(rows)])), False)
            for name, texts in self._texts.items()
        ]
        return np.flatnonzero(~np.logical_and(*agree))


def check_labels(folder, info, parts):
    """Refuse a set whose manifest says other labels or class names than its files.

    Args:
        folder: of the set.
        info: its `dataset.json`.
        parts: the labels of the files, int32 `(k,)` one after the other.

    Raises:
        GanprofileError: with the first image of which they do.
    """
    manifest, first = Manifest(Path(folder) / MANIFEST, COLUMNS), 0
    texts = ClassTexts(info["class_names"])
    for labels in parts:
        rows = manifest.take(len(labels))
        differing = texts.differing(rows, labels)
        if len(differing):
            k = int(differing[0])
            row = rows.slice(k, 1).to_pylist()[0]
            raise _otherwise(folder, first + k, row, labels[k], info["class_names"])
        first += len(labels)


def check_manifest(folder, info, blocks):
    """The same as far as something has changed: files of single images tell by where they lie, and
    a manifest by its checksum; then all files are read.

    Raises:
        GanprofileError: as `check_labels`, or the set is damaged.
    """
    kind = FORMATS[info["format"]]
    if hasattr(kind, "labels"):
        check_labels(folder, info, [kind.labels(folder, info)])
    elif not is_as_written(folder, MANIFEST):
        check_labels(folder, info, (labels for _, labels in blocks))


def _otherwise(folder, number, row, label, class_names):
    said = f"{printable(row['label'] or '')} ({printable(row['class_name'] or '')!r})"
    return GanprofileError(
        f"{printable(folder)}: image {number} has the label {label} "
        f"({printable(class_names[label])!r}) by its file, and {said} by {MANIFEST}. Undo what was "
        "changed, which ganprofile verify names; to correct labels, load the set and save it with "
        "others."
    )
