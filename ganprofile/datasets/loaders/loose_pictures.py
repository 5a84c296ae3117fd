"""A folder of unlabelled pictures."""

import numpy as np

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.gathering import gather
from ganprofile.datasets.loaders.label_tables import refuse_tables
from ganprofile.datasets.loaders.loaded_data import LoadedData
from ganprofile.datasets.loaders.pictures import is_picture
from ganprofile.storage.files import printable

WHAT = "a folder of pictures without subfolders, which have no labels"


def recognises(path):
    """Whether pictures lie in the folder itself."""
    return path.is_dir() and any(map(is_picture, path.iterdir()))


def read(path, options):
    """A `LoadedData` without labels, in the order of the files' names.

    Raises:
        UsageError: sizes differ and no size is given, or polarity is not clear; or a table lies
            there that could not be understood.
        GanprofileError: a file cannot be read.
    """
    refuse_tables(path, options)
    files = sorted(filter(is_picture, path.iterdir()))
    gathered = gather(files, options, path)
    names = np.array([printable(files[k].name) for k in gathered.kept])
    name = printable(path.resolve().name)
    dataset = Dataset(gathered.images, attributes={"file": names}, name=name)
    return LoadedData(dataset, findings=gathered.findings)
