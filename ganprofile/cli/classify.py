"""`ganprofile classify`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices

MODELS = (
    "convnet, deepconvnet, cnn, logistic, k-nn, svm, mlp-100, mlp-500-200-50, mlp-64-16, "
    "mlp-64-32, cnn-32, cnn-32-16, cnn-32-16x3, lenet-5, lenet-5-committee or deep-nn"
)


def classify(
    pictures: Annotated[
        list[Path] | None, typer.Argument(help="Photographs or scans, dark ink on paper.")
    ] = None,
    train: Annotated[
        str | None, typer.Option(help=f"Train a reader on it: {choices.DATASETS}, or your own.")
    ] = None,
    model: Annotated[str, typer.Option(help=f"With --train: {MODELS}.")] = "convnet",
    reader: Annotated[
        Path | None, typer.Option(help="A reader's folder; without it the newest in readers/.")
    ] = None,
    single: Annotated[
        bool, typer.Option("--single", help="Each picture holds one character, such as a cell.")
    ] = False,
    subset: Annotated[
        int | None, typer.Option(help="With --train: take N images of each class.")
    ] = None,
    plain_ones: Annotated[
        bool,
        typer.Option("--plain-ones", help="With --train: no one is given a European upstroke."),
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="The reader's folder, or the one for pictures.")
    ] = None,
    seed: choices.Seed = 0,
    data_dir: choices.DataDir = None,
    image_size: choices.ImageSize = None,
    channels: choices.Channels = None,
    invert: choices.Invert = None,
    labels: choices.Labels = None,
    allow_overlap: choices.AllowOverlap = False,
    bits: choices.Bits = None,
    offline: choices.Offline = False,
    force: choices.Force = False,
    json: choices.Json = False,
):
    """Read photographs of handwriting, a line a row; or, with --train, make a reader that can.

    Every picture is shown beside its characters as they were read, in classified/.

    Example: ganprofile classify --train mnist

    Example: ganprofile classify page.jpg
    """
    import ganprofile as gp

    if train is not None:
        result = gp.train_reader(
            train,
            model,
            subset=subset,
            upstrokes=not plain_ones,
            output=output,
            seed=seed,
            force=force,
            offline=offline,
            **choices.given(
                data_dir=data_dir,
                image_size=image_size,
                channels=channels,
                invert=invert,
                labels=labels,
                allow_overlap=allow_overlap or None,
                bits=bits,
            ),
        )
        reader = result.path
        _print_reader(result, json and not pictures)
        output = None
    if pictures or train is None:
        target = output or Path("classified")
        found = gp.classify(
            pictures or (), reader, single=single, bits=bits, output=target, force=force
        )
        _print_pictures(found, json)


def _print_reader(reader, json):
    if json:
        choices.print_json({"reader": str(reader.path), **reader.info})
    else:
        print(reader.path)


def _print_pictures(found, json):
    if json:
        choices.print_json([{**vars(one), "text": one.text} for one in found])
        return
    for one in found:
        print(f"{one.path}:")
        for row in one.rows:
            print("  " + "  ".join(f"{c['label']} {100 * c['probability']:.0f} %" for c in row))
        print(f"  {one.shown}")
