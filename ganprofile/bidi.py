"""Names from right to left in sentences from left to right: isolated, so that neither moves the
other.

Without it what follows a name, such as its number, is drawn on its other side. Every run of letters
from right to left, with the signs and digits at them, is isolated where a page, or Markdown, is
written, wherever it stands in a text, so that no module that makes one has to think of it.
"""

import re
import unicodedata

# Unicode's kinds of characters by one letter each, in which a run is a pattern.
KINDS = {"R": "R", "AL": "R", "NSM": "m", "EN": "d", "AN": "d", "WS": " ", "BN": " ", "L": "L"}
SIGNS = ("ES", "ET", "CS", "ON")
QUOTES = "'\"`\u2018\u2019\u201a\u201c\u201d\u201e"
# A letter, and what is of the same name: marks, digits and signs that stand at it, and, behind
# blanks or joiners, the next one. A sign before a letter from left to right joins other names.
RUN = re.compile(r"R(?:[Rmd]|[sq](?![sq]*L)| +(?=[Rm]))*")
BETWEEN = ",:;.=/|()[]{}<>\u00ab\u00bb%!?\u00d7\u2190\u2192"  # signs of sentences and lists
PART = re.compile(r"(?<=[a-z])\+(?=[a-z])")  # of the name of a recipe
BEGIN, END = "\u2068", "\u2069"  # Unicode's own isolates, for where no tag can stand


def isolated(text):
    """A text whose runs from right to left stand between Unicode's isolates."""
    parts, done = [], 0
    for first, last in _runs(text):
        parts += [text[done:first], BEGIN, text[first:last], END]
        done = last
    return "".join([*parts, text[done:]])


def in_html(text):
    """The same as HTML: escaped, each run in a `<bdi>`; a recipe's name may break at each part."""
    import markupsafe

    parts, done = [], 0
    for first, last in _runs(str(text)):
        parts.append(markupsafe.escape(text[done:first]))
        parts.append(markupsafe.Markup("<bdi>{}</bdi>").format(text[first:last]))
        done = last
    escaped = "".join([*parts, markupsafe.escape(text[done:])])
    return markupsafe.Markup(PART.sub("+<wbr>", escaped))


def _runs(text):
    """`(first, last)` of runs that begin with a letter from right to left; what encloses one in
    quotes is none of it, and else a quote behind a letter, such as a geresh, is."""
    kinds = "".join(map(_kind, text))
    for run in RUN.finditer(kinds):
        first, last = run.span()
        is_quoted = first and kinds[first - 1] == kinds[last - 1] == "q"
        yield first, last - is_quoted


def _kind(character):
    if character in QUOTES or character in BETWEEN:
        return "q" if character in QUOTES else "-"
    kind = unicodedata.bidirectional(character)
    is_sign = kind in SIGNS and not character.isspace()
    return "s" if is_sign else KINDS.get(kind, "-")
