"""`ganprofile models`, `ganprofile models save` and `ganprofile models export`."""

from pathlib import Path

import typer

from ganprofile.cli import choices, completing, names, plans, tables
from ganprofile.cli.flags import in_flags, typed_words
from ganprofile.cli.groups import App
from ganprofile.cli.next_steps import can_label, say_next
from ganprofile.cli.panels import ESSENTIAL, argument, option
from ganprofile.console import percent, say
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

DIGITS = 12  # of a sha256, in the table
FIGURES = ("label_fidelity", "train_on_synthetic_accuracy", "copy_rate")

app = App(invoke_without_command=True)


@app.callback()
def models(context: typer.Context, json: choices.Json = False):
    """The models at hand: data, licence, size, sha256, and how good what they draw is.

    They lie in ./saved_models and in the package. sample, generate and evaluate take their names.

    Example: ganprofile models
    """
    if context.invoked_subcommand:
        is_help_asked = {*context.help_option_names, "--help-all"} & {*typed_words()}
        if json and not is_help_asked:
            raise UsageError(
                "--json stands behind a command, where it has one: ganprofile models export NAME "
                "--json. Before it, it is of ganprofile models alone."
            )
        return
    import ganprofile as gp

    summaries = gp.list_models()
    if json:
        choices.print_json([vars(summary) for summary in summaries])
    else:
        _print(summaries)
    if summaries:
        say_next("look at one", "sample", summaries[0].name, "--grid", as_json=json)


@app.command()
def save(
    run: argument(Path, help="A run folder.", autocompletion=completing.runs),
    name: option(
        str | None,
        help="By which it will be found.",
        panel=ESSENTIAL,
        metavar="NAME",
        show_default="DATASET-PRESET",
    ) = None,
    evaluation: option(
        Path | None,
        help="What evaluate wrote about RUN, to be kept with it.",
        panel=ESSENTIAL,
        metavar="FOLDER",
    ) = None,
    force: option(
        bool,
        "--force",
        help="Replace a model of that name, or hide a carried one.",
        panel=ESSENTIAL,
    ) = False,
):
    """Keep the part of a run that draws as a model in ./saved_models; the last line names it.

    Example: ganprofile models save runs/2026-11-20-cdcgan-mine-001 --name mine
    """
    import ganprofile as gp

    saved = gp.save_model(run, name, evaluation=evaluation, force=force)
    print(saved.path)
    can_be_set = can_label(gp.Run.open(saved.path))
    drawing = ["generate", saved.path.name, "--per-class", 500]
    say_next("draw from it", *(drawing if can_be_set else ["sample", saved.path.name, "--grid"]))


@app.command()
def export(
    source: argument(
        str,
        metavar="NAME",
        help="A run, a model or a reader: its folder, or its name.",
        autocompletion=completing.sources,
    ),
    to: choices.choice(str, "format", names.EXPORTS, panel=ESSENTIAL) = "onnx",
    output: option(
        Path | None,
        help="The file or folder to write.",
        more="A file .onnx or .tflite.",
        panel=ESSENTIAL,
        metavar="PATH",
        show_default="in exported/",
    ) = None,
    force: choices.Force = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Write a generator or reader in a format that needs no Keras, and compare it with Keras.

    1,000 inputs are compared; if any number differs by more than 0.0001, nothing is written.

    Example: ganprofile models export digits-cgan --to onnx
    """
    import ganprofile as gp

    made = gp.export_model(source, to, output=output, force=force, dry_run=dry_run)
    if dry_run:
        plans.print_plan(made, plans.of_export, json)
    elif json:
        found = {"bytes": made.bytes, "largest_difference": made.largest_difference}
        choices.print_json({"output": made.path, **found, **made.info})
    else:
        print(made.path)
        say(
            f"{made.bytes / 1e6:,.2f} MB. Of 1,000 outputs none differs from Keras by more than "
            f"{made.largest_difference:.1e}."
        )


def _print(summaries):
    table = tables.new_table("name", "data", "preset")
    for column in ("classes", "size", "fidelity", "teaches", "copies"):
        table.add_column(column, justify="right")
    for column in ("sha256", "where"):
        table.add_column(column)
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
    return "-" if value is None else f"{percent(value, 1)}%"
