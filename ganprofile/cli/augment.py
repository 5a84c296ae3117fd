"""`ganprofile augment`."""

from ganprofile.cli import choices, data, names, plans
from ganprofile.cli.config import configured
from ganprofile.cli.next_steps import benchmark_of, say_how_to_use, say_next
from ganprofile.cli.panels import ESSENTIAL, HOW_MANY, option


@configured()
@data.takes_data()
def augment(
    images: data.Data = None,
    dataset: data.Dataset = None,
    *,
    per_class: choices.PerClass = None,
    total: choices.Total = None,
    sampling_strategy: choices.SamplingStrategy = None,
    only: choices.Only = None,
    include_real: choices.IncludeReal = False,
    output: choices.output_folder("augmented/NAME") = None,
    format: choices.SetFormat = "npz",
    seed: choices.Seed = 0,
    subset: option(int | None, help="Take N of your images of each class.", panel=HOW_MANY) = None,
    pretrained: choices.choice(
        str,
        "`pretrained`",
        names.PRETRAINING,
        help="auto or none: may teachers begin pretrained?",
        more="Whether they begin with what other people's characters taught, where that may "
        "be used.",
    ) = "auto",
    expect: option(
        bool | None,
        help="Find out what the set may be expected to give.",
        more="Once it is there; Ctrl-C leaves the set.",
        show_default="yes, unless --quick",
    ) = None,
    quick: option(
        bool,
        "--quick",
        help="A smaller set in less time, to look at.",
        more="10,000 images, teachers of a third of the training, no expectation.",
        panel=ESSENTIAL,
    ) = False,
    jobs: option(
        int | None,
        help="Processes that share the work; images stay the same.",
        more="With a GPU 1.",
        show_default="one a core, 8 at most",
    ) = None,
    cluster: choices.Cluster = None,
    loading,
    force: choices.Replace = False,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Make a labelled set of your own images, with a manifest; the last line names it.

    Of some 10 to 200 pictures of every class it follows the recipe that helped classifiers most,
    says why and what to expect: deformed images, with soft labels by teachers.

    Example: ganprofile augment my-scans/

    Example: ganprofile augment my-scans/ --sampling-strategy equal --include-real
    """
    import ganprofile as gp
    from ganprofile.augmentation.sets import BY_NAME

    made = gp.augment(
        data.data_of(images, dataset),
        per_class=per_class,
        total=total,
        sampling_strategy=choices.strategy_of(sampling_strategy),
        only=choices.named_only(only),
        include_real=include_real,
        output=output or BY_NAME,
        format=format,
        seed=seed,
        pretrained=pretrained,
        expect=expect,
        quick=quick,
        force=force,
        dry_run=dry_run,
        subset=subset,
        jobs=jobs,
        cluster=cluster,
        **loading,
    )
    if dry_run:
        plans.print_plan(made, plans.of_set, json)
        return
    choices.print_made(made, json)
    if made.info.get("soft_labels"):
        say_how_to_use(made.path, json)
    say_next(
        "find out whether it helps",
        *benchmark_of(data.data_of(images, dataset), loading, subset),
        as_json=json,
    )
