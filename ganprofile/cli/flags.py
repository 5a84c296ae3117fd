"""Messages of the library name Python parameters; the command line says the command's flags.

In a message a parameter stands in backquotes, alone or with a value: `only`, `per_class=10`.
"""

import ast
import dataclasses
import re
from typing import Any

from ganprofile.errors import UsageError
from ganprofile.storage.names import as_listed, as_word

# A name, and perhaps a value as Python writes it, or a word that stands for one: N, FOLDER.
PARAMETER = re.compile(r"""`([a-z]\w*)(?:=("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^`]*))?`""")
# What commands have the other way round only: parameter of the library -> of the command.
OPPOSITES = {"labelled": "unlabelled", "variants": "no_variants"}


@dataclasses.dataclass
class _Running:
    """The command that runs: itself, its parameters by name, and the options that were typed."""

    command: Any = None
    parameters: dict[str, Any] = dataclasses.field(default_factory=dict)
    typed: tuple[str, ...] = ()


_running = _Running()


def remember(command, typed=()):
    """From now on, flags are those of this command; of two names the one that was typed.

    Args:
        command: a command of Typer.
        typed: the words behind it.
    """
    _running.command, _running.typed = command, tuple(typed)
    _running.parameters = {parameter.name: parameter for parameter in command.params}


def running():
    """The command that runs, as Typer has it; None before one is known."""
    return _running.command


def typed_words():
    """What was typed behind the command that runs."""
    return _running.typed


def typed_flag(options, typed):
    """Which of an option's names was typed, else its first long one, else None.

    Args:
        options: its names.
        typed: words, with a value or without: `--count=3`.
    """
    words = {word.partition("=")[0] for word in typed}
    long = [option for option in options if option.startswith("--")]
    return next((option for option in long if option in words), next(iter(long), None))


def in_flags(message):
    """A message of the library in the words of the command that runs.

    What the command has no parameter for keeps its Python spelling, without backquotes.
    """
    return PARAMETER.sub(_said, message)


def _said(found):
    name, value = found.groups()
    if value == "False" and name in OPPOSITES:
        name, value = OPPOSITES[name], "True"
    parameter = _running.parameters.get(name)
    if parameter is None:
        return found[0][1:-1]
    if parameter.param_type_name == "argument":
        return (parameter.metavar or name.upper()) if value is None else _typed(value)
    flag = typed_flag(parameter.opts, _running.typed)
    if value in (None, "True"):
        return flag
    if value == "False":
        return typed_flag(parameter.secondary_opts, ()) or found[0][1:-1]
    return f"{flag} {_typed(value)}"


def _typed(value):
    """A value in Python's spelling as it is typed in a shell."""
    try:
        value = ast.literal_eval(value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return value  # it stands for one
    if value is None:
        return "none"
    several = isinstance(value, (tuple, list))
    return as_word(as_listed(value) if several else value)


def refuse_idle(why, options):
    """Refuse the first option that was said: it would change nothing.

    Args:
        why: what follows its name in a sentence.
        options: name of a parameter -> its value, one that is false where nothing was said.

    Raises:
        UsageError: with the option.
    """
    for option, given in options.items():
        if given:
            flag = option.replace("_", "-")
            raise UsageError(f"--{flag} {why}, or leave it out.")
