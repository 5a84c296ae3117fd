"""`ganprofile evaluate`."""

from pathlib import Path

from ganprofile.cli import choices, completing, data, tables
from ganprofile.cli.flags import in_flags
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import ESSENTIAL, HOW_MANY, argument, option
from ganprofile.storage.files import printable

WORST = 5  # classes shown by name


@data.takes_data()
def evaluate(
    source: argument(
        str | None,
        help="A written set, a run, a model's name, or images.",
        more="A run folder, a model's name (digits-cgan), or images: a folder that augment or "
        "generate wrote, one with a subfolder per class, an .npz file, a table, an imported "
        "name.",
        autocompletion=completing.anything,
    ) = None,
    dataset: data.Dataset = None,
    *,
    against: data.of_data(str, help="The real images.", more=data.NAMED, panel=ESSENTIAL),
    images: option(int, help="At most so many of either side.", panel=HOW_MANY) = 10_000,
    classes: choices.Classes = None,
    unlabelled: option(bool, "--unlabelled", help="Ignore the labels of SOURCE.") = False,
    classifier: option(
        bool, help="Train classifiers on both sides.", more="Or leave them out."
    ) = True,
    inception: option(
        Path | None,
        help="Also KID and FID, by these Inception weights.",
        more="Of Inception v3: .h5, or a .keras model.",
        metavar="FILE",
    ) = None,
    seed: choices.Seed = 0,
    loading,
    output: option(
        Path,
        help="The folder to write.",
        more="For evaluation.json and pictures.",
        panel=ESSENTIAL,
        metavar="FOLDER",
    ) = Path("evaluation"),
    force: option(bool, "--force", help="Replace an older evaluation.", panel=ESSENTIAL) = False,
    json: choices.Json = False,
):
    """Judge synthetic images by real ones: distances, use to a classifier, copies.

    The last line names the folder.

    Example: ganprofile evaluate digits-cgan --against digits
    """
    import ganprofile as gp

    result = gp.evaluate(
        data.data_of(source, dataset),
        against,
        images=images,
        seed=seed,
        classes=choices.listed(classes),
        labelled=not unlabelled,
        classifier=classifier,
        inception=inception,
        output=output,
        force=force,
        **loading,
    )
    if json:
        choices.print_json(result.as_dict())
    else:
        _print(result)
    say_next("see it as a page", "report", result.path, as_json=json)


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
    _print_meanings(result)
    for note in result.notes:
        print(f"note: {in_flags(printable(note))}")
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


def _print_meanings(result):
    """Whether each number is good, and for what."""
    from ganprofile.evaluation.meanings import DRAWN, KINDS, judged

    print(KINDS[result.kind or DRAWN])
    for one in judged(result):
        print(f"{one.tone:8}{one.name} {tables.cell(one.value)}: {one.words}")
    print()


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
