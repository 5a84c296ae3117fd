"""`ganprofile plot`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices


def plot(
    run: Annotated[Path, typer.Argument(help="A run folder, finished or not.")],
    histograms: Annotated[
        bool,
        typer.Option(
            "--histograms", help="Also losses and logits of every epoch, in a file of its own."
        ),
    ] = False,
    json: choices.Json = False,
):
    """Draw the figures of a run from its numbers; of an unfinished one as far as it has come.

    Example: ganprofile plot runs/2026-11-20-cgan-digits-001 --histograms
    """
    import ganprofile as gp

    paths = gp.plot(run, histograms=histograms)
    if json:
        choices.print_json(paths)
    else:
        print("\n".join(map(str, paths)))
