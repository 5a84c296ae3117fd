"""A person's own data under a name: inspected once, kept clean, loaded like any other set."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from ganprofile.console import DryRun
from ganprofile.datasets.archives import within
from ganprofile.datasets.classes import empty_classes, in_words, parts_without_empty_classes
from ganprofile.datasets.duplicates import without_duplicates
from ganprofile.datasets.formats.checksums import beside_sets
from ganprofile.datasets.formats.set_writer import save_into
from ganprofile.datasets.inspection import copies, examples, inspect
from ganprofile.datasets.loaders import FILE_LOADERS, LoadedData, LoadOptions, read_path
from ganprofile.datasets.loaders.loaded_data import (
    AUTO,
    NO_LABELS,
    PARTS,
    Bits,
    Channels,
    Invert,
    Photographs,
    Rotation,
)
from ganprofile.datasets.loaders.stored_set import REPORT, refuse_lost_parts
from ganprofile.datasets.named_grids import save_both_ways, save_grid
from ganprofile.datasets.orientation import UPRIGHT
from ganprofile.datasets.places import imported_folder
from ganprofile.datasets.recognition import recognised
from ganprofile.datasets.sources import DATASETS
from ganprofile.datasets.stored import read_stored
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import (
    atomic_folder,
    expanded,
    printable,
    read_json,
    refuse_others,
    write_json,
)
from ganprofile.storage.names import did_you_mean
from ganprofile.storage.paths import StrPath

GRID = "grid.png"
ORIENTATION = "orientation.png"
GRID_COLUMNS = 10
STALE_SECONDS = 24 * 3600
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
LEFT = re.compile(rf"\.(?P<name>{NAME})\.[0-9a-f]+\.(?P<end>old|partial(\.[^.]*)?)")
LABELS_NEEDED = (
    "Sort the pictures into a folder for each class, or put a table labels.csv beside them, with "
    "the columns image and label."
)
REMEDY = "Choose another `name` or add `force=True`."


def import_dataset(
    path: StrPath,
    name: str,
    *,
    image_size: int | None = None,
    channels: Channels | None = None,
    invert: Invert = "auto",
    writer_columns: Sequence[str] | None = None,
    photographs: Photographs | None = None,
    first_label: int | None = None,
    labels: StrPath | None = None,
    bits: Bits | None = None,
    zip_encoding: str | None = None,
    image_column: str | None = None,
    label_column: str | None = None,
    transpose: bool = False,
    rotate: Rotation | None = None,
    keep_size: Literal["auto"] | float | None = None,
    drop_duplicates: bool = False,
    force: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Inspect what lies at a path and keep it under a name, which `load` then knows.

    Unreadable files and classes without images are left out and named. Nothing else is
    changed unless `drop_duplicates` says so.

    Args:
        path: anything that a reader in `datasets.loaders.FILE_LOADERS` recognises.
        name: up to 64 letters, digits, `.`, `_` and `-`, the first a letter or digit; not that of a
            dataset which ganprofile knows.
        image_size, channels, invert, writer_columns: as for `load`.
        photographs, first_label, labels, bits, zip_encoding: as for `load`.
        image_column, label_column, transpose, rotate, keep_size: as for `load`.
        drop_duplicates: keep every image once: no copies, no training image that is a test image,
            be it saved again, none whose copies carry different labels.
        force: replace an earlier import of that name.
        dry_run: inspect only, and return the report as a `DryRun`.

    Returns:
        The report, a dict of JSON values; also kept as `report.json` in `report["folder"]`, beside
        the picture `report["grid"]`, and `report["as_read_and_turned"]` where it is not clear that
        the images stand upright.

    Raises:
        UsageError: the name is taken, or nothing at the path is a dataset.
        GanprofileError: the data are damaged.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> np.savez("scans.npz", images=test_set.images, labels=test_set.labels)
        >>> report = gp.import_dataset("scans.npz", "mine")
        >>> report["images"], report["classes"]
        ({'train': 1000}, 10)
        >>> gp.load("mine")
        (<Dataset mine train: 1000 images of 28x28x1, 10 classes>, None)
    """
    options = LoadOptions.of({**locals(), "tolerant": True})
    folder = imported_folder() / _checked_name(name)
    if not dry_run:
        foreign = beside_sets(PARTS, GRID, ORIENTATION, REPORT)
        refuse_others(folder, force, REPORT, "an import", name="name", foreign=foreign)
    if not str(path):
        raise UsageError("`path` is empty. Name the file or folder to import.")
    path = expanded(path)
    if not path.exists() and within(path) is None:
        raise UsageError(f"{printable(path)} does not exist.{did_you_mean(path, paths=True)}")
    reading, report = _inspected(path, name, options, drop_duplicates)
    report |= {"folder": str(folder), "grid": str(folder / GRID)}
    if report["orientation"] != UPRIGHT:
        report["as_read_and_turned"] = str(folder / ORIENTATION)
    if dry_run:
        return DryRun(folder, report)
    _sweep()
    _keep(reading, report, folder, force)
    return report


def _inspected(
    path: Path, name: str, options: LoadOptions, drop_duplicates: bool
) -> tuple[LoadedData, dict[str, Any]]:
    """What is kept of what lies at a path, and the report of it."""
    reading = _in_place(_populated(read_path(path, options).named(name)).each(recognised))
    if reading.train.labels is None:
        sentence = f"{printable(path)} has no labels; only labelled sets can be imported."
        raise UsageError(f"{sentence} {reading.findings.get(NO_LABELS, LABELS_NEEDED)}")
    dropped: dict[str, Any] = {}
    if drop_duplicates:
        reading, dropped = _without_duplicates(reading)
    report = {"name": name, "source": printable(path.resolve())}
    report |= inspect(reading, options.invert)
    if options.invert != AUTO:
        report["invert"] = options.invert
    report["warnings"] += options.doubts
    return reading, report | {"what": FILE_LOADERS[report["kind"]].WHAT, **dropped}


def _in_place(reading: LoadedData) -> LoadedData:
    """A `LoadedData` whose parts are called by their places, as they will be loaded."""
    train, test = reading.train, reading.test
    train = dataclasses.replace(train, split=PARTS[0])
    test = None if test is None else dataclasses.replace(test, split=PARTS[1])
    return dataclasses.replace(reading, train=train, test=test)


def _keep(reading: LoadedData, report: dict[str, Any], folder: Path, force: bool) -> None:
    with atomic_folder(folder, force, REMEDY) as partial:
        for place, part in zip(PARTS, reading.parts, strict=False):
            save_into(part, partial / place)
        save_grid(partial / GRID, reading.train, GRID_COLUMNS)
        if report["orientation"] != UPRIGHT:
            save_both_ways(partial / ORIENTATION, reading.train, report["orientation"])
        write_json(partial / REPORT, report)


def _populated(reading: LoadedData) -> LoadedData:
    """A `LoadedData` without classes that have no images; its findings name them."""
    train, test = parts_without_empty_classes(reading.train, reading.test)
    known = [*reading.findings.get("empty_classes", ()), *empty_classes(reading.train)]
    return LoadedData(train, test, {**reading.findings, "empty_classes": known})


def _without_duplicates(reading: LoadedData) -> tuple[LoadedData, dict[str, Any]]:
    """A `LoadedData` with every image once; and what that cost, for the report."""
    train, test = without_duplicates(reading.train, reading.test)
    found = _populated(LoadedData(train, test, reading.findings))
    before = reading.findings["empty_classes"]
    emptied = [one for one in found.findings["empty_classes"] if one not in before]
    if emptied:
        classes = f"class{'es' if len(emptied) > 1 else ''} {in_words(emptied)}"
        found = found.saying(f"without duplicates no image is left of the {classes}: left out")
    kept = {part.split: len(part) for part in found.parts}
    dropped = {
        "dropped": {part.split: len(part) - kept[part.split] for part in reading.parts},
        "dropped_examples": examples(copies(reading)),
    }
    return found, dropped


def imported_names() -> list[str]:
    """The names that `import_dataset` was given, sorted."""
    folder = imported_folder()
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if re.fullmatch(NAME, entry.name) and (entry / REPORT).is_file()
    )


def is_imported_from(name: str, path: StrPath) -> bool:
    """Whether what lies at a path is what was imported under a name."""
    if name not in imported_names():
        return False
    return bool(read_report(name)["source"] == printable(expanded(path).resolve()))


def read_imported(name: str) -> LoadedData:
    """What was imported under a name, as a `LoadedData`; its report is the findings."""
    folder = imported_folder() / name
    refuse_lost_parts(folder)
    train, test = (folder / part for part in PARTS)
    held_out = read_stored(test) if test.is_dir() else None
    return LoadedData(read_stored(train), held_out, findings=read_report(name))


def read_report(name: str) -> dict[str, Any]:
    """What an import found.

    Raises:
        GanprofileError: the report is damaged.
    """
    path = imported_folder() / name / REPORT
    report = read_json(path)
    missing = [key for key in ("name", "source", "images", "classes") if key not in report]
    if not missing and not isinstance(report["images"], dict):
        missing = ["images"]
    if missing:
        raise GanprofileError(
            f"{path} lacks {missing[0]!r}. Import {name} again with `force=True`, or "
            "remove its folder."
        )
    return report


def _sweep() -> None:
    """Remove what killed imports left behind, unless it may still be at work, and put back what
    one was about to replace."""
    for left in imported_folder().glob(".*"):
        found = LEFT.fullmatch(left.name)
        with contextlib.suppress(OSError):
            if not found or time.time() - left.stat().st_mtime <= STALE_SECONDS:
                continue
            place = left.with_name(found["name"])
            if found["end"] == "old" and not place.exists():
                left.rename(place)
            else:
                shutil.rmtree(left)


def _checked_name(name: str) -> str:
    if not isinstance(name, str) or not re.fullmatch(NAME, name):
        raise UsageError(
            f"A name has up to 64 letters, digits, '.', '_' or '-', the first a letter or digit. "
            f"Received: {printable(str(name))!r}."
        )
    if name.lower() in DATASETS:
        raise UsageError(f"{name} is a dataset that ganprofile knows. Choose another `name`.")
    return name
