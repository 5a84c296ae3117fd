"""Pictures of a dataset for people: every class in a row that has its name."""

from __future__ import annotations

from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.orientation import both_ways
from ganprofile.figures import save_grids
from ganprofile.images import class_blocks, classes_shown, enlarge
from ganprofile.storage.paths import StrPath

ROWS = 16  # of more classes, several blocks of rows stand side by side
PIXELS = 600  # of a picture's width, more or less
AS_READ, TURNED = "as read", "turned"


def save_grid(path: StrPath, dataset: Dataset, per_class: int = 10, seed: int = 0) -> None:
    """Write the picture of `Dataset.grid` with the names of classes beside their rows.

    Args:
        path: a PNG file.
        dataset: a `Dataset`.
        per_class: as for `grid`.
        seed: likewise.
    """
    title = f"{dataset.name}, {dataset.split}"
    if dataset.labels is None:
        _save(path, [dataset.grid(per_class, seed)], [title], [()])
        return
    images, classes = dataset.some_of_classes(per_class, seed)
    blocks = class_blocks(images, classes, ROWS)
    names = [dataset.class_names[k] for k in classes_shown(dataset.labels, dataset.num_classes)]
    shown = [names[k * ROWS : (k + 1) * ROWS] for k in range(len(blocks))]
    _save(path, blocks, [title, *[""] * (len(blocks) - 1)], shown)


def save_both_ways(path: StrPath, dataset: Dataset, way: str) -> None:
    """Write the picture of `both_ways` with a name for each of its rows.

    Args:
        path: a PNG file.
        dataset: a labelled `Dataset`.
        way: how its images may lie.
    """
    title = "Which row stands upright?"
    _save(path, [both_ways(dataset, way)], [title], [[AS_READ, TURNED]])


def _save(path, pictures, titles, names):
    widest = sum(picture.shape[1] for picture in pictures)
    factor = max(1, round(PIXELS / widest))
    save_grids(path, [enlarge(picture, factor) for picture in pictures], titles, names)
