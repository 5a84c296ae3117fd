"""`ganprofile plot`."""

from pathlib import Path

from ganprofile.cli import choices, completing
from ganprofile.cli.next_steps import say_next
from ganprofile.cli.panels import ESSENTIAL, argument, option


def plot(
    run: argument(Path, help="A run folder, finished or not.", autocompletion=completing.runs),
    histograms: option(
        bool,
        "--histograms",
        help="Also losses and logits of every epoch.",
        more="In a file of its own.",
        panel=ESSENTIAL,
    ) = False,
    json: choices.Json = False,
):
    """Draw the figures of a run from its numbers; of an unfinished one as far as it has come.

    Example: ganprofile plot runs/2026-11-20-cgan-digits-001 --histograms
    """
    import ganprofile as gp

    paths = gp.plot(run, histograms=histograms)
    if json:
        choices.print_json(paths)
    else:
        print("\n".join(map(str, paths)))
    say_next("see it as a page", "report", run, as_json=json)
