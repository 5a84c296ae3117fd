"""`ganprofile profile`."""

from pathlib import Path

from ganprofile.cli import choices, completing, data, names, tables
from ganprofile.cli.next_steps import options_of, say_next
from ganprofile.cli.panels import ESSENTIAL, argument, option
from ganprofile.console import counted
from ganprofile.storage.files import printable

LAYOUT, OUTPUT = "t-sne", Path("profile")


@data.takes_data("allow_overlap")
def profile(
    images: argument(
        str | None,
        help="Images of which it is known who wrote them.",
        more="digits, qmnist, chars74k, hwdplus, an imported name, or a path.",
        autocompletion=completing.datasets,
    ) = None,
    dataset: data.Dataset = None,
    writer: option(
        str | None,
        help="A writer's number or name: this one beside the others.",
        panel=ESSENTIAL,
        metavar="WRITER",
    ) = None,
    layout: choices.choice(
        str,
        "layout",
        names.LAYOUTS,
        help=f"How the map is made: {names.said(names.LAYOUTS)}.",
        panel=ESSENTIAL,
    ) = LAYOUT,
    seed: choices.Seed = 0,
    *,
    loading,
    output: option(Path, help="The folder to write.", panel=ESSENTIAL, metavar="FOLDER") = OUTPUT,
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
    if writer is None:
        said = {**loading, **_changed(layout=layout, seed=seed, output=found.path)}
        words = [data.data_of(images, dataset), *options_of(said)]
        one = found.called(found.writers[0]["writer"])
        say_next(
            "one beside the others", "profile", *words, "--writer", one, "--force", as_json=json
        )


def _changed(**options):
    """Those that are not as they are without being said."""
    usual = {"layout": LAYOUT, "seed": 0, "output": OUTPUT}
    return {name: value for name, value in options.items() if value != usual[name]}


def _print(found):
    from ganprofile.studies.profile import COLUMNS, cells, shown_rows

    who = counted(len(found.writers), "writer")
    print(f"{found.images:,} images of {printable(found.dataset)} by {who}")
    table = tables.new_table(*(title for title, _ in COLUMNS.values()))
    for row in shown_rows(found):
        table.add_row(*cells(found, row))
    tables.print_table(table)
    print(f"\n{found.path / 'profile.md'}")
