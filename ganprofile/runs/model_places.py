"""Where models lie, and where a run or a model is looked for by what a person called it."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from ganprofile.console import counted
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import expanded, file_name, is_folder, printable, read_json
from ganprofile.storage.names import did_you_mean, in_any_case
from ganprofile.storage.paths import StrPath

SAVED, RUNS = "saved_models", "runs"
LATEST = 3  # runs that are named where one is not there
# What a run, a model, or the beginning of one holds.
MARKS = ("config.json", "history.csv", "generator.keras", "checkpoint")


def model_roots() -> tuple[Path, Path]:
    """The folders in which a model is looked up by its name, in this order."""
    return Path(SAVED), Path(str(resources.files("ganprofile.weights")))


def model_names() -> list[str]:
    """Names of the models in `./saved_models` and in the package.

    Returns:
        A sorted list of str, as `Run.open`, `sample` and whatever else takes a run find them.

    Example:
        >>> gp.model_names()
        ['digits-cgan', 'emnist-cdcgan']
    """
    return sorted({name for root in model_roots() for name in _names_in(root)})


def is_model_name(text: str) -> bool:
    """Whether a text can be a model's name: letters with their marks, digits, '.', '_' and '-'."""
    return bool(text) and file_name(text) == text


def carried_model(name: str) -> str | None:
    """The name of the model in the package that one in any case would hide, or None."""
    return in_any_case(name, _names_in(model_roots()[-1]))


def _names_in(root: Path) -> list[str]:
    folders = root.iterdir() if root.is_dir() else ()
    return [folder.name for folder in folders if (folder / "generator.keras").is_file()]


def places(source: StrPath) -> Iterator[Path]:
    """Where a run or model may be: the path itself, and where it is a name, in every root."""
    yield expanded(source)
    name = model_named(source)  # a folder that was renamed may have any name
    if name is None and is_model_name(str(source)):
        name = str(source)
    if name is not None:
        yield from (root / name for root in model_roots())


def model_named(source: StrPath) -> str | None:
    """The name of the model that is meant by one in any case, or None."""
    return in_any_case(str(source), model_names())


def is_run(path: Path) -> bool:
    """Whether a folder is a run or a model, finished or not; hidden ones are half written."""
    is_whole = path.is_dir() and not path.name.startswith(".")
    return is_whole and any((path / mark).exists() for mark in MARKS)


def refuse_folder_of_runs(path: StrPath) -> None:
    """Refuse a folder in which run folders lie, where one of them is wanted.

    Raises:
        UsageError: with the one that was made last.
    """
    folder = expanded(path)
    if not folder.is_dir() or is_run(folder):
        return
    inside = _latest_first(folder)
    if inside:
        count = counted(len(inside), "run")
        raise UsageError(
            f"{printable(path)} is a folder with {count} in it. Name one: {printable(inside[0])}"
        )


def nearest(source: StrPath, may_be: Callable[[Path], bool] = is_folder) -> str:
    """What runs and models there are, and what may be meant by one that is not there, in
    sentences.

    Args:
        source: what the user typed.
        may_be: which paths beside it may be meant.
    """
    names = model_names()
    meant = did_you_mean(source, names, paths=may_be)
    models = f"Models at hand: {', '.join(names) or 'none'}."
    runs = _latest_first(Path(RUNS)) if Path(RUNS).is_dir() else ()
    if not runs:
        return f"{models}{meant}"
    latest = ", ".join(map(printable, runs[:LATEST]))
    return f"Runs, the latest first: {latest}. {models}{meant}"


def begun(path: Path, config: Mapping[str, Any]) -> datetime.datetime:
    """When a run was begun, as its config says, else when the folder changed last; in UTC."""
    try:
        return datetime.datetime.fromisoformat(config["created"]).astimezone(datetime.UTC)
    except (LookupError, TypeError, ValueError, OverflowError):
        return datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)


def _latest_first(folder: Path) -> list[Path]:
    """The runs in a folder."""

    def made(path: Path) -> tuple[datetime.datetime, Path]:
        config: Mapping[str, Any] = {}
        with contextlib.suppress(GanprofileError):
            config = read_json(path / "config.json")
        return begun(path, config), path

    return sorted(filter(is_run, folder.iterdir()), key=made, reverse=True)
