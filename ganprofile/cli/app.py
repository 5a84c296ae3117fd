"""The Typer application and what holds for all commands."""

import os
from pathlib import Path

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
from ganprofile.cli.groups import App
from ganprofile.cli.options import options
from ganprofile.cli.panels import option
from ganprofile.console import be_quiet

MAKE, TRAIN, JUDGE, OTHERS = "Make images", "Train and look", "Judge", "Data and more"

app = App(name="ganprofile", no_args_is_help=True, pretty_exceptions_enable=False)
for panel, commands in (
    (MAKE, (augment.augment, generate.generate, sample.sample, label.label)),
    (TRAIN, (train.train, runs.runs, plot.plot, compare.compare)),
    (JUDGE, (benchmark.benchmark, evaluate.evaluate, verify.verify, report.report)),
    (JUDGE, (study.study, profile.profile)),
    (OTHERS, (classify.classify, push.push)),
):
    for command in commands:
        app.command(rich_help_panel=panel)(command)
app.add_typer(datasets.app, name="datasets", rich_help_panel=OTHERS)
app.add_typer(models.app, name="models", rich_help_panel=OTHERS)
app.add_typer(collect.app, name="collect", rich_help_panel=OTHERS)


def _print_version(wanted):
    if wanted:
        from ganprofile import __version__

        print(f"ganprofile {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: option(
        bool, "--version", callback=_print_version, is_eager=True, help="Print it."
    ) = False,
    quiet: option(bool, "--quiet", help="Say nothing but results and errors.") = False,
    font: option(
        Path | None,
        "--font",
        metavar="FILE",
        help="A .ttf or .otf file to draw names in figures with.",
    ) = None,
    debug: option(bool, "--debug", help="Show tracebacks and all logs.") = False,
):
    """Learn the handwriting in a few labelled images of characters, and draw more.

    Example: ganprofile train --dataset digits --subset 100 --minutes 2
    """
    options.debug, options.quiet = debug, quiet
    if font is not None:
        from ganprofile.figures.lettering import use_font

        use_font(font)
    elif os.environ.get("GANPROFILE_FONT"):
        from ganprofile.captions import users_font

        users_font()  # refused here if it is none, and not when the work is done
    if quiet:
        be_quiet()
    if not debug:
        from ganprofile.cli.quiet import silence_frameworks

        silence_frameworks()
