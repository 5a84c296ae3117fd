"""Warps that leave all ink inside, for characters that reach the edge of their images.

Where ink touches the edge, whatever turns, leans or enlarges a character cuts strokes off. Such an
image is seen through its warp moved by as much as brings the ink back, and, along a side for which
it has become too long, shrunk by as much as makes it fit: a character that fills its image goes on
filling it. Sets with paper around their characters stay as they are.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganprofile.console import percent
from ganprofile.images import LEVELS_PER_UNIT
from ganprofile.transforms.arrays import Tensor, namespace
from ganprofile.transforms.value_ranges import edge_pixels
from ganprofile.transforms.warping import resample

LEAST_INK = -0.5  # of [-1, 1]: what is fainter is the blur around a stroke, or noise
GREY = 48  # levels of 255: of lighter paper, with its noise, transforms take much for ink (64)
TOUCHING = 0.2  # of a set's images: 1 of those cropped to their ink, 0.015 of MNIST's
SHORTEST = 0.25  # of its length that is left of what does not fit
LEAST_AREA = 0.05  # that is left of a pixel, so that it can be divided by
ROUNDS = 3
FAR = 1e6  # pixels, beyond all images


def edge_share(images: NDArray[np.uint8]) -> float:
    """The share of uint8 images `(n, height, width, channels)` with ink in their outermost pixels.

    0 = paper.
    """
    if not images.size:
        return 0.0
    least = (LEAST_INK + 1) * LEVELS_PER_UNIT
    edges = images[:, [0, -1]], images[:, :, [0, -1]]
    rows, columns = ((edge > least).any(axis=(1, 2, 3)) for edge in edges)
    return float(np.mean(rows | columns))


def touches_edge(images: NDArray[np.uint8]) -> bool:
    """Whether so much of a set's ink touches the edge that warps are to leave it inside."""
    return edge_share(images) > TOUCHING


def touching(images: NDArray[np.uint8]) -> str:
    """What is said of a set whose ink touches the edge, a sentence; empty where it does not."""
    share = edge_share(images)
    if share <= TOUCHING:
        return ""
    return (
        f"Ink touches the edge of {percent(share)}% of the images; their deformations are "
        "moved, and shrunk where they have to be, so that none is cut off."
    )


def grey_paper(images: NDArray[np.uint8]) -> str:
    """What is said of a set whose paper is no paper, no whole sentence; empty where it is.

    Args:
        images: uint8 `(n, height, width, channels)`, 0 = paper.
    """
    edges = edge_pixels(images)
    level = float(np.median(np.median(edges, axis=1).max(axis=-1)))  # of the strongest colour
    if level <= GREY:
        return ""
    return (
        f"paper is grey or coloured: along the edges of most images the level is {level:.0f} of "
        "255, where 0 is paper, so that it is taken for ink, and what is deformed gets borders of "
        "another shade"
    )


def kept_inside(images: Tensor, way_back: Tensor, warp: tuple[Tensor, Tensor] | None) -> Tensor:
    """Affine maps through which all ink is seen, if it was not.

    Where a pixel of ink is seen depends on how far the field moves that very place; so it is looked
    up again where the pixel was found to be.

    Args:
        images: float32 `(n, height, width, channels)` in [-1, 1], -1 being paper.
        way_back: `(n, 3, 3)` or `(1, 3, 3)`, matrices as `warping.resample` takes them.
        warp: the field as it takes it, or None.

    Returns:
        `(n, 3, 3)`, to be used with the same field.
    """
    ops = namespace(images, way_back, *(warp or ()))
    _, height, width, _ = images.shape
    ink = ops.max(images, axis=-1) > LEAST_INK
    column = ops.arange(width, dtype=images.dtype)[None, None, :] - (width - 1) / 2
    row = ops.arange(height, dtype=images.dtype)[None, :, None] - (height - 1) / 2
    still = ops.eye(3, dtype=images.dtype)[None]
    x, y = _seen_at(way_back, column, row, warp)
    x, shrink_x, move_x = _fitted(x, ink, width)
    y, shrink_y, move_y = _fitted(y, ink, height)
    for _ in range(ROUNDS - 1 if warp else 0):
        moves = resample(ops.stack(warp, -1), still, (x - column, y - row))
        x, y = _seen_at(way_back, column, row, (moves[..., 0], moves[..., 1]))
        x, shrink_x, move_x = _fitted(x, ink, width)
        y, shrink_y, move_y = _fitted(y, ink, height)
    right = way_back[:, :, 0] / shrink_x[:, None]
    down = way_back[:, :, 1] / shrink_y[:, None]
    middle = way_back[:, :, 2] - right * move_x[:, None] - down * move_y[:, None]
    return ops.stack([right, down, middle], -1)


def _seen_at(
    way_back: Tensor, x: Tensor, y: Tensor, moves: tuple[Tensor, Tensor] | None
) -> tuple[Tensor, Tensor]:
    """Where in the result places of the images are seen, if the field moves them by so much."""
    ops = namespace(way_back)
    (a, b, e), (c, d, f) = (
        [way_back[:, row, column][:, None, None] for column in range(3)] for row in range(2)
    )
    area = a * d - b * c
    least = ops.minimum(area, -LEAST_AREA), ops.maximum(area, LEAST_AREA)
    area = ops.where(area < 0, *least)
    x, y = x - e, y - f
    if moves:
        x, y = x - moves[0], y - moves[1]
    return (d * x - b * y) / area, (a * y - c * x) / area


def _fitted(place: Tensor, ink: Tensor, side: int) -> tuple[Any, Any, Any]:
    """Places along one axis where all ink is inside, and by what they were shrunk and moved."""
    ops = namespace(place, ink)
    least = ops.min(ops.where(ink, place, FAR), axis=(1, 2))
    most = ops.max(ops.where(ink, place, -FAR), axis=(1, 2))
    end = (side - 1) / 2
    shrink = ops.clip(2 * end / ops.maximum(most - least, 1.0), SHORTEST, 1.0)
    move = ops.maximum(-end - shrink * least, ops.minimum(end - shrink * most, 0.0))
    return shrink[:, None, None] * place + move[:, None, None], shrink, move
