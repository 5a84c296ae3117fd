"""Data on Hugging Face's Hub, read as what lies on a disk is."""

import dataclasses

from ganprofile.console import say
from ganprofile.datasets.loaders import read_path
from ganprofile.datasets.loaders.loaded_data import NO_LABELS
from ganprofile.datasets.origins import marked
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.hub.download import snapshot
from ganprofile.hub.names import DATASET, MODEL, parsed, with_revision
from ganprofile.storage.files import printable

HUB = "hub"  # in the provenance: name and commit


def read_hub(name, revision, options, offline):
    """Data by their name on the Hub.

    Args:
        name: such as `hf:user/name`.
        revision: a branch, tag or commit, said beside the name, or None.
        options: `LoadOptions`.
        offline: take only what is on this machine.

    Returns:
        `(reading, name, commit)`: a `LoadedData`, the name without a revision, and which commit it
        was.

    Raises:
        UsageError: the name is that of a model, or no data are there that we read.
        GanprofileError: they cannot be had or read.
    """
    asked = with_revision(parsed(name), revision)
    if asked.kind == MODEL:
        raise UsageError(f"{asked} is said to be a model. Name data: hf:user/name.")
    found = snapshot(asked, DATASET, offline)
    # Others wrote them: a table names no file elsewhere.
    options = dataclasses.replace(options, confined=True)
    try:
        reading = read_path(found.path, options)
    except GanprofileError as error:
        raise type(error)(str(error).replace(str(found.path), str(asked))) from error
    say_assumed(reading, asked, found.path)
    mark = {HUB: f"{asked.repo}@{found.commit}"}
    reading = reading.named(str(asked)).each(lambda part: marked(part, **mark))
    return reading, str(asked), found.commit


def say_assumed(reading, where, path=None):
    """Say what had to be guessed of files.

    Args:
        reading: a `LoadedData`.
        where: their path or name.
        path: where they lie, if `where` does not say it.
    """
    for sentence in reading.findings.get("assumed", ()):
        say(sentence if path is None else sentence.replace(str(path), str(where)))
    if NO_LABELS in reading.findings:
        say(f"{printable(str(where))} has no labels. {reading.findings[NO_LABELS]}")
