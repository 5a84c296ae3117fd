"""What `augment` and `generate` make: a labelled set on disk, or a `Dataset` in memory."""

import dataclasses
import tempfile
from pathlib import Path

from ganprofile.augmentation.writing import say_unfilled
from ganprofile.console import DryRun
from ganprofile.datasets.formats.set_writer import check_format, checked_output
from ganprofile.datasets.stored import read_stored
from ganprofile.storage.files import atomic_folder, file_name

BY_NAME = object()  # an output that is called as what the set is made of


@dataclasses.dataclass(frozen=True)
class AugmentedSet:
    """A labelled set on disk, with its manifest.

    Attributes:
        path: the folder.
        info: content of its `dataset.json` (counts, fingerprints, what could not be filled).
    """

    path: Path
    info: dict

    def load(self):
        """All images as a `Dataset`."""
        return read_stored(self.path)


def make_set(job, name, output, *, parent, format, force, dry_run):
    """Carry out a job.

    Args:
        job: has `description()`, `write(folder, format)` and a `sharing`.
        name: of what the set is made of.
        output: the folder to make; None keeps the set in memory, `BY_NAME` calls it by its name.
        parent: the folder in which one that is called by its name is made.
        format: a name in `datasets.formats.FORMATS`.
        force: whether a set that is there is replaced.
        dry_run: only say what would be made.

    Returns:
        An `AugmentedSet`, in memory a `Dataset`, or a `DryRun`.

    Raises:
        UsageError: no such format, or `output` exists.
    """
    check_format(format)
    if output is BY_NAME:
        output = Path(parent) / file_name(name)
    if output is not None:
        output = checked_output(output, force)
    if dry_run:
        return DryRun(output, {"format": format, **job.description()})
    job.sharing.check()  # now, and not when all has been trained that judges what is drawn
    if output is None:
        with tempfile.TemporaryDirectory() as folder:
            say_unfilled(job.write(Path(folder), "npz"))
            return read_stored(folder)
    with atomic_folder(output, force) as folder:
        info = job.write(folder, format)
    say_unfilled(info)
    return AugmentedSet(output, info)
