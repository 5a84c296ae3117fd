"""`ganprofile push`."""

from pathlib import Path

from ganprofile.cli import choices, completing, tables
from ganprofile.cli.next_steps import say_next, use_of
from ganprofile.cli.panels import ESSENTIAL, argument, option
from ganprofile.storage.files import printable


def push(
    path: argument(
        Path,
        help="A set, a run, a model, a reader or a folder of data.",
        more="Or a model's name.",
        autocompletion=completing.sources,
    ),
    to: argument(str, help="Where to on Hugging Face's Hub: hf://user/name."),
    *,
    public: option(
        bool, "--public", help="Let everybody see it; else only you may.", panel=ESSENTIAL
    ) = False,
    licence: option(
        str | None,
        help="As the Hub spells it: cc-by-4.0.",
        more="For a card that leaves it open.",
        panel=ESSENTIAL,
        metavar="NAME",
    ) = None,
    force: option(
        bool, "--force", help="Replace the files that are there.", panel=ESSENTIAL
    ) = False,
    offline: option(bool, "--offline", help="Refuse.") = False,
    dry_run: option(
        bool, "--dry-run", help="List every file that would leave, and ask nobody.", panel=ESSENTIAL
    ) = False,
    json: choices.Json = False,
):
    """Push a set, a model or your data to Hugging Face's Hub, private unless you say otherwise.

    Example: ganprofile push augmented/mine hf://user/mine --dry-run
    """
    import ganprofile as gp

    done = gp.push(
        path, to, public=public, licence=licence, force=force, offline=offline, dry_run=dry_run
    )
    if json:
        choices.print_json(done if dry_run else vars(done))
    elif dry_run:
        table = tables.new_table("file")
        table.add_column("bytes", justify="right")
        for name, size in done["files"].items():
            table.add_row(printable(name), f"{size:,}")
        tables.print_table(table)
    else:
        print(done.url)
        say_next(*use_of(done))
