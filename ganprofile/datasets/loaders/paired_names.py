"""Arrays of images and arrays of labels, an array each, paired by what their names share."""

import itertools
import re
import string


def agreeing(images, labels):
    """Images and labels by other keys, by which both agree; as they are where there is no way to
    pair them so, or several that differ.

    Args:
        images, labels: key -> name, whose last step, behind a blank, is its own.
    """
    ways = [
        (own, of)
        for own in _ways([*images.values()])
        for of in _ways([*labels.values()])
        if {*own} == {*of}
    ]
    pairs = {tuple(of[key] for key in own) for own, of in ways}
    return ways[0] if len(pairs) == 1 else (images, labels)


def _ways(names):
    """The ways to key names, each key -> name: by the first or the last number of each, and by what
    is left without what all begin or end with, `a` of `image_a.png`."""
    steps = [name.rpartition(" ")[2] for name in names]
    numbers = [re.findall(r"[0-9]+", step) for step in steps]
    keys = [[int(found[place]) for found in numbers] for place in (0, -1) if all(numbers)]
    rest = _without_beginning(steps)
    keys.append([step[::-1] for step in _without_beginning([step[::-1] for step in rest])])
    return [dict(zip(some, names, strict=True)) for some in keys if len({*some}) == len(names)]


def _without_beginning(steps):
    """Texts without what all begin with; no number is cut, since 12 and 13 are not 2 and 3."""
    same = itertools.takewhile(lambda some: len({*some}) == 1, zip(*steps, strict=False))
    common = "".join(some[0] for some in same).rstrip(string.digits)
    return [step.removeprefix(common) for step in steps]
