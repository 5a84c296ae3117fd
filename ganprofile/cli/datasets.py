"""`ganprofile datasets list`, `show` and `import`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices, tables
from ganprofile.storage.files import printable

LISTED = 10
PARTS = ("train", "test")

app = typer.Typer(
    no_args_is_help=True,
    help="What data there are; bring your own.\n\nExample: ganprofile datasets list",
)


@app.command("list")
def list_(json: choices.Json = False):
    """The datasets that have a name, whether they are on this machine, and what you imported.

    Example: ganprofile datasets list
    """
    from ganprofile.datasets import imported, known

    cards, reports = known(), imported()
    if json:
        choices.print_json([*cards, *reports])
        return
    table = tables.new_table("name", "classes", "train", "test", "here", "what")
    for card in cards:
        here = "yes" if card["on_machine"] else "no"
        _add(table, card, len(card["classes"]), here, card["title"])
    for report in reports:
        _add(table, report, report["classes"], "yes", f"imported from {report['source']}")
    tables.print_table(table)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help=f"{choices.DATASETS}, an imported name, or a path.")],
    grid: Annotated[bool, typer.Option("--grid", help="Also write a picture of it.")] = False,
    histogram: Annotated[
        bool, typer.Option("--histogram", help="Also plot classes, levels, ink and writers.")
    ] = False,
    output: Annotated[Path, typer.Option(help="Where pictures go.")] = Path("samples"),
    seed: choices.Seed = 0,
    data_dir: choices.DataDir = None,
    image_size: choices.ImageSize = None,
    channels: choices.Channels = None,
    invert: choices.Invert = None,
    bits: choices.Bits = None,
    photographs: choices.Photographs = None,
    first_label: choices.FirstLabel = None,
    labels: choices.Labels = None,
    writer_columns: choices.WriterColumns = None,
    offline: choices.Offline = False,
    force: Annotated[bool, typer.Option("--force", help="Replace older pictures.")] = False,
    json: choices.Json = False,
):
    """The card of a dataset: source, licence, counts, classes, polarity.

    Example: ganprofile datasets show characters --grid --histogram
    """
    from ganprofile.datasets import describe

    card = describe(
        name,
        grid=grid,
        histogram=histogram,
        output=output,
        seed=seed,
        force=force,
        offline=offline,
        allow_overlap=True,
        **choices.given(
            data_dir=data_dir,
            image_size=image_size,
            channels=channels,
            invert=invert,
            bits=bits,
            photographs=photographs,
            first_label=first_label,
            labels=labels,
            writer_columns=choices.listed(writer_columns),
        ),
    )
    _print_card(card, json)


@app.command("import")
def import_(
    path: Annotated[
        Path,
        typer.Argument(
            help="A folder with a subfolder per class, a table of pictures (columns image and "
            "label) or of pixels, .npz, .npy or .parquet files, official idx files, or a .zip or "
            ".tgz of such."
        ),
    ],
    name: Annotated[str, typer.Option(help="What you will call it: --dataset NAME.")],
    image_size: choices.ImageSize = None,
    channels: choices.Channels = None,
    invert: choices.Invert = "auto",
    bits: choices.Bits = None,
    writer_columns: choices.WriterColumns = None,
    photographs: choices.Photographs = None,
    first_label: choices.FirstLabel = None,
    labels: choices.Labels = None,
    zip_encoding: choices.ZipEncoding = None,
    drop_duplicates: Annotated[
        bool,
        typer.Option("--drop-duplicates", help="Keep each image once, none in train and test."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an older import.")] = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Inspect your own data, say what was found, and keep a clean copy under a name.

    Example: ganprofile datasets import scans/ --name mine --photographs scans

    Example: ganprofile datasets import photographs/ --name mine --photographs pages
    """
    from ganprofile.datasets import import_dataset

    report = import_dataset(
        path,
        name,
        image_size=image_size,
        channels=channels,
        invert=invert,
        bits=bits,
        writer_columns=choices.listed(writer_columns),
        photographs=photographs,
        first_label=first_label,
        labels=labels,
        zip_encoding=zip_encoding,
        drop_duplicates=drop_duplicates,
        force=force,
        dry_run=dry_run,
    )
    _print_card(report, json)


def _print_card(card, json):
    if json:
        choices.print_json(card)
        return
    table = tables.new_table("", "", show_header=False)
    table.columns[1].overflow = "fold"  # a sha256 has no blanks to break at
    for key, value in card.items():
        if key.endswith("examples") and not value:
            continue
        table.add_row(key.replace("_", " "), _in_words(key, value))
    tables.print_table(table)


def _in_words(key, value):
    """Plain text for people: long lists are cut, `--json` has them whole."""
    if key == "classes" and isinstance(value, list):
        return " ".join(map(printable, value))
    if key == "image_shape":
        return " x ".join(map(str, value))
    if isinstance(value, dict):
        inners = value.values()
        value = [f"{printable(name)}: {_in_words('', inner)}" for name, inner in value.items()]
        nested = any(isinstance(inner, dict) for inner in inners)
        return _cut(value, "; " if nested else ", ")
    if isinstance(value, list):
        return _cut([printable(str(item)) for item in value], "\n" if key else ", ")
    return str(value)


def _cut(items, between):
    more = [f"and {len(items) - LISTED:,} more (--json lists all)"] if len(items) > LISTED else []
    return between.join([*items[:LISTED], *more]) or "none"


def _add(table, card, classes, here, what):
    counts = [f"{card['images'][part]:,}" if part in card["images"] else "" for part in PARTS]
    table.add_row(card["name"], str(classes), *counts, here, what)
