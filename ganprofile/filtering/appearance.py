"""What images look like, as numbers: nothing is learned from other data than the user's own.

The feature network that the package carries was trained on EMNIST. Where drawn images are filtered
and chosen, near means near in these features instead, so that nothing outer enters the set.
"""

import numpy as np

from ganprofile.images import luminance

SIDE = 14  # of what is left of an image
BLUR = 1 / 28  # standard deviation, as a share of the side: a stroke that moved by 1 pixel is near
AT_ONCE = 1000
MOST_PRODUCTS = 10**7  # of a block of rows with all references, so that memory stays bounded


def pixel_features(images):
    """Blurred and reduced pixels.

    Args:
        images: uint8 `(n, height, width, 1 or 3)`.

    Returns:
        float32 `(n, d)`, about `SIDE` values a side, in 0..1.
    """
    parts = [_reduced(images[first : first + AT_ONCE]) for first in range(0, len(images), AT_ONCE)]
    return np.concatenate(parts)


def _reduced(images):
    from scipy.ndimage import gaussian_filter

    levels = luminance(images)[..., 0].astype(np.float32) / 255
    sides = levels.shape[1:]
    levels = gaussian_filter(levels, (0, *(BLUR * side for side in sides)), mode="constant")
    factors = [max(1, round(side / SIDE)) for side in sides]
    missing = [(0, -side % factor) for side, factor in zip(sides, factors, strict=True)]
    levels = np.pad(levels, ((0, 0), *missing))
    count, height, width = levels.shape
    cells = levels.reshape(count, height // factors[0], factors[0], width // factors[1], factors[1])
    return cells.mean(axis=(2, 4)).reshape(count, -1)


def nearest(features, references):
    """The index of the nearest reference of every row, int64 `(n,)`."""
    squares = np.einsum("ij,ij->i", references, references)
    rows = max(1, MOST_PRODUCTS // len(references))
    parts = [
        (squares - 2 * features[first : first + rows] @ references.T).argmin(axis=1)
        for first in range(0, len(features), rows)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
