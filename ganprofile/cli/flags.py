"""Messages of the library name Python parameters; the command line says the command's flags.

In a message a parameter stands in backquotes, alone or with a value: `only`, `per_class=10`.
"""

import ast
import re
import shlex

# A name, and perhaps a value as Python writes it, or a word that stands for one: N, FOLDER.
PARAMETER = re.compile(r"""`([a-z]\w*)(?:=("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^`]*))?`""")
# What commands have the other way round only: parameter of the library -> of the command.
OPPOSITES = {"labelled": "unlabelled", "variants": "no_variants"}

_parameters = {}  # of the command that runs, by name


def remember(command):
    """From now on, flags are those of this command."""
    _parameters.clear()
    _parameters.update((parameter.name, parameter) for parameter in command.params)


def in_flags(message):
    """A message of the library in the words of the command that runs.

    What the command has no parameter for keeps its Python spelling, without backquotes.
    """
    return PARAMETER.sub(_said, message)


def _said(found):
    name, value = found.groups()
    if value == "False" and name in OPPOSITES:
        name, value = OPPOSITES[name], "True"
    parameter = _parameters.get(name)
    if parameter is None:
        return found[0][1:-1]
    if parameter.param_type_name == "argument":
        return (parameter.metavar or name.upper()) if value is None else _typed(value)
    flag = _long(parameter.opts)
    if value in (None, "True"):
        return flag
    if value == "False":
        return _long(parameter.secondary_opts) or found[0][1:-1]
    return f"{flag} {_typed(value)}"


def _long(options):
    return next((option for option in options if option.startswith("--")), None)


def _typed(value):
    """A value in Python's spelling as it is typed in a shell."""
    try:
        value = ast.literal_eval(value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return value  # it stands for one
    if value is None:
        return "none"
    several = isinstance(value, (tuple, list))
    return shlex.quote(",".join(map(str, value)) if several else str(value))
