"""The datasets that have a name, and `load`, which knows them and files of one's own."""

import dataclasses
from pathlib import Path

from ganprofile.datasets.embedded_source import EmbeddedSource
from ganprofile.datasets.stored import read_npz, read_stored
from ganprofile.datasets.tfds_source import TfdsSource
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.files import refuse_existing
from ganprofile.images import save_png

DATASETS = {
    "digits": EmbeddedSource("digits"),
    "characters": EmbeddedSource("characters"),
    "mnist": TfdsSource("mnist", "mnist"),
    "emnist": TfdsSource("emnist", "emnist/balanced", transposed=True),
}

RECIPE_STEPS = ("subset", "of_classes")


def load(name, offline=False):
    """Load a dataset.

    Args:
        name: a name in `DATASETS`, an `.npz` file with the arrays `images`, `labels` and
            optionally `writers` and `class_names`, or a folder that ganprofile wrote.
        offline: refuse to download.

    Returns:
        `(train_set, test_set)`; `test_set` is None where there is none.

    Raises:
        UsageError: nothing of that name or at that path.
        GanprofileError: the data cannot be had or read.
    """
    source = DATASETS.get(str(name))
    if source is not None:
        parts = {
            split: dataclasses.replace(part, recipe=({"load": source.name, "split": split},))
            for split, part in source.load(offline).items()
        }
        return parts["train"], parts["test"]
    path = Path(name)
    if path.suffix == ".npz" and path.is_file():
        dataset = read_npz(path)
    elif (path / "dataset.json").is_file():
        dataset = read_stored(path)
    else:
        raise UsageError(
            f"No dataset {str(name)!r}. Known: {', '.join(DATASETS)}; or give an .npz file or a "
            "folder that ganprofile wrote."
        )
    recipe = ({"load": str(path.resolve()), "split": "train"},)
    return dataclasses.replace(dataset, recipe=recipe), None


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
        train_set, test_set = load(first["load"], offline)
        dataset = {"train": train_set, "test": test_set}[first["split"]]
        for step in steps:
            ((name, arguments),) = step.items()
            if name not in RECIPE_STEPS:
                raise KeyError(name)
            dataset = getattr(dataset, name)(**arguments)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, UsageError):
            raise
        raise GanprofileError(f"The recipe of the dataset is not one of ours: {recipe}.") from error
    return dataset


def describe(name, grid=None, seed=0, offline=False, force=False):
    """The card of a named dataset.

    Args:
        name: a name in `DATASETS`.
        grid: a folder to write a picture `NAME.png` of some training images of every class into,
            or None.
        seed: which images the picture shows.
        offline: refuse to download for the picture.
        force: replace a picture of that name.

    Returns:
        A dict: title, source, licence, counts, classes, polarity, whether it is on this machine.
    """
    if name not in DATASETS:
        raise UsageError(f"No dataset {name!r}. Known: {', '.join(DATASETS)}.")
    source = DATASETS[name]
    card = {**source.card(), "on_machine": source.is_here()}
    if grid is not None:
        picture = Path(grid) / f"{name}.png"
        refuse_existing(picture, force)
        train_set, _ = load(name, offline)
        picture.parent.mkdir(parents=True, exist_ok=True)
        save_png(picture, train_set.grid(seed=seed))
        card["picture"] = str(picture)
    return card


def known():
    """The cards of all named datasets."""
    return [describe(name) for name in DATASETS]
