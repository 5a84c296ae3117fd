"""`ganprofile augment`."""

from typing import Annotated

import typer

from ganprofile.cli import choices


def augment(
    source: choices.Source,
    per_class: Annotated[
        int | None, typer.Option(help="Every class ends with N images; included real ones count.")
    ] = None,
    total: Annotated[int | None, typer.Option(help="N images, spread evenly.")] = None,
    balance: Annotated[
        bool, typer.Option("--balance", help="What each class lacks to equal the largest.")
    ] = False,
    output: choices.OutputFolder = None,
    format: Annotated[str, typer.Option(help=f"{choices.FORMATS}.")] = "npz",
    include_real: Annotated[
        bool, typer.Option("--include-real", help="Put the real images into the set.")
    ] = False,
    seed: choices.Seed = 0,
    score: Annotated[
        bool, typer.Option(help="Let a classifier fitted to the real images score each image.")
    ] = True,
    allow_overlap: Annotated[
        bool,
        typer.Option("--allow-overlap", help="Draw from a run that saw test images; recorded."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an older set.")] = False,
    offline: choices.Offline = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Draw a labelled set with a manifest from a trained model. The last line names the folder.

    Example: ganprofile augment digits-cgan --per-class 500 --format imagefolder
    """
    import ganprofile as gp

    result = gp.augment(
        source,
        per_class=per_class,
        total=total,
        balance=balance,
        output=output,
        format=format,
        include_real=include_real,
        seed=seed,
        score=score,
        allow_overlap=allow_overlap,
        force=force,
        offline=offline,
        dry_run=dry_run,
    )
    if dry_run or json:
        choices.print_json({"output": result.path, **result.info})
    else:
        print(result.path)
