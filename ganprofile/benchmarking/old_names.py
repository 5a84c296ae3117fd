"""Results of before arms were called as they are now, read as if they had been written today."""

# An arm's old name and its new one.
ARMS = {
    "varied": "deformed",
    "varied+taught": "deformed+distilled",
    "varied+gan+taught": "deformed+gan+distilled",
    "varied+primed": "deformed+distilled+pretrained",
    "transformed+deep": "classic+distilled",
}
# Keys and values of an arm's description.
DESCRIPTION = {
    "variations": "deformation",
    "teaching": "distillation",
    "manner": "deformation",
    "is_bent": "is_pairwise",
    "prior": "pretrained",
    "primed": "pretrained",
    "opponents": "baselines",
}


def renamed(content):
    """The content of a `benchmark.json` with today's names; numbers stay as they are.

    Args:
        content: a dict with `arms` and `cells`.
    """
    arms = {ARMS.get(name, name): _described(how) for name, how in content["arms"].items()}
    cells = [{**cell, "arm": ARMS.get(cell["arm"], cell["arm"])} for cell in content["cells"]]
    return {**content, "arms": arms, "cells": cells}


def _described(value):
    if isinstance(value, dict):
        return {DESCRIPTION.get(key, key): _described(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_described(part) for part in value]
    return DESCRIPTION.get(value, value) if isinstance(value, str) else value
