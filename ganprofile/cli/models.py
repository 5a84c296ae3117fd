"""`ganprofile models` and `ganprofile models save`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices, tables
from ganprofile.cli.flags import in_flags
from ganprofile.cli.groups import Group
from ganprofile.storage.files import printable

DIGITS = 12  # of a sha256, in the table
FIGURES = ("label_fidelity", "train_on_synthetic_accuracy", "copy_rate")

app = typer.Typer(cls=Group, invoke_without_command=True)


@app.callback()
def models(context: typer.Context, json: choices.Json = False):
    """The models at hand: data, licence, size, sha256, and how good what they draw is.

    They lie in ./saved_models and in the package. sample, generate and evaluate take their names.

    Example: ganprofile models
    """
    if context.invoked_subcommand:
        return
    import ganprofile as gp

    summaries = gp.list_models()
    if json:
        choices.print_json([vars(summary) for summary in summaries])
    else:
        _print(summaries)


@app.command()
def save(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    name: Annotated[
        str | None, typer.Option(help="By which it will be found; else DATASET-PRESET.")
    ] = None,
    evaluation: Annotated[
        Path | None, typer.Option(help="What evaluate wrote about RUN, to be kept with it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a model of that name.")] = False,
):
    """Keep the part of a run that draws as a model in ./saved_models; the last line names it.

    Example: ganprofile models save runs/2026-11-20-cdcgan-mine-001 --name mine
    """
    import ganprofile as gp

    print(gp.save_model(run, name, evaluation=evaluation, force=force).path)


def _print(summaries):
    table = tables.new_table("name", "data", "preset")
    for column in ("classes", "size", "fidelity", "teaches", "copies"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("sha256", no_wrap=True)
    table.add_column("where", overflow="fold")
    for model in summaries:
        found = model.evaluation or {}
        table.add_row(
            *(printable(tables.cell(each)) for each in (model.name, model.dataset, model.model)),
            tables.cell(model.classes),
            f"{model.bytes / 1e6:,.1f} MB",
            *(_share(found.get(name)) for name in FIGURES),
            tables.cell(model.sha256 and model.sha256[:DIGITS]),
            printable(model.path.parent),
        )
    tables.print_table(table)
    print(
        "\nfidelity: images that a classifier reads as their label; teaches: how well one that "
        "has seen nothing else reads real images; copies: of training images."
    )
    for model in summaries:
        if model.problem:
            print(f"damaged: {in_flags(printable(model.problem))}")
        elif model.licence:
            print(f"{printable(model.name)}: licence of the data: {model.licence}")


def _share(value):
    return "-" if value is None else f"{value:.1%}"
