"""A dataset that an installed package adds as a function."""

import dataclasses

from ganprofile.datasets.classes import in_words, relabelled
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.loaded_data import PARTS, LoadedData
from ganprofile.errors import GanprofileError, reworded
from ganprofile.storage.plugins import only


class FunctionSource:
    """A function without arguments that returns a `Dataset`, or a training and a test part.

    The card is made of its docstring and of what it returns.
    """

    def __init__(self, name, function):
        self.name = name
        self._function = function
        self._package = str(getattr(function, "__module__", name)).partition(".")[0]

    def card(self):
        """What is known of the data."""
        parts = [part for part in self._parts() if part is not None]
        title = ((self._function.__doc__ or "").strip() or self.name).splitlines()[0]
        return {
            "name": self.name,
            "title": title,
            "source": f"the installed package {self._package}",
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
        with reworded(  # a package may fail in any way
            lambda error: (
                f"The dataset {self.name} of the installed package {self._package} failed: "
                f"{type(error).__name__}: {error}. Update or uninstall it."
            )
        ):
            found = self._function()
        parts = (found, None) if isinstance(found, Dataset) else found
        kinds = tuple(map(type, parts)) if isinstance(parts, tuple) else type(parts)
        if kinds not in ((Dataset, Dataset), (Dataset, type(None))):
            raise GanprofileError(
                f"The dataset {self.name} of the installed package {self._package} should be a "
                f"Dataset, or a pair of them. Received: {kinds}. Update or uninstall it."
            )
        train, test = (
            part and dataclasses.replace(part, name=self.name, split=split)
            for part, split in zip(parts, PARTS, strict=True)
        )
        if test is None or test.labels is None or train.labels is None:
            return [train, test]
        return [train, self._numbered_as(train, test)]

    def _numbered_as(self, train, test):
        """The test part with the labels that the training part's classes have."""
        if odd := set(test.class_names) - set(train.class_names):
            raise GanprofileError(
                f"The dataset {self.name} of the installed package {self._package} should have "
                f"test images of classes to learn only. Received: {in_words(sorted(odd))}. Update "
                "or uninstall it."
            )
        return relabelled(test, train.class_names)


def as_source(name, loaded):
    """What an entry point is, as a source: one that has all methods of it, or a function."""
    if hasattr(loaded, "load"):
        return loaded
    return FunctionSource(name, only(callable, "a function that returns a Dataset")(name, loaded))
