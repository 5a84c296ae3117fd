"""`ganprofile verify`."""

import typer

from ganprofile.cli import choices, completing, data
from ganprofile.cli.flags import in_flags
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import argument, option


def verify(
    path: argument(
        str | None, help="A folder that augment or generate wrote, or an imported name."
    ) = None,
    dataset: data.Dataset = None,
    run: option(
        str | None,
        help="The run it was drawn from.",
        more="Where it is not in its old place.",
        metavar="RUN",
        autocompletion=completing.runs,
    ) = None,
    offline: choices.Offline = False,
    json: choices.Json = False,
):
    """Read a written set again: is it what its files, its manifest and its run say? Exit 1 if not.

    Example: ganprofile verify generated/digits-cgan
    """
    import ganprofile as gp

    result = gp.verify(data.data_of(path, dataset), run=run, offline=offline)
    if json:
        choices.print_json({"ok": result.ok, **vars(result)})
    else:
        lines = [f"checked: {line}" for line in result.checked]
        lines += [f"not checked: {in_flags(line)}" for line in result.not_checked]
        lines += [f"problem: {in_flags(line)}" for line in result.problems]
        print("\n".join(lines))
    if not result.ok:
        raise typer.Exit(1)
    say_next(
        "look at its images",
        "datasets",
        "show",
        data.data_of(path, dataset),
        "--grid",
        as_json=json,
    )
