"""Options that the commands share. What a registry knows is checked by the registry itself, so
that `--help` need not load what is registered; a test holds the help texts against them."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.errors import UsageError

LOSSES = "non_saturating, minimax or hinge"
CONDITIONS = "label or writer"
CONDITIONINGS = "embedding or projection"
PENALTIES = "r1"
NONE = "none"
AUGMENTATION_POLICY = "shift, rotate, shear, zoom, stretch, elastic, thickness, cutout"
FORMATS = "npz, imagefolder, idx, tfds or tfrecord"
FILTERS = "none, standard or strict"
SAMPLING_STRATEGIES = "equal or log"
DEVICES = "auto, cpu or gpu"
STRATEGIES = "auto, one, mirrored or multiworker"
PRECISIONS = "float32 or bfloat16"
MODELS = "gan, cgan, dcgan, cdcgan or quick"
DATASETS = "digits, characters, mnist, emnist, qmnist, chars74k, hwdplus"

Data = Annotated[
    str | None,
    typer.Argument(help=f"{DATASETS}, an imported name, or the path of your own pictures."),
]
Dataset = Annotated[
    str | None, typer.Option("--dataset", help="The same as the first argument, said by name.")
]
PerClass = Annotated[
    int | None, typer.Option(help="Every class ends with N images; included real ones count.")
]
Total = Annotated[
    int | None, typer.Option(help="N images in all, spread evenly or by --sampling-strategy.")
]
SamplingStrategy = Annotated[
    str | None,
    typer.Option(
        help=f"{SAMPLING_STRATEGIES}: what each class lacks to be as large as the largest, or as "
        "that scaled by the logarithm of its size; or CLASS=N,CLASS=N."
    ),
]
Only = Annotated[
    list[str] | None, typer.Option("--only", "--class", help="Only this class; repeat for more.")
]
SetFormat = Annotated[str, typer.Option(help=f"{FORMATS}.")]
IncludeReal = Annotated[
    bool, typer.Option("--include-real", help="Put the real images into the set.")
]
Replace = Annotated[bool, typer.Option("--force", help="Replace an older set.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same result.")]
Source = Annotated[
    str, typer.Argument(help="A run folder, a model folder or a model's name (digits-cgan).")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]
Offline = Annotated[bool, typer.Option("--offline", help="Refuse to download data.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything and say what would be done.")
]
DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="The folder with a named dataset's files, supplied by hand."),
]
ImageSize = Annotated[int | None, typer.Option("--image-size", help="Height and width in pixels.")]
Channels = Annotated[int | None, typer.Option("--channels", help="1 (grey) or 3 (colour).")]
Invert = Annotated[
    str | None,
    typer.Option("--invert", help="Whether your ink is darker than paper: auto, yes or no."),
]
Photographs = Annotated[
    str | None,
    typer.Option(
        "--photographs",
        help="Find what your pictures show and put it in MNIST's form: scans (of one character "
        "each, on even paper), characters (one each, in any light) or pages (several of one "
        "class in each); the latter two of dark ink.",
    ),
]
FirstLabel = Annotated[
    int | None,
    typer.Option(
        "--first-label",
        help="Of your own numbered labels, the number of the first class.  Default: 0, or 1 where "
        "they are 1 to N for N class names.",
    ),
]
Labels = Annotated[
    str | None,
    typer.Option(
        "--labels",
        help="What labels your folder of pictures: TABLE (its name in the folder, or a path) or "
        "folders (what they are called). Without: the only table that lies there, else folders.",
    ),
]
Bits = Annotated[
    int | None,
    typer.Option(
        "--bits",
        help="How many bits the levels of your pictures have: 8, 10, 12, 14 or 16 in deep ones; "
        "2 or 4; 1 where they go from 0 to 1.  Default: by the highest level of all.",
    ),
]
ZipEncoding = Annotated[
    str | None,
    typer.Option(
        "--zip-encoding",
        help="The code page of the names in a zip that does not say it, and of a table in it, such "
        "as cp932.",
    ),
]
AllowOverlap = Annotated[
    bool, typer.Option("--allow-overlap", help="Let training and test share images; recorded.")
]
WriterColumns = Annotated[
    str | None, typer.Option("--writer-columns", help="HWD+ only: the order, comma-separated.")
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster", help="HOST:PORT of a Dask scheduler, whose workers share the work instead."
    ),
]
OutputFolder = Annotated[Path | None, typer.Option("--output", help="The folder to write.")]


def data_of(argument, dataset, default=None):
    """What the data are, given as the first argument or as `--dataset`.

    Raises:
        UsageError: neither is said, or both.
    """
    if argument is not None and dataset is not None:
        raise UsageError(
            f"Say once what the data are. Received: {argument} and --dataset {dataset}."
        )
    found = argument or dataset or default
    if found is None:
        raise UsageError("Say what the data are: a name, a path, or --dataset. Received: neither.")
    return found


def strategy_of(text):
    """`--sampling-strategy`: a word, or numbers by class, `a=10,b=20`, as a dict; None as None.

    Raises:
        UsageError: a part is no `CLASS=N`.
    """
    if text is None or "=" not in text:
        return text
    numbers = {}
    for part in text.split(","):
        name, _, number = part.rpartition("=")
        if not name or not number.strip().isdecimal():
            raise UsageError(
                f"--sampling-strategy by class is CLASS=N,CLASS=N. Received: {part!r}."
            )
        numbers[name.strip()] = int(number)
    return numbers


def given(**options):
    """The options that were said."""
    return {name: value for name, value in options.items() if value is not None}


def listed(text):
    """Comma-separated words as a tuple, "none" as an empty one, None as None."""
    if text is None:
        return None
    return () if text == NONE else tuple(word.strip() for word in text.split(","))


def print_made(made, as_json):
    """An `AugmentedSet`: its folder, or all that is known of it as JSON."""
    if as_json:
        print_json({"output": made.path, **made.info})
    else:
        print(made.path)


def print_json(content):
    """A result for other programs."""
    import json

    print(json.dumps(_without_nan(content), indent=2, default=str))


def _without_nan(content):
    """JSON has no NaN: what was not measured is null."""
    if isinstance(content, dict):
        return {name: _without_nan(value) for name, value in content.items()}
    return None if content != content else content
