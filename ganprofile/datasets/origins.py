"""Where images come from: the datasets that they, or what they were made of, were taken from.

It is a part of a `Dataset`'s provenance, so that it outlives new names, files and choices.
"""

import dataclasses

from ganprofile.datasets.cards import has_card

ORIGIN = "origin"  # in the provenance: names of datasets, sorted; without it, nothing is known
UNKNOWN = "unknown"  # among them, of some of the images
SHEETS = "sheets"  # that were printed and filled in by people whom the user asked
MADE_FROM = "made_from"
MAKINGS = "makings"  # of what some of the images were made, a list, where not all were made alike
SOURCES = "dataset_fingerprint", "dataset_recipe"  # what is kept of them there
# What of the test images was seen, or judged, by what the images are learned from: how many.
ALLOWED = "overlap_with_test_allowed"  # a dict with `images`
REMOVED = "copies_of_test_images_removed"
SYNTHETIC_TEST = "synthetic_test_images_allowed"
GUESSED_TEST = "guessed_test_labels"
COUNTS = ALLOWED, REMOVED, SYNTHETIC_TEST, GUESSED_TEST


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


def makings(provenance):
    """What says of which images some were made, and of which these in turn, an iterator of dicts.

    Args:
        provenance: of a `Dataset`.
    """
    listed = provenance.get(MAKINGS)
    for making in (made_from(provenance), *(listed if isinstance(listed, list) else ())):
        if isinstance(making, dict) and making:
            yield making
            inner = making.get("provenance")
            yield from makings(inner if isinstance(inner, dict) else {})


def from_origin(dataset, name):
    """A `Dataset` all of whose images come from the dataset of that name."""
    return marked(dataset, **{ORIGIN: [name]})


def merged_provenance(*provenances):
    """What is known of the images of several datasets together.

    Every mark of one of them is a mark of all, and what they count adds up, where it is not the
    very same; how they were made is only said where it holds for all, of what always.

    Args:
        *provenances: of `Dataset`s.
    """
    merged = {}
    for provenance in reversed(provenances):
        merged |= provenance
    origins = {name for one in provenances for name in one.get(ORIGIN, [UNKNOWN])}
    if origins != {UNKNOWN}:
        merged[ORIGIN] = sorted(origins)
    if any(one.get(key) != merged.get(key) for one in provenances for key in (MADE_FROM, MAKINGS)):
        merged.pop(MADE_FROM, None)
        merged |= _sources(provenances)
    for name in merged.keys() & set(COUNTS):
        merged[name] = _added([one[name] for one in provenances if name in one])
    return merged


def _sources(provenances):
    """Of what images were made, each once, as a mark; none where nothing tells."""
    found = [
        {key: making[key] for key in SOURCES if making.get(key)}
        for one in provenances
        for making in makings(one)
    ]
    each_once = [one for k, one in enumerate(found) if one and one not in found[:k]]
    return {MAKINGS: each_once} if each_once else {}


def _added(marks):
    """What marks count together: numbers, or dicts of such that keep the example of the first."""
    marks = [mark for k, mark in enumerate(marks) if mark not in marks[:k]]
    if all(isinstance(mark, int) for mark in marks):
        return sum(marks)
    if not all(isinstance(mark, dict) for mark in marks):
        return marks[0]
    numbers = {key for mark in marks for key, value in mark.items() if isinstance(value, int)}
    together = {key: sum(mark.get(key, 0) for mark in marks) for key in numbers}
    return {**marks[0], **together}


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
