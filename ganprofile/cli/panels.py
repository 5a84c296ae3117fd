"""Options as the help shows them: in panels, one short line each; all else with `--help-all`."""

import typer

ESSENTIAL = "Essential"
HOW_MANY = "How many"
DATA = "Data"
ADVANCED = "Advanced"
RARE = "Rarely needed"  # only `--help-all` and the documentation show these
PANELS = (ESSENTIAL, HOW_MANY, DATA, ADVANCED, RARE)  # in the order of the help


def option(*flags, help, more=None, panel=ADVANCED, **details):
    """An option of Typer.

    Args:
        *flags: such as `--class`; without, Typer makes one of the parameter's name.
        help: one short line.
        more: what `--help-all` and the documentation say beyond it, or None.
        panel: one of `PANELS`.
        **details: further arguments of `typer.Option`, such as `metavar`.
    """
    return typer.Option(*flags, help=_text(help, more), rich_help_panel=panel, **details)


def argument(*, help, more=None, **details):
    """An argument of Typer, in the panel of what is essential."""
    return typer.Argument(help=_text(help, more), rich_help_panel=ESSENTIAL, **details)


def _text(help, more):
    return help if more is None else f"{help}\n\n{more}"
