"""`ganprofile report`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices


def report(
    path: Annotated[
        Path,
        typer.Argument(
            help="The folder of a run, a model, an evaluation, a benchmark or a study; or a "
            "model's name (digits-cgan)."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            help="The file to write.  Default: report.html in that folder; "
            "NAME.html of a model's name.",
        ),
    ] = None,
    force: choices.Force = False,
    json: choices.Json = False,
):
    """Write what was found as one HTML file: the verdict, numbers, pictures; without a network.

    Example: ganprofile report runs/2026-11-20-cgan-digits-001
    """
    import ganprofile as gp

    written = gp.report(path, output=output, force=force)
    if json:
        choices.print_json({"output": written})
    else:
        print(written)
