"""What cannot be a command, in one sentence each: what was received, what is wanted, an example."""

import contextlib
import inspect
import typing
from pathlib import Path

import typer

from ganprofile.cli import help_page
from ganprofile.cli.flags import typed_flag
from ganprofile.cli.kinds import what_it_takes
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable
from ganprofile.storage.names import did_you_mean

# Typer offers only one of its errors of usage; this is what they all are.
WRONG_USAGE = typer.BadParameter.__base__
HELP_IS_SHOWN = "NoArgsIsHelpError"
EXAMPLE = "Example: "
NOTHING = "nothing"


@contextlib.contextmanager
def in_one_sentence(command, context, typed):
    """Within it, what Typer finds wrong with what was typed is said as all else is.

    Args:
        command: that is being read, a command or a group.
        context: its Typer context.
        typed: its words, a list of str.

    Raises:
        UsageError: in place of Typer's.
    """
    try:
        yield
    except WRONG_USAGE as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        if HELP_IS_SHOWN in kinds or context.resilient_parsing:
            raise
        say = next(SENTENCES[kind] for kind in kinds if kind in SENTENCES)
        raise UsageError(say(error, command, context, typed)) from error


def check_words(command, context, typed):
    """Refuse a word too many, an empty path, which `Path` takes for the folder in which one stands,
    and an option in the place of another's value: `--output --force`.

    Where that is meant, `--output=--force` says so.

    Raises:
        UsageError: with how the command is called, or what the option takes.
    """
    values, too_many, _ = command.make_parser(context).parse_args(list(typed))
    options = [one for one in command.params if one.param_type_name == "option"]
    flags = {flag for one in options for flag in (*one.opts, *one.secondary_opts)}
    for parameter in options:
        for value in _listed(values.get(parameter.name)):
            meant = any(f"{flag}={value}" in typed for flag in parameter.opts)
            if value in flags and not meant:
                raise UsageError(_takes(command, parameter, typed, value))
    for parameter in _of_paths(command):
        if "" in _listed(values.get(parameter.name)):
            called = typed_flag(parameter.opts, typed) or help_page.spelled(parameter).strip("[]")
            raise UsageError(
                f"{called} should be a path. Received: an empty text, which is what a variable "
                "that is not set gives."
            )
    if too_many:
        raise UsageError(
            f"{context.command_path} has no use for {printable(str(too_many[0]))!r}. Put what "
            f"holds blanks in quotation marks. Usage: {_usage(command, context)}"
        )


def _of_paths(command):
    """The parameters of a command that are paths."""
    signature = inspect.signature(command.callback).parameters
    annotations = {name: parameter.annotation for name, parameter in signature.items()}
    return [one for one in command.params if _holds_path(annotations.get(one.name))]


def _holds_path(annotation):
    return annotation is Path or any(map(_holds_path, typing.get_args(annotation)))


def example_of(command):
    """The first example in the help of a command, as it is typed; an empty text without one."""
    texts = (command.help or "").split("\n\n")
    found = (one for one in texts if one.startswith(EXAMPLE))
    return help_page.whole_text(next(found, "").removeprefix(EXAMPLE))


def _missing(error, command, context, typed):
    parameter = error.param
    what = help_page.short(parameter.help)
    what = what[:1].lower() + what[1:] + ("" if what.endswith(".") else ".")
    needed = help_page.spelled(parameter)
    return f"{context.command_path} needs {needed}: {what} {EXAMPLE}{example_of(command)}"


def _bad_value(error, command, context, typed):
    parameter = error.param
    if parameter is None or parameter.metavar is None:
        return _other(error, command, context, typed)
    values, _, _ = command.make_parser(context).parse_args(list(typed))
    received = values.get(parameter.name, (context.default_map or {}).get(parameter.name))
    return _takes(command, parameter, typed, " ".join(_listed(received)))


def _bad_option(error, command, context, typed):
    parameter = next(one for one in command.params if error.option_name in one.opts)
    if not parameter.is_flag:
        return _takes(command, parameter, [error.option_name], "")
    received = next((one for one in typed if one.startswith(f"{error.option_name}=")), None)
    return f"{error.option_name} takes no value. Received: {printable(received or 'one')}."


def _no_such_option(error, command, context, typed):
    parameters = command.get_params(context)
    in_python = {f"--{one.name.replace('_', '-')}": one.opts[0] for one in parameters}
    known = [flag for one in parameters for flag in one.opts]
    called = in_python.get(error.option_name)  # of the API's name: `label` is --class
    meant = f" Did you mean {called!r}?" if called else did_you_mean(error.option_name, known)
    root = context.find_root()
    before = next((one for one in root.command.params if error.option_name in one.opts), None)
    if before is not None:  # such as --quiet, which all commands share
        value = "" if before.is_flag else f" {before.metavar}"
        rest = context.command_path.removeprefix(root.command_path)
        said = f"{root.command_path} {error.option_name}{value}{rest}"
        meant = f" It stands before the command: {said} ..."
    whole = any(one.name == help_page.WHOLE for one in command.params)
    page = f"{context.command_path} --help{'-all' * whole}"
    option = printable(error.option_name)
    return f"{context.command_path} has no option {option}.{meant} All of them: {page}"


def _other(error, command, context, typed):
    said = printable(error.format_message()).rstrip(".")
    return f"{said}. Usage: {_usage(command, context)}"


def _usage(command, context):
    return help_page.usage(command, context.command_path)


def _takes(command, parameter, typed, received):
    return (
        f"{typed_flag(parameter.opts, typed)} takes {what_it_takes(command.name, parameter)}. "
        f"Received: {printable(received) or NOTHING}."
    )


def _listed(value):
    """The texts of what was typed for a parameter."""
    if value is None:
        return []
    several = value if isinstance(value, (list, tuple)) else [value]
    return [str(one) for one in several]


# Name of Typer's error -> what is said of it; the first of an error's own kinds counts.
SENTENCES = {
    "MissingParameter": _missing,
    "NoSuchOption": _no_such_option,
    "BadOptionUsage": _bad_option,
    "BadParameter": _bad_value,
    WRONG_USAGE.__name__: _other,
}
