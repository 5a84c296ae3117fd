"""The figures of a run, drawn again from its numbers, finished or not."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np

from ganprofile.console import ProgressBar, say
from ganprofile.errors import GanprofileError, written
from ganprofile.figures import save_epoch_histograms, save_training_figures
from ganprofile.runs.listing import history_of
from ganprofile.runs.run import Run
from ganprofile.storage.arrays import open_arrays
from ganprofile.storage.paths import StrPath

LOSSES = ("generator_loss", "discriminator_loss")
ARRAYS = (*LOSSES, "real_logits", "fake_logits")


def plot(run: Run | StrPath, *, histograms: bool = False, progress: bool = True) -> list[Path]:
    """Draw the figures of a run into its `figures/`; of an unfinished one as far as it has come.

    Where its checkpoint is damaged, `histograms.npz` will do, or the losses in `history.csv`, of
    which there are no histograms; that is said.

    Args:
        run: a `Run` or the path of one.
        histograms: also draw losses and logits of every epoch into a file of its own,
            `figures/histograms/epoch_001.png`, ...
        progress: whether to say how it goes.

    Returns:
        The paths written, a list of `Path`.

    Raises:
        UsageError: there is no such run.
        GanprofileError: the run has no numbers yet, is a model without any, or is damaged, or its
            `figures/` cannot be written.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> run = gp.train(train_set.subset(5), "cgan", epochs=2, progress=False)

        >>> [path.name for path in gp.plot(run, progress=False)]
        ['losses.png', 'loss_histograms.png', 'logit_histograms.png']
    """
    run = Run.open(run)
    arrays = numbers_of(run)
    folder = run.path / "figures"
    with written(folder):
        folder.mkdir(exist_ok=True)
        paths = save_training_figures(folder, arrays)
        if histograms and "real_logits" in arrays:
            with ProgressBar(len(arrays["real_logits"]), progress) as bar:
                paths += save_epoch_histograms(
                    folder / "histograms",
                    arrays,
                    lambda done, epochs: bar.show(done, f"{done:,}/{epochs:,} epochs drawn"),
                )
    return paths


def numbers_of(run: Run) -> dict[str, np.ndarray]:
    """What `histograms.npz` holds, name -> array with a row per epoch; a run that goes on has newer
    numbers in its checkpoint. Where that is damaged, the losses may be all there are.

    Args:
        run: a `Run`.

    Raises:
        GanprofileError: it has no numbers yet, is a model without any, or is damaged.
    """
    try:
        arrays = run.load_checkpoint()
    except GanprofileError as error:
        return _without_checkpoint(run, error)
    if arrays is None:
        run.require("histograms.npz")
        return _of_histograms(run)
    prefix = "record/arrays/"
    arrays = {name.removeprefix(prefix): array for name, array in arrays.items()}
    return _checked(run, arrays, "The checkpoint")


def _without_checkpoint(run: Run, damage: GanprofileError) -> dict[str, np.ndarray]:
    """What other files tell of as many epochs as the history has."""
    history = history_of(run)
    if not len(history.get("epoch", ())):
        raise damage
    source, arrays = "history.csv", {name: history[name][:, None] for name in LOSSES}
    with contextlib.suppress(GanprofileError):  # an older one is of fewer epochs
        if len((counted := _of_histograms(run))["real_logits"]) == len(history["epoch"]):
            source, arrays = "histograms.npz", counted
    without = "" if "real_logits" in arrays else ", the mean losses of epochs, without histograms"
    say(
        f"The checkpoint of {run.path} is damaged or of another training. Drawn is what {source} "
        f"holds{without}."
    )
    return arrays


def _of_histograms(run: Run) -> dict[str, np.ndarray]:
    return _checked(run, open_arrays(run.path / "histograms.npz"), "histograms.npz")


def _checked(run: Run, arrays: dict[str, np.ndarray], source: str) -> dict[str, np.ndarray]:
    sizes = {np.shape(arrays.get(name, ()))[:1] for name in ARRAYS}
    if len(sizes) != 1 or not all(sizes) or sizes == {(0,)}:
        raise GanprofileError(
            f"{source} of {run.path} lacks the numbers of its epochs. Copy the whole folder again."
        )
    return {name: arrays[name] for name in ARRAYS}
