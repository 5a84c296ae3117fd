"""What `augment` and `generate` make: a labelled set on disk, or a `Dataset` in memory."""

import dataclasses
import enum
import os
import tempfile
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

from ganprofile.augmentation.writing import say_unfilled
from ganprofile.console import DryRun
from ganprofile.datasets import Dataset
from ganprofile.datasets.formats.set_writer import check_format, checked_output
from ganprofile.datasets.loaders.stored_set import is_set
from ganprofile.datasets.naming import dataset_or_path
from ganprofile.datasets.sources import DATASETS
from ganprofile.datasets.stored import read_stored
from ganprofile.errors import UsageError, kept_if_stopped
from ganprofile.parallel import Sharing
from ganprofile.storage.files import atomic_folder, expanded, file_name, holds_any, read_json
from ganprofile.storage.locks import working_folder
from ganprofile.storage.paths import StrPath
from ganprofile.storage.places import check_writable, from_anywhere

COLLECTED = "report.json"  # beside the sets of a collection of sheets
SetFormat: TypeAlias = str  # a name in `datasets.formats.FORMATS`, to which packages add


class ByName(enum.Enum):
    """The type of `BY_NAME`."""

    BY_NAME = "by name"


BY_NAME = ByName.BY_NAME  # an output that is called as what the set is made of


@dataclasses.dataclass(frozen=True)
class AugmentedSet:
    """A labelled set on disk, with its manifest.

    Attributes:
        path: the folder.
        info: content of its `dataset.json` (counts, fingerprints, what could not be filled).

    Example:
        >>> made = gp.generate("digits-cgan", per_class=2, score=False, output="drawn")
        >>> made.path.name, made.info["images"]
        ('drawn', 20)
    """

    path: Path
    info: dict[str, Any]

    def load(self) -> Dataset:
        """All images as a `Dataset`.

        Raises:
            GanprofileError: the folder is not there or damaged.

        Example:
            >>> gp.generate("digits-cgan", per_class=2, score=False, output="drawn").load()
            <Dataset digits augmented by cgan train: 20 images of 28x28x1, 10 classes>
        """
        return read_stored(self.path)


class Job(Protocol):
    """What `make_set` carries out."""

    @property
    def sharing(self) -> Sharing:
        """Who shares the work."""
        ...

    def description(self) -> dict[str, Any]:
        """What would be made, a dict of JSON values."""
        ...

    def write(self, folder: Path, format: str, room: Path) -> dict[str, Any]:
        """Make it in an empty folder; returns the content of its `dataset.json`.

        What is finished piece by piece may be kept in the folder `room`, for another start.
        """
        ...


@runtime_checkable
class ConcludedJob(Job, Protocol):
    """One that goes on when its set is there, with what may be stopped without loss."""

    def is_unfinished(self, folder: Path) -> bool:
        """Whether a folder holds this very set, and the rest was not done."""
        ...

    def conclude(self, folder: Path, room: Path) -> None:
        """Do the rest."""
        ...


def check_place(output: StrPath | ByName | None, format: SetFormat, force: bool) -> None:
    """Refuse a place or format of a set, before any data are read.

    Raises:
        UsageError: no such format, or `output` exists.
        GanprofileError: writing is not allowed there.
    """
    check_format(format)
    if output is not None and not isinstance(output, ByName):
        check_writable(checked_output(expanded(output), force))


def place_of(output: StrPath | ByName | None, name: str, parent: str) -> Path | None:
    """Where a set is made, by the arguments of `make_set`; None in memory."""
    if isinstance(output, ByName):
        return Path(parent) / file_name(name)
    return None if output is None else expanded(output)


def named_after(given: object, data: Dataset) -> str:
    """What a set made of some images is called after: the folder that the user names, where
    ganprofile wrote it, perhaps as a part of other data; else what the data are called.

    Args:
        given: the images, as the user gave them.
        data: what was read.
    """
    if not isinstance(given, (str, os.PathLike)) or dataset_or_path(given) in DATASETS:
        return data.name
    path = expanded(given).resolve()
    is_collected = (path.parent / COLLECTED).is_file()  # then it is called by a size
    return path.name if is_set(path) and not is_collected else data.name


def make_set(
    job: Job,
    name: str,
    output: StrPath | ByName | None,
    *,
    parent: str,
    format: SetFormat,
    force: bool,
    dry_run: bool,
) -> AugmentedSet | Dataset | DryRun:
    """Carry out a job.

    Args:
        job: a `Job`.
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
        GanprofileError: another process makes the same set.
    """
    check_format(format)
    place = place_of(output, name, parent)
    goes_on = place is not None and not force and _goes_on(job, place, format)
    if place is not None and not goes_on:
        place = from_anywhere(checked_output(place, force))
    described = job.description()
    if place is not None:
        check_writable(place, described.get("about_bytes", 0))
    if dry_run:
        return DryRun(place, {"format": format, **described})
    job.sharing.check()  # now, and not when all has been trained that judges what is drawn
    if place is None:
        with tempfile.TemporaryDirectory() as room:
            return in_memory(job, Path(room))
    is_written = goes_on  # else what lies there, if anything, is what `force` replaces
    with (
        working_folder(place, f"Another process makes {place}. Wait for it.") as room,
        kept_if_stopped(lambda: _kept(place, room, is_written)),
    ):
        if not goes_on:
            with atomic_folder(place, force) as folder:
                info = job.write(folder, format, room)
            is_written = True
            say_unfilled(info)
        _conclude(job, place, room)
    return AugmentedSet(place, read_json(place / "dataset.json"))


def in_memory(job: Job, room: Path) -> Dataset:
    """What a job makes, without a folder of its own.

    Args:
        job: a `Job`.
        room: where that is kept which takes long.
    """
    with tempfile.TemporaryDirectory() as folder:
        say_unfilled(job.write(Path(folder), "npz", room))
        _conclude(job, Path(folder), room)
        return read_stored(folder)


def _goes_on(job: Job, place: Path, format: str) -> bool:
    """Whether a place holds the very set of a job, and the rest was not done."""
    if not isinstance(job, ConcludedJob) or not job.is_unfinished(place):
        return False
    found = read_json(place / "dataset.json")["format"]
    if found != format:
        raise UsageError(
            f"{place} exists already, as {found}, and was stopped before its end. Go on with "
            f"`format={found!r}`, choose another `output`, or add `force=True`. Received: "
            f"{format!r}."
        )
    return True


def _conclude(job: Job, folder: Path, room: Path) -> None:
    if isinstance(job, ConcludedJob) and job.is_unfinished(folder):
        job.conclude(folder, room)


def _kept(place: Path, room: Path, is_written: bool) -> str:
    """What is there after an interruption, if anything is."""
    if not holds_any(room):
        return ""
    kept = f"What was finished is kept in {room}"
    if is_written:
        kept = f"The set is finished: {place}"
    elif place.exists():
        kept += f", and {place} is still the older set"
    return f"{kept}; the same command goes on from there."
