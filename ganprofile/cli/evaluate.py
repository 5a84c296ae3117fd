"""`ganprofile evaluate`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices, tables
from ganprofile.storage.files import printable

WORST = 5  # classes shown by name


def evaluate(
    source: Annotated[
        str,
        typer.Argument(
            help="A run folder, a model's name (digits-cgan), or images: a folder that augment "
            "or generate wrote, one with a subfolder per class, an .npz file, a table, an imported "
            "name."
        ),
    ],
    against: Annotated[
        str, typer.Option(help=f"Real images: {choices.DATASETS}, an imported name, or a path.")
    ],
    images: Annotated[int, typer.Option(help="At most so many of either side.")] = 10_000,
    classes: Annotated[
        list[str] | None, typer.Option("--class", help="Only this class; repeat for more.")
    ] = None,
    unlabelled: Annotated[
        bool, typer.Option("--unlabelled", help="Ignore the labels of SOURCE.")
    ] = False,
    classifier: Annotated[
        bool, typer.Option(help="Train classifiers on real and on synthetic images.")
    ] = True,
    inception: Annotated[
        Path | None,
        typer.Option(
            help="Also KID and FID, with these weights of Inception v3 (.h5, or a .keras model)."
        ),
    ] = None,
    seed: choices.Seed = 0,
    data_dir: choices.DataDir = None,
    image_size: choices.ImageSize = None,
    channels: choices.Channels = None,
    invert: choices.Invert = None,
    first_label: choices.FirstLabel = None,
    labels: choices.Labels = None,
    bits: choices.Bits = None,
    writer_columns: choices.WriterColumns = None,
    allow_overlap: choices.AllowOverlap = False,
    offline: choices.Offline = False,
    output: Annotated[
        Path, typer.Option(help="The folder to write evaluation.json and pictures into.")
    ] = Path("evaluation"),
    force: Annotated[bool, typer.Option("--force", help="Replace an older evaluation.")] = False,
    json: choices.Json = False,
):
    """Judge synthetic images by real ones: distances, use to a classifier, copies.

    The last line names the folder.

    Example: ganprofile evaluate digits-cgan --against digits
    """
    import ganprofile as gp

    loading = choices.given(
        data_dir=data_dir,
        image_size=image_size,
        channels=channels,
        invert=invert,
        first_label=first_label,
        labels=labels,
        bits=bits,
        writer_columns=choices.listed(writer_columns),
        allow_overlap=allow_overlap or None,
    )
    result = gp.evaluate(
        source,
        against,
        images=images,
        seed=seed,
        classes=classes or None,
        labelled=not unlabelled,
        classifier=classifier,
        inception=inception,
        output=output,
        force=force,
        offline=offline,
        **loading,
    )
    if json:
        choices.print_json(result.as_dict())
    else:
        _print(result)


def _print(result):
    synthetic, reference = result.synthetic, result.reference
    print(
        f"{synthetic['images']:,} images {printable(synthetic['what'])}, against "
        f"{reference['images']:,} of {printable(reference['dataset'])} ({reference['part']})",
        end="\n\n",
    )
    _print_distances(result)
    measured = result.measured
    if measured:
        table = tables.new_table("", "", "95 % interval")
        for name, value, interval in measured:
            ends = "" if interval is None else " to ".join(map(tables.cell, interval))
            table.add_row(name, tables.cell(value), ends)
        tables.print_table(table)
        print()
    _print_worst(result)
    for note in result.notes:
        print(f"note: {printable(note)}")
    print(result.path)


def _print_distances(result):
    from ganprofile.evaluation.result import MEASURES, distance_rows

    table = tables.new_table("features", *(name.replace("_", " ") for name in MEASURES))
    for name, called, found in distance_rows(result):
        cells = [
            f"{called.get(measure, '')} {tables.cell(getattr(found, measure))}"
            for measure in MEASURES
        ]
        table.add_row(name, *map(str.strip, cells))
    tables.print_table(table)
    print(f"each of {result.images:,} images of either side", end="\n\n")


def _print_worst(result):
    """The classes that are covered or recognised worst."""
    columns = {
        "label_fidelity": getattr(result.train_on_synthetic, "label_fidelity_by_class", None),
        "coverage": result.coverage_by_class,
    }
    columns = {name: shares for name, shares in columns.items() if shares}
    first = next(iter(columns.values()), {})
    measured = [name for name, share in first.items() if share is not None]
    if not measured:
        return
    worst = sorted(measured, key=first.get)[:WORST]
    table = tables.new_table("worst classes", *columns)
    for name in worst:
        table.add_row(printable(name), *(tables.cell(shares[name]) for shares in columns.values()))
    tables.print_table(table)
    print()
