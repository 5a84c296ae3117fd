"""Pages that are made from the program itself whenever the documentation is built."""

import re

import typer

import ganprofile as gp
from ganprofile.cli import help_page
from ganprofile.cli.app import app

EXAMPLE = re.compile(r"^([A-Z][a-z ]*: )(ganprofile .*)$", re.MULTILINE)


def write(folder):
    """Write every page that has changed, for Sphinx reads only those again; others go."""
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.md"):
        if path.stem not in PAGES:
            path.unlink()
    for name, page in PAGES.items():
        path, text = folder / f"{name}.md", page()
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")


def command_line():
    """All that `--help-all` says of every command, on one page."""
    group = typer.main.get_command(app)
    return "\n".join(["# Commands", "", *_command(group, "ganprofile")]) + "\n"


def _command(command, path):
    """The lines of a command and of those below it."""
    context = typer.Context(command, info_name=path)
    usage = help_page.usage(command, path)
    level = "#" * max(2, len(path.split()))
    yield from (f"{level} `{path}`", "", EXAMPLE.sub(r"\1`\2`", command.help or ""), "")
    yield from ("```text", usage, "```", "")
    for title, commands in help_page.command_panels(command).items():
        purposes = [f"- `{one.name}`: {help_page.short(one.help or '')}" for one in commands]
        yield from (f"**{title}**", "", *purposes, "")
    for title, parameters in help_page.panels(command, context).items():
        yield from (f"**{title}**", "", *map(_parameter, parameters), "")
    for name, inner in getattr(command, "commands", {}).items():
        yield from _command(inner, f"{path} {name}")


def _parameter(parameter):
    text = help_page.whole_text(parameter.help or "")
    default = help_page.default_of(parameter)
    told = f" Default: {default}." if default else " Required." if parameter.required else ""
    return f"- `{help_page.spelled(parameter)}`: {text}{told}".replace("*'", "\\*'")


def cards():
    """A card for each named dataset and each model at hand."""
    return "\n".join(
        [
            "# Cards of datasets and models",
            "",
            "What `ganprofile datasets show NAME` and `ganprofile models` say.",
            "",
            "## Datasets",
            "",
            *(line for name in gp.DATASETS for line in _dataset(gp.dataset_info(name))),
            "## Models",
            "",
            "Each is a folder with `config.json`, everything needed to train it again.",
            "",
            *(line for model in gp.list_models() for line in _model(model)),
        ]
    )


def _dataset(card):
    counts = ", ".join(f"{count:,} {part}" for part, count in card["images"].items())
    facts = {
        "images": f"{counts}; {'x'.join(map(str, card['image_shape']))}",
        "classes": f"{len(card['classes'])}: {' '.join(card['classes'])}",
        "source": card["source"],
        "licence": card["licence"],
        "writers": card.get("writers"),
        "cite": card.get("citation"),
    }
    return _section(f"`{card['name']}`", card["title"], facts)


def _model(model):
    found = model.evaluation or {}
    facts = {
        "learned": f"`{model.dataset}`, by the preset `{model.model}`",
        "draws": f"{model.classes} classes, whichever is asked for",
        "licence of the data": model.licence,
        "size": f"{model.bytes / 1e6:.1f} MB",
        "sha256 of generator.keras": f"`{model.sha256}`",
        "label fidelity": _share(found.get("label_fidelity")),
        "a classifier that saw nothing else reads": _share(
            found.get("train_on_synthetic_accuracy")
        ),
        "copies of training images": _share(found.get("copy_rate")),
    }
    return _section(f"`{model.name}`", "", facts)


def _section(title, text, facts):
    yield from (f"### {title}", "", text, "")
    yield from (f"- **{name}**: {value}" for name, value in facts.items() if value)
    yield ""


def _share(value):
    return None if value is None else f"{100 * value:.1f} %"


PAGES = {"commands": command_line, "cards": cards}
