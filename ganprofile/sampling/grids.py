"""Drawn images as one picture: a row for each class with its name, and full rows where they can be.

A picture is large enough to be seen by a room.
"""

from __future__ import annotations

import numpy as np

from ganprofile.captions import named_blocks
from ganprofile.images import BLOCK_ROWS as ROWS
from ganprofile.images import MOST_CLASSES_SHOWN, grid
from ganprofile.runs.run import Asked, Run

COLUMNS = 10  # where images have no rows of their own, at most
PER_CLASS, PER_CLASS_OF_MANY = 10, 5
WITHOUT_CLASSES = 16  # images
ENLARGEMENT = 3  # at least


def usual_count(run: Run, label: Asked) -> int:
    """How many images a grid has where nobody says it: as many of every class."""
    if not _is_by_class(run, label):
        return WITHOUT_CLASSES
    classes = _classes(run)
    return classes * (PER_CLASS if classes <= ROWS else PER_CLASS_OF_MANY)


def columns_of(count: int) -> int:
    """How many images stand in a row: the rows are full where a number up to 10 divides `count`."""
    columns = range(1, COLUMNS + 1)
    full = [one for one in columns if count % one == 0 and one * one >= count]
    return full[0] if full else min(COLUMNS, count)


def drawn_grid(run: Run, count: int, label: Asked, writer: Asked, seed: int) -> np.ndarray:
    """Draw a grid.

    Args:
        run: the `Run`.
        count: how many images.
        label: the class, or None for all in turn.
        writer: likewise.
        seed: of the images, which are those of `Run.sample`.

    Returns:
        uint8 `(height, width, channels)`, dark ink on white.
    """
    if _is_by_class(run, label):
        blocks, names = _by_class(run, count, writer, seed)
    else:
        columns = columns_of(count)
        rows = 0 if label is None else -(-count // columns)
        images = run.sample(count, label, seed, writer=writer)
        blocks, names = [grid(images, columns)], [[str(label)] * rows]
    return named_blocks(blocks, names, ENLARGEMENT)


def _is_by_class(run: Run, label: Asked) -> bool:
    return label is None and "label" in run.conditions


def _classes(run: Run) -> int:
    return min(len(run.class_names), MOST_CLASSES_SHOWN)


def _by_class(
    run: Run, count: int, writer: Asked, seed: int
) -> tuple[list[np.ndarray], list[list[str]]]:
    """Blocks of rows, and the names of the rows of each; classes come in turn, as anywhere."""
    names = run.class_names[: _classes(run)]
    cut = len(names) < len(run.class_names)
    labels = None
    if cut:
        labels = [names[k % len(names)] for k in range(count)]
        known = run.condition_values.get("writer")
        if writer is None and known:  # every class by each in turn, as where all classes are drawn
            writer = [known[k // len(names) % len(known)] for k in range(count)]
    images = run.sample(count, labels, seed, writer=writer)
    names = names[:count]
    columns = -(-count // len(names))
    rows = np.zeros((columns, len(names), *run.image_shape), np.uint8)
    rows.reshape(-1, *run.image_shape)[:count] = images
    rows = rows.swapaxes(0, 1)
    firsts = range(0, len(names), ROWS)
    blocks = [grid(np.concatenate(rows[first : first + ROWS]), columns) for first in firsts]
    return blocks, [names[first : first + ROWS] for first in firsts]
