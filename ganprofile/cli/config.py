"""`--config` and `--print-config`: the options of a command by their names, from a file and to one.

What is typed counts first, then the file, then the default.
"""

import functools
import inspect
import typing
from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices, names
from ganprofile.cli.help_page import default_of
from ganprofile.cli.panels import option
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable
from ganprofile.storage.names import as_listed, did_you_mean
from ganprofile.storage.yaml_files import as_yaml, is_yaml, read_spelled

OWN = ("config", "print_config")
OF_A_CALL = (*OWN, "dry_run", "json")  # how it is run, not what is done
# Typed -> what of the file it displaces, because they say the same in other words.
DISPLACED = {
    "images": ("dataset",),
    "dataset": ("images",),
    "per_class": ("total", "sampling_strategy"),
    "total": ("per_class",),
    "sampling_strategy": ("per_class",),
    "minutes": ("epochs",),
    "epochs": ("minutes",),
}
RUN_SECTIONS = ("settings", "dataset", "model")  # of a run's config.json
NOTHING = {"": "an empty text", None: "null", (): "an empty list"}  # what says no value -> in words
TRUTH = dict.fromkeys(("true", "yes", "on"), True) | dict.fromkeys(("false", "no", "off"), False)


# Type of an option -> how its text is read, and what it should be, in words.
KINDS = {
    bool: (lambda text: TRUTH[text.lower()], "true or false"),
    int: (int, "a whole number"),
    float: (float, "a number"),
    str: (str, "text"),
    Path: (str, "a path"),
    list: (str, "a list of texts"),
}


def configured(takes_runs=False):
    """Give a command `--config` and `--print-config`.

    Args:
        takes_runs: whether `--config` may also name a run, whose path the command's argument
            `config` then gets, and whether it is to be printed, `print_config`.

    Returns:
        A decorator of the command.
    """

    def decorate(command):
        signature = inspect.signature(command, eval_str=True)

        def read(context: typer.Context, path: Path | None) -> Path | None:
            if path is None or (takes_runs and _names_run(path)):
                return path
            context.default_map = _from_file(path, context.command, signature.parameters)
            return None

        @functools.wraps(command)
        def with_config(context, **options):
            _drop_displaced(context, options)
            if takes_runs and options["config"] is not None:
                return command(**options)
            if options["print_config"]:
                print(_printed(context, options, signature.parameters), end="")
                return None
            own = () if takes_runs else OWN
            return command(**{name: options[name] for name in options if name not in own})

        with_config.__signature__ = _signature(signature, read, takes_runs)
        return with_config

    return decorate


def _signature(signature, read, takes_runs):
    """A command's, with the two options and the context."""
    others = " Or a run, a model or the config.json of one, to repeat it." if takes_runs else ""
    config = option(
        Path | None,
        "--config",
        is_eager=True,
        callback=read,
        help="Read options from a YAML or JSON file.",
        more=f"By their names; typed ones win.{others}",
        metavar="FILE",
    )
    print_config = option(
        bool,
        "--print-config",
        help="Print all options as YAML, and nothing else.",
        more="It is read again by --config. Those that are not said stand in comments.",
    )
    added = {
        "context": (typer.Context, inspect.Parameter.empty),
        "config": (config, None),
        "print_config": (print_config, False),
    }
    kept = [one for one in signature.parameters.values() if one.name not in added]
    kind = inspect.Parameter.KEYWORD_ONLY
    new = [
        inspect.Parameter(name, kind, annotation=annotation, default=default)
        for name, (annotation, default) in added.items()
    ]
    in_order = [*(one.replace(kind=kind) for one in kept), *new]
    return signature.replace(parameters=in_order)


def _kind(annotation):
    """The type of an option, by its annotation: one of `KINDS`."""
    if typing.get_origin(annotation) is Annotated:
        annotation = typing.get_args(annotation)[0]
    named = [one for one in typing.get_args(annotation) if one is not type(None)]
    if typing.get_origin(annotation) is not list and named:
        (annotation,) = named
    return typing.get_origin(annotation) or annotation


def _names_run(path):
    """Whether what `--config` names is a run, or what it recorded, and no file of options."""
    from ganprofile.runtimes import RUNTIMES

    exported = {one.SUFFIX for one in RUNTIMES.values()}
    if path.is_dir() or path.suffix in exported - {""} or not (path.is_file() or is_yaml(path)):
        return True
    _require(path)
    return all(section in read_spelled(path) for section in RUN_SECTIONS)


def _from_file(path, command, parameters):
    """Name of a parameter -> value, of what a file says.

    Raises:
        UsageError: a name is unknown or there twice, or a value of another type, or none where
            that may mean two things.
    """
    _require(path)
    known = {}
    for parameter in command.params:
        if parameter.name not in OWN and parameter.name in parameters:
            spellings = (parameter.name, *(opt.lstrip("-") for opt in parameter.opts))
            known |= {_spelling(one): parameter.name for one in spellings}
    values = {}
    for key, value in read_spelled(path).items():
        name = known.get(_spelling(key))
        if name is None:
            raise UsageError(_unknown(path, key, known, command.name))
        if name in values:
            raise UsageError(f"{printable(path)} says {key!r} twice, in other words. Remove one.")
        if _says_something(path, key, value, parameters[name]):
            values[name] = _value(path, key, value, _kind(parameters[name].annotation))
    return values


def _says_something(path, key, value, parameter):
    """Whether a file gives an option a value; with null it leaves out what else has none.

    Raises:
        UsageError: it gives none where the default is one, or `none` is a value itself.
    """
    said = () if value == [] else value
    if not isinstance(said, (str, tuple, type(None))) or said not in NOTHING:
        return True
    is_list = _kind(parameter.annotation) is list
    has_default = parameter.default is not None and parameter.default is not False
    takes_none = _takes_none(parameter.annotation)
    if has_default or takes_none or said == () or (is_list and said == ""):
        write = f"Write {names.NONE}" if takes_none else "Write its value"
        raise UsageError(
            f"{printable(path)}: {key} is {NOTHING[said]}. {write}, or remove the line for what "
            "counts without it."
        )
    return False


def _takes_none(annotation):
    """Whether an option takes `none` for nothing: a `choices.choice` that says so."""
    details = typing.get_args(annotation)[1:]
    return any(
        getattr(getattr(one, "autocompletion", None), "takes_none", False) for one in details
    )


def _require(path):
    if not path.is_file():
        meant = did_you_mean(path, paths=True)
        raise UsageError(f"No file {printable(path)}. `config` names one of options.{meant}")


def _spelling(key):
    return str(key).replace("-", "_")


def _unknown(path, key, known, command):
    hint = did_you_mean(_spelling(key), known) or f" See ganprofile {command} --help."
    return f"{printable(path)}: {command} has no option {printable(str(key))!r:.60}.{hint}"


def _value(path, key, spelled, kind):
    read, what = KINDS[kind]
    if kind is list and isinstance(spelled, list) and None in spelled:
        raise UsageError(
            f"{printable(path)}: {key} has null in its list. Put a name such as '~' or 'null' in "
            "quotes, or leave it out."
        )
    try:
        if kind is list:
            return _texts(spelled)
        if isinstance(spelled, str):
            return read(spelled)
    except (ValueError, KeyError):
        pass
    raise UsageError(f"{printable(path)}: {key} should be {what}. Received: {spelled!r:.60}.")


def _texts(spelled):
    """The texts of an option that lists several, as they are typed."""
    if isinstance(spelled, str):
        return [spelled]
    if not isinstance(spelled, list) or not all(isinstance(one, str) for one in spelled):
        raise ValueError
    return [as_listed([one]) for one in spelled]


def _drop_displaced(context, options):
    """What was typed displaces what the file says in other words."""

    def came_from(name, source):
        found = context.get_parameter_source(name) if name in options else None
        return found is not None and found.name == source

    defaults = {parameter.name: parameter.default for parameter in context.command.params}
    for typed, others in DISPLACED.items():
        if came_from(typed, "COMMANDLINE"):
            for other in others:
                if came_from(other, "DEFAULT_MAP"):
                    options[other] = defaults[other]


def _printed(context, options, parameters):
    """All options of a command as YAML, those without a value as comments; these without those
    that may not stand there with nothing."""
    said = {name: value for name, value in options.items() if name not in OF_A_CALL}
    if "dataset" in said:  # the same in other words
        images, dataset = said.pop("images", None), said.pop("dataset")
        said = {"dataset": dataset if images is None else images, **said}
    content = {
        name: list(choices.listed(value)) if isinstance(value, (list, tuple)) else value
        for name, value in said.items()
        if value is not None and value not in ([], ())
    }
    command = f"ganprofile {context.command.name}"
    first = f"# Options of {command}; read again by {command} --config FILE.\n"
    defaults = {
        parameter.name: default_of(parameter)
        for parameter in context.command.params
        if parameter.name in said and parameter.name not in content
    }
    unsaid = [
        f"# {name}: {default}".rstrip()
        for name, default in defaults.items()
        if default or not _takes_none(parameters[name].annotation)
    ]
    others = ["# Not said; what counts then:", *unsaid, ""] if unsaid else []
    return first + as_yaml(content) + "\n".join(others)
