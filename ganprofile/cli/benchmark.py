"""`ganprofile benchmark`."""

from pathlib import Path

from ganprofile.cli import choices, completing, data, names, plans, tables
from ganprofile.cli.config import configured
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import ESSENTIAL, HOW_MANY, option
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

ALL = "all"


@configured()
@data.takes_data()
def benchmark(
    images: data.DataOrEmbedded = None,
    dataset: data.Dataset = None,
    *,
    test: data.of_data(
        str | None,
        help="Held-out data.",
        panel=ESSENTIAL,
        show_default="the dataset's own test part",
    ) = None,
    per_class: option(
        list[str] | None,
        "--subset",
        "--per-class",
        help="Real images of a class: sizes, or all.",
        more="Comma-separated sizes of the subsets; all: every image of every class, for a "
        "verdict on these images.",
        panel=HOW_MANY,
        metavar="N,...",
        show_default="10",
    ) = None,
    arms: option(
        list[str] | None,
        help="Ways to make a training set: none, classic, augment, ...",
        more="Comma-separated: none, duplicated, affine, classic, augment (the recipe that "
        "ganprofile augment follows), deformed, deformed+distilled, "
        "deformed+distilled+pretrained, classic+distilled, gan, classic+gan, "
        "pretrained+classic, or a folder of images or an imported name; classic+gan:5 adds "
        "five drawn images to every real one.",
        panel=ESSENTIAL,
        metavar="ARM,...",
        show_default="none,classic,classic+gan",
        autocompletion=completing.of(names.ARMS),
    ) = None,
    repeats: option(
        int | None,
        help="How many subsets of every size.",
        more="Of all images, how many trainings.",
        panel=HOW_MANY,
        show_default="10",
    ) = None,
    trainings: option(
        int | None,
        help="Classifiers trained on every set.",
        more="Each from other weights: several show smaller gains where test images are few.",
        panel=HOW_MANY,
        show_default="1",
    ) = None,
    classifier: choices.choice(
        str | None, "classifier", names.CLASSIFIERS, panel=ESSENTIAL, show_default="convnet"
    ) = None,
    steps: option(
        int | None, help="Its training steps, in all arms.", show_default="the classifier's own"
    ) = None,
    gan_steps: option(
        int | None, help="Training steps of a GAN.", more="It sees the subset only."
    ) = None,
    seed: choices.Seed = 0,
    output: option(
        Path | None,
        help="The folder for the result; one there is gone on with.",
        panel=ESSENTIAL,
        metavar="FOLDER",
        show_default="nothing is kept",
    ) = None,
    jobs: option(
        int | None,
        help="Processes that share the work.",
        more="With --quick one for each core, 8 at most.",
        show_default="1; more with --quick",
    ) = None,
    cluster: choices.Cluster = None,
    quick: option(
        bool,
        "--quick",
        help="An experiment of some five minutes.",
        more="Other defaults for everything that is not said.",
        panel=ESSENTIAL,
    ) = False,
    track: choices.choice(
        list[str] | None,
        "tracker",
        names.RESULT_TRACKERS,
        several=True,
        help=f"Put the result into {names.said(names.RESULT_TRACKERS)}.",
        more="Repeat for both.",
    ) = None,
    loading,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Does it help? Train classifiers with and without, on the same subsets, and say so.

    With --output, one stopped in the middle goes on with the same command; further sizes, arms,
    repeats and trainings join the same result. On a cluster, all machines have to see it.

    Example: ganprofile benchmark digits --arms none,classic,classic+gan --quick --output result
    """
    import ganprofile as gp

    sizes = _sizes(per_class)
    result = gp.benchmark(
        data.data_or_embedded(images, dataset),
        test=test,
        seed=seed,
        output=output,
        jobs=jobs,
        quick=quick,
        dry_run=dry_run,
        **choices.given(
            per_class=sizes,
            arms=choices.listed(arms),
            repeats=repeats,
            trainings=trainings,
            classifier=classifier,
            steps=steps,
            gan_steps=gan_steps,
            cluster=cluster,
            track=choices.listed(track),
        ),
        **loading,
    )
    if dry_run:
        plans.print_plan(result, plans.of_benchmark, json)
        return
    if json:
        choices.print_json(result.summary())
    else:
        _print(result)
    if output is not None:
        say_next("see it as a page", "report", output, as_json=json)


def _sizes(texts):
    sizes = choices.listed(texts)
    if sizes is None:
        return None
    if not all(size.isdecimal() or size == ALL for size in sizes):
        raise UsageError(
            "`per_class` takes whole numbers or all, comma-separated, such as 10,50. "
            f"Received: {','.join(sizes)}."
        )
    return tuple(size if size == ALL else int(size) for size in sizes)


def _print(result):
    rows = result.table()
    table = tables.new_table(*rows[0])
    for row in rows:
        table.add_row(*map(printable, row.values()))
    tables.print_table(table)
    for comparison in result.comparisons:
        print(f"\n{printable(comparison.sentence)}\n  {printable(comparison.changes)}")
    if result.path is not None:
        print(f"\n{result.path}")
