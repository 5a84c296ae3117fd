"""Groups of commands, which know the command that runs, and commands with a help of one page."""

import functools
import inspect

import typer
from typer.core import TyperCommand, TyperGroup

from ganprofile.cli import flags, help_page, mistakes
from ganprofile.cli.panels import ADVANCED, option
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable
from ganprofile.storage.names import did_you_mean


class OrderedHelp:
    """What names `--help` in the order that the application says: Typer takes a set."""

    def get_help_option_names(self, ctx):
        """Those of `--help` that no parameter has, in order."""
        names = super().get_help_option_names(ctx)
        return [name for name in ctx.help_option_names if name in names]


class Command(OrderedHelp, TyperCommand):
    """A command whose `--help` is one page, and whose refusals are one sentence."""

    def parse_args(self, ctx, args):
        """As Typer does; what is wrong with them is said as all else is."""
        typed = list(args)
        with mistakes.in_one_sentence(self, ctx, typed):
            if not ctx.resilient_parsing:
                mistakes.check_words(self, ctx, typed)
            return super().parse_args(ctx, args)

    def format_help(self, ctx, formatter):
        """Print it, as Typer does, which leaves the formatter empty."""
        help_page.print_page(self, ctx)


class Group(OrderedHelp, TyperGroup):
    """A group whose messages are in the flags of the command that it runs."""

    def format_help(self, ctx, formatter):
        """Print it, as Typer does, which leaves the formatter empty."""
        help_page.print_page(self, ctx)

    def parse_args(self, ctx, args):
        """As Typer does; what is wrong with them is said as all else is."""
        with mistakes.in_one_sentence(self, ctx, list(args)):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx, args):
        """As Typer does, and `flags` learns which one it is, and what is typed behind it."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            meant = did_you_mean(args[0], self.commands)
            if self.invoke_without_command:
                meant += f" {ctx.command_path} alone lists what there is."
            raise UsageError(
                f"{ctx.command_path} has no command {printable(args[0])}.{meant} All of them: "
                f"{ctx.command_path} --help"
            )
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            flags.remember(command, rest)
        return name, command, rest


class App(typer.Typer):
    """A Typer application of such groups and commands."""

    def __init__(self, **settings):
        names = {"help_option_names": ["-h", "--help"]}
        super().__init__(cls=Group, context_settings=names, **settings)

    def command(self, name=None, **settings):
        """As Typer's; the command also has `--help-all`."""
        add = super().command(name, cls=Command, **settings)

        def decorate(command):
            add(_with_whole_help(command))
            return command

        return decorate


def _show_whole(context: typer.Context, wanted: bool):
    if wanted and not context.resilient_parsing:
        help_page.print_page(context.command, context, whole=True)
        raise typer.Exit


def _with_whole_help(command):
    signature = inspect.signature(command, eval_str=True)
    whole = option(
        bool,
        "--help-all",
        help="Show every option, in full.",
        panel=ADVANCED,
        is_eager=True,
        callback=_show_whole,
    )
    keyword = inspect.Parameter.KEYWORD_ONLY
    added = inspect.Parameter("help_all", keyword, annotation=whole, default=False)

    @functools.wraps(command)
    def without_it(*arguments, help_all, **options):
        return command(*arguments, **options)

    without_it.__signature__ = signature.replace(parameters=[*signature.parameters.values(), added])
    return without_it
