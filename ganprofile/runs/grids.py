"""The grids that a run draws, one for each epoch: `samples/epoch_001.png`, ..."""

import re
from pathlib import Path

FOLDER = "samples"
NAME = re.compile(r"epoch_(\d{3,})\.png")


def grid_of(run, epoch):
    """The file of an epoch's grid, a `Path`.

    Args:
        run: the run folder.
        epoch: counted from 1.
    """
    return Path(run, FOLDER, f"epoch_{epoch:03d}.png")


def grids_of(run):
    """Epoch -> the file of its grid, in order; other files that lie there are passed over.

    Args:
        run: the run folder.
    """
    names = filter(None, (NAME.fullmatch(file.name) for file in Path(run, FOLDER).glob("*.png")))
    return {epoch: grid_of(run, epoch) for epoch in sorted(int(name[1]) for name in names)}
