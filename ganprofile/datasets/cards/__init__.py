"""The cards of the named datasets: source, licence, counts, classes, polarity, one JSON file each.

A family with several configurations has one file; what differs is under `configs`.
"""

from importlib import resources

from ganprofile.storage.files import read_json

_ROOT = resources.files("ganprofile.datasets.cards")


def has_card(name):
    """Whether a text is the name of a dataset that ganprofile knows."""
    family, _, config = name.partition("/")
    if not family.isalnum() or not (_ROOT / f"{family}.json").is_file():
        return False
    return not config or config in read_json(_ROOT / f"{family}.json").get("configs", {})


def read_card(name):
    """The card of a named dataset, a dict.

    Args:
        name: `FAMILY` or `FAMILY/CONFIG`, such as `emnist/letters`.

    Raises:
        KeyError: the family has no such configuration.
    """
    family, _, config = name.partition("/")
    card = read_json(_ROOT / f"{family}.json")
    configs = card.pop("configs", {})
    config = config or card.pop("default_config", "")
    card.pop("default_config", None)
    return {**card, **(configs[config] if config else {}), "name": name}


def has_labels(card, labels):
    """Whether labels, integers `(n,)`, are among those of a card's classes."""
    places = labels - card.get("first_label", 0)
    return bool(places.min() >= 0 and places.max() < len(card["classes"]))
