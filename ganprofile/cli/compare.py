"""`ganprofile compare`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices, tables
from ganprofile.storage.files import printable


def compare(
    runs: Annotated[list[str], typer.Argument(help="Run folders or models, two or more.")],
    classes: choices.Classes = None,
    seed: choices.Seed = 0,
    output: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("comparison"),
    force: Annotated[bool, typer.Option("--force", help="Replace older pictures.")] = False,
    json: choices.Json = False,
):
    """Several runs side by side: what they draw, their losses, which settings differ.

    Example: ganprofile compare runs/2026-11-20-cgan-digits-001 digits-cgan
    """
    import ganprofile as gp

    comparison = gp.compare(runs, output, classes=choices.listed(classes), seed=seed, force=force)
    if json:
        choices.print_json(vars(comparison))
        return
    print("\n".join(map(str, comparison.paths)), end="\n\n")
    table = tables.new_table("", *map(printable, comparison.names))
    for name, values in {**comparison.settings, **comparison.numbers}.items():
        table.add_row(name.replace("_", " "), *(printable(tables.cell(v)) for v in values))
    tables.print_table(table)
