"""`ganprofile sample`."""

from pathlib import Path

from ganprofile.cli import choices, completing
from ganprofile.cli.next_steps import can_label, say_next
from ganprofile.cli.panels import ESSENTIAL, HOW_MANY, argument, option
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable


def sample(
    source: argument(
        str,
        help="A run's folder or a model's name (digits-cgan).",
        more="Or a model's folder, or an exported one.",
        autocompletion=completing.sources,
    ),
    *,
    count: option(
        int | None,
        "--total",
        "--count",
        help="N images in all.",
        more="Else 16 single ones, and in a grid as many of every class.",
        panel=HOW_MANY,
    ) = None,
    label: option(
        list[str] | None,
        "--class",
        help="Only this class; else all in turn.",
        panel=HOW_MANY,
        metavar="NAME",
        autocompletion=completing.classes,
    ) = None,
    writer: option(
        str | None,
        help="In this writer's style; else all in turn.",
        more="A number, or the name by the data that the model learned from.",
        metavar="WRITER",
    ) = None,
    style: option(
        Path | None,
        help="As the writer of these images.",
        more="One whom the model has not met: a folder for each class.",
        metavar="FOLDER",
    ) = None,
    seed: choices.Seed = 0,
    grid: option(bool, "--grid", help="One PNG, a row for each class.", panel=ESSENTIAL) = False,
    animate: option(
        bool, "--animate", help="A GIF of a walk through latent space.", panel=ESSENTIAL
    ) = False,
    text: option(
        str | None,
        help="Write this, as one PNG.",
        more="Character by character.",
        panel=ESSENTIAL,
        metavar="TEXT",
    ) = None,
    output: option(
        Path, help="The folder to write into.", panel=ESSENTIAL, metavar="FOLDER"
    ) = Path("pictures"),
    force: option(bool, "--force", help="Replace pictures of this name.", panel=ESSENTIAL) = False,
    offline: choices.Offline = False,
    json: choices.Json = False,
):
    """Draw pictures from a trained model: single PNGs, or what the options say, ink on paper.

    Example: ganprofile sample digits-cgan --text "2026"
    """
    import ganprofile as gp

    run = gp.Run.open(source, offline)
    paths = gp.sample(
        run,
        output,
        count=count,
        label=_one(label),
        writer=writer,
        style=style,
        seed=seed,
        grid=grid,
        animate=animate,
        text=text,
        force=force,
        offline=offline,
    )
    if json:
        choices.print_json(paths)
    else:
        print("\n".join(map(str, paths)))
    if can_label(run):
        say_next("draw a labelled set", "generate", source, "--per-class", 500, as_json=json)


def _one(classes):
    """The class that is drawn, or None for all in turn: of several the last would be taken."""
    if not classes:
        return None
    if len(classes) > 1:
        raise UsageError(
            "sample draws one class, or all in turn. Say --class once. Received: "
            f"{', '.join(map(printable, classes))}."
        )
    return classes[0]
