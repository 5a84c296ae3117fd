"""A dataset that an installed package adds as a function."""

import dataclasses

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.loaded_data import PARTS, LoadedData
from ganprofile.errors import GanprofileError


class FunctionSource:
    """A function without arguments that returns a `Dataset`, or a training and a test part.

    The card is made of its docstring and of what it returns.
    """

    def __init__(self, name, function):
        self.name = name
        self._function = function

    def card(self):
        """What is known of the data."""
        parts = [part for part in self._parts() if part is not None]
        title = (self._function.__doc__ or self.name).strip().splitlines()[0]
        return {
            "name": self.name,
            "title": title,
            "source": f"the installed package {self._function.__module__.partition('.')[0]}",
            "images": {part.split: len(part) for part in parts},
            "image_shape": list(parts[0].image_shape),
            "classes": list(parts[0].class_names),
        }

    def is_here(self):
        """Whether it is on this machine: the package is."""
        return True

    def load(self, request):
        """Both parts."""
        return LoadedData(*self._parts())

    def _parts(self):
        found = self._function()
        parts = (found, None) if isinstance(found, Dataset) else found
        kinds = tuple(map(type, parts)) if isinstance(parts, tuple) else type(parts)
        if kinds not in ((Dataset, Dataset), (Dataset, type(None))):
            raise GanprofileError(
                f"The dataset {self.name} should be a Dataset, or a pair of them. "
                f"Received from its package: {kinds}."
            )
        return [
            part and dataclasses.replace(part, name=self.name, split=split)
            for part, split in zip(parts, PARTS, strict=True)
        ]


def as_source(name, loaded):
    """What an entry point is, as a source: one that has all methods of it, or a function."""
    return loaded if hasattr(loaded, "load") else FunctionSource(name, loaded)
