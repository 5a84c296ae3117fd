"""What a person's word names: a run folder, a model, or data; never two of them at once."""

import os

from ganprofile.console import say
from ganprofile.datasets.imports import is_imported_from
from ganprofile.datasets.naming import dataset_named
from ganprofile.errors import UsageError
from ganprofile.hub.download import is_model
from ganprofile.hub.names import is_hub_name, parsed
from ganprofile.runs.model_places import model_named, refuse_folder_of_runs
from ganprofile.runs.run import Run
from ganprofile.runtimes import runtime_of
from ganprofile.storage.files import expanded, is_there, printable

MARKS = ("config.json", "generator.keras")  # of a run or a model


def run_named(source, offline=False):
    """The run or model that a source names, or None where it names data or nothing.

    A word is looked for as a run folder, a model's name, a dataset's name and a path, in this
    order.

    Args:
        source: a `Run`, a path, a name, or anything else, which is no run.
        offline: whether nothing may be asked of the Hub, or downloaded.

    Raises:
        UsageError: it could be two things.
        GanprofileError: the run is damaged.
    """
    if isinstance(source, Run):
        return source
    if not isinstance(source, (str, os.PathLike)):
        return None
    if is_hub_name(source):
        return Run.open(source, offline) if is_model(parsed(source), offline) else None
    source = os.fspath(source)
    meanings = _meanings(source)
    if meanings.keys() == {"dataset", "path"} and is_imported_from(source, source):
        say(f"{printable(source)}: what was imported from here under that name is meant.")
        return None
    if len(meanings) > 1:
        raise UsageError(
            f"{printable(source)!r} is {' and '.join(meanings.values())}. "
            f"Say ./{printable(source)} for what lies here, or rename it."
        )
    refuse_folder_of_runs(source)
    return Run.open(source) if {"run", "model"} & meanings.keys() else None


def _meanings(source):
    """Kind -> what a source could be, in words."""
    path = expanded(source)
    is_run = is_there(path) and any((path / mark).is_file() for mark in MARKS)
    is_run = is_run or runtime_of(source) is not None  # an exported one, which can say so
    could_be = {
        "run": (is_run, "a run folder here"),
        "model": (model_named(source) is not None, "the name of a model"),
        "dataset": (dataset_named(source) is not None, "the name of a dataset"),
        "path": (is_there(path) and not is_run, "a folder or file here"),
    }
    return {kind: words for kind, (applies, words) in could_be.items() if applies}
