"""How long a training takes, by what earlier runs in the same folder measured on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.errors import GanprofileError
from ganprofile.runs.listing import history_of
from ganprofile.runs.run import Run
from ganprofile.storage.files import expanded
from ganprofile.storage.paths import StrPath

# What decides how fast a step is, beside the networks of a preset and the shape of the images.
DECISIVE = (
    *("network", "batch_size", "discriminator_steps", "conditions", "conditioning"),
    *("penalty", "augmentation_policy", "precision", "jit"),
)


def expected_seconds(folder: StrPath, config: Mapping[str, Any]) -> tuple[float, Path] | None:
    """How long all epochs of a training take, as far as an earlier run tells.

    Args:
        folder: where the run is to be made, and earlier ones may lie.
        config: the content that its `config.json` will have.

    Returns:
        Seconds, and the folder of the newest run that trained equal networks on images of the same
        shape; None where there is none.

    Example:
        >>> from ganprofile.runs.earlier import expected_seconds
        >>> config = gp.train("digits", "cgan", epochs=2, dry_run=True)
        >>> expected_seconds("runs", config) is None
        True
    """
    place = expanded(folder)
    paths = place.glob("*/history.csv") if place.is_dir() else ()
    for path in sorted(paths, key=lambda one: one.stat().st_mtime, reverse=True):
        try:
            run = Run.open(path.parent)
            if _speed_of(run.config) != _speed_of(config):
                continue
            seconds = history_of(run)["seconds"]
            usual = seconds[1:] if len(seconds) > 1 else seconds  # the first one compiles
            per_image = float(np.median(usual)) / run.config["dataset"]["images"]
        except (GanprofileError, LookupError):
            continue  # a damaged run tells nothing
        images, epochs = config["dataset"]["images"], config["settings"]["epochs"]
        return per_image * images * epochs, run.path
    return None


def _speed_of(config: Mapping[str, Any]) -> list[Any]:
    """What decides it, in values of which equal ones are equal in JSON, too."""
    settings = config["settings"]
    values = [config["model"], config.get("backend"), config["dataset"]["image_shape"]]
    values += [settings.get(name) for name in DECISIVE]
    return [list(one) if isinstance(one, tuple) else one for one in values]
