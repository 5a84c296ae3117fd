"""`ganprofile sample`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices


def sample(
    source: Annotated[
        str,
        typer.Argument(
            help="A run folder, a model folder or name (digits-cgan), or an exported one."
        ),
    ],
    count: Annotated[int, typer.Option("--total", "--count", help="N images in all.")] = 16,
    label: Annotated[
        str | None, typer.Option("--class", help="Draw only this class; else all in turn.")
    ] = None,
    writer: Annotated[
        int | None, typer.Option(help="Draw in this writer's style; else all in turn.")
    ] = None,
    style: Annotated[
        Path | None,
        typer.Option(
            help="Draw as a writer whom the model has not met: their images, in a folder for "
            "each class."
        ),
    ] = None,
    seed: choices.Seed = 0,
    grid: Annotated[bool, typer.Option("--grid", help="One PNG with all images.")] = False,
    animate: Annotated[
        bool, typer.Option("--animate", help="A GIF of a walk through latent space.")
    ] = False,
    text: Annotated[
        str | None, typer.Option(help="Write this, character by character, as one PNG.")
    ] = None,
    output: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("samples"),
    force: Annotated[bool, typer.Option("--force", help="Replace pictures of this name.")] = False,
    offline: choices.Offline = False,
    json: choices.Json = False,
):
    """Draw pictures from a trained model: single PNGs, or what the options say, ink on paper.

    Example: ganprofile sample digits-cgan --text "2026"
    """
    import ganprofile as gp

    paths = gp.sample(
        source,
        output,
        count=count,
        label=label,
        writer=writer,
        style=style,
        seed=seed,
        grid=grid,
        animate=animate,
        text=text,
        force=force,
        offline=offline,
    )
    if json:
        choices.print_json(paths)
    else:
        print("\n".join(map(str, paths)))
