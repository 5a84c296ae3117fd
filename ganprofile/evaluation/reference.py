"""What synthetic images are held against: the parts of a real dataset."""

import dataclasses

import numpy as np

from ganprofile.datasets import DATASETS, Dataset, are_arrays, as_dataset, load
from ganprofile.datasets.duplicates import refuse_marked
from ganprofile.datasets.file_options import for_named, takes_labels
from ganprofile.datasets.naming import dataset_or_path
from ganprofile.datasets.raw_scans import refuse_raw
from ganprofile.datasets.synthetic import say_synthetic
from ganprofile.errors import UsageError
from ganprofile.images import TO_ONE_SHAPE, shape_in_words

NAMED = 5  # classes in a sentence


@dataclasses.dataclass(frozen=True)
class Reference:
    """Real images; one of the parts may be missing.

    Attributes:
        train: the part to learn from, or None.
        test: the part held out, or None.
    """

    train: Dataset | None
    test: Dataset | None

    @property
    def compared(self):
        """The part that synthetic images are compared with: the test part where there is one."""
        return self.train if self.test is None else self.test

    @property
    def part(self):
        """Which part that is: `"test"` or `"train"`."""
        return "train" if self.test is None else "test"

    @property
    def class_names(self):
        """Names of the classes; empty where the compared part has no labels."""
        return self.compared.class_names if self.compared.labels is not None else ()

    def check(self, name, image_shape, class_names):
        """Refuse images that cannot be held against these.

        Args:
            name: what the images are called.
            image_shape: `(height, width, channels)`.
            class_names: of the classes that they show, or None where they have no labels.

        Raises:
            UsageError: they have another shape, or a class that is not known here.
        """
        ours = self.compared
        if tuple(image_shape) != tuple(ours.image_shape):
            raise UsageError(
                f"Images of {name} are {shape_in_words(image_shape)} and those of {ours.name} "
                f"{shape_in_words(ours.image_shape)}. Bring both to one shape with {TO_ONE_SHAPE}."
            )
        unknown = [one for one in class_names or () if one not in self.class_names]
        if unknown and self.class_names:
            raise UsageError(
                f"{name} has the class {_listed(unknown)}, which {ours.name} lacks (its classes: "
                f"{_listed(self.class_names)}). Name the classes alike, choose some with "
                "`classes`, or ignore labels with `labelled=False`."
            )

    def relabelled(self, dataset):
        """A dataset whose labels are indices into `class_names`; without labels if these are."""
        return _relabelled(dataset, self.class_names)


def read_reference(against, classes=None, **loading):
    """Get the real images.

    Args:
        against: what `datasets.load` takes, a `Dataset` (its `split` says which part it is), or a
            pair `(train, test)` of Datasets or arrays, of which one may be None.
        classes: names of the only classes to compare, or None for all.
        **loading: further arguments of `datasets.load`.

    Returns:
        `Reference`.

    Raises:
        UsageError: there is no such dataset, a class is not known, or the parts do not fit.
        GanprofileError: it cannot be had or read.
    """
    train, test = _parts(against, loading)
    # From here on, rows are those of what was given.
    parts = [dataclasses.replace(part, rows=None) for part in (train, test) if part is not None]
    for part in parts:
        refuse_marked(part.provenance, part.name, bool(loading.get("allow_overlap")))
        say_synthetic(part)
    if classes is not None:
        parts = [part.of_classes(classes) for part in parts]
    whole = Reference(None, parts[-1])
    if train is None or test is None:
        return Reference(parts[0], None) if test is None else whole
    names = parts[0].class_names if parts[0].labels is not None else None
    whole.check(f"the training part of {train.name}", train.image_shape, names)
    return Reference(whole.relabelled(parts[0]), parts[1])


def applicable(name, loading):
    """Arguments of `load` without what is said of people's own files, or of named datasets.

    `name` may be whatever `load` takes.
    """
    if not are_arrays(name) and dataset_or_path(name) in DATASETS:
        fitting = for_named(dataset_or_path(name), loading)
    else:
        of_named = ("data_dir", "writer_columns")
        fitting = {key: value for key, value in loading.items() if key not in of_named}
    if not takes_labels(name):
        fitting.pop("labels", None)
    return fitting


def _parts(against, loading):
    """`(train, test)`, one of which may be None."""
    if isinstance(against, Dataset):
        return (None, against) if against.split == "test" else (against, None)
    if isinstance(against, (tuple, list)) and not _is_of_arrays(against):
        if len(against) != 2 or not any(isinstance(part, Dataset) for part in against):
            raise UsageError(
                "against should be a pair (train, test) of Datasets, one of which may be None. "
                f"Received: {len(against)} values."
            )
        return tuple(map(as_dataset, against))
    train, test = load(against, **applicable(against, loading))
    refuse_raw(train, loading)
    return train, test


def _is_of_arrays(against):
    """Whether a tuple or list is one for `load`, and not a pair with a `Dataset`."""
    if any(isinstance(part, Dataset) for part in against):
        return False
    return any(isinstance(part, (tuple, list)) or hasattr(part, "__array__") for part in against)


def _relabelled(dataset, names):
    if dataset.labels is None or not names:
        return dataclasses.replace(dataset, labels=None, class_names=(), soft_labels=None)
    index_of = {name: index for index, name in enumerate(names)}
    lookup = np.array([index_of.get(name, -1) for name in dataset.class_names])
    labels = lookup[dataset.labels]
    return dataclasses.replace(dataset, labels=labels, class_names=names, soft_labels=None)


def _listed(names):
    shown = " ".join(map(repr, names[:NAMED]))
    return shown if len(names) <= NAMED else f"{shown} and {len(names) - NAMED} more"
