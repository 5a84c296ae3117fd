"""The models at hand, and how a run becomes one: the part of it that draws, under a name.

    saved_models/NAME/
      config.json        what it was trained on and how
      generator.keras
      grid.png           what it draws
      evaluation.json    how good that is, where `evaluate` was asked

`sample`, `generate` and whatever else takes a source find NAME in `./saved_models`, then in the
package.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganprofile.datasets.cards import has_card, read_card
from ganprofile.datasets.classes import in_words
from ganprofile.datasets.origins import ORIGIN, recorded_provenance
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.evaluation import Evaluation
from ganprofile.evaluation.result import RESULT
from ganprofile.runs.listing import RunSummary, list_runs
from ganprofile.runs.model_places import SAVED, carried_model, is_model_name, model_roots
from ganprofile.runs.run import Run
from ganprofile.storage.files import (
    atomic_folder,
    expanded,
    file_name,
    files_but,
    printable,
    refuse_others,
    write_json,
)
from ganprofile.storage.names import as_word
from ganprofile.storage.paths import StrPath

FILES = ("config.json", "generator.keras", "grid.png")
NO_MODEL = ("checkpoint", "history.csv")  # what a run has besides


@dataclasses.dataclass(frozen=True)
class ModelSummary:
    """What is known of a model; None for what is not.

    Attributes:
        name: by which it is found.
        path: its folder.
        bytes: size of all files, 0 or more.
        problem: what is damaged, in words.
        dataset: the name of the data that it learned.
        model: the preset's name.
        classes: how many it can be told to draw.
        licence: of the data, where all of them come from named ones.
        sha256: of `generator.keras`.
        evaluation: measure -> value, of the evaluation that is kept with it.

    Example:
        >>> model = gp.list_models()[0]
        >>> model.name, model.dataset, model.model, model.classes, model.problem
        ('digits-cgan', 'digits', 'cgan', 10, None)
    """

    name: str
    path: Path
    bytes: int
    problem: str | None
    dataset: str | None = None
    model: str | None = None
    classes: int | None = None
    licence: str | None = None
    sha256: str | None = None
    evaluation: dict[str, Any] | None = None


def list_models() -> list[ModelSummary]:
    """The models in `./saved_models` and in the package, by name; a name counts once.

    Returns:
        `[ModelSummary]`, damaged ones included: their `problem` says what is wrong.

    Example:
        >>> [model.name for model in gp.list_models()]
        ['digits-cgan', 'emnist-cdcgan']
    """
    found: dict[str, ModelSummary] = {}
    for root in model_roots():
        for seen in list_runs(root) if root.is_dir() else []:
            found.setdefault(seen.path.name, _summary(seen))
    return [found[name] for name in sorted(found)]


def save_model(
    run: Run | StrPath,
    name: str | None = None,
    *,
    evaluation: StrPath | None = None,
    output: StrPath = SAVED,
    force: bool = False,
) -> Run:
    """Make a model of a run.

    Args:
        run: a `Run`, or the path of a run folder.
        name: letters, digits, `.`, `_` and `-`, the first no `.`; None makes it of dataset and
            preset, such as `digits-cgan`.
        evaluation: the folder that `evaluate` made of the run, or of a set drawn from it, whose
            figures are kept, too; None keeps none.
        output: the folder of models; only in `saved_models` they are found by name.
        force: replace a model of that name, or hide one that the package carries.

    Returns:
        The model, a `Run`.

    Raises:
        UsageError: there is no such run, the name cannot be one, it is taken, or the
            evaluation is of something else.
        GanprofileError: the run or the evaluation is incomplete or damaged.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> run = gp.train(train_set.subset(5), "cgan", epochs=1, progress=False)
        >>> model = gp.save_model(run, "my-digits")
        >>> sorted(file.name for file in model.path.iterdir())
        ['config.json', 'generator.keras', 'grid.png']
        >>> gp.model_names()
        ['digits-cgan', 'emnist-cdcgan', 'my-digits']
    """
    run = Run.open(run)
    run.require(*FILES)
    stem = f"{run.config['dataset']['name']}-{run.config['model']}"
    name = file_name(stem) if name is None else name
    if not is_model_name(name) or name.startswith("."):
        raise UsageError(
            f"{name!r} cannot be a model's name. Use letters, digits, '.', '_' and '-'."
        )
    place = _place(expanded(output), name, force)
    judged = None if evaluation is None else _evaluation_of(run, evaluation)
    with atomic_folder(place, force) as folder:
        for file in FILES:
            shutil.copy(run.path / file, folder / file)
        if judged:  # without the pictures
            figures = dataclasses.replace(judged, path=None, pictures=[])
            write_json(folder / RESULT, figures.as_dict())
    return Run.open(place)


def _place(output: Path, name: str, force: bool) -> Path:
    """Where a model is made, which nobody else's folder is, nor another model that is meant by the
    name."""
    place = refuse_others(
        output / name,
        force,
        "generator.keras",
        "a saved model",
        NO_MODEL,
        name="name",
        foreign=files_but(*FILES, RESULT),
    )
    if not force and output.resolve() == Path(SAVED).resolve() and carried_model(name):
        raise UsageError(
            f"{carried_model(name)} is a model that ganprofile carries, which yours would hide. "
            "Choose another `name` or add `force=True`."
        )
    return place


def _evaluation_of(run: Run, place: StrPath) -> Evaluation:
    """What was found about a run."""
    judged = Evaluation.open(place)
    said = judged.synthetic
    is_meant = said.get("generator_sha256") == run.fingerprint
    if "generator_sha256" not in said:  # it was made before generators were recorded
        is_meant = said["what"].startswith(f"drawn from {run.path.name} with seed ")
    if not is_meant:
        raise UsageError(
            f"{printable(place)} judges images {printable(said['what'])}, which {run.path} is not "
            "known to have drawn. Evaluate the run: "
            f"ganprofile evaluate {as_word(run.path)} --against DATA"
        )
    judged_classes = said.get("class_counts")
    if judged_classes and not set(run.class_names) <= set(judged_classes):
        raise UsageError(
            f"{printable(place)} judges only the classes {in_words(list(judged_classes))} of "
            f"{run.path}. Evaluate all: ganprofile evaluate {as_word(run.path)} --against DATA"
        )
    return judged


def _summary(seen: RunSummary) -> ModelSummary:
    known: dict[str, Any] = {"name": seen.path.name, "path": seen.path, "bytes": seen.bytes}
    known |= {"dataset": seen.dataset, "model": seen.model, "problem": seen.problem}
    if seen.problem:
        return ModelSummary(**known)
    run = Run.open(seen.path)
    try:
        known["evaluation"] = _figures(run)
    except GanprofileError as error:
        known["problem"] = str(error)
    return ModelSummary(
        **known,
        classes=run.conditions.get("label"),
        licence=_licences(run.config["dataset"]),
        sha256=run.fingerprint,
    )


def _licences(recorded: Mapping[str, Any]) -> str | None:
    """Of the data, by where they come from: a folder may be called as a named dataset is."""
    found = [_licence(name) for name in recorded_provenance(recorded).get(ORIGIN, [])]
    stated = [licence for licence in found if licence is not None]
    return " ".join(dict.fromkeys(stated)) if stated and len(stated) == len(found) else None


def _licence(dataset: str | None) -> str | None:
    """Of a dataset; those of a part of a named dataset are its own."""
    return read_card(dataset)["licence"] if has_card(str(dataset)) else None


def _figures(run: Run) -> dict[str, Any] | None:
    if not (run.path / RESULT).exists():
        return None
    found = Evaluation.open(run.path)
    return {
        "against": found.reference["dataset"],
        "part": found.reference["part"],
        "kernel_distance": found.kernel_distance,
        "label_fidelity": found.label_fidelity,
        "train_on_synthetic_accuracy": found.train_on_synthetic_accuracy,
        "copy_rate": found.copy_rate,
    }
