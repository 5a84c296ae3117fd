"""The Typer application and what holds for all commands."""

from typing import Annotated

import typer

from ganprofile.cli import (
    augment,
    benchmark,
    classify,
    collect,
    compare,
    datasets,
    evaluate,
    generate,
    label,
    models,
    plot,
    profile,
    push,
    report,
    runs,
    sample,
    study,
    train,
    verify,
)
from ganprofile.cli.groups import Group
from ganprofile.cli.options import options

app = typer.Typer(
    name="ganprofile",
    cls=Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(train.train)
app.command()(runs.runs)
app.command()(plot.plot)
app.command()(compare.compare)
app.command()(sample.sample)
app.command()(augment.augment)
app.command()(generate.generate)
app.command()(label.label)
app.command()(evaluate.evaluate)
app.command()(report.report)
app.command()(verify.verify)
app.command()(benchmark.benchmark)
app.command()(study.study)
app.command()(profile.profile)
app.command()(classify.classify)
app.command()(push.push)
app.add_typer(datasets.app, name="datasets")
app.add_typer(models.app, name="models")
app.add_typer(collect.app, name="collect")


def _print_version(wanted):
    if wanted:
        from ganprofile import __version__

        print(f"ganprofile {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and all logs.")] = False,
):
    """Learn the handwriting in a small labelled set of character images and draw more of it.

    Example: ganprofile train --dataset digits --subset 100 --minutes 2
    """
    options.debug = debug
    if not debug:
        from ganprofile.cli.quiet import silence_frameworks

        silence_frameworks()
