"""Options that the commands share. What a registry knows is checked by the registry itself, so
that `--help` need not load what is registered; a test holds the help texts against them."""

from pathlib import Path
from typing import Annotated

import typer

LOSSES = "non_saturating or minimax"
FORMATS = "npz, imagefolder or idx"
DEVICES = "auto, cpu or gpu"
MODELS = "cgan or gan"
DATASETS = "digits, characters, mnist, emnist"

Seed = Annotated[int, typer.Option(help="The same seed gives the same result.")]
Source = Annotated[
    str, typer.Argument(help="A run folder, a model folder or a model's name (digits-cgan).")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Offline = Annotated[bool, typer.Option("--offline", help="Refuse to download data.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything and say what would be done.")
]
OutputFolder = Annotated[Path | None, typer.Option("--output", help="The folder to write.")]


def print_json(content):
    """A result for other programs."""
    import json

    print(json.dumps(content, indent=2, default=str))
