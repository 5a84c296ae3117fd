"""Options that the commands share. What a registry knows is checked by the registry itself, so
that `--help` need not load what is registered; a test holds the help texts against them."""

import csv
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
TRACKERS = "tensorboard, mlflow or wandb"
MODELS = "gan, cgan, dcgan, cdcgan or quick"
EXPORTS = "onnx, litert or saved_model"
DATASETS = "digits, characters, mnist, emnist, qmnist, chars74k, hwdplus"

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
CLASS_HELP = "Only this class; several comma-separated or repeated."
Classes = Annotated[list[str] | None, typer.Option("--class", help=CLASS_HELP)]
Only = Annotated[list[str] | None, typer.Option("--only", "--class", help=CLASS_HELP)]
SetFormat = Annotated[str, typer.Option(help=f"{FORMATS}.")]
IncludeReal = Annotated[
    bool, typer.Option("--include-real", help="Put the real images into the set.")
]
Replace = Annotated[bool, typer.Option("--force", help="Replace an older set.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same result.")]
Source = Annotated[
    str,
    typer.Argument(help="A run folder, a model's folder or name (digits-cgan), or hf:user/name."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]
Offline = Annotated[bool, typer.Option("--offline", help="Refuse to download data.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything and say what would be done.")
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster", help="HOST:PORT of a Dask scheduler, whose workers share the work instead."
    ),
]
OutputFolder = Annotated[Path | None, typer.Option("--output", help="The folder to write.")]


def strategy_of(text):
    """`--sampling-strategy`: a word, or numbers by class, `a=10,b=20`, as a dict; None as None.

    Raises:
        UsageError: a part is no `CLASS=N`.
    """
    if text is None or "=" not in text:
        return text
    numbers = {}
    for part in _parts(text):
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


def listed(texts):
    """What an option lists, comma-separated, repeated or both, as a tuple; nothing as None.

    A name that holds a comma is quoted, as in a CSV file; a comma alone is a name.

    Example:
        >>> from ganprofile.cli.choices import listed
        >>> listed(["a, b", '"Smith, J"', ","])
        ('a', 'b', 'Smith, J', ',')
    """
    return tuple(name for text in texts for name in _parts(text)) if texts else None


def _parts(text):
    parts = [part.strip() for part in next(csv.reader([text], skipinitialspace=True), [])]
    return parts if all(parts) else [text]


def print_made(made, as_json):
    """An `AugmentedSet`, its folder or all of it as JSON, or a `DryRun`, always as JSON."""
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
