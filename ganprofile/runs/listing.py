"""What runs there are: a line for each run folder, damaged ones with the reason in words."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ganprofile.errors import GanprofileError, UsageError
from ganprofile.runs.checkpoints import INTERIM, REGULAR, epochs_kept
from ganprofile.runs.model_places import begun, is_run
from ganprofile.runs.run import Run
from ganprofile.storage.files import A_WHOLE_COPY, expanded, is_folder, printable
from ganprofile.storage.names import did_you_mean
from ganprofile.storage.paths import StrPath

FINISHED, UNFINISHED, MODEL, DAMAGED = "finished", "unfinished", "model", "damaged"
CHECKPOINTS = tuple(f"checkpoint/{name}" for name in (REGULAR, INTERIM))
ARCHIVES = ("generator.keras", *CHECKPOINTS, "histograms.npz")
COLUMNS = ("epoch", "generator_loss", "discriminator_loss", "seconds")


@dataclasses.dataclass(frozen=True)
class RunSummary:
    """What is seen of a run from outside; None for what is not known.

    Attributes:
        path: the folder.
        state: `finished`; `unfinished`, which `train --resume` goes on with; `model`, which only
            draws; or `damaged`.
        problem: what is damaged, in words.
        created: when, as an ISO date and time with its zone.
        bytes: size of all files.
        dataset: its name.
        model: the preset's name.
        epochs: how many are done and kept.
        planned_epochs: how many were wanted; None where minutes decide.
        best_kernel_distance: the lowest that was measured.
        best_epoch: where, counted from 1.

    Example:
        >>> summary = gp.list_runs(gp.Run.open("digits-cgan").path)[0]
        >>> summary.state, summary.dataset, summary.model, summary.problem
        ('model', 'digits', 'cgan', None)
    """

    path: Path
    state: Literal["finished", "unfinished", "model", "damaged"]
    problem: str | None
    created: str
    bytes: int
    dataset: str | None = None
    model: str | None = None
    epochs: int | None = None
    planned_epochs: int | None = None
    best_kernel_distance: float | None = None
    best_epoch: int | None = None


def list_runs(folder: StrPath = "runs") -> list[RunSummary]:
    """Every run in a folder, the newest last.

    Args:
        folder: what holds run folders, or one of them.

    Returns:
        `[RunSummary]`; other folders are left out.

    Raises:
        UsageError: the folder does not exist.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> run = gp.train(train_set.subset(5), "cgan", epochs=2, progress=False)

        >>> [(summary.state, summary.epochs) for summary in gp.list_runs("runs")]
        [('finished', 2)]
    """
    folder = expanded(folder)
    if not is_folder(folder):
        raise UsageError(
            f"No folder {printable(folder)}. Name the one that training wrote to."
            f"{did_you_mean(folder, paths=is_folder)}"
        )
    places = [folder] if is_run(folder) else sorted(folder.iterdir())
    summaries = [_summary(place) for place in places if is_run(place)]
    return sorted(
        summaries, key=lambda run: (datetime.datetime.fromisoformat(run.created), run.path)
    )


def history_of(run: Run) -> dict[str, np.ndarray]:
    """The history of a run as column -> float array; empty where there is none, as in a model.

    Raises:
        GanprofileError: `history.csv` is damaged.
    """
    path = run.path / "history.csv"
    history = run.history if path.exists() else {}
    missing = [name for name in COLUMNS if history and name not in history]
    if missing:
        raise GanprofileError(f"{path} lacks the column {missing[0]!r}. {A_WHOLE_COPY}")
    return history


def best_kernel_distance(
    history: Mapping[str, np.ndarray],
) -> tuple[float, int] | tuple[None, None]:
    """The lowest kernel distance of a history and its epoch; `(None, None)` where none is there."""
    distances = np.asarray(history.get("kernel_distance", []))
    if not np.isfinite(distances).any():
        return None, None
    best = int(np.nanargmin(distances))
    return float(distances[best]), int(history["epoch"][best])


def _summary(path: Path) -> RunSummary:
    known: dict[str, Any] = {"path": path, "state": DAMAGED, "problem": None, "bytes": _bytes(path)}
    known["created"] = _created(path)
    try:
        run = Run.open(path)
        known |= _from_config(run)
        known |= _from_files(run)
    except GanprofileError as error:
        known["problem"] = str(error)
    return RunSummary(**known)


def _from_config(run: Run) -> dict[str, Any]:
    settings = run.config["settings"]
    return {
        "created": _created(run.path, run.config),
        "dataset": str(run.config["dataset"]["name"]),
        "model": str(run.config["model"]),
        "planned_epochs": None if settings.get("minutes") else settings.get("epochs"),
    }


def _from_files(run: Run) -> dict[str, Any]:
    there = [path for path in (run.path / file for file in ARCHIVES) if path.exists()]
    damaged = [path for path in there if not zipfile.is_zipfile(path)]
    checkpoints = [path for path in there if path.parent.name == "checkpoint"]
    if not {*checkpoints} <= {*damaged}:  # one of them is enough to go on from
        damaged = [path for path in damaged if path not in checkpoints]
    if damaged:
        raise GanprofileError(f"{damaged[0]} is cut or damaged.")
    history = history_of(run)
    planned = _from_config(run)["planned_epochs"]
    if not (run.path / "checkpoint").is_dir():
        run.require("generator.keras")
        state, epochs = MODEL, len(history.get("epoch", [])) or planned
    else:
        epochs = epochs_kept(run.path)  # a killed run has rows of some more, which are trained anew
        history = {name: column[:epochs] for name, column in history.items()}
        whole = run.has_generator and epochs == planned
        state = FINISHED if whole else UNFINISHED
    best, best_epoch = best_kernel_distance(history)
    return {
        "state": state,
        "epochs": epochs,
        "best_kernel_distance": best,
        "best_epoch": best_epoch,
    }


def _created(path: Path, config: Mapping[str, Any] | None = None) -> str:
    return begun(path, config or {}).isoformat(timespec="seconds")


def _bytes(path: Path) -> int:
    sizes = 0
    for file in path.rglob("*"):
        with contextlib.suppress(OSError):  # a training that runs has taken it away meanwhile
            sizes += 0 if file.is_dir() else file.lstat().st_size
    return sizes
