"""`ganprofile benchmark`."""

from pathlib import Path
from typing import Annotated

import typer

from ganprofile.cli import choices, data, tables
from ganprofile.cli.config import configured
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

ALL = "all"
CLASSIFIERS = "convnet, deepconvnet, embedding, cnn or mlp"


@configured()
@data.takes_data()
def benchmark(
    images: data.Data = None,
    dataset: data.Dataset = None,
    test: Annotated[
        str | None, typer.Option(help="Held-out data.  Default: the dataset's own test part.")
    ] = None,
    per_class: Annotated[
        list[str] | None,
        typer.Option(
            "--subset",
            "--per-class",
            help="Real images of every class in a subset, comma-separated sizes; all: every image "
            "of every class, for a verdict on these images.  Default: 10.",
        ),
    ] = None,
    arms: Annotated[
        list[str] | None,
        typer.Option(
            help="Ways to make a training set, comma-separated: none, duplicated, classic, augment "
            "(the recipe that ganprofile augment follows), deformed, deformed+distilled, "
            "deformed+distilled+pretrained, classic+distilled, gan, classic+gan, "
            "pretrained+classic, or a folder of images or "
            "an imported name; classic+gan:5 adds five drawn images to every real one.  "
            "Default: none,classic,classic+gan."
        ),
    ] = None,
    repeats: Annotated[
        int | None,
        typer.Option(
            help="How many subsets of every size; of all images, how many trainings.  Default: 10."
        ),
    ] = None,
    trainings: Annotated[
        int | None,
        typer.Option(
            help="Classifiers trained on every set, each from other weights: several show smaller "
            "gains where test images are few.  Default: 1."
        ),
    ] = None,
    classifier: Annotated[
        str | None, typer.Option(help=f"{CLASSIFIERS}.  Default: convnet.")
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(help="Its training steps, in all arms.  Default: the classifier's own."),
    ] = None,
    gan_steps: Annotated[
        int | None, typer.Option(help="Training steps of a GAN, which sees the subset only.")
    ] = None,
    seed: choices.Seed = 0,
    output: Annotated[
        Path | None,
        typer.Option(help="The folder for the result; one that is there is gone on with."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            help="Processes that share the work.  Default: 1; with --quick one for each core, 8 at "
            "most."
        ),
    ] = None,
    cluster: choices.Cluster = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Other defaults: an experiment of some five minutes."),
    ] = False,
    track: Annotated[
        list[str] | None,
        typer.Option(help="Put the result into mlflow or wandb; repeat for both."),
    ] = None,
    *,
    loading,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Does it help? Train classifiers with and without, on the same subsets, and say so.

    Stopped in the middle, it goes on with the same command; further sizes, arms, repeats and
    trainings join the same result. On a cluster, all machines have to see --output.

    Example: ganprofile benchmark digits --arms none,classic,classic+gan --quick --output result
    """
    import ganprofile as gp

    result = gp.benchmark(
        data.data_of(images, dataset, "digits"),
        test=test,
        seed=seed,
        output=output,
        jobs=jobs,
        quick=quick,
        dry_run=dry_run,
        **choices.given(
            per_class=_sizes(per_class),
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
        choices.print_json(result)
    elif json:
        choices.print_json(result.summary())
    else:
        _print(result)


def _sizes(texts):
    sizes = choices.listed(texts)
    if sizes is None:
        return None
    if not all(size.isdecimal() or size == ALL for size in sizes):
        raise UsageError(
            "--subset takes whole numbers or all, comma-separated, such as 10,50. "
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
