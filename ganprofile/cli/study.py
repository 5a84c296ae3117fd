"""`ganprofile study`."""

from ganprofile.cli import choices, completing, data, names, plans, tables
from ganprofile.cli.flags import refuse_idle
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import ESSENTIAL, HOW_MANY, argument, option
from ganprofile.storage.files import printable
from ganprofile.storage.names import check_known

LIST = "list"


@data.takes_data()
def study(
    name: argument(
        str,
        help=f"{LIST}, or a study: {names.said(names.STUDIES)}.",
        autocompletion=completing.of((LIST, *names.STUDIES)),
    ) = LIST,
    *,
    quick: option(
        bool, "--quick", help="On the embedded data, in five minutes at most.", panel=ESSENTIAL
    ) = False,
    repeats: option(
        int | None,
        help="Measure everything so often, with other seeds.",
        more="May be raised later.",
        panel=HOW_MANY,
        show_default="as often as the document; once with --quick",
    ) = None,
    only: option(
        list[str] | None,
        help="The steps so called, such as 'mnist-*'.",
        more="Comma-separated, or the option repeated; --dry-run names them.",
        panel=HOW_MANY,
        metavar="NAME,...",
        show_default="all",
    ) = None,
    dataset: data.of_data(
        str | None, help="On this one alone.", more=data.NAMED, panel=ESSENTIAL
    ) = None,
    output: choices.output_folder("studies/NAME") = None,
    seed: option(
        int, help="The same seed gives the same result.", more="Not where minutes are given."
    ) = 0,
    jobs: option(int, help="Processes that share the repeats.") = 1,
    cluster: choices.Cluster = None,
    loading,
    dry_run: choices.DryRun = False,
    json: choices.Json = False,
):
    """Run a published study again: its figures beside yours, as a table and a page with pictures.

    Stopped in the middle, it goes on with the same command.

    Example: ganprofile study profiling --quick
    """
    import ganprofile as gp

    check_known("study", name, (*names.STUDIES, LIST))
    if name == LIST:
        running = {"quick": quick, "repeats": repeats, "only": only, "dataset": dataset}
        running |= {"output": output, "seed": seed, "jobs": jobs != 1, "cluster": cluster}
        why = f"is of a study that is run. Name one, such as {names.STUDIES[0]}"
        refuse_idle(why, {**running, **loading, "dry_run": dry_run})
        _print_list(json)
        return
    result = gp.study(
        name,
        quick=quick,
        repeats=repeats,
        only=choices.listed(only) or "*",
        dataset=dataset,
        output=output,
        seed=seed,
        jobs=jobs,
        cluster=cluster,
        dry_run=dry_run,
        **loading,
    )
    if dry_run:
        plans.print_plan(result, plans.of_study, json)
        return
    if json:
        found = {"path": str(result.path), "summary": result.summary, "rows": result.rows}
        choices.print_json(found)
    else:
        _print(result)
    say_next("see it as a page", "report", result.path, as_json=json)


def _print_list(json):
    from ganprofile.studies import STUDIES

    if json:
        choices.print_json([{"name": name, **vars(one)} for name, one in STUDIES.items()])
        return
    table = tables.new_table("name", "what", "after")
    for name, listed in STUDIES.items():
        table.add_row(name, listed.title, listed.document)
    tables.print_table(table)


def _print(result):
    from ganprofile.studies.pages import HEADER, cells

    table = tables.new_table(*HEADER)
    for line in result.rows:
        table.add_row(*map(printable, cells(line)))
    tables.print_table(table)
    print(f"\n{printable(' '.join(result.summary))}\n{result.path / 'study.md'}")
