"""How data are said, alike in every command that takes them."""

import functools
import inspect
from pathlib import Path

from ganprofile.cli import choices, completing, names
from ganprofile.cli.flags import running
from ganprofile.cli.mistakes import EXAMPLE, example_of
from ganprofile.cli.panels import DATA, ESSENTIAL, RARE, argument, option
from ganprofile.console import say
from ganprofile.errors import UsageError

OWN = "an imported name, the path of your own pictures, or hf:user/name"
NAMED = f"{', '.join(names.DATASETS)}, {OWN}."

EMBEDDED = "digits"  # what is taken where a command can go without being told


def _data(**details):
    return argument(
        str | None,
        help="A folder of pictures, a dataset's name, or hf:user/name.",
        more=f"Names and more: {NAMED}",
        autocompletion=completing.datasets,
        **details,
    )


def of_data(kind, *flags, **details):
    """The annotation of an option that names data; the arguments are those of `option`."""
    return option(kind, *flags, metavar="DATA", autocompletion=completing.datasets, **details)


Data = _data()
DataOrEmbedded = _data(show_default=EMBEDDED)
Dataset = of_data(str | None, "--dataset", help="The same, said by name.", panel=ESSENTIAL)


def _parameter(name, kind, known=None, panel=RARE, **details):
    """What `load` is told, as a command takes it: one of a few names, where `known` says these."""
    flag, details = f"--{name.replace('_', '-')}", {"panel": panel} | details  # no --no-offline
    taken, default = (bool, False) if kind is bool else (kind | None, None)
    if known is None:
        annotation = option(taken, flag, **details)
    else:
        annotation = choices.choice(taken, f"`{name}`", known, flag, **details)
    keyword = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, keyword, default=default, annotation=annotation)


# In the order of the help.
_PARAMETERS = (
    _parameter("image_size", int, help="Height and width in pixels.", panel=DATA),
    _parameter("channels", int, help="1 (grey) or 3 (colour).", panel=DATA),
    _parameter(
        "invert",
        str,
        known=names.INVERT,
        help="Is your ink darker than paper? auto, yes, no.",
        panel=DATA,
    ),
    _parameter(
        "photographs",
        str,
        known=names.PHOTOGRAPHS,
        help="Find and crop what pictures show: scans, characters or pages.",
        more="It is put in MNIST's form. scans show one character each, on even paper; "
        "characters one each, in any light; pages several of one class in each; the latter two "
        "find out whether a picture shows dark ink or light, as on a blackboard.",
        panel=DATA,
        metavar="KIND",
    ),
    _parameter(
        "data_dir",
        Path,
        help="The folder with a named dataset's files.",
        more="Supplied by hand.",
        metavar="FOLDER",
    ),
    _parameter(
        "bits",
        int,
        help="How many bits the levels of your pictures have.",
        more="8, 10, 12, 14 or 16 in deep ones; 2 or 4; 1 where they go from 0 to 1.",
        show_default="by the highest level of all",
    ),
    _parameter(
        "first_label",
        int,
        help="Of your own numbered labels, the number of the first class.",
        show_default="0, or 1 where they are 1 to N for N class names",
    ),
    _parameter(
        "labels",
        str,
        help="What labels your pictures: a table, folders, or their paths.",
        more="TABLE is its name in the folder, or a path; with folders they are what the "
        "folders are called, with '{writer}/{label}_*' what stands there in paths; "
        "none reads them without labels, wherever they lie.",
        show_default="the only table that lies there, else folders",
        metavar="TABLE",
    ),
    _parameter(
        "writer_columns", list[str], help="HWD+ only: the order of its columns.", metavar="NAME,..."
    ),
    _parameter(
        "zip_encoding",
        str,
        help="The code page of a zip that does not say it, such as cp932.",
        more="Of the names in it, and of a table in it.",
        metavar="NAME",
    ),
    _parameter(
        "image_column",
        str,
        help="Of Parquet files or tfds:NAME, the column of pictures.",
        show_default="image, or alike",
        metavar="NAME",
    ),
    _parameter(
        "label_column",
        str,
        help="Of Parquet files, tables of pixels or tfds:NAME, the labels' column.",
        show_default="label, or alike",
        metavar="NAME",
    ),
    _parameter(
        "transpose",
        bool,
        help="Exchange rows and columns of your own images.",
        more="Some programs store them so; where it seems to be needed it is said.",
        panel=DATA,
    ),
    _parameter("rotate", int, help="Turn your own images clockwise: 90, 180 or 270."),
    _parameter(
        "keep_size",
        str,
        help="Of scans or chars74k, let c stay smaller than C: auto.",
        more="With --photographs scans all characters are shrunk by one factor, so all "
        "pictures should be of one resolution. auto goes by their median, of chars74k and of a "
        "table that names writers by each writer's; N is how many pixels of a picture a "
        "character of middling size is long.",
        metavar="auto|N",
    ),
    _parameter(
        "revision",
        str,
        help="Of hf:user/name, a branch, tag or commit.",
        show_default="main",
        metavar="NAME",
    ),
    _parameter("allow_overlap", bool, help="Let training and test share images; recorded."),
    _parameter("offline", bool, help="Download nothing.", panel=DATA),
)
# Name of what `load` is told -> its parameter; a command leaves out what it has no use for.
LOADING = {one.name: one for one in _PARAMETERS}


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
            if "keep_size" in loading:
                loading["keep_size"] = _number_or_word(loading["keep_size"])
            if "writer_columns" in loading:
                loading["writer_columns"] = choices.listed(loading["writer_columns"])
            return command(**options, loading=loading)

        parameters = []
        for parameter in inspect.signature(command).parameters.values():
            is_place = parameter.name == "loading"
            parameters += map(LOADING.get, names) if is_place else [parameter]
        parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
        with_options.__signature__ = inspect.Signature(parameters)
        return with_options

    return decorate


def _number_or_word(text):
    """A number where the text is one; what else may be meant `load` knows."""
    try:
        return float(text)
    except ValueError:
        return text


def _is_said(value):
    return value is not None and value is not False and value != []


def data_of(argument, dataset):
    """What the data are, given as the first argument or as `--dataset`.

    Raises:
        UsageError: neither is said, or both.
    """
    if argument is not None and dataset is not None:
        raise UsageError(
            f"Say once what the data are. Received: {argument} and --dataset {dataset}."
        )
    said = [one for one in (argument, dataset) if one is not None]
    if not said:
        raise UsageError(
            "Say what the data are: a name, a path, or --dataset. Received: neither. "
            f"{EXAMPLE}{example_of(running())}"
        )
    return said[0]


def data_or_embedded(argument, dataset):
    """As `data_of`, but the embedded digits where neither is given, and a line that says so."""
    if argument is None and dataset is None:
        say(f"No data were named: the embedded {EMBEDDED} are taken.")
        return EMBEDDED
    return data_of(argument, dataset)
