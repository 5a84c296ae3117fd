"""Several runs side by side: what they draw, how they were trained, where they differ."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.classes import names_in
from ganprofile.errors import UsageError, check_seed
from ganprofile.figures import save_grids, save_losses
from ganprofile.gan.settings import Settings
from ganprofile.images import MOST_CLASSES_SHOWN, class_grid, enlarge
from ganprofile.images import grid as lay_out
from ganprofile.runs.config_file import settings_of
from ganprofile.runs.listing import best_kernel_distance, history_of
from ganprofile.runs.run import Run
from ganprofile.storage.files import atomic_path, expanded, made_folder, printable, refuse_existing
from ganprofile.storage.paths import StrPath, several

NAMED_ROWS = 16  # of more classes, several blocks of rows stand side by side
MANY_COLUMNS, FEW_COLUMNS = 10, 4
UNLABELLED = 100  # images
WIDTH = 600  # pixels of a grid, more or less


@dataclasses.dataclass(frozen=True)
class RunComparison:
    """What `compare` wrote and found; lists hold a value for each run.

    Attributes:
        names: what the runs are called.
        paths: the pictures, `grids.png` and, where a run has a history, `losses.png`.
        settings: what differs, setting -> values; None where a run has no such setting.
        numbers: `epochs`, the last losses, the best kernel distance and its epoch, minutes; None
            where a run does not have it.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> run = gp.train(train_set.subset(5), "cgan", epochs=1, progress=False)
        >>> found = gp.compare([run, "digits-cgan"])
        >>> found.names
        ['...-cgan-digits-001', 'digits-cgan']
        >>> found.settings["images"], found.numbers["epochs"]
        ([50, 5000], [1, None])
    """

    names: list[str]
    paths: list[Path]
    settings: dict[str, list[Any]]
    numbers: dict[str, list[float | int | None]]


def compare(
    runs: Iterable[Run | StrPath],
    output: StrPath = "comparison",
    *,
    classes: str | Iterable[str | int] | None = None,
    seed: int = 0,
    force: bool = False,
) -> RunComparison:
    """Draw runs side by side from the same latents, and their losses by epoch.

    Args:
        runs: two or more runs, paths of run folders or models, or models' names.
        output: the folder to write `grids.png` and `losses.png` into; the latter shows the runs
            that have a history.
        classes: names of the classes to draw; None draws all classes of each run.
        seed: in 0..2147483647; the same seed gives the same pictures.
        force: replace pictures of the same name.

    Returns:
        A `RunComparison`.

    Raises:
        UsageError: fewer than two runs, or one does not know a class, or a picture exists and
            `force` is not set.
        GanprofileError: a run has no generator yet, or is damaged.

    Example:
        >>> found = gp.compare(["digits-cgan", gp.Run.open("digits-cgan").path], classes="27")
        >>> [path.name for path in found.paths]
        ['grids.png']
    """
    check_seed(seed)
    classes = _asked_for(classes)
    opened = [Run.open(run) for run in several(runs)]
    if len(opened) < 2:
        raise UsageError(f"Name two or more runs to compare. Received: {len(opened)}.")
    for run in opened:
        run.require("generator.keras")
    histories = [history_of(run) for run in opened]
    names = _names(opened)
    output = expanded(output)
    trained = [k for k, history in enumerate(histories) if history]
    losses = output / "losses.png"
    paths = [output / "grids.png", *([losses] if trained else [])]
    for path in paths:
        refuse_existing(path, force)
    grids, row_names = zip(*(_grid(run, classes, seed) for run in opened), strict=True)
    with made_folder(output), contextlib.ExitStack() as stack:  # all of the pictures or none
        places = [stack.enter_context(atomic_path(path)) for path in paths]
        save_grids(places[0], grids, names, row_names)
        if trained:
            save_losses(places[1], [histories[k] for k in trained], [names[k] for k in trained])
        elif losses.exists():
            say(f"{printable(losses)} is of other runs and left: these models have no history.")
    return RunComparison(names, paths, _differing_settings(opened), _numbers(histories))


def _asked_for(classes: str | Iterable[str | int] | None) -> str | tuple[str | int, ...] | None:
    """Classes that are asked for, so that they may be gone through again for every run.

    Raises:
        UsageError: there are none.
    """
    listed = classes if classes is None or isinstance(classes, str) else several(classes)
    if listed is not None and not len(listed):
        raise UsageError("`classes` names no class. Name some, or leave it out for all.")
    return listed


def _names(runs: Sequence[Run]) -> list[str]:
    """Folder names where they tell the runs apart, else their paths."""
    names = [run.path.name for run in runs]
    return names if len(set(names)) == len(names) else [str(run.path) for run in runs]


def _grid(
    run: Run, classes: str | Iterable[str | int] | None, seed: int
) -> tuple[np.ndarray, list[str]]:
    """A picture and the names of its rows. Image k comes from the same latents for every run."""
    names = _class_names(run, classes)
    if names:
        columns = MANY_COLUMNS if len(names) <= NAMED_ROWS else FEW_COLUMNS
        images = run.sample(len(names) * columns, np.repeat(names, columns), seed)
        picture = class_grid(images, len(names), NAMED_ROWS)
    else:
        picture = lay_out(run.sample(UNLABELLED, seed=seed), MANY_COLUMNS)
    shown = names if len(names) <= NAMED_ROWS else []
    return enlarge(picture, max(1, round(WIDTH / picture.shape[1]))), shown


def _class_names(run: Run, classes: str | Iterable[str | int] | None) -> list[str]:
    """Names of the classes to draw; none of an unlabelled model."""
    if classes is not None:
        return [
            run.class_names[run.label_index(name)] for name in names_in(classes, run.class_names)
        ]
    return run.class_names[:MOST_CLASSES_SHOWN] if "label" in run.conditions else []


def _differing_settings(runs: Sequence[Run]) -> dict[str, list[Any]]:
    described = [
        {
            "model": run.config["model"],
            "dataset": run.config["dataset"]["name"],
            "images": run.config["dataset"]["images"],
            "image_shape": run.config["dataset"]["image_shape"],
            "classes": len(run.class_names),
            **_without_length(settings_of(run.config, run.path / "config.json")),
        }
        for run in runs
    ]
    names = dict.fromkeys(name for one in described for name in one)
    values = {name: [one.get(name) for one in described] for name in names}
    return {name: found for name, found in values.items() if any(v != found[0] for v in found)}


def _without_length(settings: Settings) -> dict[str, Any]:
    """How long a training went on is said by the numbers."""
    values = dataclasses.asdict(settings)
    return {name: value for name, value in values.items() if name not in ("epochs", "minutes")}


def _numbers(histories: Sequence[Mapping[str, np.ndarray]]) -> dict[str, list[float | int | None]]:
    best = [best_kernel_distance(history) for history in histories]
    return {
        "epochs": [len(history["epoch"]) if history else None for history in histories],
        "generator_loss": [_last(history, "generator_loss") for history in histories],
        "discriminator_loss": [_last(history, "discriminator_loss") for history in histories],
        "best_kernel_distance": [distance for distance, _ in best],
        "best_epoch": [epoch for _, epoch in best],
        "minutes": [float(h["seconds"].sum()) / 60 if h else None for h in histories],
    }


def _last(history: Mapping[str, np.ndarray], name: str) -> float | None:
    return float(history[name][-1]) if history else None
