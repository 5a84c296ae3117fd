"""What an experiment says: means, comparisons, verdicts, and the files beside `benchmark.json`."""

import dataclasses
import functools
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from ganprofile.benchmarking.comparison import ArmComparison, interval_name
from ganprofile.benchmarking.comparisons import compare
from ganprofile.benchmarking.result_file import ResultFile
from ganprofile.benchmarking.sizes import called, counted, images_of, in_order, over, unit_of
from ganprofile.console import markdown_table, percent, points
from ganprofile.errors import UsageError
from ganprofile.storage.files import write_csv, write_json
from ganprofile.storage.paths import StrPath

SHOWN = ("settings", "arms", "environments", "cells")  # sections of the file
NOTHING_ADDED = "none"  # the arm that others are compared with, where it is among them
CSV_COLUMNS = (
    "per_class",
    "repeat",
    "arm",
    "training",
    "accuracy",
    "images",
    "subset",
    "arm_seconds",
    "classifier_seconds",
)
MEAN_COLUMNS = ("per class", "arm", "images", "subsets", "accuracy", "sd")
COMPARED_COLUMNS = ("against", "difference", "interval", "p", "verdict")


@dataclasses.dataclass(frozen=True, repr=False)
class Benchmark:
    """The result of a paired experiment, finished or not.

    Printed, it is its table and what was found, in words; a notebook shows the table.

    Attributes:
        settings: what all cells have in common.
        arms: name -> description.
        cells: a dict for every subset, arm and training: `per_class`, `repeat`, `arm`, `training`,
            `accuracy`, `images` (of the training set), `correct` by class, `confused` as lists
            `[true, predicted, count]`, `recognised` (every test image, as `image_results` writes
            them), `subset` (its fingerprint), `arm_seconds` (0 where the set was there from the
            training before), `classifier_seconds`, `environment`, `look` (how many results had
            been written before it).
        environments: versions, cores and jobs; `environment` of a cell is a place in this list.
        baseline: the arm that all others are compared with.
        path: the folder, or None where nothing was written.

    Example:
        >>> short = {"repeats": 2, "steps": 2, "classifier": "mlp", "progress": False}
        >>> found = gp.benchmark("digits", per_class=2, arms=["none"], output="found", **short)
        >>> found.means[0]["subsets"], found.table()[0]["images"]
        (2, '20')
        >>> type(found).open("found").cells == found.cells
        True
    """

    settings: dict[str, Any]
    arms: dict[str, dict[str, Any]]
    cells: list[dict[str, Any]]
    environments: list[dict[str, Any]]
    baseline: str
    path: Path | None = None

    @classmethod
    def open(cls, path: StrPath, baseline: str | None = None) -> Self:
        """Read a result again.

        Args:
            path: the folder of an experiment, or its `benchmark.json`.
            baseline: the arm to compare with; None takes `none`, or else the first.

        Raises:
            UsageError: there is no such arm.
            GanprofileError: the file is missing, damaged or something else.
        """
        return cls.of(ResultFile.read(path), baseline)

    @classmethod
    def of(cls, file: ResultFile, baseline: str | None = None) -> Self:
        """The result in a `ResultFile`."""
        content = {name: file.content[name] for name in SHOWN}
        path = None if file.path is None else file.path.parent
        return cls(**content, baseline=chosen_baseline(content["arms"], baseline), path=path)

    @functools.cached_property
    def comparisons(self) -> list[ArmComparison]:
        """A list of `ArmComparison`, by size and in the order of the arms."""
        return compare({name: getattr(self, name) for name in SHOWN}, self.baseline)

    def __repr__(self) -> str:
        times = f"{len(self.comparisons)} time{'s' * (len(self.comparisons) != 1)}"
        name = self.settings.get("dataset", "")
        return f"<Benchmark {name}: {len(self.cells)} cells, compared {times}>"

    def __str__(self) -> str:
        lines = list(zip(*map(_aligned, zip(*self._rows(), strict=True)), strict=True))
        table = "\n".join("  ".join(line).rstrip() for line in lines)
        return "\n\n".join([table, *self.sentences]) or repr(self)

    def _repr_markdown_(self) -> str:
        """What notebooks show."""
        return "\n".join(markdown_table(self._rows()))

    def _rows(self) -> list[list[str]]:
        """The table with its header; nothing where there are no cells."""
        rows = self.table()
        return [list(rows[0]), *(list(row.values()) for row in rows)] if rows else []

    @property
    def verdicts(self) -> dict[tuple[int | str, str, str], str]:
        """`(per_class, arm, against)` -> `helps`, `no benefit shown` or `hurts`, with `for these
        images` where the subset is all that there is."""
        return {(c.per_class, c.arm, c.against): c.verdict for c in self.comparisons}

    @property
    def sentences(self) -> list[str]:
        """What was found, one sentence or two a comparison."""
        return [comparison.sentence for comparison in self.comparisons]

    @functools.cached_property
    def means(self) -> list[dict[str, Any]]:
        """A dict for every size and arm: the mean accuracy over all its subsets, of all images over
        its trainings or repeats (`unit`), their sd (None of one), the mean number of training
        images and of seconds. How sure a difference is stands with the comparisons, and those have
        means of their own, over the cells of both."""
        by_arm: dict[tuple[int | str, str], list[dict[str, Any]]] = {}
        for cell in self.cells:
            by_arm.setdefault((cell["per_class"], cell["arm"]), []).append(cell)
        in_place = sorted(by_arm.items(), key=lambda entry: in_order(entry[0][0]))
        return [self._mean(size, arm, cells) for (size, arm), cells in in_place]

    def _mean(self, per_class: int | str, arm: str, cells: list[dict[str, Any]]) -> dict[str, Any]:
        by_subset: dict[int, list[float]] = {}
        for cell in cells:
            by_subset.setdefault(cell["repeat"], []).append(cell["accuracy"])
        accuracies = [np.mean(of_one) for of_one in by_subset.values()]
        made = [cell for cell in cells if cell["arm_seconds"] > 0] or cells
        counts = self.settings["class_counts"]
        unit = unit_of(per_class, counts)
        return {
            "per_class": per_class,
            "images_per_class": images_of(per_class, counts),
            "arm": arm,
            "subsets": len(by_subset),
            "trainings": len(cells),
            "unit": called(unit, len(by_subset), len(cells)),
            "images": float(np.mean([cell["images"] for cell in cells])),
            "accuracy": float(np.mean(accuracies)),
            "sd": float(np.std(accuracies, ddof=1)) if len(accuracies) > 1 else None,
            "arm_seconds": float(np.mean([cell["arm_seconds"] for cell in made])),
            "classifier_seconds": float(np.mean([cell["classifier_seconds"] for cell in cells])),
        }

    def summary(self) -> dict[str, Any]:
        """Everything but the single cells, as JSON values."""
        return {
            "settings": self.settings,
            "environments": self.environments,
            "arms": self.arms,
            "baseline": self.baseline,
            "means": self.means,
            "comparisons": [_as_json(comparison) for comparison in self.comparisons],
        }

    def numbers(self) -> dict[str, float]:
        """Accuracies by size and arm, and gains over what each was compared with, each 0..1.

        In a name, which is divided by slashes, those of an arm's own are colons.
        """
        named = {arm: arm.replace("/", ":") for arm in self.arms}
        means = {
            f"accuracy/{one['per_class']}/{named[one['arm']]}": one["accuracy"]
            for one in self.means
        }
        gains = {
            f"gain/{one.per_class}/{named[one.arm]}/over/{named[one.against]}": one.difference.mean
            for one in self.comparisons
        }
        return means | gains

    def table(self) -> list[dict[str, str]]:
        """Rows for people, a dict of str each, with the same columns: one per arm, and one more
        for every further comparison of it. Beside `against` stand the number of subsets that both
        arms have been tried on and the accuracies of both on these."""
        compared: dict[tuple[int | str, str], list[ArmComparison | None]] = {}
        for one in self.comparisons:
            compared.setdefault((one.per_class, one.arm), []).append(one)
        rows = []
        for mean in self.means:
            place = mean["per_class"], mean["arm"]
            first, *others = compared.get(place, [None])
            rows.append({**_mean_cells(mean), **_comparison_cells(first)})
            rows += [{**_mean_cells(None), **_comparison_cells(other)} for other in others]
        return rows

    def write(self) -> None:
        """Write `benchmark.csv`, `summary.json` and `benchmark.png` into the folder.

        Raises:
            UsageError: it has no folder, or no cells.
        """
        from ganprofile.figures import save_benchmark

        if self.path is None:
            raise UsageError("This benchmark has no folder to write into. Name one with output.")

        if not self.cells:
            raise UsageError(
                "This benchmark has no cells yet, of which there could be a table. Go on with it."
            )
        rows = ([cell.get(column, "") for column in CSV_COLUMNS] for cell in self.cells)
        write_csv(self.path / "benchmark.csv", [CSV_COLUMNS, *rows])
        summary = self.summary()
        write_json(self.path / "summary.json", summary)
        means, path = summary["means"], self.path / "benchmark.png"
        save_benchmark(path, means, summary["comparisons"], over(means))


def chosen_baseline(arms: Collection[str], wanted: str | None = None) -> str:
    """The arm that all others are compared with.

    Args:
        arms: their names, in order.
        wanted: one of them, or None.

    Raises:
        UsageError: `wanted` is not one of them.
    """
    if wanted is not None and wanted not in arms:
        raise UsageError(
            f"The baseline should be one of the arms {', '.join(arms)}. Received: {wanted!r}."
        )
    return wanted or (NOTHING_ADDED if NOTHING_ADDED in arms else next(iter(arms)))


def _aligned(column: Sequence[str]) -> list[str]:
    """The cells of a column, as wide as the widest."""
    width = max(map(len, column))
    return [cell.ljust(width) for cell in column]


def _as_json(comparison: ArmComparison) -> dict[str, Any]:
    content = dataclasses.asdict(comparison)
    difference = content.pop("difference")
    return {
        **content,
        **difference,
        "p_corrected": comparison.p_corrected,
        "direction": comparison.direction,
        "verdict": comparison.verdict,
        "sentence": comparison.sentence,
        "changes": comparison.changes,
        "largest_loss": comparison.largest_loss,
        "largest_gain": comparison.largest_gain,
    }


def _mean_cells(mean: dict[str, Any] | None) -> dict[str, str]:
    if mean is None:
        return dict.fromkeys(MEAN_COLUMNS, "")
    return {
        "per class": str(mean["per_class"]),
        "arm": mean["arm"],
        "images": f"{mean['images']:,.0f}",
        "subsets": counted(mean["unit"], mean["subsets"], mean["trainings"], "subsets"),
        "accuracy": f"{percent(mean['accuracy'], 2)} %",
        "sd": "-" if mean["sd"] is None else percent(mean["sd"], 2),
    }


def _comparison_cells(comparison: ArmComparison | None) -> dict[str, str]:
    if comparison is None:
        return dict.fromkeys(COMPARED_COLUMNS, "")
    found, corrected = comparison.difference, comparison.p_corrected
    interval = "-"
    if found.low is not None and found.high is not None:
        ends = f"{points(found.low)} to {points(found.high)}"
        interval = f"{interval_name(found.level)} {ends}"
    return {
        "against": f"{comparison.against} ({comparison.subsets}: {comparison.accuracies} %)",
        "difference": points(found.mean),
        "interval": interval,
        "p": "-" if corrected is None else f"{corrected:.2g}",
        "verdict": comparison.verdict,
    }
