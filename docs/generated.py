"""Pages that are made from the program itself whenever the documentation is built."""

import command_pages

import ganprofile as gp


def write(folder):
    """Write every page that has changed, for Sphinx reads only those again; others go."""
    found = {folder / f"{name}.md": text for name, text in pages().items()}
    for path in folder.rglob("*.md"):
        if path not in found:
            path.unlink()
    for path, text in found.items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def pages():
    """Path below the folder -> text of every page."""
    return {**command_pages.pages(), "cards": cards()}


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
