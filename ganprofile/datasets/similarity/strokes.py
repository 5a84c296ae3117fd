"""Which images show a bare stroke, such as l, I and 1: so little that different ones are alike."""

import numpy as np

from ganprofile.images import luminance

INK = 0.25  # of the darkest level, and more
THIN = 0.25  # the largest spread across a stroke, in relation to that along it


def bare_strokes(images):
    """Whether all ink lies along one line.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`, 255 = ink.

    Returns:
        bool `(n,)`; False of an image without ink.
    """
    levels = luminance(images)[..., 0].astype(np.float64)
    ink = np.where(levels >= INK * levels.max(axis=(1, 2), keepdims=True), levels, 0.0)
    weights = ink / np.maximum(ink.sum(axis=(1, 2), keepdims=True), 1.0)
    places = np.stack(np.indices(ink.shape[1:]), axis=-1).reshape(-1, 2)
    weights = weights.reshape(len(ink), len(places))
    offsets = places - (weights @ places)[:, None]
    spreads = np.einsum("nk,nki,nkj->nij", weights, offsets, offsets)
    across, along = np.sqrt(np.maximum(np.linalg.eigvalsh(spreads), 0)).T
    return (along > 0) & (across < THIN * along)
