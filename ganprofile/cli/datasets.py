"""`ganprofile datasets list` and `ganprofile datasets show`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices

app = typer.Typer(no_args_is_help=True, help="What data there are.")


@app.command("list")
def list_(json: choices.Json = False):
    """The datasets that have a name, and whether they are on this machine.

    Example: ganprofile datasets list
    """
    from ganprofile.datasets import known

    cards = known()
    if json:
        choices.print_json(cards)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "classes", "train", "test", "here", "what", box=None, pad_edge=False)
    for card in cards:
        counts = [f"{card['images'][split]:,}" for split in ("train", "test")]
        here = "yes" if card["on_machine"] else "no"
        table.add_row(card["name"], str(len(card["classes"])), *counts, here, card["title"])
    Console().print(table)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help=f"{choices.DATASETS}.")],
    grid: Annotated[bool, typer.Option("--grid", help="Also write a picture of it.")] = False,
    output: Annotated[Path, typer.Option(help="Where the picture goes.")] = Path("samples"),
    seed: choices.Seed = 0,
    offline: choices.Offline = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an older picture.")] = False,
    json: choices.Json = False,
):
    """The card of a dataset: source, licence, counts, classes, polarity.

    Example: ganprofile datasets show characters --grid
    """
    from ganprofile.datasets import describe

    card = describe(name, grid=output if grid else None, seed=seed, offline=offline, force=force)
    if json:
        choices.print_json(card)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("", "", box=None, show_header=False, pad_edge=False)
    table.columns[1].overflow = "fold"  # a sha256 has no blanks to break at
    for key, value in card.items():
        text = " ".join(value) if isinstance(value, list) and key == "classes" else value
        table.add_row(key.replace("_", " "), str(text))
    Console().print(table)
