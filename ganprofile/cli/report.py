"""`ganprofile report`."""

from pathlib import Path

from ganprofile.cli import choices, completing
from ganprofile.cli.options import options
from ganprofile.cli.panels import ESSENTIAL, argument, option
from ganprofile.console import say
from ganprofile.storage.files import printable
from ganprofile.storage.places import from_anywhere


def report(
    path: argument(
        Path,
        help="The folder of a run, model, evaluation, benchmark, study, set or reader.",
        more="Or a model's name (digits-cgan).",
        autocompletion=completing.sources,
    ),
    output: option(
        Path | None,
        "--output",
        help="The file to write.",
        more="NAME.html of a set lies beside its folder, whose files all have checksums; that "
        "of a model's name here.",
        panel=ESSENTIAL,
        metavar="FILE",
        show_default="report.html in the folder; of a set or a model's name, NAME.html",
    ) = None,
    export: option(
        Path | None,
        "--export",
        help="Also make this folder, for a paper.",
        more="Figures as SVG and PDF, tables as CSV, Markdown and LaTeX; of a benchmark a "
        "methods paragraph and references for BibTeX, too.",
        panel=ESSENTIAL,
        metavar="FOLDER",
    ) = None,
    force: choices.Force = False,
    json: choices.Json = False,
):
    """Write what was found as one HTML file: the verdict, numbers, pictures; without a network.

    Example: ganprofile report runs/2026-11-20-cgan-digits-001
    """
    import ganprofile as gp

    export = None if export is None else from_anywhere(export)  # which may be the folder here
    written = gp.report(path, output=output, export=export, force=force)
    if json:
        choices.print_json({"output": written, **({"export": export} if export else {})})
        return
    print(written)
    if export is not None:
        print(export)
    if not options.quiet:
        say(f"Next, open it in a browser: {printable(written)}")
