"""Tables for people, in a terminal as in a pipe."""

UNLIMITED = 10_000


def new_table(*columns, **options):
    """A Rich table without lines."""
    from rich.table import Table

    return Table(*columns, box=None, pad_edge=False, **options)


def print_table(table):
    """Print it; where there is no terminal, whose width would count, a row is one line."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False)
    if console.is_terminal:
        console.print(table)
        return
    console.width = UNLIMITED
    with console.capture() as text:
        console.print(table)
    print("\n".join(line.rstrip() for line in text.get().splitlines()))


def cell(value):
    """A value as short text; `-` stands for what there is none of."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    return " ".join(map(str, value)) or "-" if isinstance(value, (list, tuple)) else str(value)
