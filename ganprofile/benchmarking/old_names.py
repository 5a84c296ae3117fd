"""Results of before arms were called as they are now, read as if they had been written today."""

# An arm's old name and its new one.
ARMS = {
    "varied": "deformed",
    "varied+taught": "deformed+distilled",
    "varied+gan+taught": "deformed+gan+distilled",
    "varied+primed": "deformed+distilled+pretrained",
    "transformed+deep": "classic+distilled",
}
BY = "0.1."  # versions that may have written these, and none since
RECIPE = "variations"  # every arm above is described by it; a folder or function called so is not
# Keys of an arm's description, and within those of its recipe keys and values.
DESCRIPTION = {"variations": "deformation", "teaching": "distillation", "opponents": "baselines"}
WITHIN = {
    "manner": "deformation",
    "is_bent": "is_pairwise",
    "prior": "pretrained",
    "primed": "pretrained",
}


def renamed(content):
    """The content of a `benchmark.json` with today's names; numbers stay as they are.

    Args:
        content: a dict with `arms`, `cells` and `environments`.
    """
    versions = [one.get("versions", {}).get("ganprofile", BY) for one in content["environments"]]
    if versions and not str(versions[0]).startswith(BY):
        return content
    new = {name: _name(name, how, content["arms"]) for name, how in content["arms"].items()}
    arms = {new[name]: _described(how) for name, how in content["arms"].items()}
    cells = [{**cell, "arm": new[cell["arm"]]} for cell in content["cells"]]
    return {**content, "arms": arms, "cells": cells}


def _name(name, how, arms):
    today = ARMS.get(name, name) if RECIPE in how else name
    return name if today in arms else today


def _described(how):
    """What the user named, such as a folder, stays; only recipes are ours."""
    return {
        DESCRIPTION.get(key, key): _within(part) if key in DESCRIPTION else part
        for key, part in how.items()
    }


def _within(value):
    if isinstance(value, dict):
        return {WITHIN.get(key, key): _within(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_within(part) for part in value]
    return WITHIN.get(value, value) if isinstance(value, str) else value
