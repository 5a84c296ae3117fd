"""The rows of a CSV that a person wrote."""

import csv
import re

from ganprofile.errors import GanprofileError

# What stands between quotes, and where there are none: with quotes doubled, and after a backslash.
DOUBLED = (r'(?:[^"]|"")*', r'[^"{}]*')
ESCAPED = (r'(?:[^"\\]|\\.)*', r'(?:[^"\\{}]|\\.)*')


def cells_of(lines, delimiter=","):
    """The cells of each row, lists of text.

    Where cells in quotes would span lines, though without quotes all lines have as many cells, a
    quote is a character like others: `1.png,"` labels a picture. Quotes after a blank are quotes,
    as in `1.png, "A"`. Where quotes are doubled nowhere, they may stand after a backslash, as in
    ICDAR's lists and with pandas' `escapechar`.

    Args:
        lines: an open file, or lines of text.
        delimiter: between the cells.
    """
    lines = list(lines)
    if (escaped := _escaped(lines, delimiter)) is not None:
        return escaped
    after_blank = re.compile(f'(?:^|{re.escape(delimiter)}) +"')
    skipped = delimiter == " " or any(map(after_blank.search, lines))
    dialect = {"delimiter": delimiter, "skipinitialspace": skipped}
    rows = list(csv.reader(lines, **dialect))
    if any("\n" in cell for row in rows for cell in row):
        plain = list(csv.reader(lines, quoting=csv.QUOTE_NONE, **dialect))
        if len({len(row) for row in plain if row}) == 1:
            return [list(map(_unquoted, row)) for row in plain]
    return rows


def _escaped(lines, delimiter):
    """The cells of rows whose quotes stand after a backslash; None of others."""
    if not any('\\"' in line for line in lines):
        return None
    mark = re.escape(delimiter)
    if None not in (_split(line, DOUBLED, mark) for line in lines):
        return None
    rows = [_split(line, ESCAPED, mark) for line in lines]
    after_mark = re.compile(rf'\\(["\\{mark}])')
    return None if None in rows else [[after_mark.sub(r"\1", one) for one in row] for row in rows]


def _split(line, texts, mark):
    """The cells of a line, without the quotes around them, or None where they are not so."""
    quoted, plain = texts
    cell = re.compile(rf' *(?:"({quoted})" *|({plain.format(mark)}))({mark}|$)')
    line, cells, place = line.rstrip("\r\n"), [], 0
    while line and (found := cell.match(line, place)):
        cells.append(found[2] if found[1] is None else found[1])
        if not found[3]:
            return cells
        place = found.end()
    return None if line else []


def _unquoted(cell):
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if is_quoted else cell


def csv_rows(table, file, named=str, names=None, delimiter=","):
    """Rows as dicts of text, without blank ones, which spreadsheets write as rows of separators.

    Args:
        table: the path, for errors.
        file: the open file, or lines of text.
        named: a function of a heading that gives the column's name.
        names: the columns' names where no line has them.
        delimiter: between the cells.

    Raises:
        GanprofileError: a column stands there twice, or a row has too few or too many values.
    """
    lines = iter(cells_of(file, delimiter))
    if names is None:
        names = [named(name) for name in next((line for line in lines if line), [])]
    # Spreadsheets leave several empty columns without a name.
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise GanprofileError(f"{table} has the column {twice!r} twice. Remove one of them.")
    written = [line for line in lines if any(cell.strip() for cell in line)]
    if all(len(line) == len(names) + 1 and not line[-1].strip() for line in written):
        written = [line[:-1] for line in written]  # a separator ends each row
    for number, values in enumerate(written, 1):
        if len(values) != len(names):
            raise GanprofileError(
                f"{table}: row {number} has not as many values as there are columns: "
                f"{len(values)} instead of {len(names)}. Put a value with {delimiter!r} in it "
                "between quotes, or correct the row."
            )
        yield dict(zip(names, values, strict=True))


def is_aside(line):
    """Whether a line before the first row is a comment, or Excel's note on the separator."""
    return bool(re.match(r"\s*(#|//|%)|sep=.$", line.strip()))
