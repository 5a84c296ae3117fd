"""`ganprofile augment`."""

from typing import Annotated

import typer

from ganprofile.cli import choices


def augment(
    source: Annotated[
        str,
        typer.Argument(
            help="A run folder, a model's name (digits-cgan), a dataset's name, or the path of "
            "your own pictures."
        ),
    ],
    per_class: Annotated[
        int | None, typer.Option(help="Every class ends with N images; included real ones count.")
    ] = None,
    total: Annotated[
        int | None, typer.Option(help="N images, spread evenly or by --balance.")
    ] = None,
    balance: Annotated[
        str | None,
        typer.Option(
            help=f"{choices.BALANCES}: what each class lacks to equal the largest, or that scaled "
            "by the logarithm of the class's size."
        ),
    ] = None,
    ratio: Annotated[
        float | None, typer.Option(help="So many images for each real one of the class.")
    ] = None,
    top_up: Annotated[
        bool,
        typer.Option(
            "--top-up", help="Rare classes only: up to the largest real class, or to --per-class."
        ),
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="The only class to draw; repeat for more.")
    ] = None,
    filter: Annotated[
        str | None,
        typer.Option(
            help=f"From a model, {choices.FILTERS}: draw more, drop what would hurt.  Default: "
            "standard where the real data are at hand, else none."
        ),
    ] = None,
    soft_labels: Annotated[
        bool,
        typer.Option("--soft-labels", help="Write the classifiers' probabilities, too."),
    ] = False,
    output: choices.OutputFolder = None,
    format: Annotated[str, typer.Option(help=f"{choices.FORMATS}.")] = "npz",
    include_real: Annotated[
        bool, typer.Option("--include-real", help="Put the real images into the set.")
    ] = False,
    seed: choices.Seed = 0,
    score: Annotated[
        bool,
        typer.Option(
            help="Score each image by classifiers fitted to the real ones; needed by "
            "the default filter."
        ),
    ] = True,
    allow_overlap: Annotated[
        bool,
        typer.Option(
            "--allow-overlap",
            help="Draw from a run, or make more of images, that saw test images; recorded.",
        ),
    ] = False,
    subset: Annotated[
        int | None, typer.Option(help="Of data: take N images of each class.")
    ] = None,
    expect: Annotated[
        bool,
        typer.Option(help="Of data: cross-validate what the set may be expected to give."),
    ] = True,
    pretrained: Annotated[
        str,
        typer.Option(
            help="Of data, auto or none: whether teachers begin with what other people's "
            "characters taught, where that may be used."
        ),
    ] = "auto",
    jobs: Annotated[
        int | None,
        typer.Option(
            help="Processes that share the drawing; images stay the same.  Default: 1, and of data "
            "one for each core that cross-validates."
        ),
    ] = None,
    cluster: choices.Cluster = None,
    data_dir: choices.DataDir = None,
    image_size: choices.ImageSize = None,
    channels: choices.Channels = None,
    invert: choices.Invert = None,
    bits: choices.Bits = None,
    photographs: choices.Photographs = None,
    first_label: choices.FirstLabel = None,
    labels: choices.Labels = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an older set.")] = False,
    offline: choices.Offline = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Make a labelled set with a manifest, from your pictures or a model; the last line names it.

    From pictures, some 10 to 200 of every class, it follows the recipe that helped classifiers
    most, says why and what to expect: deformed images, with soft labels by teachers. Where your own
    cross-validation shows that they hurt, the set holds your images alone.

    From a model, what was dropped and why stands in rejected.csv, some of it in rejected.png.

    Example: ganprofile augment my-scans/

    Example: ganprofile augment digits-cgan --per-class 500 --filter strict --format imagefolder
    """
    import ganprofile as gp

    result = gp.augment(
        source,
        per_class=per_class,
        total=total,
        balance=balance,
        ratio=ratio,
        top_up=top_up,
        only=only or (),
        filter=filter,
        soft_labels=soft_labels,
        output=output,
        format=format,
        include_real=include_real,
        seed=seed,
        score=score,
        allow_overlap=allow_overlap,
        force=force,
        offline=offline,
        dry_run=dry_run,
        expect=expect,
        pretrained=pretrained,
        **choices.given(
            subset=subset,
            data_dir=data_dir,
            image_size=image_size,
            channels=channels,
            invert=invert,
            bits=bits,
            photographs=photographs,
            first_label=first_label,
            labels=labels,
            jobs=jobs,
            cluster=cluster,
        ),
    )
    if dry_run or json:
        choices.print_json({"output": result.path, **result.info})
    else:
        print(result.path)
