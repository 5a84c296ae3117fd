"""What the edges of images show, along which paper is to be seen, and their levels."""

import numpy as np

from ganprofile.images import luminance, middle_levels
from ganprofile.transforms.value_ranges import edge_pixels

LOOKED_AT = 1000  # images that tell how a set looks
BLOCK = 10_000  # images whose edges are gathered at once
VALUES_AT_ONCE = 10_000_000  # of images that are made grey at once
JUDGED_SIDE = 128  # rows and columns of an image that are looked at for its levels


def light_edges(images):
    """Whether most of each image's edge is light, its paper, as `has_light_edge` tells it.

    Args:
        images: uint8 `(n, height, width, channels)`.

    Returns:
        bool `(n,)`.
    """
    found = np.zeros(len(images), bool)
    for first in range(0, len(images), BLOCK):
        some = images[first : first + BLOCK]
        lowest, highest = ends_of(some)
        found[first : first + BLOCK] = _edge_levels(some) > middle_levels(lowest, highest)
    return found


def light_paper_share(images):
    """The share of images, uint8 `(n, height, width, channels)`, whose edge is light."""
    return round(float(np.mean(light_edges(some_of(images)))), 4)


def dark_ink_share(images):
    """The share of images whose edge is nearer to their lightest level than to their darkest."""
    some = some_of(images)
    lowest, highest = (ends.astype(float) for ends in ends_of(some))
    return float(np.mean(_edge_levels(some) > (lowest + highest) / 2))


def some_of(images):
    """Some of many images, evenly chosen."""
    return images[:: -(-len(images) // LOOKED_AT)]


def ends_of(images):
    """The darkest grey level of each image, and the lightest, both uint8 `(n,)`."""
    images = thinned(images)
    block = max(1, VALUES_AT_ONCE // max(1, images[0].size))
    ends = np.zeros((2, len(images)), np.uint8)
    for first in range(0, len(images), block):
        grey = luminance(images[first : first + block])
        ends[:, first : first + block] = grey.min(axis=(1, 2, 3)), grey.max(axis=(1, 2, 3))
    return ends


def thinned(images):
    """Large images without most of their rows and columns."""
    step = max(1, max(images.shape[1:3]) // JUDGED_SIDE)
    return images[:, ::step, ::step]


def extents(lines):
    """How far it is from the first True of each row to its last, of bool `(n, length)`."""
    reach = lines.shape[1] - lines.argmax(axis=1) - lines[:, ::-1].argmax(axis=1)
    return reach * lines.any(axis=1)


def _edge_levels(images):
    """The median grey level of each image's edge, float64 `(n,)`."""
    return np.median(luminance(edge_pixels(images))[..., 0], axis=1)
