"""The pictures of a profile: a map of writers, their characters row by row, one writer's means."""

import numpy as np

from ganprofile.figures import save_grids, save_writer_map
from ganprofile.images import enlarge, grid
from ganprofile.storage.files import printable

MOST_CLASSES = 26  # in a row
EXTREMES = 6  # writers who are told best, and as many who are told worst
NEAREST_ROWS = 4
FILES = ("map.png", "hands.png", "means.png", "nearest.png")  # not all of them each time
WIDTH = 700  # pixels of a row, more or less


def save_all(folder, dataset, found, writers, places, apart):
    """Draw them; returns file name -> caption.

    Args:
        folder: where to.
        dataset: the `Dataset`.
        found: the `Profile`.
        writers: their numbers in order, `(w,)`.
        places: of each on the map, `(w, 2)`.
        apart: how far each is from each, `(w, w)`.
    """
    told = {row["writer"]: row["told"] for row in found.writers}
    shades = np.array([np.nan if told[w] is None else 100 * told[w] for w in writers])
    shown, captions = {}, {}
    if found.writer is None:
        captions["hands.png"] = _extremes(folder / "hands.png", dataset, found)
    else:
        shown = dict.fromkeys(found.row(found.writer)["nearest"], 1)
        shown[found.writer] = 0
        captions["means.png"] = _means(folder / "means.png", dataset, found)
        captions["nearest.png"] = _nearest(folder / "nearest.png", dataset, found, writers, apart)
    title = ("Writers whose styles are alike lie together", "told from another writer, %")
    called = {number: found.called(number) for number in writers.tolist()}
    save_writer_map(folder / "map.png", places, called, shades, shown, title)
    return {"map.png": title[0]} | captions


def _extremes(path, dataset, found):
    known = [row for row in found.writers if row["told"] is not None]
    ends = known[:EXTREMES], known[EXTREMES:][-EXTREMES:]
    titles = "Told best", "Told worst"
    ends = [(rows, title) for rows, title in zip(ends, titles, strict=True) if rows]
    _save_rows(
        path,
        [
            (
                title,
                {found.called(row["writer"]): _one_of_each(dataset, row["writer"]) for row in rows},
            )
            for rows, title in ends
        ],
    )
    return f"An image of {_each_class(dataset)} by those who are told best, and worst"


def _nearest(path, dataset, found, writers, apart):
    own = np.flatnonzero(writers == found.writer)[0]
    order = writers[np.argsort(apart[own], kind="stable")]
    near = order[1 : 1 + NEAREST_ROWS]
    far = order[max(1 + NEAREST_ROWS, len(order) - 1) :]
    rows = {found.called(one): _one_of_each(dataset, one) for one in (found.writer, *near, *far)}
    _save_rows(path, [("", rows)])
    words = ", those who write most alike" + (", and who writes least alike" if len(far) else "")
    few = "" if dataset.num_classes <= MOST_CLASSES else f": {_each_class(dataset)}"
    return f"Writer {printable(found.called(found.writer))}{words}{few}"


def _means(path, dataset, found):
    classes, called = _classes(dataset), printable(found.called(found.writer))
    own = dataset.select(dataset.writers == found.writer)
    rows = {f"writer {called}": _mean_of_each(own, classes)}
    rows["everybody"] = _mean_of_each(dataset, classes)
    _save_rows(path, [("", rows)])
    return f"The mean of {_each_class(dataset)}: writer {called}, and everybody"


def _each_class(dataset):
    """Which classes are shown, in words."""
    shown, classes = len(_classes(dataset)), dataset.num_classes
    return "each class" if shown >= classes else f"each of the first {shown} of {classes:,} classes"


def _classes(dataset):
    return np.arange(min(max(dataset.num_classes, 1), MOST_CLASSES))


def _of_class(dataset, label):
    if dataset.labels is None:
        return dataset.images
    return dataset.images[dataset.labels == label]


def _mean_of_each(dataset, classes):
    """A class that nobody wrote is left white, uint8 `(classes, height, width, channels)`."""
    white = np.zeros(dataset.image_shape)
    some = (_of_class(dataset, label) for label in classes)
    means = [images.mean(axis=0) if len(images) else white for images in some]
    return np.rint(np.stack(means)).astype(np.uint8)


def _one_of_each(dataset, writer):
    """The first image of each class by a writer."""
    own = dataset.select(dataset.writers == writer)
    if dataset.labels is None:
        return own.images[:MOST_CLASSES]
    white = np.zeros((1, *dataset.image_shape), np.uint8)
    return np.concatenate(
        [np.concatenate([_of_class(own, k)[:1], white])[:1] for k in _classes(dataset)]
    )


def _save_rows(path, blocks):
    """Blocks `(title, name of a row -> its images)` side by side, dark on white."""
    grids, names = [], []
    for _, rows in blocks:
        columns = max(len(images) for images in rows.values())
        white = np.zeros((1, *next(iter(rows.values())).shape[1:]), np.uint8)
        padded = [
            np.concatenate([images, np.repeat(white, columns - len(images), axis=0)])
            for images in rows.values()
        ]
        picture = grid(np.concatenate(padded), columns)
        grids.append(enlarge(picture, max(1, round(WIDTH / len(blocks) / picture.shape[1]))))
        names.append(list(rows))
    save_grids(path, grids, [title for title, _ in blocks], names)
