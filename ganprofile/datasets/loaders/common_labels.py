"""Labels that all files of a set say together: one number, or one text, is one class in each."""

import dataclasses
import itertools
import re

import numpy as np

from ganprofile.datasets.loaders.columns import SPELLED_COLUMNS, chosen
from ganprofile.datasets.loaders.one_hot import zeros_said
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

WHOLE = re.compile(r"\s*(-?[0-9]+)(\.0*)?\s*")


def alike(files, where):
    """The `Rows` of several files with labels that mean the same in each, and sentences.

    Where files spell out what labels number, those that have numbers alone are called so, too, or
    all are numbers where one of these has no name; where one has labels such as `01` that are no
    numbers, the same in others are none.

    Args:
        files: a list of `Rows`.
        where: what sentences call the set.

    Raises:
        GanprofileError: some have numbers alone, and what these are called cannot be told; or
            labels are of other columns than in files that have both.
    """
    labelled = [rows for rows in files if rows.labels is not None]
    file_of = [rows.where if rows.written is None else rows.written[1] for rows in labelled]
    pairs = zip(labelled, file_of, strict=True)
    refuse_other_columns(
        [(file, rows.column, rows.unread, file == rows.where) for rows, file in pairs]
    )
    spelled = [rows for rows in files if rows.spelled]
    others = [rows for rows in files if _is_to_be_named(rows)]
    if not spelled or len(files) == 1:
        return _as_written(files)
    names, why = _together(spelled)
    if not others:
        files, said = _as_written(files)
        own = f"{where}: its files number their classes differently; their labels go by the names."
        return files, said if why is None else [own, *said]
    alien = sorted({number for rows in others for number in whole(rows.labels)} - names.keys())
    if alien and why is None:
        why = f"have no name for {alien[0]}"
        if not any(map(_has_names_alone, files)):
            return [*map(_numbered, files)], [f"{where}: labels are numbers, as its files {why}."]
    called = ", ".join(dict.fromkeys(rows.where for rows in others))
    if why is not None:
        raise GanprofileError(
            f"{where}: its files {why}, but what the numbers in {called} mean has to be told by "
            "these names. Add the column of names there, or name with `label_column` that of the "
            "numbers, if they mean the same in all files."
        )
    said = f"{called}: labels are called as {spelled[0].where} spells them out."
    return [_named(rows, names) for rows in files], [said]


def refuse_other_columns(files):
    """Refuse labels of a column that another file has, too, beside that of its own labels.

    Args:
        files: for each what it is called, its column of labels, the columns beside it that are
            called labels and say something else, and whether the user may name a column there.

    Raises:
        GanprofileError: one has them in a column that another leaves unread.
    """
    for (file, column, _, may_say), (other, its_column, unread, _) in itertools.permutations(
        files, 2
    ):
        if column in unread:
            can_say = ", or name one with `label_column` that both have" * may_say
            raise GanprofileError(
                f"{file} has its labels in the column {printable(column)!r}, but {other}, which "
                f"has this column, too, in {printable(its_column)!r}, so that one label may be of "
                f"two classes. Give both files the same columns{can_say}."
            )


def _together(spelled):
    """Number -> name as all files say it, and what they do where they do not agree, or None."""
    names = {}
    for rows in spelled:
        for number, name in rows.spelled.items():
            if names.setdefault(number, name) != name:
                two = " and ".join(repr(printable(one)) for one in (names[number], name))
                return names, f"call {number} {two}"
    by_name = {name: number for number, name in names.items()}
    twice = next((number for number, name in names.items() if by_name[name] != number), None)
    if twice is None:
        return names, None
    name = names[twice]
    return names, f"call {twice} and {by_name[name]} {printable(name)!r}"


def _is_to_be_named(rows):
    """Whether labels are numbers that nothing in their own file names, and no names themselves."""
    are_numbers = not rows.spelled and not rows.class_names and whole(rows.labels) is not None
    return are_numbers and chosen([rows.column], SPELLED_COLUMNS) is None


def _has_names_alone(rows):
    """Whether labels are names whose numbers are not told."""
    is_labelled = rows.labels is not None and not rows.class_names
    return is_labelled and not rows.spelled and not _is_to_be_named(rows)


def whole(labels):
    """Labels as a list of whole numbers, or None where some are no such, or there are none."""
    if labels is None or labels.ndim != 1:
        return None
    found = [WHOLE.fullmatch(text) for text in labels.astype(str).tolist()]
    return [int(one[1]) for one in found] if all(found) else None


def _named(rows, names):
    """`Rows` with the names of their numbers; what is a name already is text, even of digits."""
    numbers = whole(rows.labels)
    if _is_to_be_named(rows):
        labels = [names[number] for number in numbers]
    elif numbers is None or rows.class_names or rows.labels.dtype.kind == "U":
        return rows
    else:
        known = {*names.values()}
        written = numbers if rows.written is None else rows.written[0].tolist()
        pairs = zip(written, numbers, strict=True)
        labels = [text if text in known else str(number) for text, number in pairs]
    return dataclasses.replace(rows, labels=np.array(labels), written=None)


def _numbered(rows):
    """`Rows` with numbers in the place of what another column spells out."""
    if not rows.spelled:
        return rows
    key = bare if rows.labels.dtype.kind == "U" else float
    number_of = {key(name): number for number, name in rows.spelled.items()}
    labels = np.array([number_of[key(name)] for name in rows.labels.tolist()])
    return dataclasses.replace(rows, labels=labels, spelled={})


def bare(text):
    """A whole number as text without the point behind it, as programs write one; other text as it
    is."""
    number = WHOLE.fullmatch(text)
    return number[1] if number else text


def _as_written(files):
    """The same of files whose labels are text in some, and numbers in others that stand there, too,
    as they are written."""
    kinds = {rows.labels.dtype.kind for rows in files if rows.labels is not None}
    if "U" not in kinds or len(kinds) == 1:
        return files, []
    texts = {
        text
        for rows in files
        if rows.labels is not None and rows.labels.dtype.kind == "U"
        for text in rows.labels.ravel().tolist()
    }
    done, said = [], []
    for rows in files:
        is_number = rows.written is not None and rows.labels.dtype.kind != "U"
        text, file = rows.written if is_number else ((), "")
        labels = [one if one in texts else bare(one) for one in text]
        if not texts & {*labels}:
            done.append(rows)
            continue
        done.append(dataclasses.replace(rows, labels=np.array(labels), written=None))
        said.append(f"{file}: numbers are names, as others beside them in the set are none.")
    return done, said


def padded_said(rows):
    """Sentences on labels of `Rows` that lose the zeros before them."""
    return [] if rows.written is None else zeros_said(*rows.written)
