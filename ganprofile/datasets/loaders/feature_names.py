"""The names of classes as Hugging Face keeps them: in a Parquet file's metadata, or in the
`README.md` of the set.
"""

import json

from ganprofile.datasets.loaders.card_sets import CARD, FOLDERS_ABOVE, said_in, split_in
from ganprofile.storage.files import printable

WITHIN = ("feature", "sequence", "list", "dtype")  # keys of what a list, or a column, is of


def class_names(schema, label, file, root):
    """The names of the classes, in the order of their numbers; `()` where none are told.

    Args:
        schema: of a Parquet file, Arrow's.
        label: the column of the labels, or None.
        file: its path. The card of the set lies beside it or in a folder around it.
        root: the folder that was named, in which the file lies; of a card around it a sentence
            says that it counts.

    Returns:
        `(names, said)`.
    """
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        return _in_order(_of_one_label(features[label])["names"]), []
    except (LookupError, TypeError, ValueError):
        return names_in_card(label, file, root)


def names_in_card(label, file, root):
    """The same as the card of the set tells it, whatever kind of table the file is."""
    file, root = root.resolve() / file.relative_to(root), root.resolve()
    for folder in file.parents[:FOLDERS_ABOVE]:
        if names := _in_card(folder / CARD, label, file.relative_to(folder)):
            said = f"The names of the classes are those that {printable(folder.name)}/{CARD} gives."
            return names, [said] if folder in root.parents else []
    return (), []


def _in_card(card, label, file):
    """The same of a `README.md` that begins with YAML; of several sets those that a file in its
    folder is of, if they agree."""
    try:
        said = said_in(card)
        sets = said["dataset_info"]
        sets = sets if isinstance(sets, list) else [sets]
        own = _sets_of(file, said.get("configs") or ())
        sets = [one for one in sets if one.get("config_name") in own] or sets
        features = [one for some in sets for one in some["features"] if one["name"] == label]
        found = {_in_order(_of_one_label(one)["class_label"]["names"]) for one in features}
    except (AttributeError, LookupError, TypeError, ValueError):
        return ()
    return found.pop() if len(found) == 1 else ()


def _sets_of(file, configs):
    """What the sets are called that a file may be of, by patterns of paths or its folders."""
    own = {one["config_name"] for one in configs if split_in(one, file) is not None}
    return own or {*file.parts[:-1]}


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
