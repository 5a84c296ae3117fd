"""`ganprofile profile`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices, data, tables
from ganprofile.storage.files import printable

LAYOUTS = "t-sne or umap"


@data.takes_data("allow_overlap")
def profile(
    images: Annotated[
        str | None,
        typer.Argument(
            help="Images of which it is known who wrote them: digits, qmnist, chars74k, hwdplus, "
            "an imported name, or a path."
        ),
    ] = None,
    dataset: data.Dataset = None,
    writer: Annotated[
        int | None, typer.Option(help="The number of a writer: this one beside the others.")
    ] = None,
    layout: Annotated[str, typer.Option(help=f"How the map is made: {LAYOUTS}.")] = "t-sne",
    seed: choices.Seed = 0,
    *,
    loading,
    output: Annotated[Path, typer.Option(help="The folder to write.")] = Path("profile"),
    force: choices.Force = False,
    json: choices.Json = False,
):
    """Show how people write: a map of writers by style, who is alike, and who stands out.

    Example: ganprofile profile digits --writer 7
    """
    import ganprofile as gp

    found = gp.profile_writers(
        data.data_of(images, dataset),
        writer,
        output=output,
        layout=layout,
        seed=seed,
        force=force,
        **loading,
    )
    if json:
        choices.print_json(found.content())
    else:
        _print(found)


def _print(found):
    from ganprofile.studies.profile import COLUMNS, cells, shown_rows

    print(
        f"{found.images:,} images of {printable(found.dataset)} by {len(found.writers):,} writers"
    )
    table = tables.new_table(*(title for title, _ in COLUMNS.values()))
    for row in shown_rows(found):
        table.add_row(*cells(row))
    tables.print_table(table)
    print(f"\n{found.path / 'profile.md'}")
