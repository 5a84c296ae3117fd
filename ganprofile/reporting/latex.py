"""A `Table` in LaTeX, for the package booktabs."""

import re

from ganprofile.storage.files import printable

ESCAPED = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    '"': r"{\ttfamily\char34}",
}
OF_NAMES = {"'": r"\textquotesingle{}"}  # an apostrophe of a sentence stays one
# What is no text: an arrow, a number with a power of ten, and one with a sign, not within a word.
MATH = re.compile(
    r"(?P<arrow>->)|(?<![\w.])(?P<tens>[+-]?\d+(?:\.\d+)?)e(?P<power>[+-]?\d+)(?!\w)"
    r"|(?<![\w.+-])(?P<sign>[+-])(?=\d)"
)
# A text that is numbers and no name: where an interval ends, or what came of something.
NUMBER = r"[+-]?\d[\d.,]*(?:e[+-]?\d+)?"
NUMBERS = re.compile(rf"{NUMBER} (?:to|->) {NUMBER}(?: %)?")


def latex_table(block, label):
    """The lines of a table.

    Columns of numbers stand to the right.

    Args:
        block: the `Table`; what stands below it is a part of its caption.
        label: by which a text refers to it.
    """
    columns = list(zip(*block.cells, strict=True)) or [()] * len(block.header)
    kinds = ("r" if any(n is not None for _, n, _ in cells) else "l" for cells in columns)
    caption = " ".join(filter(None, (f"{block.title.rstrip('.')}.", block.note)))
    yield "% \\usepackage{booktabs}"
    yield "\\begin{table}"
    yield "\\centering"
    yield f"\\caption{{{latex_text(caption)}}}"
    yield f"\\label{{tab:{label}}}"
    yield f"\\begin{{tabular}}{{{''.join(kinds)}}}"
    yield "\\toprule"
    yield _row(map(_name, block.header))
    yield "\\midrule"
    yield from (_row(map(_cell, row)) for row in block.cells)
    yield "\\bottomrule"
    yield "\\end{tabular}"
    yield "\\end{table}"


def _row(texts):
    """A line of a table; a `*` or `[` that begins it would be a part of the one above."""
    first, *others = texts
    first = f"{{}}{first}" if first.startswith(("*", "[")) else first
    return f"{' & '.join([first, *others])} \\\\"


def _cell(cell):
    """A number as a number, and a name as it is: a class may be called `4e00` or `-1`."""
    text, number, _ = cell
    is_name = number is None and not NUMBERS.fullmatch(text)
    return _name(text) if is_name else latex_text(text)


def latex_text(text):
    """A text of anybody's: signs of numbers, powers and arrows in math mode, all else escaped."""
    parts, end = [], 0
    for found in MATH.finditer(text):
        parts += [_escaped(text[end : found.start()]), _math(found)]
        end = found.end()
    return "".join([*parts, _escaped(text[end:])])


def _math(found):
    if found["arrow"]:
        return r"$\rightarrow$"
    if found["tens"]:
        return rf"${found['tens']} \times 10^{{{int(found['power'])}}}$"
    return f"${found['sign']}$"


def _name(text):
    """A name as it is, though LaTeX would make one dash of two."""
    escaped = "".join(OF_NAMES.get(one, ESCAPED.get(one, one)) for one in printable(text))
    return re.sub("-(?=-)", "-{}", escaped)


def _escaped(text):
    return "".join(ESCAPED.get(letter, letter) for letter in text)
