"""`ganprofile compare`."""

from pathlib import Path

from ganprofile.cli import choices, completing, tables
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import ESSENTIAL, argument, option
from ganprofile.storage.files import printable


def compare(
    runs: argument(
        list[str], help="Run folders or models, two or more.", autocompletion=completing.sources
    ),
    classes: choices.Classes = None,
    seed: choices.Seed = 0,
    output: option(
        Path, help="The folder to write into.", panel=ESSENTIAL, metavar="FOLDER"
    ) = Path("comparison"),
    force: option(bool, "--force", help="Replace older pictures.", panel=ESSENTIAL) = False,
    json: choices.Json = False,
):
    """Several runs side by side: what they draw, losses, settings.

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
    say_next("see one as a page", "report", runs[0])
