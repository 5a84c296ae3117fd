"""Rows of several files as one part each, in which a label means the same everywhere."""

import collections
import dataclasses

import numpy as np

from ganprofile.datasets.array_labels import joined_labels, plain_labels, to_labels
from ganprofile.datasets.loaders.array_sets import of_one_shape
from ganprofile.datasets.loaders.writers import texts_of
from ganprofile.errors import GanprofileError


def joined_parts(found, where):
    """The `Rows` of each part of a set, a dict, and sentences.

    An image is of the part that a column of its file says, whatever the file is called; without
    such a column it is of the file's part.

    Args:
        found: `[(part, rows)]`, one for each file.
        where: what the sentences call the set.

    Raises:
        GanprofileError: no row is of the training part, a column names no part, or some of the
            files to learn from have labels and others do not.
        UsageError: the files' pixels or labels differ in their shapes.
    """
    parts = collections.defaultdict(list)
    for part, rows in found:
        own = {part: rows} if rows.splits is None else rows.by_part()
        for name, some in own.items():
            parts[name].append(some)
    said = _column_said(found, where)
    if said and "train" not in parts:
        raise GanprofileError(
            f"{where} has no row of the training part. Received: {', '.join(parts)}."
        )
    together = {}
    for part, pieces in parts.items():
        pieces, more = _labelled(part, pieces)
        together[part], sentences = _joined(pieces, where)
        said += more + sentences
    return together, said


def _column_said(found, where):
    """What to say of columns that name parts, and of files to learn from that have none."""
    telling = dict.fromkeys(rows.where for _, rows in found if rows.splits is not None)
    if not telling:
        return []
    said = [f"{', '.join(telling)}: a column says to which part each image belongs."]
    silent = [rows for part, rows in found if part == "train" and rows.splits is None]
    if silent:
        names = ", ".join(dict.fromkeys(rows.where for rows in silent))
        count = sum(len(rows.pictures) for rows in silent)
        said.append(
            f"{where}: the rows of {names} say no part ({count:,}) and were taken for training."
        )
    return said


def _labelled(part, pieces):
    """The pieces of a part that have labels, all of them if none has, and sentences.

    Raises:
        GanprofileError: some to learn from have none.
    """
    labelled = [piece for piece in pieces if piece.labels is not None]
    others = [piece for piece in pieces if piece.labels is None]
    if not labelled or not others:
        return pieces, []
    names = ", ".join(dict.fromkeys(piece.where for piece in others))
    if part == "train":
        raise GanprofileError(
            f"{names} has no labels, but {labelled[0].where} has. {others[0].others} Or take the "
            "unlabelled images away."
        )
    return labelled, [f"{names}: the images of the {part} part have no labels and are left out."]


def _joined(pieces, where):
    """`Rows` of all pieces of a part, and sentences."""
    if len(pieces) == 1:
        return pieces[0], []
    said, columns = [], {"labels": None, "writers": None}
    if pieces[0].labels is not None:
        called = f"The labels of {where}"
        stored = [plain_labels(piece.labels, called) for piece in pieces]
        columns["labels"], said = joined_labels(of_one_shape(stored, called), called)
    told = [piece for piece in pieces if piece.writers is not None]
    if told:
        columns["writers"] = np.concatenate([_writers(piece) for piece in pieces])
    if 0 < len(told) < len(pieces):
        silent = dict.fromkeys(piece.where for piece in pieces if piece.writers is None)
        said.append(
            f"{', '.join(silent)} has no column of writers, but {told[0].where} has: who wrote its "
            "images counts as unknown."
        )
    if all(isinstance(piece.pictures, np.ndarray) for piece in pieces):
        pictures = np.concatenate(of_one_shape([piece.pictures for piece in pieces], where))
    else:
        pictures = [picture for piece in pieces for picture in piece.pictures]
    return dataclasses.replace(pieces[0], pictures=pictures, **columns), said


def _writers(piece):
    """Who wrote each image, text; `""` where that is not told."""
    if piece.writers is None:
        return np.full(len(piece.pictures), "")
    return np.array(texts_of(piece.writers, piece.where))


def by_common_names(parts, where, options):
    """Pieces whose numbered labels go by the same names of classes.

    Each file counts the classes that it knows, so that one number may be another class in each.

    Args:
        parts: part -> list of `Rows`, one for each file.
        where: what the sentences call the set.
        options: `LoadOptions`.

    Returns:
        `(parts, options, said)`; where no two files name their classes differently, all have the
        names that one of them says, and names for labels where some have names and others numbers.

    Raises:
        UsageError: labels do not fit the names of their file.
    """
    pieces = [piece for some in parts.values() for piece in some if piece.labels is not None]
    known = dict.fromkeys(piece.class_names for piece in pieces if piece.class_names)
    if len(known) < 2:
        names = next(iter(known), ())
        parts = {
            part: [dataclasses.replace(piece, class_names=names) for piece in some]
            for part, some in parts.items()
        }
        parts, said = _of_one_kind(parts, names, where, options)
        return parts, dataclasses.replace(options, first_label=None) if said else options, said
    named = {
        part: [_with_texts(piece, next(iter(known)), where, options) for piece in some]
        for part, some in parts.items()
    }
    names = dict.fromkeys(name for piece in named["train"] for name in piece.class_names)
    labelled = [piece for some in named.values() for piece in some if piece.labels is not None]
    # Those of a class that the training part lacks come behind.
    names |= dict.fromkeys(name for piece in labelled for name in sorted({*piece.labels}))
    done = {part: [_numbered(piece, names) for piece in some] for part, some in named.items()}
    said = f"{where}: its files name their classes differently; the labels of each go by its own."
    return done, dataclasses.replace(options, first_label=0), [said]


def _of_one_kind(parts, names, where, options):
    """Pieces whose labels are names where some have names and others numbers; and sentences."""
    pieces = [piece for some in parts.values() for piece in some if piece.labels is not None]
    called = f"The labels of {where}"
    stored = [plain_labels(piece.labels, called) for piece in pieces]
    if not names or len({labels.dtype.kind == "U" for labels in stored}) < 2:
        return parts, []
    labels, said = joined_labels(of_one_shape(stored, called), called, names, options.first_label)
    ends = np.cumsum([*map(len, stored)])[:-1]
    of_piece = dict(zip(map(id, pieces), np.split(labels, ends), strict=True))
    return {
        part: [dataclasses.replace(piece, labels=of_piece.get(id(piece))) for piece in some]
        for part, some in parts.items()
    }, said


def _with_texts(piece, usual, where, options):
    """A piece with names in the place of labels, those of its own file or the usual ones."""
    if piece.labels is None:
        return dataclasses.replace(piece, class_names=())
    labels, names, _ = to_labels(
        piece.labels,
        len(piece.labels),
        f"The labels of {where}",
        piece.class_names or usual,
        options.first_label,
    )
    return dataclasses.replace(piece, labels=np.array(names, object)[labels], class_names=names)


def _numbered(piece, names):
    """A piece whose labels are places in names."""
    place_of = {name: place for place, name in enumerate(names)}
    labels = piece.labels
    labels = None if labels is None else np.array([place_of[name] for name in labels], np.int64)
    return dataclasses.replace(piece, labels=labels, class_names=tuple(names))
