"""`ganprofile datasets list`, `show` and `import`."""

from pathlib import Path

import typer

from ganprofile.cli import choices, data, flags, tables
from ganprofile.cli.flags import in_flags
from ganprofile.cli.groups import App
from ganprofile.cli.next_steps import options_of, say_next
from ganprofile.cli.panels import DATA, ESSENTIAL, argument, option
from ganprofile.storage.files import printable
from ganprofile.storage.names import side_by_side

LISTED = 10
PARTS = ("train", "test")
SENTENCES = ("warnings", "unreadable")  # of the library
SAID_ELSEWHERE = ("assumed",)  # whose sentences are among the warnings

app = App(
    no_args_is_help=True,
    help="What data there are; bring your own.\n\nExample: ganprofile datasets list",
)


@app.command("list")
def list_(json: choices.Json = False):
    """The datasets that have a name, whether they are on this machine, and what you imported.

    Example: ganprofile datasets list
    """
    import ganprofile as gp

    cards = gp.list_datasets()
    if json:
        choices.print_json(cards)
        return
    table = tables.new_table("name", "classes", "train", "test", "here", "what")
    for card in cards:
        if "on_machine" in card:
            here = "yes" if card["on_machine"] else "no"
            _add(table, card, len(card["classes"]), here, card["title"])
        else:
            _add(table, card, card["classes"], "yes", f"imported from {card['source']}")
    tables.print_table(table)
    say_next("look at one", "datasets", "show", cards[0]["name"], "--grid")


@app.command()
@data.takes_data("allow_overlap")
def show(
    name: data.Data = None,
    dataset: data.Dataset = None,
    grid: option(bool, "--grid", help="Also write a picture of it.", panel=ESSENTIAL) = False,
    histogram: option(
        bool, "--histogram", help="Also plot classes, levels, ink, writers.", panel=ESSENTIAL
    ) = False,
    output: option(Path, help="Where pictures go.", panel=ESSENTIAL, metavar="FOLDER") = Path(
        "pictures"
    ),
    seed: choices.Seed = 0,
    *,
    loading,
    force: option(bool, "--force", help="Replace older pictures.", panel=ESSENTIAL) = False,
    json: choices.Json = False,
):
    """The card of a dataset: source, licence, counts, classes, polarity.

    Example: ganprofile datasets show characters --grid --histogram
    """
    import ganprofile as gp

    card = gp.dataset_info(
        data.data_of(name, dataset),
        grid=grid,
        histogram=histogram,
        output=output,
        seed=seed,
        force=force,
        allow_overlap=True,
        **loading,
    )
    # What an import found is put right by an import.
    flags.remember(typer.main.get_command(app).commands["import"])
    _print_card(card, json)
    classes = card.get("classes", 2)  # of a dataset with a card their names, else how many
    if (classes if isinstance(classes, int) else len(classes)) > 1:  # one class needs others
        words = [data.data_of(name, dataset), *options_of(loading)]
        say_next("make more of it", "augment", *words, as_json=json)


@app.command("import")
@data.takes_data("data_dir", "revision", "allow_overlap", "offline")
def import_(
    path: argument(
        Path,
        help="A folder, a table, a file of arrays, or an archive.",
        more="A folder with a subfolder per class, a table of pictures (columns image and "
        "label) or of pixels, .npz, .npy or .parquet files, official idx files, or a .zip or "
        ".tgz of such.",
    ),
    name: option(
        str, help="What you will call it: --dataset NAME.", panel=ESSENTIAL, metavar="NAME"
    ),
    *,
    loading,
    drop_duplicates: option(
        bool, "--drop-duplicates", help="Keep each image once, none in train and test.", panel=DATA
    ) = False,
    force: option(bool, "--force", help="Replace an older import.", panel=ESSENTIAL) = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Inspect your own data, say what was found, and keep a clean copy under a name.

    Example: ganprofile datasets import scans/ --name mine --photographs scans

    Example: ganprofile datasets import photographs/ --name mine --photographs pages
    """
    import ganprofile as gp

    report = gp.import_dataset(
        path, name, drop_duplicates=drop_duplicates, force=force, dry_run=dry_run, **loading
    )
    _print_card(report, json)
    if not dry_run and report["classes"] > 1:  # what one class needs is others
        say_next("make more of it", "augment", name, as_json=json)


def _print_card(card, json):
    if json:
        choices.print_json(card)
        return
    table = tables.new_table("", "", show_header=False)
    for key, value in card.items():
        if key in SAID_ELSEWHERE or (key.endswith("examples") and not value):
            continue
        text = _in_words(key, value)
        table.add_row(key.replace("_", " "), in_flags(text) if key in SENTENCES else text)
    tables.print_table(table)


def _in_words(key, value):
    """Plain text for people: long lists are cut, `--json` has them whole."""
    if key == "unreadable" and isinstance(value, dict):  # most sentences name their file
        value = [why if name in why else f"{name}: {why}" for name, why in value.items()]
    if key == "classes" and isinstance(value, list):
        return side_by_side(value)
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
