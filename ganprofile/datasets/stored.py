"""Reading what lies in files: `.npz` arrays and the folders that ganprofile writes."""

import csv
from pathlib import Path

import numpy as np

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.fingerprint import UNKNOWN_WRITER
from ganprofile.datasets.formats import FORMATS
from ganprofile.errors import GanprofileError
from ganprofile.files import open_arrays, read_json


def read_npz(path):
    """A `Dataset` from the arrays `images`, `labels`, `writers`, `class_names` of an npz file.

    Images may be `(n, height, width)` or `(n, height, width, channels)`; only `images` is needed.
    """
    arrays = open_arrays(path)
    if "images" not in arrays:
        raise GanprofileError(
            f"{path} has no array 'images'. Received: {', '.join(arrays) or 'nothing'}."
        )
    images = arrays["images"]
    return Dataset(
        images[..., None] if images.ndim == 3 else images,
        labels=arrays.get("labels"),
        class_names=arrays["class_names"].tolist() if "class_names" in arrays else (),
        writers=arrays.get("writers"),
        name=Path(path).stem,
    )


def read_stored(folder):
    """A folder that ganprofile wrote, as a `Dataset` in the order in which it was written.

    Raises:
        GanprofileError: the folder is damaged; the sentence names the file.
    """
    folder = Path(folder)
    info = read_json(folder / "dataset.json")
    try:
        name, count, class_names = info["name"], info["images"], info["class_names"]
        images, labels = FORMATS[info["format"]].read(folder, info)
    except (KeyError, TypeError, ValueError) as error:
        raise GanprofileError(
            f"{folder / 'dataset.json'} lacks or mistakes {error}: not a set that ganprofile wrote."
        ) from error
    if len(images) != count:
        raise GanprofileError(f"{folder} should hold {count} images. Received: {len(images)}.")
    return Dataset(
        images,
        labels=labels,
        class_names=class_names,
        writers=_writers(folder / "manifest.csv"),
        name=name,
        split=info.get("split", "train"),
    )


def _writers(manifest):
    """The writer column of a manifest, int32 `(n,)`, -1 where empty; None where all are."""
    try:
        with open(manifest, newline="", encoding="utf-8") as file:
            values = [int(row["writer"] or UNKNOWN_WRITER) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError) as error:
        raise GanprofileError(f"{manifest} is missing or damaged ({error}).") from error
    writers = np.array(values, np.int32)
    return writers if (writers != UNKNOWN_WRITER).any() else None
