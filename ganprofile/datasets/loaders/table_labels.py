"""What labels in tables of pictures mean, which all tables of a set say together."""

import collections
import dataclasses

import numpy as np

from ganprofile.datasets.array_labels import to_labels
from ganprofile.datasets.classes import is_whole_text, spelled_twice, tidy_labels
from ganprofile.datasets.loaders.card_sets import CARD
from ganprofile.datasets.loaders.code_points import called
from ganprofile.datasets.loaders.columns import names_beside, unread_labels
from ganprofile.datasets.loaders.common_labels import refuse_other_columns
from ganprofile.datasets.loaders.feature_names import names_in_card
from ganprofile.datasets.loaders.label_columns import refuse_missing
from ganprofile.datasets.loaders.parts import part_of
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable


def spelled_out(read, where):
    """The `Layout`s of tables, with the column that has the names of what their labels number,
    where all whose labels are called alike have one; and sentences.

    Args:
        read: `[(layout, rows)]`, a pair for each table.
        where: what sentences call the set.
    """
    names, said = {}, []
    for label in dict.fromkeys(layout.label for layout, _ in read if not layout.hot):
        like = [rows for layout, rows in read if layout.label == label and not layout.hot]
        common = [name for name in like[0][0] if name and all(name in rows[0] for rows in like)]
        whole = [row for rows in like for row in rows]
        names[label] = _names_in(whole, label, common)
        own = {_names_in(rows, label, common) for rows in like}
        if names[label] is None and len(own) == 1 and own != {None}:
            (names[label],) = own
            said.append(
                f"{where}: its tables number their classes differently; labels go by the column "
                f"{printable(names[label])!r}."
            )
    return [
        dataclasses.replace(layout, label=(not layout.hot and names[layout.label]) or layout.label)
        for layout, _ in read
    ], said


def refuse_other_labels(read, tables):
    """Refuse tables whose labels are in other columns than in one that has both.

    Args:
        read: as for `spelled_out`.
        tables: the paths of these.

    Raises:
        GanprofileError: labels of one are in a column that another has beside that of its own.
    """
    told = []
    for (layout, rows), table in zip(read, tables, strict=True):
        if not layout.hot:
            names = [name for name in rows[0] if name]
            beside = {*names} - {_names_in(rows, layout.label, names)}
            cells = {
                name: [row.get(name) or "" for row in rows] for name in names if name in beside
            }
            told.append((printable(table), layout.label, unread_labels(layout.label, cells), False))
    refuse_other_columns(told)


def _names_in(rows, label, common):
    """The column of some rows, one of those in `common`, that has the names of what labels number,
    or None."""
    return names_beside(label, {name: [row.get(name) or "" for row in rows] for name in common})


def settle_labels(rows, headings, spelled, first_label=None):
    """Give the rows of all tables their labels as they are meant; sentences.

    Args:
        rows: `[(table, number, row)]`, each row a dict with its `label`, which is replaced.
        headings: table -> what its column of labels is called.
        spelled: the label of each row as it is written.
        first_label: the number of the first of the names in a card; None takes 0, or 1 where labels
            are 1 to N for N names.

    Raises:
        GanprofileError: a label is missing.
        UsageError: labels are parts of the set, or the names in its card cannot be theirs.
    """
    said = spelled_twice(f"{' and '.join(map(str, headings))}: the labels", spelled)
    by_table, by_heading = collections.defaultdict(list), collections.defaultdict(list)
    for table, _, row in rows:
        by_table[table].append(row)
        by_heading[headings[table]].append(row)
    among = {row["label"] for _, _, row in rows}
    for table, own in by_table.items():
        refuse_missing([row["label"] for row in own], table, among)
    _tidy(by_table.values())
    for heading, own in by_heading.items():
        tables = [table for table in by_table if headings[table] == heading]
        names, more = _called([row["label"] for row in own], heading, tables, first_label)
        _refuse_parts(names, heading, tables)
        for row, name in zip(own, names, strict=True):
            row["label"] = name
        said += more
    return said


def _tidy(tables):
    """Call whole numbers `1` that pandas writes as `1.0` in a table of numbers alone, unless a
    table with names, too, calls some so: there these are names, and mean the same everywhere.

    Args:
        tables: a list of rows for each.
    """
    labels = [[row["label"] for row in rows] for rows in tables]
    mixed = {one for own in labels if not all(map(is_whole_text, own)) for one in own}
    if any("." in one and is_whole_text(one) for one in mixed):
        return
    for rows, own in zip(tables, labels, strict=True):
        for row, label in zip(rows, tidy_labels(own), strict=True):
            row["label"] = label


def _called(labels, heading, tables, first_label):
    """Labels by the names that the card of the set has for their numbers, or by the characters
    whose code points they are, else as they are; and sentences."""
    where = " and ".join(map(str, tables))
    cards = [names_in_card(heading, table, table.parent) for table in tables]
    names, said = next((card for card in cards if card[0]), ((), []))
    numbers = [int(label) for label in labels if label.isascii() and label.isdecimal()]
    if names and len(numbers) == len(labels) and max(numbers) <= len(names):
        said = said or [f"{where}: the card of the set, {CARD}, names the labels."]
        _refuse_repeated(names, where)
        asked = np.array(numbers), len(numbers), f"The labels of {where}", names, first_label
        places, _, more = to_labels(*asked)
        return [names[place] for place in places], [*said, *more]
    not_read = (
        f"{where}: the {len(names)} names in {CARD} are not read: labels are no numbers of them."
    )
    said = [not_read] if names and not {*labels} <= {*names} else []
    characters = called(heading, labels)
    if characters is None:
        return labels, said
    first = f"{labels[0]} became {characters[0]!r}"
    return characters, [*said, f"{where}: labels were taken for code points: {first}, and so on."]


def _refuse_repeated(names, where):
    """Refuse names of a card two of which are one, so that two classes would be."""
    if len({*names}) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(
            f"{where}: the card of the set, {CARD}, calls two classes {printable(twice)!r}. "
            "Correct the names there."
        )


def _refuse_parts(labels, heading, tables):
    """Refuse a column of labels that says which part of the set each row is of."""
    found = sorted({*labels})
    if len(found) > 1 and all(map(part_of, found)) and "train" in map(str.lower, found):
        raise UsageError(
            f"{' and '.join(map(str, tables))}: the column {heading!r} holds parts of the set "
            f"({', '.join(found)}), not labels. Call it split, and that of the labels label."
        )
