"""`ganprofile label`."""

from typing import Annotated

import typer

from ganprofile.cli import choices, data


@data.takes_data()
def label(
    images: Annotated[
        str | None, typer.Argument(help=f"Without labels: {choices.DATASETS}, {data.OWN}.")
    ] = None,
    dataset: data.Dataset = None,
    *,
    by: Annotated[
        str, typer.Option(help="The labelled ones, some 10 of every class: a folder per class.")
    ],
    leave_out: Annotated[
        float, typer.Option(help="The share of images to leave out, the least certain, in 0..1.")
    ] = 0.0,
    output: choices.OutputFolder = None,
    format: choices.SetFormat = "npz",
    seed: choices.Seed = 0,
    loading,
    force: choices.Replace = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Label many images from a few labelled ones; the last line names the set, which holds both.

    Look at its doubtful.png: the least certain images of every class, a row each.

    Example: ganprofile label more-scans/ --by my-scans/ --image-size 28 --leave-out 0.05
    """
    import ganprofile as gp
    from ganprofile.augmentation.sets import BY_NAME

    result = gp.label(
        data.data_of(images, dataset),
        by=by,
        leave_out=leave_out,
        output=output or BY_NAME,
        format=format,
        seed=seed,
        force=force,
        dry_run=dry_run,
        **loading,
    )
    choices.print_made(result, dry_run or json)
