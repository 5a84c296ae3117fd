"""`ganprofile push`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices, tables
from ganprofile.storage.files import printable


def push(
    path: Annotated[
        Path,
        typer.Argument(
            help="A written set, a run, a model or its name, a reader or a folder of data."
        ),
    ],
    to: Annotated[str, typer.Argument(help="Where to on Hugging Face's Hub: hf://user/name.")],
    public: Annotated[
        bool, typer.Option("--public", help="Let everybody see it.  Default: only you may.")
    ] = False,
    licence: Annotated[
        str | None,
        typer.Option(help="For a card that leaves it open, as the Hub spells it: cc-by-4.0."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the files that are there.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Refuse.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List every file that would leave, and ask nobody.")
    ] = False,
    json: choices.Json = False,
):
    """Push a set, a model or your data to Hugging Face's Hub, private unless you say otherwise.

    Example: ganprofile push augmented/mine hf://user/mine --dry-run
    """
    import ganprofile as gp

    done = gp.push(
        path,
        to,
        public=public,
        licence=licence,
        force=force,
        offline=offline,
        dry_run=dry_run,
    )
    if json:
        choices.print_json(done if dry_run else vars(done))
    elif dry_run:
        table = tables.new_table("file")
        table.add_column("bytes", justify="right")
        for name, size in done["files"].items():
            table.add_row(printable(name), f"{size:,}")
        tables.print_table(table)
    else:
        print(done.url)
