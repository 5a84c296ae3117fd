"""Whether `dataset.json`, the manifest and the files of images of a written set say the same."""

import collections
from pathlib import Path

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.fingerprint import Fingerprint
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats.attributes import NEIGHBOURS, REAL, SYNTHETIC
from ganprofile.datasets.formats.card import GUESSED
from ganprofile.datasets.formats.checksums import INFO, MANIFEST, are_as_written
from ganprofile.datasets.manifest import Manifest
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

COLUMNS = ("label", "class_name", "source", "labelled_by", "writer")
# What `dataset.json` counts of the manifest: the column, the value, and what images with it are.
COUNTED = {
    REAL: ("source", REAL, "real"),
    SYNTHETIC: ("source", SYNTHETIC, "synthetic"),
    GUESSED: ("labelled_by", NEIGHBOURS, "with guessed labels"),
}
UNDO = "Undo what was changed, which ganprofile verify names"


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
            rows: a `pyarrow.Table` with both columns, as long as `labels` or shorter.
            labels: int32 `(n,)`, what the files say.
        """
        import pyarrow.compute as pc

        agree = [
            pc.fill_null(pc.equal(rows[name], texts.take(labels[: len(rows)])), False)
            for name, texts in self._texts.items()
        ]
        return np.flatnonzero(~np.logical_and(*agree))


def check_opened(folder, info, blocks):
    """Refuse a set of which `dataset.json`, the manifest and the files of images say other things,
    and read as little for it as that takes.

    Args:
        folder: of the set.
        info: its `dataset.json`.
        blocks: `(images, labels)` of all its images, read where that is needed.

    Raises:
        GanprofileError: they do, or the set is damaged.
    """
    kind = FORMATS[info["format"]]
    if hasattr(kind, "labels"):
        # Files of single images, perhaps a million, tell their labels by where they lie.
        check_read(folder, info, [(None, kind.labels(folder, info))])
    elif not (_is_described_as_written(folder, info) and are_as_written(folder, MANIFEST)):
        # Files of many images are read only where something is not as it was written: until then
        # checksums tell that all belongs together, in a tenth of the time.
        check_read(folder, info, blocks)


def check_read(folder, info, blocks):
    """The same of a set whose images were read.

    Each label is held against its row of the manifest, what the manifest counts against
    `dataset.json`, and, where files of many images or `dataset.json` are not as they were written,
    the images against its fingerprint: labels of another set may be the same by chance. Images in
    files of their own may be others, as where somebody cleaned one.
    """
    folder, first = Path(folder), 0
    manifest, texts = Manifest(folder / MANIFEST, COLUMNS), ClassTexts(info["class_names"])
    is_certain = "fingerprint" not in info or _is_described_as_written(folder, info)
    whole = None if is_certain else Fingerprint(info["class_names"])
    counts = collections.Counter()
    for images, labels in blocks:
        rows = manifest.take(len(labels))
        differing = texts.differing(rows, labels)
        if len(differing):
            k = int(differing[0])
            row = rows.slice(k, 1).to_pylist()[0]
            raise _otherwise(folder, first + k, row, labels[k], info["class_names"])
        if whole is not None:
            whole.update(images, labels, manifest.writers(rows))
        for column in ("source", "labelled_by"):
            for counted in rows[column].value_counts().to_pylist():
                counts[column, counted["values"]] += counted["counts"]
        first += len(labels)
    manifest.close()
    _check_counts(folder, info, counts)
    _say_added(folder, info)
    if whole is not None and first and whole.hexdigest() != info["fingerprint"]:
        raise GanprofileError(
            f"{printable(folder)}: its images, labels and writers are not those of which {INFO} "
            f"has the fingerprint, as where a part of another set was copied over it. {UNDO}, or "
            "copy the set again."
        )


def _is_described_as_written(folder, info):
    """Whether `dataset.json` and what it describes, files of many images, are as they were
    written; of single images, which may be others, it is not asked."""
    kind = FORMATS[info["format"]]
    files = getattr(kind, "FILES", "*")
    return hasattr(kind, "labels") or (
        are_as_written(folder, INFO) and are_as_written(folder, *files)
    )


def _check_counts(folder, info, counts):
    """Hold the sources of images and labels that the manifest counts against `dataset.json`."""
    for key, (column, value, what) in COUNTED.items():
        found = counts[column, value]
        if info.get(key, found) != found:
            raise GanprofileError(
                f"{printable(folder)}: {info[key]!r:.20} of its images are {what} by {INFO}, and "
                f"{found} by {MANIFEST}, so that nothing tells which. {UNDO}."
            )


def _say_added(folder, info):
    """Say which pictures somebody put among those of a set, which are not read."""
    kind = FORMATS[info["format"]]
    added = kind.added(folder, info) if hasattr(kind, "added") else []
    if added:
        are = "1 picture in it is" if len(added) == 1 else f"{len(added):,} pictures in it are"
        say(
            f"{printable(folder)}: {are} not part of the set, such as {printable(added[0])}, and "
            "not read. To read pictures of your own, put them into class folders elsewhere."
        )


def _otherwise(folder, number, row, label, class_names):
    said = f"{printable(row['label'] or '')} ({printable(row['class_name'] or '')!r})"
    return GanprofileError(
        f"{printable(folder)}: image {number} has the label {label} "
        f"({printable(class_names[label])!r}) by its file, and {said} by {MANIFEST}. {UNDO}; to "
        "correct labels, load the set and save it with others."
    )
