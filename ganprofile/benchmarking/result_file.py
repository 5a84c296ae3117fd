"""`benchmark.json`: everything that an experiment found, rewritten whole after every cell.

settings       what all cells have in common; other settings are another experiment
arms           name -> how the arm makes its training set
environments   versions, cores, jobs or a cluster; every cell says by number in which it was made
looks          how many results were written: every cell says after how many it was made
cells          a line for each: accuracy, what was recognised and confused, seconds
"""

import json
import math

from ganprofile.benchmarking.comparisons import BASELINES
from ganprofile.benchmarking.old_names import renamed
from ganprofile.benchmarking.same_pool import SAME_POOL
from ganprofile.benchmarking.sizes import ALL, in_order
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import as_json, atomic_path, expanded, read_json

NAME = "benchmark.json"
SECTIONS = {"settings": dict, "arms": dict, "environments": list, "looks": int, "cells": list}
CELL_KEYS = {
    "per_class",
    "repeat",
    "arm",
    "accuracy",
    "images",
    "arm_seconds",
    "classifier_seconds",
    "correct",
    "confused",
}
MEASURED = ("accuracy", "images", "arm_seconds", "classifier_seconds")
COUNTED = {"class_names", "class_counts", "test_class_counts"}
# What may not change between two sittings, and what it is called.
IDENTITY = {
    "train_fingerprint": "the fingerprint of the training images",
    "test_fingerprint": "the fingerprint of the test images",
    "classifier": "the classifier",
    "steps": "the number of training steps",
    "seed": "the seed",
}
ROUNDED = 1e-6  # by so much may an accuracy differ from the counts that it is of
OTHERWISE = "Choose another `output`, or put it back."


class ResultFile:
    """Cells as they come, on disk where there is a path.

    Attributes:
        path: of the file, or None.
        content: what is in it, a dict of the sections above.
    """

    def __init__(self, path, content, environment=None):
        self.path = path
        self.content = content
        self._environment = environment
        self._arm_numbers = {name: number for number, name in enumerate(content["arms"])}

    @classmethod
    def read(cls, path):
        """What a file holds.

        Args:
            path: of the file, or of the folder that it is in.

        Raises:
            GanprofileError: it is missing, damaged or no result of a benchmark.
        """
        path = expanded(path)
        path = path / NAME if path.is_dir() else path
        content = read_json(path)
        if isinstance(content, dict):
            content.setdefault("looks", 0)  # of a result of before they were counted
        is_sound = (
            all(isinstance(content.get(name), kind) for name, kind in SECTIONS.items())
            and COUNTED | set(IDENTITY) <= set(content["settings"])
            and all(map(_is_environment, content["environments"]))
            and all(isinstance(description, dict) for description in content["arms"].values())
            and content["arms"]
            and _have_counts(content["settings"])
            and all(_is_cell(cell, content) for cell in content["cells"])
        )
        if not is_sound:
            raise GanprofileError(
                f"{path} is damaged, or not the result of a benchmark. Copy it again, or remove it."
            )
        content = renamed(content)
        # Cells that were kept before there were several trainings are of the first.
        cells = [{"training": 0, **cell} for cell in content["cells"]]
        if len({*map(place_of, cells)}) < len(cells):
            raise GanprofileError(f"{path} has a cell twice. Copy it again, or remove one of both.")
        return cls(path, {**content, "cells": cells})

    @classmethod
    def open(cls, output, settings, arms, environment):
        """The result of this experiment as far as it has come, to be gone on with.

        Args:
            output: the folder it is in or will be in; None keeps it in memory.
            settings: name -> JSON value; those in `IDENTITY` may not have changed.
            arms: name -> description, a dict of JSON values; other arms may be there already.
            environment: what the cells to come are made in, a dict.

        Raises:
            UsageError: a setting or an arm of the same name was another one.
        """
        arms, environment = json.loads(as_json([arms, environment]))
        path = None if output is None else output / NAME
        if path is None or not path.exists():
            content = {name: kind() for name, kind in SECTIONS.items()} | {"settings": settings}
        else:
            content = cls.read(path).content
            _refuse_other_settings(path, content["settings"], settings)
            for name, description in arms.items():
                if name in content["arms"]:
                    _refuse_other_arm(path, name, content["arms"][name], description)
        environments = content["environments"]
        environments = environments + [environment] * (environment not in environments)
        known = content["arms"] | arms
        return cls(path, {**content, "arms": known, "environments": environments}, environment)

    @property
    def places(self):
        """`(per_class, repeat, arm, training)` of every cell, in order."""
        return [place_of(cell) for cell in self.content["cells"]]

    def add(self, cell):
        """Put a cell in its place, on disk as well."""
        number = self.content["environments"].index(self._environment)
        added = {**cell, "environment": number, "look": self.content["looks"]}
        self.content["cells"] = sorted([*self.content["cells"], added], key=self._order)
        self.write()

    def looked_at(self):
        """Take down that the cells so far are about to be looked at, if there are new ones."""
        if any(cell.get("look", 0) == self.content["looks"] for cell in self.content["cells"]):
            self.content["looks"] += 1
            self.write()

    def write(self):
        """Write all of it, where there is a path."""
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _write(self.path, self.content)

    def _order(self, cell):
        per_class, repeat, arm, training = place_of(cell)
        return in_order(per_class), repeat, self._arm_numbers[arm], training


def place_of(cell):
    """`(per_class, repeat, arm, training)`, what tells a cell from all others."""
    return cell["per_class"], cell["repeat"], cell["arm"], cell["training"]


def _is_environment(one):
    return isinstance(one, dict) and isinstance(one.get("versions", {}), dict)


def _have_counts(settings):
    """Whether settings say of each class how many images there are, some to learn from."""
    names, *counts = (settings[k] for k in ("class_names", "class_counts", "test_class_counts"))
    is_named = isinstance(names, list) and all(isinstance(name, str) for name in names)
    return (
        is_named
        and len({*names}) == len(names) > 0
        and all(_are_counts(one, len(names)) for one in counts)
        and min(counts[0]) > 0
        and sum(counts[1]) > 0
    )


def _is_cell(cell, content):
    """Whether it has what comparisons and tables are made of."""
    if not (isinstance(cell, dict) and set(cell) >= CELL_KEYS):
        return False
    settings = content["settings"]
    classes = len(settings["class_names"])
    place = [cell["repeat"], cell.get("training", 0), cell.get("look", 0)]
    return (
        cell["arm"] in list(content["arms"])
        and _is_size(cell["per_class"], settings["class_counts"])
        and _are_counts(place, len(place))
        and all(isinstance(cell[name], (int, float)) for name in MEASURED)
        and all(math.isfinite(cell[name]) for name in MEASURED)
        and cell["images"] >= 1
        and _are_counts(cell["correct"], classes)
        and _agrees(cell, settings["test_class_counts"])
        and isinstance(cell["confused"], list)
        and all(_are_counts(one, 3) and max(one[:2]) < classes for one in cell["confused"])
        and cell.get("environment", 0) in range(len(content["environments"]) or 1)
    )


def _is_size(per_class, class_counts):
    """Whether so many images of every class can be a subset."""
    return per_class == ALL or (_are_counts([per_class], 1) and 1 <= per_class <= min(class_counts))


def _agrees(cell, totals):
    """Whether the accuracy is that of the images recognised, no more than there are."""
    correct = cell["correct"]
    are_there = all(right <= total for right, total in zip(correct, totals, strict=True))
    return are_there and abs(cell["accuracy"] - sum(correct) / sum(totals)) <= ROUNDED


def _are_counts(values, count):
    is_list = isinstance(values, list) and len(values) == count
    return is_list and all(isinstance(value, int) and value >= 0 for value in values)


def _write(path, content):
    """Indented JSON, but each cell in one line, so that two versions of a file can be compared."""
    head = as_json({name: content[name] for name in SECTIONS if name != "cells"}, indent=2)
    cells = ",\n".join("    " + as_json(cell, separators=(",", ":")) for cell in content["cells"])
    with atomic_path(path) as partial:
        partial.write_text(f'{head[:-2]},\n  "cells": [\n{cells}\n  ]\n}}\n', encoding="utf-8")


def _refuse_other_settings(path, before, now):
    for name, what in IDENTITY.items():
        if before[name] != now[name]:
            raise UsageError(
                f"{path} is of another experiment: {what} was {_short(before[name])} and is "
                f"{_short(now[name])}. {OTHERWISE}"
            )


def _refuse_other_arm(path, name, before, now):
    for key in {**before, **now}:
        if key not in (BASELINES, SAME_POOL) and before.get(key) != now.get(key):
            raise UsageError(
                f"The arm {name!r} of {path} is another one: its {key} was "
                f"{_short(before.get(key))} and is {_short(now.get(key))}. {OTHERWISE}"
            )


def _short(value):
    text = as_json(value)
    return text if len(text) <= 60 else f"{text[:20]}...{text[-1]}"
