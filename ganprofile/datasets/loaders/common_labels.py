"""Labels that all files of a set say together: one number, or one text, is one class in each."""

import dataclasses
import re

import numpy as np

from ganprofile.datasets.loaders.one_hot import zeros_said
from ganprofile.storage.files import printable

WHOLE = re.compile(r"\s*(-?[0-9]+)(\.0*)?\s*")


def alike(files, where):
    """The `Rows` of several files with labels that mean the same in each, and sentences.

    Where one file spells out what labels number, those of the others are called so, too, or all are
    numbers; where one has labels such as `01` that are no numbers, the same in others are none.

    Args:
        files: a list of `Rows`.
        where: what sentences call the set.
    """
    spelled = [rows for rows in files if rows.spelled]
    if not spelled or len(files) == 1:
        return _as_written(files)
    names, why = _together(spelled)
    others = [rows for rows in files if rows.labels is not None and _is_to_be_named(rows)]
    alien = sorted({number for rows in others for number in whole(rows.labels)} - names.keys())
    if alien and why is None:
        why = f"have no name for {alien[0]}"
    if why is not None:
        return [*map(_numbered, files)], [f"{where}: labels are numbers, as its files {why}."]
    if not others:
        return files, []
    called = ", ".join(dict.fromkeys(rows.where for rows in others))
    said = f"{called}: labels are called as {spelled[0].where} spells them out."
    return [_named(rows, names) for rows in files], [said]


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
    """Whether labels are numbers that nothing in their own file names."""
    return not rows.spelled and not rows.class_names and whole(rows.labels) is not None


def whole(labels):
    """Labels as a list of whole numbers, or None where some are no such, or there are none."""
    if labels is None or labels.ndim != 1:
        return None
    found = [WHOLE.fullmatch(text) for text in labels.astype(str).tolist()]
    return [int(one[1]) for one in found] if all(found) else None


def _named(rows, names):
    """`Rows` with the names of their numbers, text even where these are numbers in turn."""
    numbers = whole(rows.labels)
    if numbers is None or rows.class_names:
        return rows
    labels = [*map(str, numbers)] if rows.spelled else [names[number] for number in numbers]
    return dataclasses.replace(rows, labels=np.array(labels), written=None)


def _numbered(rows):
    """`Rows` with numbers in the place of what another column spells out."""
    number_of = {name: number for number, name in rows.spelled.items()}
    if not number_of:
        return rows
    names = rows.labels.astype(str).tolist()
    labels = np.array([number_of[WHOLE.sub(r"\1", name)] for name in names])
    return dataclasses.replace(rows, labels=labels, spelled={})


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
        labels = [one if one in texts else WHOLE.sub(r"\1", one) for one in text]
        if not texts & {*labels}:
            done.append(rows)
            continue
        done.append(dataclasses.replace(rows, labels=np.array(labels), written=None))
        said.append(f"{file}: numbers are names, as others beside them in the set are none.")
    return done, said


def padded_said(rows):
    """Sentences on labels of `Rows` that lose the zeros before them."""
    return [] if rows.written is None else zeros_said(*rows.written)
