"""Options that the commands share. What a registry knows is checked by the registry itself, so
that `--help` need not load what is registered; a test holds the help texts against them."""

from pathlib import Path
from typing import Annotated

import typer

LOSSES = "non_saturating, minimax or hinge"
CONDITIONS = "label or writer"
CONDITIONINGS = "embedding or projection"
PENALTIES = "r1"
NONE = "none"
AUGMENTATION_POLICY = "shift, rotate, shear, zoom, stretch, elastic, thickness, cutout"
FORMATS = "npz, imagefolder, idx, tfds or tfrecord"
FILTERS = "none, standard or strict"
BALANCES = "equal or log"
DEVICES = "auto, cpu or gpu"
STRATEGIES = "auto, one, mirrored or multiworker"
PRECISIONS = "float32 or bfloat16"
MODELS = "gan, cgan, dcgan, cdcgan or quick"
DATASETS = "digits, characters, mnist, emnist, qmnist, chars74k, hwdplus"

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


def given(**options):
    """The options that were said."""
    return {name: value for name, value in options.items() if value is not None}


def listed(text):
    """Comma-separated words as a tuple, "none" as an empty one, None as None."""
    if text is None:
        return None
    return () if text == NONE else tuple(word.strip() for word in text.split(","))


def print_json(content):
    """A result for other programs."""
    import json

    print(json.dumps(_without_nan(content), indent=2, default=str))


def _without_nan(content):
    """JSON has no NaN: what was not measured is null."""
    if isinstance(content, dict):
        return {name: _without_nan(value) for name, value in content.items()}
    return None if content != content else content
