"""Options as the help shows them: in panels, one short line each; all else with `--help-all`."""

from typing import Annotated

import typer

ESSENTIAL = "Essential"
HOW_MANY = "How many"
DATA = "Data"
ADVANCED = "Advanced"
RARE = "Rarely needed"  # only `--help-all` and the documentation show these
PANELS = (ESSENTIAL, HOW_MANY, DATA, ADVANCED, RARE)  # in the order of the help

NUMBER = "N"  # what an option is called to take that takes a whole number


def option(kind, *flags, help, more=None, panel=ADVANCED, **details):
    """The annotation of a parameter that is an option of Typer.

    Args:
        kind: the type of the parameter.
        *flags: such as `--class`; without, Typer makes one of the parameter's name.
        help: one short line.
        more: what `--help-all` and the documentation say beyond it, or None.
        panel: one of `PANELS`.
        **details: further arguments of `typer.Option`, such as `metavar`, which is N for a number.
    """
    details |= {"help": _text(help, more), "rich_help_panel": panel}
    if kind in (int, int | None):
        details["metavar"] = NUMBER
    return Annotated[kind, typer.Option(*flags, **details)]


def argument(kind, *, help, more=None, **details):
    """The same of an argument, in the panel of what is essential."""
    details |= {"help": _text(help, more), "rich_help_panel": ESSENTIAL}
    return Annotated[kind, typer.Argument(**details)]


def _text(help, more):
    return help if more is None else f"{help}\n\n{more}"
