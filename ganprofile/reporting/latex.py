"""A `Table` in LaTeX, for the package booktabs."""

import re

ESCAPED = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}
# What is no text: an arrow, a number with a power of ten, and one with a sign, not within a word.
MATH = re.compile(
    r"(?P<arrow>->)|(?<![\w.])(?P<tens>[+-]?\d+(?:\.\d+)?)e(?P<power>[+-]?\d+)(?!\w)"
    r"|(?<![\w.+-])(?P<sign>[+-])(?=\d)"
)


def latex_table(block, label):
    """The lines of a table.

    Columns of numbers stand to the right.

    Args:
        block: the `Table`; what stands below it is a part of its caption.
        label: by which a text refers to it.
    """
    header, *rows = block.texts
    columns = list(zip(*block.cells, strict=True)) or [()] * len(header)
    kinds = ("r" if any(n is not None for _, n, _ in cells) else "l" for cells in columns)
    caption = " ".join(filter(None, (f"{block.title.rstrip('.')}.", block.note)))
    yield "% \\usepackage{booktabs}"
    yield "\\begin{table}"
    yield "\\centering"
    yield f"\\caption{{{latex_text(caption)}}}"
    yield f"\\label{{tab:{label}}}"
    yield f"\\begin{{tabular}}{{{''.join(kinds)}}}"
    yield "\\toprule"
    for number, row in enumerate([header, *rows]):
        yield f"{' & '.join(map(latex_text, row))} \\\\"
        if number == 0:
            yield "\\midrule"
    yield "\\bottomrule"
    yield "\\end{tabular}"
    yield "\\end{table}"


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


def _escaped(text):
    return "".join(ESCAPED.get(letter, letter) for letter in text)
