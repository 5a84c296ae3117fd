"""The command line of experiments that are measured cell by cell, such as `mnist:10`."""

import argparse


def parser_of(documentation, cells, arms, repeats):
    """A parser of what all of them are asked; add what one alone is asked.

    Args:
        documentation: of the module; its first line describes it.
        cells: which are measured where none is named.
        arms: those where none is named; None where each cell has its own.
        repeats: how many subsets are drawn where it is not said.
    """
    parser = argparse.ArgumentParser(description=documentation.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=cells)
    arms_help = "in place of those of the cell" if arms is None else None
    parser.add_argument("--arms", type=_names, default=arms, help=arms_help)
    parser.add_argument("--repeats", type=int, default=repeats)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="only print what there is")
    return parser


def measure_cells(measure, options):
    """Call `measure(cell, options)` for every cell, unless only the table is asked for."""
    for cell in () if options.table else options.cells:
        measure(cell, options)


def _names(text):
    return tuple(text.split(","))
