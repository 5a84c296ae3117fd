"""How data are said, alike in every command that takes them."""

import functools
import inspect
from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices
from ganprofile.errors import UsageError

OWN = "an imported name, the path of your own pictures, or hf:user/name"

Data = Annotated[str | None, typer.Argument(help=f"{choices.DATASETS}, {OWN}.")]
Dataset = Annotated[
    str | None, typer.Option("--dataset", help="The same as the first argument, said by name.")
]

# What `load` is told, in the order of the help: name -> type and help. A command leaves out what
# it has no use for.
LOADING = {
    "data_dir": (Path, "The folder with a named dataset's files, supplied by hand."),
    "image_size": (int, "Height and width in pixels."),
    "channels": (int, "1 (grey) or 3 (colour)."),
    "invert": (str, "Whether your ink is darker than paper: auto, yes or no."),
    "bits": (
        int,
        "How many bits the levels of your pictures have: 8, 10, 12, 14 or 16 in deep ones; 2 or 4; "
        "1 where they go from 0 to 1.  Default: by the highest level of all.",
    ),
    "photographs": (
        str,
        "Find what your pictures show and put it in MNIST's form: scans (of one character each, on "
        "even paper), characters (one each, in any light) or pages (several of one class in each); "
        "the latter two of dark ink.",
    ),
    "first_label": (
        int,
        "Of your own numbered labels, the number of the first class.  Default: 0, or 1 where they "
        "are 1 to N for N class names.",
    ),
    "labels": (
        str,
        "What labels your folder of pictures: TABLE (its name in the folder, or a path) or folders "
        "(what they are called). Without: the only table that lies there, else folders.",
    ),
    "writer_columns": (list[str], "HWD+ only: the order of its columns."),
    "zip_encoding": (
        str,
        "The code page of the names in a zip that does not say it, and of a table in it, such as "
        "cp932.",
    ),
    "image_column": (str, "Of Parquet files, the column of pictures.  Default: image, or alike."),
    "label_column": (str, "Of Parquet files, the column of labels.  Default: label, or alike."),
    "revision": (str, "Of hf:user/name, a branch, tag or commit.  Default: main."),
    "allow_overlap": (bool, "Let training and test share images; recorded."),
    "offline": (bool, "Refuse to download data."),
}


def takes_data(*without, only=LOADING):
    """Give a command the options of `load`, in the place of its argument `loading`.

    Args:
        *without: the names in `LOADING` that it has no use for.
        only: or the only ones that it takes.

    Returns:
        A decorator of the command, whose `loading` becomes a dict of those that were said.
    """
    names = [name for name in only if name not in without]

    def decorate(command):
        @functools.wraps(command)
        def with_options(**options):
            loading = {name: options.pop(name) for name in names}
            loading = {name: value for name, value in loading.items() if _is_said(value)}
            if "writer_columns" in loading:
                loading["writer_columns"] = choices.listed(loading["writer_columns"])
            return command(**options, loading=loading)

        parameters = []
        for parameter in inspect.signature(command).parameters.values():
            parameters += map(_option, names) if parameter.name == "loading" else [parameter]
        parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
        with_options.__signature__ = inspect.Signature(parameters)
        return with_options

    return decorate


def _is_said(value):
    return value is not None and value is not False and value != []


def _option(name):
    kind, text = LOADING[name]
    option = typer.Option(f"--{name.replace('_', '-')}", help=text)  # and no --no-offline
    annotation, default = (bool, False) if kind is bool else (kind | None, None)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[annotation, option],
    )


def data_of(argument, dataset, default=None):
    """What the data are, given as the first argument or as `--dataset`.

    Raises:
        UsageError: neither is said, or both.
    """
    if argument is not None and dataset is not None:
        raise UsageError(
            f"Say once what the data are. Received: {argument} and --dataset {dataset}."
        )
    said = [one for one in (argument, dataset, default) if one is not None]
    if not said:
        raise UsageError("Say what the data are: a name, a path, or --dataset. Received: neither.")
    return said[0]
