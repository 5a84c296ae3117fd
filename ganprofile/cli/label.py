"""`ganprofile label`."""

from typing import Annotated

import typer

from ganprofile.cli import choices


def label(
    unlabelled: Annotated[
        str, typer.Argument(help="Images without labels: a folder, or what --dataset may be.")
    ],
    by: Annotated[
        str, typer.Option(help="The labelled ones, some 10 of every class: a folder per class.")
    ],
    leave_out: Annotated[
        float, typer.Option(help="The share of images to leave out, the least certain, in 0..1.")
    ] = 0.0,
    output: choices.OutputFolder = None,
    format: Annotated[str, typer.Option(help=f"{choices.FORMATS}.")] = "npz",
    seed: choices.Seed = 0,
    data_dir: choices.DataDir = None,
    image_size: choices.ImageSize = None,
    channels: choices.Channels = None,
    invert: choices.Invert = None,
    bits: choices.Bits = None,
    photographs: choices.Photographs = None,
    first_label: choices.FirstLabel = None,
    labels: choices.Labels = None,
    allow_overlap: choices.AllowOverlap = False,
    offline: choices.Offline = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an older set.")] = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Label many images from a few labelled ones; the last line names the set, which holds both.

    Look at its doubtful.png: the least certain images of every class, a row each.

    Example: ganprofile label more-scans/ --by my-scans/ --image-size 28 --leave-out 0.05
    """
    import ganprofile as gp

    result = gp.label(
        unlabelled,
        by=by,
        leave_out=leave_out,
        output=output,
        format=format,
        seed=seed,
        force=force,
        dry_run=dry_run,
        offline=offline,
        **choices.given(
            data_dir=data_dir,
            image_size=image_size,
            channels=channels,
            invert=invert,
            bits=bits,
            photographs=photographs,
            first_label=first_label,
            labels=labels,
            allow_overlap=allow_overlap or None,
        ),
    )
    if dry_run or json:
        choices.print_json({"output": result.path, **result.info})
    else:
        print(result.path)
