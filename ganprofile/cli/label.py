"""`ganprofile label`."""

from ganprofile.cli import choices, completing, data, names, plans
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import ESSENTIAL, HOW_MANY, argument, option
from ganprofile.console import say


@data.takes_data()
def label(
    images: argument(
        str | None,
        help="Images without labels: a folder, a name, hf:user/name.",
        more=data.NAMED,
        autocompletion=completing.datasets,
    ) = None,
    dataset: data.Dataset = None,
    *,
    by: data.of_data(
        str,
        help="The labelled ones.",
        more="Some 10 of every class: a folder per class.",
        panel=ESSENTIAL,
    ),
    leave_out: option(
        float,
        help="The share to leave out, in 0..1.",
        more="Of the images, the least certain.",
        panel=HOW_MANY,
        metavar="SHARE",
    ) = 0.0,
    effort: choices.choice(
        str,
        "effort",
        names.EFFORTS,
        help="quick, or full: an hour more for better labels.",
        more="Of tens of thousands of images; a reader learns against a generator.",
        panel=HOW_MANY,
    ) = "quick",
    output: choices.output_folder("labelled/NAME") = None,
    format: choices.SetFormat = "npz",
    seed: choices.Seed = 0,
    loading,
    force: choices.Replace = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Label many images from a few labelled ones; the last line names the set, which holds both.

    Look at its doubtful.png: the least certain images of every class, or of 100, a row each.

    Example: ganprofile label more-scans/ --by my-scans/ --image-size 28 --leave-out 0.05
    """
    import ganprofile as gp
    from ganprofile.augmentation.labelled_set import BY_FILE, DOUBTFUL
    from ganprofile.augmentation.sets import BY_NAME

    result = gp.label(
        data.data_of(images, dataset),
        by=by,
        leave_out=leave_out,
        effort=effort,
        output=output or BY_NAME,
        format=format,
        seed=seed,
        force=force,
        dry_run=dry_run,
        **loading,
    )
    if dry_run:
        plans.print_plan(result, plans.of_set, json)
        return
    choices.print_made(result, json)
    say(
        f"How many of the {result.info['labelled_now']:,} labels are right is not known. The least "
        f"certain of every class: {result.path / DOUBTFUL}"
    )
    if (result.path / BY_FILE).is_file():
        say(f"Which file was given which label, the least certain first: {result.path / BY_FILE}")
    say_next("make more of it", "augment", result.path, as_json=json)
