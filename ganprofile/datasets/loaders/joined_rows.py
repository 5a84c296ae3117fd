"""Rows of several files as one part each, in which a label means the same everywhere."""

import dataclasses

import numpy as np

from ganprofile.datasets.array_labels import to_labels

COLUMNS = ("labels", "writers", "splits")  # beside the pictures


def joined(pieces):
    """`Rows` of all pieces of a part; what one of them lacks, all lack."""
    pictures = [picture for piece in pieces for picture in piece.pictures]
    columns = {key: [getattr(piece, key) for piece in pieces] for key in COLUMNS}
    together = {
        key: None if any(one is None for one in some) else np.concatenate(some)
        for key, some in columns.items()
    }
    return dataclasses.replace(pieces[0], pictures=pictures, **together)


def by_common_names(parts, where, options):
    """Pieces whose numbered labels go by the same names of classes.

    Each file counts the classes that it knows, so that one number may be another class in each.

    Args:
        parts: part -> list of `Rows`, one for each file.
        where: what the sentences call the set.
        options: `LoadOptions`.

    Returns:
        `(parts, options, said)`; as they are where no two files name their classes differently.

    Raises:
        UsageError: labels do not fit the names of their file.
    """
    pieces = [piece for some in parts.values() for piece in some if piece.labels is not None]
    known = dict.fromkeys(piece.class_names for piece in pieces if piece.class_names)
    if len(known) < 2:
        return parts, options, []
    named = {
        part: [_with_texts(piece, next(iter(known)), where, options) for piece in some]
        for part, some in parts.items()
    }
    names = dict.fromkeys(name for piece in named["train"] for name in piece.class_names)
    names |= dict.fromkeys(
        name for some in named.values() for piece in some for name in _found(piece)
    )
    done = {part: [_numbered(piece, names) for piece in some] for part, some in named.items()}
    said = f"{where}: its files name their classes differently; the labels of each go by its own."
    return done, dataclasses.replace(options, first_label=0), [said]


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


def _found(piece):
    """The names that images have, those of a class that the training part lacks among them."""
    return () if piece.labels is None else sorted({*piece.labels})


def _numbered(piece, names):
    """A piece whose labels are places in names."""
    place_of = {name: place for place, name in enumerate(names)}
    labels = piece.labels
    labels = None if labels is None else np.array([place_of[name] for name in labels], np.int64)
    return dataclasses.replace(piece, labels=labels, class_names=tuple(names))
