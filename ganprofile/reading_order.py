"""In which order the characters of a row are read."""

import itertools
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

RIGHT_TO_LEFT, LEFT_TO_RIGHT = ("R", "AL"), ("L", "EN", "AN")  # Unicode's bidirectional classes


def in_reading_order(row: Sequence[dict[str, Any]]) -> list[int]:
    """The places of a row's characters as they are read: from the right where most are letters of
    a script that runs so, and the numbers in it from the left. What is given as it is read comes in
    the order in which it stands in a row.

    Args:
        row: what stands from left to right, each with its `label`.

    Example:
        >>> from ganprofile.reading_order import in_reading_order
        >>> in_reading_order([{"label": label} for label in "12ב"]), in_reading_order([])
        ([2, 0, 1], [])
    """
    kinds = [unicodedata.bidirectional(one["label"][:1] or " ") for one in row]
    counts = Counter(kinds)
    places = list(range(len(row)))
    if sum(counts[kind] for kind in RIGHT_TO_LEFT) <= counts["L"]:
        return places
    runs = itertools.groupby(places[::-1], lambda place: kinds[place] in LEFT_TO_RIGHT)
    return [place for from_left, run in runs for place in (sorted(run) if from_left else run)]
