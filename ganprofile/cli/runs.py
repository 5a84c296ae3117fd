"""`ganprofile runs`."""

import datetime
from pathlib import Path

from ganprofile.cli import choices, tables
from ganprofile.cli.flags import in_flags
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import argument
from ganprofile.console import say
from ganprofile.storage.files import printable

DEFAULT_FOLDER = Path("runs")


def runs(
    folder: argument(Path, help="A folder of run folders, or one run folder.") = DEFAULT_FOLDER,
    json: choices.Json = False,
):
    """What runs there are: how far, how good, how big, and which are not finished.

    Example: ganprofile runs
    """
    import ganprofile as gp

    summaries = gp.list_runs(folder)
    if json:
        choices.print_json([vars(summary) for summary in summaries])
    elif not summaries:
        print(f"There are no runs in {printable(folder)}.")
    else:
        _print(summaries)


def _print(summaries):
    table = tables.new_table("run", "created", "state", "dataset", "model")
    for name in ("epochs", "best kernel\ndistance", "in\nepoch", "size"):
        table.add_column(name, justify="right")
    for run in summaries:
        created = datetime.datetime.fromisoformat(run.created).astimezone()
        cells = run.dataset, run.model, _epochs(run), run.best_kernel_distance, run.best_epoch
        table.add_row(
            printable(run.path.name),
            f"{created:%Y-%m-%d}",
            run.state,
            *(printable(tables.cell(value)) for value in cells),
            f"{run.bytes / 1e6:,.1f} MB",
        )
    tables.print_table(table)
    for run in summaries:
        if run.problem:
            print(f"damaged: {in_flags(printable(run.problem))}")
    if any(run.state == "unfinished" for run in summaries):
        say("Go on with an unfinished run with: ganprofile train --resume RUN")
    elif not any(run.problem for run in summaries):
        say_next("see one as a page", "report", summaries[-1].path)


def _epochs(run):
    if run.epochs is None or run.planned_epochs in (None, run.epochs):
        return run.epochs
    return f"{run.epochs}/{run.planned_epochs}"
