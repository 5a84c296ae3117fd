"""`load`: a dataset by its name, or whatever lies at a path."""

import dataclasses
from pathlib import Path

from ganprofile.datasets.duplicates import refuse_overlap, without_test_images
from ganprofile.datasets.imports import imported_names, read_imported
from ganprofile.datasets.places import Request
from ganprofile.datasets.readers import ReadOptions, read_path
from ganprofile.datasets.readers.shaping import shaped
from ganprofile.datasets.sources import DATASETS
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.files import printable

RECIPE_STEPS = ("subset", "of_classes")


def load(
    name,
    *,
    data_dir=None,
    image_size=None,
    channels=None,
    invert="auto",
    writer_columns=None,
    offline=False,
    allow_overlap=False,
):
    """Load a dataset.

    Args:
        name: a name in `DATASETS`, one given to `datasets import`, or the path of anything that a
            reader in `datasets.readers.READERS` recognises: a folder of pictures, a CSV or
            JSON-lines table of them, an `.npz` file, official idx files, an archive of such.
        data_dir: where the files of a named dataset lie that are supplied by hand.
        image_size: height and width in pixels; None keeps what the data have.
        channels: 1 (grey) or 3 (colour); None keeps what the data have.
        invert: for a person's own pictures, whether they show dark ink on light paper: `"yes"`,
            `"no"` or `"auto"`.
        writer_columns: the order of the columns in HWD+'s `WriterInfo.npy`.
        offline: refuse to download.
        allow_overlap: let a person's own training part share images with the test part.

    Returns:
        `(train_set, test_set)`; `test_set` is None where there is none. The training part of a
        named dataset has no image that is also in its test part.

    Raises:
        UsageError: nothing of that name or at that path, or the parts share images.
        GanprofileError: the data cannot be had or read.
    """
    name = str(name)
    options = ReadOptions(image_size, channels, invert)
    given = {
        "data_dir": None if data_dir is None else str(Path(data_dir).resolve()),
        "image_size": image_size,
        "channels": channels,
        "invert": None if invert == "auto" else invert,
        "writer_columns": writer_columns,
        "allow_overlap": allow_overlap or None,
    }
    if name in DATASETS:
        reading = _named(name, Request(data_dir, options, writer_columns, offline))
        train_set = without_test_images(reading.train, reading.test)
    else:
        reading, name = _own(name, options)
        train_set = refuse_overlap(reading.train, reading.test, allow_overlap)
    step = {"load": name, **{key: value for key, value in given.items() if value is not None}}
    train_set = dataclasses.replace(train_set, recipe=({**step, "split": "train"},))
    if reading.test is None:
        return train_set, None
    return train_set, dataclasses.replace(reading.test, recipe=({**step, "split": "test"},))


def _named(name, request):
    if request.options.invert != "auto":
        raise UsageError(f"The polarity of {name} is known. Remove --invert.")
    return shaped(DATASETS[name].load(request), request.options)


def _own(name, options):
    """What was imported under a name, or lies at a path; and the name that finds it again."""
    if name in imported_names():
        return shaped(read_imported(name), options), name
    path = Path(name).expanduser()
    if not name or not path.exists():
        raise UsageError(
            f"No dataset {printable(name)!r}. Known: {', '.join([*DATASETS, *imported_names()])}; "
            "or give the path of a folder of pictures, an .npz file, a table or an archive."
        )
    return read_path(path, options), str(path.resolve())


def from_recipe(recipe, offline=False):
    """Make the dataset that a run was trained on again, from the steps its config records.

    Raises:
        GanprofileError: the recipe is missing (the data came as arrays) or unknown.
    """
    if not recipe:
        raise GanprofileError(
            "The dataset was given as arrays, so it cannot be loaded again. "
            "Pass the same Dataset from Python."
        )
    try:
        first, *steps = recipe
        arguments = {key: value for key, value in first.items() if key not in ("load", "split")}
        train_set, test_set = load(first["load"], offline=offline, **arguments)
        dataset = {"train": train_set, "test": test_set}[first["split"]]
        for step in steps:
            ((name, arguments),) = step.items()
            if name not in RECIPE_STEPS:
                raise KeyError(name)
            dataset = getattr(dataset, name)(**arguments)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, UsageError):
            raise
        raise GanprofileError(f"The recipe of the dataset is not one of ours: {recipe}.") from error
    return dataset
