"""In which order the characters of a row are read."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

RIGHT_TO_LEFT = ("R", "AL")  # Unicode's bidirectional classes
SIGNS = {"L": "L", "EN": "e", "AN": "a", "CS": "c", "ES": "s", "ET": "t"}  # others: -
# Letters and numbers, with what belongs to these: 12/05, 10-11, 50% (rules W4 and W5).
FROM_LEFT = re.compile("(?:L|t*e(?:[cs]e)*t*|a(?:ca)*)+")


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
    signs = "".join(SIGNS.get(kind, "-") for kind in kinds)
    if counts["AL"] > counts["R"]:  # beside Arabic letters all digits are Arabic (rule W2)
        signs = signs.replace("e", "a")
    places.reverse()
    for run in FROM_LEFT.finditer(signs[::-1]):
        places[slice(*run.span())] = sorted(places[slice(*run.span())])
    return places
