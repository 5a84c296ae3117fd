"""The two datasets inside the package."""

import functools
import hashlib
from importlib import resources

from ganprofile.datasets.cards import read_card
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.loaded_data import LoadedData
from ganprofile.errors import GanprofileError
from ganprofile.storage.arrays import open_arrays

EMBEDDED = ("digits", "characters")
_ROOT = resources.files("ganprofile.datasets")


class EmbeddedSource:
    """`embedded/NAME.npz`, checked against the sha256 in its card."""

    def __init__(self, name):
        self.name = name

    def card(self):
        """What is known of the data."""
        return read_card(self.name)

    def is_here(self):
        """Always: the package carries it."""
        return True

    def load(self, request):
        """Both parts, in arrays of the caller's own."""
        path = _ROOT / "embedded" / f"{self.name}.npz"
        if hashlib.sha256(path.read_bytes()).hexdigest() != self.card()["sha256"]:
            raise GanprofileError(f"{path} is damaged (its sha256 is wrong). Install again.")
        arrays = {name: array.copy() for name, array in _decoded(path).items()}
        return LoadedData(*(self._part(arrays, split) for split in ("train", "test")))

    def _part(self, arrays, split):
        return Dataset(
            arrays[f"{split}_images"][..., None],
            labels=arrays[f"{split}_labels"],
            class_names=arrays["class_names"].tolist(),
            writers=arrays.get(f"{split}_writers"),
            name=self.name,
            split=split,
        )


@functools.cache
def _decoded(path):
    """The arrays of a file; to inflate them takes longer than most of what is done with them."""
    return open_arrays(path)
