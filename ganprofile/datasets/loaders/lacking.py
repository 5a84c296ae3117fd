"""What tables lack that label no pictures, and what to do."""

from ganprofile.datasets.loaders.columns import FILE_COLUMNS, LABEL_COLUMNS, chosen
from ganprofile.datasets.loaders.made_names import pattern_of
from ganprofile.datasets.loaders.pixel_headings import listed
from ganprofile.datasets.loaders.table_text import headed, rows_of, ways_of_names
from ganprofile.storage.files import printable

ADD_A_COLUMN = "add a column called image to it, beside one called label"


def lacks(picture):
    """What tables lack that name no pictures, such as one, and what to do."""
    such = f" such as {printable(picture)}" if picture else ""
    return f"no column names pictures{such}: {ADD_A_COLUMN}"


def made_from(tables):
    """A sentence on the first of tables by whose cells pictures are called, and what to do where it
    cannot be read as it is; None where there is none."""
    table, ways = next(((one, ways) for one in tables if (ways := ways_of_names(one))), (None, []))
    if not ways:
        return None
    label, one_of_them = ways[0].label, printable(ways[0].made.picture)
    called = " or ".join(layout.made.template for layout in ways)
    called = f"{one_of_them} is called by cells of {printable(table.name)}, {called}"
    if len(ways) == 1 and label:
        return f"{called}, and its column {label!r} has the labels: leave `labels` out"
    if len(ways) == 1:
        return f"{called}; which column has the labels cannot be told: call it label"
    patterns = dict.fromkeys(f"`labels={one!r}`" for one in _patterns(table, ways))
    say = f"say which of {' and '.join(patterns)} is right, or " if patterns else ""
    return f"{called}; which of these cannot be told: {say}{ADD_A_COLUMN}"


def _patterns(table, ways):
    """Where in names a cell stands that tells the labels of a table apart as its label does."""
    for layout in ways if ways[0].label else ():
        rows, _ = rows_of(table, layout)
        for column in layout.made.columns:
            pairs = {(row[column], row[layout.label]) for row in rows}
            if len(pairs) == len({one for one, _ in pairs}) == len({label for _, label in pairs}):
                yield pattern_of(layout.made, column)


def without_label(tables):
    """A sentence on the first of tables with a column of pictures and several others, none of them
    called as labels are; None where there is none."""
    for table in tables:
        names, *_ = headed(table) or [()]
        file = chosen(names, FILE_COLUMNS)
        if file is not None and len(names) > 2 and chosen(names, LABEL_COLUMNS) in (None, file):
            others = listed([name for name in names if name != file])
            return (
                f"In {printable(table.name)} the column {printable(file)!r} names pictures, and "
                f"none of the others is called label: {others}. Call that of the labels so"
            )
    return None
