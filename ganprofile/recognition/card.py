"""`README.md` of a reader: a card as the Hugging Face Hub reads it, made from its `reader.json`."""

from typing import Any

from ganprofile.console import counted, few
from ganprofile.datasets.formats.card import licence, plain
from ganprofile.recognition.models import FITTED, MODELS
from ganprofile.recognition.sentences import sentences
from ganprofile.storage.yaml_files import as_yaml

FILE = "README.md"
LONGEST = 100  # class names that are listed


def card(info: dict[str, Any]) -> str:
    """The card of a reader, Markdown with YAML front matter.

    Args:
        info: the content of its `reader.json`.
    """
    model = MODELS.get(info["model"])
    front = {
        "license": "unknown",
        **({} if model is None or model.suffix == FITTED else {"library_name": "keras"}),
        "pipeline_tag": "image-classification",
        "tags": ["handwriting", "ganprofile", info["model"]],
    }
    height, width, channels = info["image_shape"]
    colours = "grey" if channels == 1 else "colour"
    begun = info.get("pretrained")
    parts = [
        f"# {plain(info.get('dataset') or 'A reader')} read by {info['model']}",
        "A classifier of handwritten characters, trained with ganprofile.",
        f"- **Tells apart**: {_in_words(info['class_names'])}.\n"
        f"- **Images**: {width} x {height} pixels, {colours}, uint8, 0 is paper and 255 is ink.\n"
        f"- **Trained on**: {_images(info)} (fingerprint "
        f"`{str(info.get('dataset_fingerprint'))[:12]}`), seed {info.get('seed')}"
        + (
            f"; it began with the weights `{begun['name']}`, EMNIST's, of this package."
            if begun
            else "."
        ),
        '```python\nimport ganprofile as gp\n\nreader = gp.Reader.open(".")\n'
        "labels, probabilities = reader.read(images)\n"
        "names = [reader.class_names[label] for label in labels]\n```",
        "## How well it reads",
        "\n".join(f"- {plain(sentence)}" for sentence in sentences(info)),
        "## Licence",
        licence(info),
    ]
    return f"---\n{as_yaml(front)}---\n\n" + "\n\n".join(parts) + "\n"


def _images(info: dict[str, Any]) -> str:
    """How many of which it learned from."""
    count, guessed = info.get("images", 0), info.get("unlabelled")
    others = guessed["images"] if guessed else 0
    also = f" and {others:,} without labels of {plain(guessed['dataset'])}" if guessed else ""
    return f"{counted(count - others, 'image')} of {plain(str(info.get('dataset')))}{also}"


def _in_words(names: list[str]) -> str:
    return f"{len(names):,} classes, {few([*map(plain, names)], LONGEST, ' ')}"
