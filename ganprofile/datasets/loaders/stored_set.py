"""A folder that ganprofile wrote, in any of its formats."""

from ganprofile.datasets.loaders.loaded_data import LoadedData
from ganprofile.datasets.loaders.shaping import shaped
from ganprofile.datasets.stored import read_stored

WHAT = "a folder that ganprofile wrote"


def recognises(path):
    """Whether it says of itself what it holds."""
    return (path / "dataset.json").is_file()


def read(path, options):
    """A `LoadedData` in the order in which the set was written."""
    return shaped(LoadedData(read_stored(path)), options)
