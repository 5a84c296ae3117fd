"""An `.npz` file with arrays of images and labels, of one part or of several."""

import contextlib
import dataclasses
from pathlib import Path

from ganprofile.datasets.formats import npz
from ganprofile.datasets.loaders.array_sets import reading_of_arrays
from ganprofile.datasets.loaders.class_mapping import mapping_beside
from ganprofile.datasets.loaders.loaded_data import AUTO
from ganprofile.datasets.stored import read_info, stored_provenance
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
    mapping = mapping_beside(Path(path))
    info = _info_beside(path)
    if info is not None and options.invert == AUTO:  # what we wrote has light ink
        options = dataclasses.replace(options, invert="no", photographs=None)
    reading = reading_of_arrays(open_arrays(path), path, Path(path).stem, options, mapping)
    provenance = {} if info is None else stored_provenance(info)
    return reading.each(lambda part: dataclasses.replace(part, provenance=provenance))


def _info_beside(path):
    """The `dataset.json` beside a shard of a set of ours, or None."""
    with contextlib.suppress(GanprofileError):
        info = read_info(path.parent)
        if path in npz.shards(path.parent) and info["format"] == "npz":
            return info
    return None
