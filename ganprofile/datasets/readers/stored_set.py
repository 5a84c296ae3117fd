"""A folder that ganprofile wrote, in any of its formats."""

from ganprofile.datasets.readers.reading import Reading
from ganprofile.datasets.readers.shaping import shaped
from ganprofile.datasets.stored import read_stored

WHAT = "a folder that ganprofile wrote"


def recognises(path):
    """Whether it says of itself what it holds."""
    return (path / "dataset.json").is_file()


def read(path, options):
    """A `Reading` in the order in which the set was written."""
    return shaped(Reading(read_stored(path)), options)
