"""An `.npz` file with arrays of images and labels, of one part or of several."""

import contextlib
from pathlib import Path

import numpy as np

from ganprofile.datasets.formats import npz
from ganprofile.datasets.loaders.array_sets import reading_of_arrays
from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.datasets.loaders.loaded_data import LoadedData
from ganprofile.datasets.loaders.shaping import shaped
from ganprofile.datasets.stored import read_info, read_stored
from ganprofile.errors import GanprofileError
from ganprofile.storage.arrays import open_arrays

WHAT = "an .npz file with the arrays images and labels, or x_train, y_train, x_test, y_test"


def recognises(path):
    """Whether it is a file of that name."""
    return path.suffix.lower() == ".npz" and path.is_file()


def read(path, options):
    """`LoadedData`; `array_names` says how arrays may be called, `array_images` what they hold.

    Raises:
        GanprofileError: the file is damaged, or its arrays are no images.
    """
    if _is_shard(path):
        return shaped(LoadedData(_of_set(path)), options)
    mapping = mapping_beside(Path(path))
    return reading_of_arrays(open_arrays(path), path, Path(path).stem, options, mapping)


def _is_shard(path):
    """Whether a file is a shard of a set of ours that lies beside its `dataset.json`."""
    with contextlib.suppress(GanprofileError):
        is_ours = read_info(path.parent)["format"] == "npz"
        return is_ours and path in npz.shards(path.parent)
    return False


def _of_set(path):
    """The images of a shard with all that the set says of them, as a `Dataset`."""
    whole = read_stored(path.parent)  # says what is damaged
    shards = npz.shards(path.parent)
    lengths = [len(open_arrays(one)["labels"]) for one in shards[: shards.index(path) + 1]]
    return whole.select(np.arange(sum(lengths[:-1]), sum(lengths)))
