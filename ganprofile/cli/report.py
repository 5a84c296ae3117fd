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
    export: Annotated[
        Path | None,
        typer.Option(
            "--export",
            help="Also make this folder for a paper: figures as SVG and PDF, tables as CSV, "
            "Markdown and LaTeX.",
        ),
    ] = None,
    force: choices.Force = False,
    json: choices.Json = False,
):
    """Write what was found as one HTML file: the verdict, numbers, pictures; without a network.

    Example: ganprofile report runs/2026-11-20-cgan-digits-001
    """
    import ganprofile as gp

    written = gp.report(path, output=output, export=export, force=force)
    if json:
        choices.print_json({"output": written, **({"export": export} if export else {})})
        return
    print(written)
    if export is not None:
        print(export)
