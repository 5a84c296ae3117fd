"""Which columns of a table are the pixels of an image, and which has the labels.

Headings say it where they count the pixels (`pixel0`, `1x1`, `17`); else the columns themselves.
"""

import numpy as np

from ganprofile.datasets.loaders.columns import (
    FILE_COLUMNS,
    LABEL_COLUMNS,
    WRITER_COLUMNS,
    chosen,
    names_beside,
    unread_labels,
)
from ganprofile.datasets.loaders.common_labels import bare
from ganprofile.datasets.loaders.one_hot import one_hot, one_hot_said
from ganprofile.datasets.loaders.parts import split_column
from ganprofile.datasets.loaders.pixel_headings import (
    INDEX_COLUMNS,
    as_counted,
    has_column,
    listed,
    makes_square,
    pixel_places,
    simple,
)
from ganprofile.datasets.loaders.writers import as_text
from ganprofile.errors import GanprofileError, UsageError, first_line
from ganprofile.storage.files import printable

FEWEST_ROWS, ALIKE = 10, 0.5  # rows that show it, and the correlation of pixels side by side


def pixels_and_labels(names, columns, where, label_column=None):
    """The pixels of a table and its labels.

    Args:
        names: the headings, () without.
        columns: an array `(n,)` for each column.
        where: what the sentences call the table.
        label_column: the heading of the labels, if the user named it.

    Returns:
        `(pixels, labels, said, told)`: `(n, pixels)`; `(n,)` or one-hot `(n, classes)`, or None
        where there are none; a list of sentences; and what `Rows` know of the labels' column, a
        dict: `spelled`, `column` and `unread`.

    Raises:
        UsageError: there is no column of that name.
        GanprofileError: which column has the labels cannot be told, or the others are no pixels.
    """
    headings, names = names, [simple(name) for name in names]
    told = _told_place(names, where, label_column)
    hot = _one_hot_places(names, columns) if told is None else []
    places = [place for place in pixel_places(names) if place != told]
    if makes_square(len(places)):
        label, said, numbered = _label_beside(names, columns, places, told, where, hot)
        places, sentences = as_counted(names, places, where)
        said += sentences
    else:
        places, label, said = _by_content(names, columns, told, where, hot)
        numbered = label
    _refuse_no_square(len(places), names, label is not None or hot, where)
    try:
        pixels = np.stack([_small(columns[place]) for place in places], axis=1)
    except (ValueError, TypeError) as error:
        raise GanprofileError(
            f"{where} has pixels that are no numbers ({first_line(error)})."
        ) from error
    if hot:
        called = [headings[place] for place in hot] if headings else []
        if not pixel_places(names) and all(map(str.isdecimal, called)):
            called = []  # they go on counting where those of the pixels end
        said.append(f"{where}: {one_hot_said(called, hot)}")
        return pixels, one_hot(called, [columns[place] for place in hot]), said, {}
    labels = None if label is None else columns[label]
    if labels is not None and labels.dtype.kind == "U":
        _refuse_missing(np.char.strip(labels) == "", where, "a label")
    return pixels, labels, said, _of_labels(names, columns, places, label, numbered)


def _of_labels(names, columns, pixels, label, numbered):
    """What `Rows` know of the labels' column, a dict, by the places of pixels, of labels or None,
    and of the numbers of these."""
    if label is None or not names:
        return {}
    spelled = {} if numbered == label else spelled_out(columns[numbered], columns[label])
    beside = {*range(len(names))}.difference(pixels, [label] if spelled else [])
    cells = {names[place]: columns[place].tolist() for place in beside}
    column = names[numbered]
    return {"spelled": spelled, "column": column, "unread": unread_labels(column, cells)}


def spelled_out(numbers, names):
    """Number -> name, of labels as numbers and the same labels as names."""
    return dict(sorted({*zip(map(int, numbers), map(bare, map(str, names)), strict=True)}))


def _one_hot_places(names, columns):
    """The places of columns that are one-hot labels together; [] where none are."""
    if chosen(names, LABEL_COLUMNS) is not None:
        return []
    counted = set(pixel_places(names))
    others = [k for k in range(len(columns)) if not names or names[k] not in INDEX_COLUMNS]
    if counted:
        others = [place for place in others if place not in counted]
        are_hot = one_hot([], [columns[place] for place in others]) is not None
        return others if are_hot else []
    for way in (others[::-1], others):
        total = np.zeros(len(columns[0]), np.int64)
        for count, place in enumerate(way, 1):
            column = columns[place]
            if column.dtype.kind not in "buif" or not np.isin(column, (0, 1)).all():
                break
            total += column.astype(np.int64)
            is_rest_square = count > 1 and makes_square(len(others) - count)
            if is_rest_square and (total == 1).all():
                return sorted(way[:count])
    return []


def beside_pixels(names, columns, told=None):
    """A table without the columns that say who wrote the images and to which part they belong.

    Args:
        names, columns: as for `pixels_and_labels`.
        told: the heading of the labels, if the user named it.

    Returns:
        `(names, columns, writers, splits)`: the writers `(n,)` and the names of the parts, text
        `(n,)`; None where no column has them, or no headings count pixels.
    """
    others = [name for name in map(simple, names) if name != simple(told)]
    column_of = dict(zip(map(simple, names), columns, strict=False))
    counted = {simple(names[place]) for place in pixel_places(names)}
    writer = chosen(others, WRITER_COLUMNS) if counted else None
    apart = counted | {chosen(others, LABEL_COLUMNS)}
    beside = [name for name in others if name not in apart] if counted else []
    split = split_column(beside, lambda name: column_of[name].astype(str))
    writers = None if writer is None else column_of[writer]
    splits = None if split is None else column_of[split].astype(str)
    kept = [k for k, name in enumerate(names) if simple(name) not in (writer, split)]
    if len(kept) < len(names):
        names, columns = [names[k] for k in kept], [columns[k] for k in kept]
    return names, columns, writers, splits


def counts_rows(names, columns):
    """Whether the first column, which no heading calls labels, is 0, 1, 2, ... or 1, 2, 3, ...
    beside as many others as an image has pixels."""
    is_called = chosen([simple(name) for name in names[:1]], LABEL_COLUMNS) is not None
    count, first = len(columns[0]), columns[0]
    if is_called or count < 2 or first.dtype.kind not in "iu" or not makes_square(len(columns) - 1):
        return False
    return first[0] in (0, 1) and np.array_equal(first, np.arange(count) + first[0])


def as_array(column, where, name=None):
    """A column of Arrow as an array `(n,)` of numbers or text.

    Args:
        column: Arrow's.
        where: what the sentence calls the table.
        name: its heading, or None. One of writers may lack values.

    Raises:
        GanprofileError: a value is missing.
    """
    if column.null_count and name is not None and chosen([name], WRITER_COLUMNS) is not None:
        return np.array(as_text(column.to_pylist()))
    if column.null_count:
        what = "a value" if name is None else f"a value in the column {printable(name)!r}"
        _refuse_missing(column.is_null().to_numpy(), where, what)
    array = column.to_numpy()
    return array.astype(str) if array.dtype == object else array


def _refuse_missing(are_missing, where, what):
    """Refuse rows that lack something, counted from 1: bool `(n,)`."""
    if count := int(np.count_nonzero(are_missing)):
        raise GanprofileError(
            f"{where}: {count:,} row{'s' * (count > 1)} of images lack{'s' * (count == 1)} {what}, "
            f"the first is row {np.argmax(are_missing) + 1:,}. Fill in what is missing, or remove "
            "the rows."
        )


def _told_place(names, where, label_column):
    """The place of the column that the user named, or None."""
    if label_column is None:
        return None
    if not names:
        raise UsageError(
            f"{where} has no line of headings, so that `label_column={label_column!r}` names "
            "nothing. Give it one."
        )
    if not has_column(names, label_column):
        pixels = set(pixel_places(names))
        others = [name for place, name in enumerate(names) if place not in pixels]
        raise UsageError(
            f"{where} has no column `label_column={label_column!r}`. Received: {listed(others)}."
        )
    return names.index(simple(label_column))


def _label_beside(names, columns, places, told, where, hot):
    """The place of the labels, or None, beside columns whose headings count pixels; sentences; and
    the place of the numbers of these.

    `hot` are the places of one-hot labels. What spells out what labels number has them itself.
    """
    if hot:
        return None, [], None
    counted = set(places)
    others = [place for place in range(len(names)) if place not in counted]
    label, said = told, []
    if label is None and (known := chosen([names[k] for k in others], LABEL_COLUMNS)) is not None:
        label = names.index(known)
    if label is None:
        of_pictures = (*INDEX_COLUMNS, *FILE_COLUMNS)
        candidates = [place for place in others if names[place] not in of_pictures]
        if len(candidates) > 1:
            raise GanprofileError(
                f"{where}: {len(places):,} columns, {names[places[0]]} to {names[places[-1]]}, "
                "were taken for the pixels. Which of the others has the labels cannot be told: "
                f"{listed(names[place] for place in candidates)}. Name it with `label_column`."
            )
        label = next(iter(candidates), None)
        if label is None:
            said = [f"{where} has {len(places):,} pixels in a row and no column of labels."]
        else:
            said = [f"{where}: the column {printable(names[label])!r} was taken for the labels."]
    left, numbered = [place for place in others if place != label], label
    if told is None and label is not None:
        texts = {names[k]: columns[k].astype(str).tolist() for k in others}
        spelled = names_beside(names[label], texts)
        if spelled is not None:
            said.append(f"{where}: the column {printable(spelled)!r} has the names of the labels.")
            label = names.index(spelled)
            left.remove(label)
    if left == [0] and names[0] in INDEX_COLUMNS:
        said = [f"{where}: the first column counts the rows and is left out.", *said]
        return label, said, numbered
    if left:
        said.append(f"{where}: not read: {listed(names[place] or 'no name' for place in left)}.")
    return label, said, numbered


def _by_content(names, columns, told, where, hot):
    """The places of the pixels, that of the labels or None, and sentences, by what columns hold.

    `hot` are the places of one-hot labels.
    """
    places, said = sorted(set(range(len(columns))).difference(hot)), []
    if names and names[0] in INDEX_COLUMNS and names[0] not in LABEL_COLUMNS and told != 0:
        said.append(f"{where}: the first column counts the rows and is left out.")
        del places[0]
    known = chosen(names, LABEL_COLUMNS)
    if told is not None or hot:
        label = told
    elif known is not None:
        label = names.index(known)
    else:
        at_end, sentences = _label_at_end([columns[k] for k in places], bool(names), where)
        label = None if at_end is None else places[at_end]
        said += sentences
    return [place for place in places if place != label], label, said


def _label_at_end(columns, has_names, where):
    """Which column has the labels, the first, the last or None; and sentences."""
    count = len(columns)
    if makes_square(count):
        return None, [f"{where} has {count:,} pixels in a row and no column of labels."]
    texts = [place for place in (0, -1) if columns[place].dtype.kind == "U"]
    varied = texts or [place for place in (0, -1) if len(np.unique(columns[place])) > 1]
    if len(varied) > 1 and not texts:
        varied = [place for place in varied if not (columns[place] % 1).any()] or varied
    if len(varied) > 1:
        varied = [place for place in varied if not _goes_with_neighbour(columns, place)]
    if len(varied) == 1:
        which = "first" if varied[0] == 0 else "last"
        return varied[0], [f"{where}: the {which} column was taken for the labels."]
    remedy = "Name it with `label_column`" if has_names else "Give it a first line of headings"
    raise GanprofileError(
        f"{where} has {count:,} columns, and none is called label; whether the first or the last "
        f"has the labels cannot be told. {remedy}."
    )


def _refuse_no_square(count, names, is_labelled, where):
    """Refuse pixels that make no image, and say which columns were taken for them."""
    if makes_square(count):
        return
    labels = "all but that of the labels" if is_labelled else "all"
    remedy = "Remove those that are none" if names else "Give it a first line of headings"
    raise GanprofileError(
        f"{where} has {count:,} columns that were taken for pixels, {labels}, and so many make no "
        f"square image, grey or of three colours. {remedy}, or number the headings of the pixels "
        "(pixel0, pixel1, ...) and name the labels with `label_column`."
    )


def _small(column):
    """Bytes where they are enough, since a column that was not known to be pixels may be wider."""
    are_bytes = column.dtype.kind in "iu" and column.min() >= 0 and column.max() <= 255
    return column.astype(np.uint8) if are_bytes else column


def _goes_with_neighbour(columns, place):
    """Whether a column at an end changes with the one beside it, as pixels do and labels do not."""
    column, neighbour = columns[place], columns[1 if place == 0 else -2]
    if len(column) < FEWEST_ROWS or len(np.unique(neighbour)) < 2:
        return False
    return abs(np.corrcoef(column, neighbour)[0, 1]) > ALIKE
