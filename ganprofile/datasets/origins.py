"""Where images come from: the datasets that they, or what they were made of, were taken from.

It is a part of a `Dataset`'s provenance, so that it outlives new names, files and choices.
"""

import dataclasses

from ganprofile.datasets.cards import has_card

ORIGIN = "origin"  # in the provenance: names of datasets, sorted; without it, nothing is known
UNKNOWN = "unknown"  # among them, of some of the images
SHEETS = "sheets"  # that were printed and filled in by people whom the user asked
MADE_FROM = "made_from"


def marked(dataset, **marks):
    """A `Dataset` with more in its provenance."""
    return dataclasses.replace(dataset, provenance={**dataset.provenance, **marks})


def made_from(record):
    """What a set says it was made from: a dict, empty where it says none.

    Args:
        record: its provenance, or its `dataset.json`.
    """
    found = record.get(MADE_FROM)
    return found if isinstance(found, dict) else {}


def from_origin(dataset, name):
    """A `Dataset` all of whose images come from the dataset of that name."""
    return marked(dataset, **{ORIGIN: [name]})


def merged_provenance(*provenances):
    """What is known of the images of several datasets together.

    Every mark of one of them is a mark of all; of what they were made it is only said what holds
    for all.

    Args:
        *provenances: of `Dataset`s.
    """
    merged = {}
    for provenance in reversed(provenances):
        merged |= provenance
    origins = {name for one in provenances for name in one.get(ORIGIN, [UNKNOWN])}
    if origins != {UNKNOWN}:
        merged[ORIGIN] = sorted(origins)
    if any(one.get(MADE_FROM) != merged.get(MADE_FROM) for one in provenances):
        del merged[MADE_FROM]
    return merged


def recorded_provenance(record):
    """The provenance of a dataset as a `config.json` or a `dataset.json` records it.

    What was written before origins were recorded names them in the recipe by which it was loaded.

    Args:
        record: a dict with `provenance` and, maybe, `recipe` or `dataset_recipe`.
    """
    provenance = record.get("provenance") or {}
    recipe = record.get("recipe") or record.get("dataset_recipe")
    if ORIGIN in provenance or not isinstance(recipe, (list, tuple)):
        return provenance
    name = recipe[0].get("load") if isinstance(recipe[0], dict) else None
    if not isinstance(name, str) or not has_card(name):
        return provenance
    return {**provenance, ORIGIN: [name]}
