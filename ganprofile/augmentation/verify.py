"""`verify`: read a written set again and hold it against what it says of itself."""

import collections
import concurrent.futures
import dataclasses
import importlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from ganprofile.augmentation.contents import Contents, read_contents
from ganprofile.augmentation.labelled_set import GUESSED_BEFORE
from ganprofile.console import counted, few
from ganprofile.datasets.archives import refuse_archive
from ganprofile.datasets.formats.attributes import REAL, SYNTHETIC
from ganprofile.datasets.formats.checksums import MANIFEST, SUMS, ChecksumReport, compare
from ganprofile.datasets.formats.soft_labels import no_probabilities
from ganprofile.datasets.imports import imported_names
from ganprofile.datasets.loaders.loaded_data import PARTS
from ganprofile.datasets.loaders.stored_set import counted_parts
from ganprofile.datasets.manifest import Manifest
from ganprofile.datasets.naming import dataset_or_path
from ganprofile.datasets.places import imported_folder
from ganprofile.datasets.stored import read_info
from ganprofile.errors import GanprofileError, UsageError, is_whole
from ganprofile.filtering import REJECTED
from ganprofile.runs.model_places import refuse_folder_of_runs
from ganprofile.runs.run import Run
from ganprofile.storage.arrays import which_are_damaged
from ganprofile.storage.files import expanded, is_folder, is_there, printable
from ganprofile.storage.names import did_you_mean
from ganprofile.storage.paths import StrPath

MARKS = ("dataset.json", MANIFEST, SUMS)
SHOWN = 10


@dataclasses.dataclass(frozen=True)
class Verification:
    """What was found about a set.

    Attributes:
        path: the folder.
        problems: sentences; none where the set is what it says.
        checked: what was held against what, and agreed.
        not_checked: what could not be checked, and why.

    Example:
        >>> gp.load("digits")[1].save("mine")
        'mine'
        >>> gp.verify("mine", progress=False).checked[0]
        '5 files are what SHA256SUMS says'
    """

    path: Path
    problems: list[str] = dataclasses.field(default_factory=list)
    checked: list[str] = dataclasses.field(default_factory=list)
    not_checked: list[str] = dataclasses.field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there are no problems."""
        return not self.problems


def verify(
    path: StrPath, run: Run | StrPath | None = None, offline: bool = False, progress: bool = True
) -> Verification:
    """Check an augmented or saved set: its files, counts, labels, fingerprint and origin.

    Files are held against `SHA256SUMS`; `dataset.json`, the manifest and the images against each
    other, soft labels and what was rejected included; the set against the run that it names: the
    generator, the data, the included real images, and a few synthetic images, drawn again.

    Args:
        path: the folder that `augment` or `Dataset.save` wrote; or an imported name, or its
            folder, whose parts are then checked one after the other.
        run: a `Run`, or the path or name of one; None takes the one that the set names.
        offline: refuse to download real data.
        progress: whether to say how it goes.

    Returns:
        A `Verification`; damaged files are problems in it.

    Raises:
        UsageError: `path` is no set, or `run` names no run.

    Example:
        >>> drawn = gp.generate("digits-cgan", per_class=2, score=False, output="drawn")
        >>> result = gp.verify("drawn", progress=False)
        >>> result.ok, result.problems
        (True, [])
    """
    folder, parts = _sets_at(path)
    run = None if run is None else Run.open(run)
    results = {part: _verified(folder / part, run, offline, progress) for part in parts}
    if parts == [""]:
        return results[""]
    found = {
        kind: [f"{part}: {line}" for part, one in results.items() for line in getattr(one, kind)]
        for kind in ("problems", "checked", "not_checked")
    }
    return Verification(folder, **found)


def _sets_at(path: StrPath) -> tuple[Path, list[str]]:
    """A folder and the names of the sets in it, `""` being the folder itself.

    Raises:
        UsageError: there is none.
    """
    folder = expanded(path)
    name = dataset_or_path(path)
    if not _is_set(folder) and name in imported_names():
        folder = imported_folder() / name
    counted = counted_parts(folder)
    parts = [part for part in ("", *PARTS) if _is_set(folder / part) or part in counted]
    if not parts:
        refuse_folder_of_runs(path)
        said = f"{printable(path)} is no set that ganprofile wrote: it has no dataset.json."
        if not is_there(folder):
            said = f"There is no set {printable(path)}."
        refuse_archive(folder)
        meant = did_you_mean(path, imported_names(), paths=is_folder)
        raise UsageError(
            f"{said} Give the folder that augment or generate wrote, or an imported name.{meant}"
        )
    return folder, parts[:1] if parts[0] == "" else parts


def _is_set(folder: Path) -> bool:
    return any((folder / mark).is_file() for mark in MARKS)


def _verified(folder: Path, run: Run | None, offline: bool, progress: bool) -> Verification:
    result = Verification(folder)
    with concurrent.futures.ThreadPoolExecutor(1, "imports") as thread:
        # It needs the frameworks, whose import takes as long as half a million images.
        origin = thread.submit(importlib.import_module, "ganprofile.augmentation.origin")
        if read := _check_content(result, progress):
            origin.result().check_origin(result, *read, run, offline)
    return result


def _check_content(result: Verification, progress: bool) -> tuple[dict[str, Any], Contents] | None:
    """All but the origin; returns the set's `dataset.json` and `Contents`, None where the set is
    not readable."""
    folder = result.path
    found = _check_files(result, progress)
    if found and found.irregular:
        result.not_checked.append("the content: there are no plain files in the places of some")
        return None
    try:
        info = read_info(folder)
        if found and found.missing:  # all behind a gap would seem to be others
            result.not_checked.append("images, labels, fingerprint and origin: files are missing")
            return None
        contents = read_contents(folder, info, progress)
    except GanprofileError as error:
        result.problems.append(str(error).removesuffix(which_are_damaged(folder)))
        result.not_checked.append("images, labels, fingerprint and origin: the set is not readable")
        return None
    _check_counts(result, info, contents)
    _check_labels(result, info, contents)
    _check_guessed(result, info, contents)
    _check_soft_labels(result, info, contents)
    _check_rejected(result, info)
    return info, contents


def _check_files(result: Verification, progress: bool) -> ChecksumReport | None:
    """Hold the files against their checksums; returns the `ChecksumReport`, None without one."""
    try:
        found = compare(result.path, progress)
    except GanprofileError as error:
        result.problems.append(str(error))
        return None
    moved = _moved(found)
    kinds = {
        "Moved to another folder, which in an imagefolder is another class": [
            f"{old} to {new}" for old, new in moved.items()
        ],
        f"Changed since {SUMS} was written": found.changed,
        "No regular file any more": found.irregular,
        f"Missing, though {SUMS} lists it": [path for path in found.missing if path not in moved],
        f"Extra, for {SUMS} does not list it": [
            path for path in found.extra if path not in moved.values()
        ],
    }
    for kind, paths in kinds.items():
        if paths:
            result.problems.append(f"{kind}: {counted(len(paths), 'file')}, {_first(paths)}.")
    if found.garbled:
        lines = counted(len(found.garbled), "line")
        result.problems.append(f"{SUMS} has {lines} that name no file of the set.")
    if result.ok:
        result.checked.append(f"{found.files:,} files are what {SUMS} says")
    return found


def _moved(found: ChecksumReport) -> dict[str, str]:
    """Where files are whose name is missing once and extra once, by where they were."""
    names = [[PurePosixPath(path).name for path in paths] for paths in (found.missing, found.extra)]
    missing, extra = map(collections.Counter, names)
    once = {name for name in missing if missing[name] == extra[name] == 1}
    new = dict(zip(names[1], found.extra, strict=True))
    pairs = zip(names[0], found.missing, strict=True)
    return {old: new[name] for name, old in pairs if name in once}


def _check_counts(result: Verification, info: dict[str, Any], contents: Contents) -> None:
    """Images, classes and sources: `dataset.json` against the manifest and the files."""
    if info["images"] == contents.rows == contents.images:
        result.checked.append(f"{contents.images:,} images and as many rows in {MANIFEST}")
    else:
        result.problems.append(
            f"dataset.json says {info['images']:,} images, {MANIFEST} has {contents.rows:,} "
            f"rows, and the files hold {contents.images:,} images."
        )
    found = contents.class_counts.tolist()
    if info.get("class_counts") == found:
        result.checked.append(f"counts of {len(found):,} classes")
    else:
        result.problems.append(
            f"dataset.json counts the classes as {info.get('class_counts')!r:.60}; the files "
            f"hold {found!r:.60}."
        )
    claimed = {REAL: info.get(REAL, info["images"]), SYNTHETIC: info.get(SYNTHETIC, 0)}
    sources = {source: contents.sources[source] for source in claimed}
    neither = contents.sources.total() - sum(sources.values())
    if sources == claimed and not neither:
        result.checked.append(f"{sources[REAL]:,} real, {sources[SYNTHETIC]:,} synthetic")
    else:
        others = f", {neither} neither" if neither else ""
        result.problems.append(
            f"dataset.json says {claimed[REAL]} real and {claimed[SYNTHETIC]} synthetic "
            f"images; {MANIFEST} has {sources[REAL]} and {sources[SYNTHETIC]}{others}."
        )


def _check_labels(result: Verification, info: dict[str, Any], contents: Contents) -> None:
    """Labels, class names and the fingerprint."""
    wrong = contents.mislabelled
    if wrong:
        result.problems.append(
            f"{MANIFEST} has another label or class name than the files for "
            f"{counted(len(wrong), 'image')}: {_first(wrong)}."
        )
    else:
        result.checked.append(f"labels and class names in {MANIFEST}")
    if info.get("fingerprint") == contents.fingerprint:
        result.checked.append(f"fingerprint {contents.fingerprint[:12]}")
    else:
        result.problems.append(
            f"dataset.json says the fingerprint {info.get('fingerprint')!r:.15}; that of the "
            f"images, labels and writers is {contents.fingerprint!r:.15}."
        )


def _check_guessed(result: Verification, info: dict[str, Any], contents: Contents) -> None:
    """How many labels were there before others were guessed by them, which come first."""
    if "labelled_before" not in info:
        return
    before, now = info["labelled_before"], info.get("labelled_now")
    unsure = np.flatnonzero(~(contents.certainty >= 1))  # what is no number, too
    are_numbers = is_whole(before) and is_whole(now) and before + now == contents.images
    is_in_order = are_numbers and contents.last_given < before
    guesses = info.get(GUESSED_BEFORE, 0)
    if is_in_order and np.count_nonzero(unsure < before) <= (guesses if is_whole(guesses) else 0):
        result.checked.append(f"{before:,} labels given before, {now:,} guessed by them")
    else:
        result.problems.append(
            f"dataset.json says that {before!r:.20} labels were given before and {now!r:.20} "
            f"guessed by them; of {contents.images:,} images the manifest and their certainty tell "
            "another number."
        )


def _check_soft_labels(result: Verification, info: dict[str, Any], contents: Contents) -> None:
    """A column per class, every row sums to 1, and the score in the manifest is the same number."""
    values = contents.soft_labels
    if values is None:
        if info.get("soft_labels"):
            result.problems.append("dataset.json says soft labels; the set lacks them.")
        return
    wrong = no_probabilities(values)
    if len(wrong):
        result.problems.append(
            f"The soft labels of {counted(len(wrong), 'image')} are no probabilities: "
            f"{_first(wrong)}."
        )
    elif len(others := contents.unlike_scores()):
        result.problems.append(
            f"{MANIFEST} has another score than the soft labels for "
            f"{counted(len(others), 'image')}: {_first(others)}."
        )
    else:
        result.checked.append(f"soft labels of {len(values):,} images")


def _check_rejected(result: Verification, info: dict[str, Any]) -> None:
    """What was dropped and why: `dataset.json` against the rows of `rejected.csv`."""
    facts = info.get("filter")
    if not isinstance(facts, dict) or "rejected" not in facts:
        return
    found: collections.defaultdict[str, collections.Counter[str]]
    found = collections.defaultdict(collections.Counter)
    try:
        for rows in Manifest(result.path / REJECTED, ("reason", "class_name")).pieces():
            for reason, class_name in zip(*rows.to_pydict().values(), strict=True):
                found[reason][class_name] += 1
    except GanprofileError as error:
        result.problems.append(str(error))
        return
    total = sum(counts.total() for counts in found.values())
    if facts["rejected"] == found:
        result.checked.append(f"{total:,} rejected images by class and reason")
    else:
        result.problems.append(
            f"dataset.json counts the rejected images otherwise than {REJECTED}, which has "
            f"{total:,} rows."
        )


def _first(items: Sequence[object] | np.ndarray) -> str:
    """The first ten, so that they can be printed."""
    names = map(str, items)
    return few([name if name.isprintable() else ascii(name) for name in names], SHOWN)
