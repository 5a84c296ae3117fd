"""Reading the folders that ganprofile writes."""

from pathlib import Path

import numpy as np

from ganprofile.datasets.agreement import check_read
from ganprofile.datasets.checks import is_split
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.fingerprint import UNKNOWN_WRITER
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats.attributes import FILE as ATTRIBUTES
from ganprofile.datasets.formats.attributes import (
    NEIGHBOURS,
    ORIGIN,
    ORIGIN_COLUMNS,
    REAL,
    read_attributes,
)
from ganprofile.datasets.formats.checksums import MANIFEST, refuse_changed
from ganprofile.datasets.formats.soft_labels import FILE as SOFT_LABELS
from ganprofile.datasets.formats.soft_labels import old_columns, read_soft_labels
from ganprofile.datasets.manifest import Manifest
from ganprofile.datasets.origins import MADE_FROM, recorded_provenance
from ganprofile.errors import GanprofileError, first_line, reworded
from ganprofile.storage.arrays import NOT_WHOLE, damaged_set
from ganprofile.storage.files import read_json


def read_stored(folder):
    """A folder that ganprofile wrote, as a `Dataset` in the order in which it was written.

    Raises:
        GanprofileError: the folder is damaged; the sentence names the file.
    """
    folder = Path(folder)
    info = read_info(folder)
    count = info["images"]
    try:
        images = np.empty((count, *info["image_shape"]), np.uint8)
    except (MemoryError, ValueError) as error:
        raise GanprofileError(f"{folder} does not fit into memory ({error}).") from error
    labels = np.empty(count, np.int32)
    done = 0
    for some_images, some_labels in stored_blocks(folder, info):
        place = slice(done, min(count, done + len(some_labels)))
        images[place] = some_images[: count - done]
        labels[place] = some_labels[: count - done]
        done += len(some_labels)
        if done > count:
            break
    if done != count:
        raise GanprofileError(f"{folder} should hold {count} images. Received: {done}. {NOT_WHOLE}")
    manifest = folder / MANIFEST
    columns = _columns(manifest)
    writers = columns.pop("writer")
    if len(writers) != count:
        raise GanprofileError(
            f"{manifest} should have {count} rows. Received: {len(writers)}. {NOT_WHOLE}"
        )
    check_read(folder, info, [(images, labels)])
    attributes = read_attributes(folder, count)
    soft_labels = read_soft_labels(folder, info, attributes=attributes)
    refuse_changed(folder, ATTRIBUTES, SOFT_LABELS)
    # Where they have a file of their own, columns that are called alike are the user's.
    for name in [] if (folder / SOFT_LABELS).is_file() else old_columns(attributes, info):
        del attributes[name]
    return Dataset(
        images,
        labels=labels,
        class_names=info["class_names"],
        writers=writers if (writers != UNKNOWN_WRITER).any() else None,
        attributes={**attributes, **columns},
        name=info["name"],
        split=info["split"],
        provenance=stored_provenance(info),
        soft_labels=soft_labels,
    )


def _columns(path):
    """`writer` as integers; and, unless all images are simply real and have labels that were not
    guessed, where each comes from."""
    manifest = Manifest(path, ("writer", *ORIGIN_COLUMNS))
    pieces = list(manifest.pieces())
    writers = [np.zeros(0, np.int32), *map(manifest.writers, pieces)]
    columns = {"writer": np.concatenate(writers)}
    if all(
        set(_texts(rows["source"].unique())) <= {REAL}
        and NEIGHBOURS not in _texts(rows["labelled_by"].unique())
        for rows in pieces
    ):
        return columns
    for name in ORIGIN_COLUMNS:
        columns[f"{ORIGIN}{name}"] = np.concatenate([_texts(rows[name]) for rows in pieces])
    return columns


def _texts(column):
    """A column of a manifest, `(n,)`; what is missing is empty."""
    return np.array(column.fill_null("").to_pylist(), str)


def stored_provenance(info):
    """What is known of a set's making: its own marks, those of its run, and the run.

    Args:
        info: its `dataset.json` (`read_info`).
    """
    made_from = info.get(MADE_FROM)
    if not isinstance(made_from, dict):
        return recorded_provenance(info)
    return {**recorded_provenance(made_from), **recorded_provenance(info), MADE_FROM: made_from}


def read_info(folder):
    """The `dataset.json` of a folder that ganprofile wrote, checked.

    Raises:
        GanprofileError: it is missing, damaged or of something else.
    """
    path = Path(folder) / "dataset.json"
    info = read_json(path, damaged_set(folder, was_said=True))
    info.setdefault("split", "train")
    for key, is_right in INFO.items():
        if key not in info or not is_right(info[key]):
            raise GanprofileError(
                f"{path} lacks or mistakes {key!r}: not a set that ganprofile wrote. "
                f"Received: {info.get(key)!r:.60}."
            )
    if info["format"] not in FORMATS:
        raise GanprofileError(
            f"{path} lacks or mistakes 'format': none that is installed. Received: "
            f"{info['format']!r:.60}. If a package adds it (ganprofile.formats), install that."
        )
    return info


def stored_blocks(folder, info):
    """The images and labels of a written set piece by piece, in the order of writing.

    Args:
        folder: the folder.
        info: its `dataset.json` (`read_info`).

    Yields:
        `(images, labels)`: uint8 `(n, height, width, channels)`, int32 `(n,)`.

    Raises:
        GanprofileError: a file is damaged; the sentence names it where that can be told.
    """
    shape, classes = tuple(info["image_shape"]), len(info["class_names"])
    # damaged bytes make libraries fail in ways of their own
    with reworded(lambda error: f"{folder} cannot be read ({first_line(error)})."):
        for images, labels in FORMATS[info["format"]].blocks(Path(folder), info):
            if images.shape != (*labels.shape, *shape) or images.dtype != np.uint8:
                raise GanprofileError(
                    f"{folder} should hold uint8 images of {shape}. "
                    f"Received: {images.dtype} {images.shape} for {labels.shape} labels."
                )
            if labels.dtype.kind not in "iu" or not ((labels >= 0) & (labels < classes)).all():
                raise GanprofileError(
                    f"Labels in {folder} should be integers in 0..{classes - 1}. "
                    f"Received: {labels.dtype}, {labels.min()}..{labels.max()}."
                )
            yield images, labels.astype(np.int32)


def _is_list_of(kind, values):
    return isinstance(values, list) and all(type(value) is kind for value in values)


# What `dataset.json` must hold, and how that is told.
INFO = {
    "name": lambda value: isinstance(value, str),
    "format": lambda value: isinstance(value, str),
    "images": lambda value: type(value) is int and value >= 0,
    "image_shape": lambda value: _is_list_of(int, value) and len(value) == 3 and min(value) > 0,
    "split": is_split,
    "class_names": lambda value: _is_list_of(str, value) and len(value) > 0,
}
