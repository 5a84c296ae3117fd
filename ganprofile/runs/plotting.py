"""The figures of a run, drawn again from its numbers, finished or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ganprofile.console import ProgressBar
from ganprofile.errors import GanprofileError
from ganprofile.figures import save_epoch_histograms, save_training_figures
from ganprofile.runs.run import Run
from ganprofile.storage.arrays import open_arrays
from ganprofile.storage.paths import StrPath

ARRAYS = ("generator_loss", "discriminator_loss", "real_logits", "fake_logits")


def plot(run: Run | StrPath, *, histograms: bool = False, progress: bool = True) -> list[Path]:
    """Draw the figures of a run into its `figures/`; of an unfinished one as far as it has come.

    Args:
        run: a `Run` or the path of one.
        histograms: also draw losses and logits of every epoch into a file of its own,
            `figures/histograms/epoch_001.png`, ...
        progress: whether to say how it goes.

    Returns:
        The paths written, a list of `Path`.

    Raises:
        UsageError: there is no such run.
        GanprofileError: the run has no numbers yet, is a model without any, or is damaged.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> run = gp.train(train_set.subset(5), "cgan", epochs=2, progress=False)

        >>> [path.name for path in gp.plot(run, progress=False)]
        ['losses.png', 'loss_histograms.png', 'logit_histograms.png']
    """
    run = Run.open(run)
    arrays = numbers_of(run)
    folder = run.path / "figures"
    folder.mkdir(exist_ok=True)
    paths = save_training_figures(folder, arrays)
    if histograms:
        with ProgressBar(len(arrays["real_logits"]), progress) as bar:
            paths += save_epoch_histograms(
                folder / "histograms",
                arrays,
                lambda done, epochs: bar.show(done, f"{done:,}/{epochs:,} epochs drawn"),
            )
    return paths


def numbers_of(run: Run) -> dict[str, np.ndarray]:
    """What `histograms.npz` holds, name -> array with a row per epoch; a run that goes on has newer
    numbers in its checkpoint.

    Args:
        run: a `Run`.

    Raises:
        GanprofileError: it has no numbers yet, is a model without any, or is damaged.
    """
    arrays = run.load_checkpoint()
    if arrays is None:
        run.require("histograms.npz")
        arrays, source = open_arrays(run.path / "histograms.npz"), "histograms.npz"
    else:
        prefix, source = "record/arrays/", "The checkpoint"
        arrays = {name.removeprefix(prefix): array for name, array in arrays.items()}
    sizes = {np.shape(arrays.get(name, ()))[:1] for name in ARRAYS}
    if len(sizes) != 1 or not all(sizes) or sizes == {(0,)}:
        raise GanprofileError(
            f"{source} of {run.path} lacks the numbers of its epochs. Copy the whole folder again."
        )
    return {name: arrays[name] for name in ARRAYS}
