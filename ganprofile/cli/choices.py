"""Options that the commands share, and options that take a name of a few."""

import math
from importlib import metadata
from pathlib import Path

import typer

from ganprofile.cli import completing, names
from ganprofile.cli.panels import ADVANCED, DATA, ESSENTIAL, HOW_MANY, argument, option
from ganprofile.errors import UsageError
from ganprofile.storage.names import by_key, resolved
from ganprofile.storage.names import listed as separated


def choice(
    kind, called, known, *flags, help=None, group=None, or_none=False, several=False, **details
):
    """An option that takes one of a few names, in any case; a shell completes them.

    Args:
        kind: the type of the parameter.
        called: what it is a name of, in the words of a message.
        known: the names.
        *flags: as for `option`.
        help: as for `option`; None lists the names.
        group: the entry points by which installed packages add names, or None.
        or_none: whether it takes `none`, too.
        several: whether it takes several, comma-separated or repeated.
        **details: as for `option`.
    """
    own = (*known, names.NONE) if or_none and names.NONE not in known else tuple(known)

    def meant(name):
        if group is not None and name not in own:
            added = sorted(point.name for point in metadata.entry_points(group=group))
            return resolved(called, name, (*own, *added))
        return resolved(called, name, own)

    def check(context: typer.Context, value):
        if not value or context.resilient_parsing:
            return value
        return [meant(name) for name in listed(value) or ("",)] if several else meant(value)

    details = {"metavar": "NAME,..." if several else "NAME"} | details
    complete = completing.of(own)
    complete.takes_none = names.NONE in own  # a name among others, as an arm `none`, is none
    details |= {"callback": check, "autocompletion": complete}
    return option(kind, *flags, help=help or f"{names.said(known)}.", **details)


CLASS_HELP = "Only these classes."
CLASS_MORE = "Comma-separated, or the option repeated."


def only_classes(*flags, help=CLASS_HELP):
    """The option that names classes."""
    return option(
        list[str] | None,
        *flags,
        help=help,
        more=CLASS_MORE,
        panel=HOW_MANY,
        metavar="NAME,...",
        autocompletion=completing.classes,
    )


PerClass = option(
    int | None,
    help="Every class ends with N images.",
    more="Included real ones count.",
    panel=HOW_MANY,
)
Total = option(
    int | None,
    help="N images in all, spread evenly.",
    more="Or as --sampling-strategy says.",
    panel=HOW_MANY,
)
SamplingStrategy = option(
    str | None,
    help=f"{names.said(names.SAMPLING_STRATEGIES)}, or CLASS=N,CLASS=N.",
    more="equal: what each class lacks to be as large as the largest; log: as that scaled by "
    "the logarithm of its size.",
    panel=HOW_MANY,
    metavar="HOW",
    autocompletion=completing.of(names.SAMPLING_STRATEGIES),
)
Classes = only_classes("--class")
Only = only_classes("--only", "--class", help="New images of these classes only.")
SetFormat = choice(str, "format", names.FORMATS, group="ganprofile.formats", panel=ESSENTIAL)
IncludeReal = option(
    bool, "--include-real", help="Put the real images into the set.", panel=ESSENTIAL
)
Replace = option(bool, "--force", help="Replace an older set.", panel=ESSENTIAL)
Seed = option(int, help="The same seed gives the same result.")
Source = argument(
    str,
    help="A run's folder, a model's name (digits-cgan), or hf:user/name.",
    more="Or a model's folder.",
    autocompletion=completing.sources,
)
Json = option(bool, "--json", help="Print the result as JSON.")
Force = option(bool, "--force", help="Replace what is there.", panel=ESSENTIAL)
Offline = option(bool, "--offline", help="Download nothing.", panel=DATA)
DryRun = option(
    bool, "--dry-run", help="Check everything, say what would be done.", panel=ESSENTIAL
)
Jobs = option(
    int | None,
    help="Processes that share the work.",
    more="The result stays the same.",
    panel=ADVANCED,
    show_default="1",
)
Cluster = option(
    str | None,
    "--cluster",
    help="A Dask scheduler whose workers share it.",
    more="Its address; they take the place of processes on this machine.",
    metavar="HOST:PORT",
)


def output_folder(default):
    """The option of the folder to write; `default` is what is written without it."""
    said = {"metavar": "FOLDER", "show_default": default}
    return option(Path | None, "--output", help="The folder to write.", panel=ESSENTIAL, **said)


def strategy_of(text):
    """`--sampling-strategy`: a word, or numbers by class, `a=10,b=20`, as a dict; None as None.

    Raises:
        UsageError: a part is no `CLASS=N`, or a class is there twice.
    """
    if text is None or "=" not in text:
        return text
    numbers = []
    for part in separated(text):
        name, _, number = part.rpartition("=")
        if not name or not number.strip().isdecimal():
            raise UsageError(
                f"--sampling-strategy by class is CLASS=N,CLASS=N. Received: {part!r}."
            )
        numbers.append((name.strip(), int(number)))
    return by_key(numbers, "--sampling-strategy: the class")


def given(**options):
    """The options that were said."""
    return {name: value for name, value in options.items() if value is not None}


def listed(texts):
    """What an option lists, comma-separated, repeated or both, as a tuple; nothing as None."""
    return separated(texts) if texts else None


def named_only(texts):
    """The classes that `--only` names, () without it; `""` where it is there and names none."""
    names = listed(texts)
    return () if names is None else names or ""


def print_made(made, as_json):
    """An `AugmentedSet`: its folder, or all of it as JSON."""
    if as_json:
        print_json({"output": made.path, **made.info})
    else:
        print(made.path)


def print_json(content):
    """A result for other programs."""
    from ganprofile.storage.files import as_json

    print(as_json(_finite(content), indent=2, allow_nan=False))


def _finite(content):
    """JSON has neither NaN nor infinity: what was not measured, or has no number, is null."""
    if isinstance(content, dict):
        return {name: _finite(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    if getattr(content, "shape", None) == ():  # of NumPy
        content = content.item()
    return None if isinstance(content, float) and not math.isfinite(content) else content
