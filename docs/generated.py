"""Pages that are made from the program itself whenever the documentation is built."""

import re
import subprocess
import sys

import typer

import ganprofile as gp
from ganprofile.cli.app import app

EXAMPLE = re.compile(r"^([A-Z][a-z ]*: )(ganprofile .*)$", re.MULTILINE)
SHORTENED = re.compile(r"^\* `(\w+)`: .*\.\.\.$", re.MULTILINE)


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
    """Typer's own account of all commands, as `--help` gives it."""
    arguments = ["-m", "typer", "ganprofile.cli.app", "utils", "docs", "--name", "ganprofile"]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    text = done.stdout.replace("# `ganprofile`", "# Commands", 1).replace("&#x27;", "'")
    whole = dict(_purposes(typer.main.get_command(app)))
    text = SHORTENED.sub(lambda line: f"* `{line[1]}`: {whole[line[1]]}", text)
    return EXAMPLE.sub(r"\1`\2`", text)


def _purposes(group):
    """`(name, purpose)` of every command; Typer cuts a purpose off in its lists."""
    for name, command in group.commands.items():
        yield name, command.help.partition("\n\n")[0].replace("\n", " ")
        if hasattr(command, "commands"):
            yield from _purposes(command)


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
