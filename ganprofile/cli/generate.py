"""`ganprofile generate`."""

from ganprofile.cli import choices, names, plans
from ganprofile.cli.config import configured
from ganprofile.cli.next_steps import evaluation_of, say_next
from ganprofile.cli.panels import ESSENTIAL, RARE, option


@configured()
def generate(
    model: choices.Source,
    *,
    per_class: choices.PerClass = None,
    total: choices.Total = None,
    sampling_strategy: choices.SamplingStrategy = None,
    only: choices.Only = None,
    filter: choices.choice(
        str | None,
        "filter",
        names.FILTERS,
        help=f"{names.said(names.FILTERS)}: drop what would hurt.",
        more="More are drawn for it.",
        panel=ESSENTIAL,
        show_default="standard where the real data are at hand, else none",
    ) = None,
    score: option(
        bool,
        help="Score each image by classifiers.",
        more="They are fitted to the real ones; needed by the default filter.",
    ) = True,
    soft_labels: option(
        bool, "--soft-labels", help="Write the classifiers' probabilities, too."
    ) = False,
    include_real: choices.IncludeReal = False,
    output: choices.output_folder("generated/MODEL") = None,
    format: choices.SetFormat = "npz",
    seed: choices.Seed = 0,
    allow_overlap: option(
        bool, "--allow-overlap", help="Draw from a run that saw test images; recorded.", panel=RARE
    ) = False,
    jobs: choices.Jobs = None,
    cluster: choices.Cluster = None,
    force: choices.Replace = False,
    offline: choices.Offline = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Draw a labelled set from a trained model, filtered, with a manifest; the last line names it.

    What was dropped and why stands in rejected.csv, some of it in rejected.png.

    Example: ganprofile generate digits-cgan --per-class 500 --filter strict --format imagefolder
    """
    import ganprofile as gp
    from ganprofile.augmentation.sets import BY_NAME

    made = gp.generate(
        model,
        per_class=per_class,
        total=total,
        sampling_strategy=choices.strategy_of(sampling_strategy),
        only=choices.named_only(only),
        filter=filter,
        score=score,
        soft_labels=soft_labels,
        include_real=include_real,
        output=output or BY_NAME,
        format=format,
        seed=seed,
        allow_overlap=allow_overlap,
        force=force,
        offline=offline,
        dry_run=dry_run,
        jobs=jobs,
        cluster=cluster,
    )
    if dry_run:
        plans.print_plan(made, plans.of_set, json)
        return
    choices.print_made(made, json)
    # Data that came as arrays cannot be named to a command.
    from ganprofile.evaluation.evaluate import FEWEST

    recipe = made.info["made_from"]["dataset_recipe"]
    if recipe and made.info["images"] >= FEWEST:
        say_next("judge it", *evaluation_of(made.path, recipe), as_json=json)
