"""The names of classes as Hugging Face keeps them: in a Parquet file's metadata, or in the
`README.md` of the set.
"""

import json
import re

import yaml

CARD = "README.md"
LARGEST = 2**20  # characters of a card that are looked at
WITHIN = ("feature", "sequence", "list", "dtype")  # keys of what a list, or a column, is of


def class_names(schema, label, root):
    """The names of the classes, in the order of their numbers; `()` where neither has them.

    Args:
        schema: of a Parquet file, Arrow's.
        label: the column of the labels, or None.
        root: the folder of the set.
    """
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        return _in_order(_of_one_label(features[label])["names"])
    except (LookupError, TypeError, ValueError):
        return _in_card(root / CARD, label)


def _in_card(card, label):
    """The same of a `README.md` that begins with YAML; of several sets if they agree."""
    try:
        text = card.read_text("utf-8")[:LARGEST]
        said = yaml.safe_load(re.match(r"---\s*\n(.*?)\n---", text, re.DOTALL)[1])["dataset_info"]
        sets = said if isinstance(said, list) else [said]
        features = [one for some in sets for one in some["features"] if one["name"] == label]
        found = {_in_order(_of_one_label(one)["class_label"]["names"]) for one in features}
    except (OSError, LookupError, TypeError, ValueError, yaml.YAMLError):
        return ()
    return found.pop() if len(found) == 1 else ()


def _of_one_label(feature):
    """What is said of the labels themselves, where each image has a list of them, too."""
    while isinstance(feature, list):
        feature = feature[0]
    within = next((feature[key] for key in WITHIN if key in feature), None)
    return feature if within is None else _of_one_label(within)


def _in_order(names):
    """Names as a list, or as a dict by their numbers."""
    if isinstance(names, dict):
        numbers = sorted(names, key=int)
        names = [names[k] for k in numbers] if [*map(int, numbers)] == [*range(len(names))] else []
    return tuple(map(str, names)) if isinstance(names, list) else ()
