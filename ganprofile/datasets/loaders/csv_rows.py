"""The rows of a CSV that a person wrote."""

import csv

from ganprofile.errors import GanprofileError


def csv_rows(table, file, named=str, names=None, **dialect):
    """Rows as dicts of text, without blank ones, which spreadsheets write as rows of separators.

    Args:
        table: the path, for errors.
        file: the open file, or lines of text.
        named: a function of a heading that gives the column's name.
        names: the columns' names where no line has them.
        **dialect: what `csv.reader` takes: `delimiter`, ...

    Raises:
        GanprofileError: a column stands there twice, or a row has too few or too many values.
    """
    lines = csv.reader(file, **dialect)
    if names is None:
        names = [named(name) for name in next((line for line in lines if line), [])]
    # Spreadsheets leave several empty columns without a name.
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise GanprofileError(f"{table} has the column {twice!r} twice. Remove one of them.")
    written = (line for line in lines if any(cell.strip() for cell in line))
    for number, values in enumerate(written, 1):
        if len(values) != len(names):
            raise GanprofileError(
                f"{table}: row {number} has not as many values as there are columns: "
                f"{len(values)} instead of {len(names)}."
            )
        yield dict(zip(names, values, strict=True))
