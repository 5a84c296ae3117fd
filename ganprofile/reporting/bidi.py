"""Names from right to left in sentences from left to right: isolated, so that neither moves the
other.

Without it what follows a name, such as its number, is drawn on its other side. Every run of letters
from right to left is isolated where a page is written, wherever it stands in a text, so that no
module that makes a page has to think of it.
"""

import unicodedata

RIGHT_TO_LEFT = ("R", "AL")
WITHIN = ("NSM", "BN", "WS")  # marks, joiners and spaces: of one name, between its letters
BEGIN, END = "\u2068", "\u2069"  # Unicode's own isolates, for where no tag can stand


def isolated(text):
    """A text whose runs from right to left stand between Unicode's isolates."""
    parts, done = [], 0
    for first, last in _runs(text):
        parts += [text[done:first], BEGIN, text[first:last], END]
        done = last
    return "".join([*parts, text[done:]])


def in_html(text):
    """The same as HTML: escaped, each run in a `<bdi>`."""
    import markupsafe

    parts, done = [], 0
    for first, last in _runs(str(text)):
        parts.append(markupsafe.escape(text[done:first]))
        parts.append(markupsafe.Markup("<bdi>{}</bdi>").format(text[first:last]))
        done = last
    return markupsafe.Markup("").join([*parts, markupsafe.escape(text[done:])])


def _runs(text):
    """`(first, last)` of runs that begin and end with a letter from right to left, or a mark."""
    first = last = None
    for place, letter in enumerate(text):
        kind = unicodedata.bidirectional(letter)
        if kind in RIGHT_TO_LEFT or (first is not None and kind == "NSM"):
            first, last = place if first is None else first, place + 1
        elif first is not None and kind not in WITHIN:
            yield first, last
            first = None
    if first is not None:
        yield first, last
