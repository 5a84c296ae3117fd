"""Held-out pictures are read as those were from which the judged images come."""

import os

from ganprofile.console import say
from ganprofile.datasets import are_arrays
from ganprofile.datasets.file_options import own_options, takes_labels
from ganprofile.datasets.naming import dataset_or_path, place_of
from ganprofile.datasets.raw_scans import SAID
from ganprofile.datasets.reading_alike import read_as
from ganprofile.datasets.sources import DATASETS
from ganprofile.datasets.stored import read_info
from ganprofile.errors import GanprofileError
from ganprofile.runs.naming import run_named
from ganprofile.runs.run import Run
from ganprofile.storage.files import expanded, printable

# What brings pictures into a shape.
FORM = (*SAID, "keep_size", "transpose", "rotate", "invert", "bits", "zip_encoding")


def read_like(source, against, loading):
    """Arguments of `load` for real pictures that drawn or deformed ones are held against.

    Args:
        source: what is judged, as for `evaluate`.
        against: the real images, as for `evaluate`.
        loading: the arguments that the user said; these count first.

    Returns:
        A dict; where `against` is a folder or an archive of a person's own pictures, it also says
        how those were read that the source was made from, and of a named dataset whose characters
        may keep their sizes, whether they are to.
    """
    is_word = isinstance(against, (str, os.PathLike)) and not are_arrays(against)
    if not is_word or place_of(against):
        return loading
    name = dataset_or_path(against)
    if name in DATASETS:
        alike = own_options(name)
    elif takes_labels(against) and all(loading.get(option) is None for option in SAID):
        alike = FORM
    else:
        alike = ()
    if not alike:
        return loading
    form = _form(source, bool(loading.get("offline")), alike)
    if form.get("photographs") is not None:
        say(
            f"{printable(against)}: read as the images were that the source was made from, with "
            f"`photographs={form['photographs']!r}`."
        )
    return {**form, **{key: value for key, value in loading.items() if value is not None}}


def _form(source, offline, alike):
    """How the pictures were read that a source was made from, as those arguments of `load`."""
    recipe = _recipe(source, offline)
    size = dict(recipe[0]).get("image_size") if recipe else None
    form = {"image_size": size, **read_as(recipe)}
    return {option: form[option] for option in alike if form.get(option) is not None}


def _recipe(source, offline):
    """The recipe of the real images behind a source, or None."""
    run = run_named(source, offline)
    if run is not None:
        return run.config["dataset"].get("recipe")
    info = getattr(source, "info", None)
    folder = source if isinstance(source, (str, os.PathLike)) else getattr(source, "path", None)
    if info is None and folder is not None and (expanded(folder) / "dataset.json").is_file():
        info = read_info(expanded(folder))
    made_from = (info or {}).get("made_from") or {}
    if "dataset_recipe" in made_from:
        return made_from["dataset_recipe"]
    try:
        return Run.open(str(made_from["run_folder"])).config["dataset"].get("recipe")
    except (GanprofileError, OSError, KeyError):
        return None
