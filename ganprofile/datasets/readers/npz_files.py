"""An `.npz` file with the arrays images, labels, writers, class_names."""

import contextlib
from pathlib import Path

import numpy as np

from ganprofile.arrays import open_arrays
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.formats import npz
from ganprofile.datasets.readers.reading import Reading
from ganprofile.datasets.readers.shaping import shaped
from ganprofile.datasets.stored import read_info, stored_provenance
from ganprofile.errors import GanprofileError

WHAT = "an .npz file with the arrays images, labels and optionally writers, class_names"


def recognises(path):
    """Whether it is a file of that name."""
    return path.suffix.lower() == ".npz" and path.is_file()


def read(path, options):
    """A `Reading`. Images may be `(n, height, width)` or `(n, height, width, channels)`."""
    arrays = open_arrays(path)
    if "images" not in arrays:
        raise GanprofileError(
            f"{path} has no array 'images'. Received: {', '.join(arrays) or 'nothing'}."
        )
    images = arrays["images"]
    dataset = Dataset(
        images[..., None] if images.ndim == 3 else images,
        labels=arrays.get("labels"),
        class_names=_as_text(path, arrays.get("class_names", np.array([]))),
        writers=arrays.get("writers"),
        name=Path(path).stem,
        provenance=_provenance_beside(path),
    )
    return shaped(Reading(dataset), options)


def _provenance_beside(path):
    """What the `dataset.json` beside a shard of a set of ours says of its making."""
    with contextlib.suppress(GanprofileError):
        info = read_info(path.parent)
        if path in npz.shards(path.parent) and info["format"] == "npz":
            return stored_provenance(info)
    return {}


def _as_text(path, names):
    """Class names as str, also where they were stored as UTF-8 bytes."""
    try:
        return (np.char.decode(names, "utf-8") if names.dtype.kind == "S" else names).tolist()
    except UnicodeDecodeError as error:
        raise GanprofileError(f"{path} has class names that are not UTF-8 ({error}).") from error
