"""Tables for people, in a terminal as in a pipe."""

import re

from ganprofile.console import short

UNLIMITED = 10_000
NARROW = (0, 1, 0, 0)  # the padding of a table that has no room for more
NUMBER = re.compile(r"\(?[-+\d.,/]+(e[-+]?\d+)?[%):]*")  # also a date, and `3/10`
LEAST = 2  # a character of some scripts is as wide
HEAD = 2  # so much narrower is a column's name broken than a word in its cells


def new_table(*columns, **options):
    """A Rich table without lines, of texts alone."""
    from rich.table import Table

    return Table(*columns, box=None, pad_edge=False, **options)


def print_table(table):
    """Print it; where there is no terminal, whose width would count, a row is one line."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = UNLIMITED
    _fit(table, console.width)
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as text:
        console.print(table)
    print("\n".join(line.rstrip() for line in text.get().splitlines()))


def _fit(table, room):
    """Give the columns widths at which nothing is cut: what has too little room goes on below.

    Texts break at blanks first, then long words and names of columns, and numbers last.
    """
    heads = [[column.header] for column in table.columns]
    cells = [[*column.cells] for column in table.columns]
    widths = list(map(max, _widest(heads, str.splitlines), _widest(cells, str.splitlines)))
    if sum(widths) + _gaps(table) > room:
        table.padding = NARROW
    words = _widest(cells, str.split)
    stages = (
        map(max, words, _widest(heads, str.split)),
        _widest(cells, _numbers),
        [LEAST] * len(words),
    )
    for least in map(list, stages):
        _narrow(widths, least, words, room - _gaps(table))
    for column, width in zip(table.columns, widths, strict=True):
        column.width, column.overflow = width, "fold"


def _gaps(table):
    _, right, _, left = table.padding
    return (left + right) * (len(table.columns) - 1)


def _widest(columns, parts_of):
    """How wide the widest part of the texts of each column is."""
    from rich.cells import cell_len

    return [
        max((cell_len(part) for text in texts for part in parts_of(text)), default=LEAST)
        for texts in columns
    ]


def _numbers(text):
    return filter(NUMBER.fullmatch, text.split())


def _narrow(widths, least, words, room):
    """Let the widest give way until they fit, or each is as narrow as it may be."""
    while sum(widths) > room:
        wider = [k for k, width in enumerate(widths) if width > least[k]]
        if not wider:
            return
        widest = max(wider, key=lambda k: widths[k] + (HEAD if widths[k] > words[k] else 0))
        widths[widest] -= 1


def cell(value):
    """A value as short text; `-` stands for what there is none of."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return short(value)
    return " ".join(map(str, value)) or "-" if isinstance(value, (list, tuple)) else str(value)
