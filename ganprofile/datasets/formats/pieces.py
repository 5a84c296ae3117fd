"""How many images are held at once, in a shard that is written and in a block that is read."""

import math

from ganprofile.storage.arrays import MOST_ARRAY_BYTES

# Of pixels: a sixteenth of what is read from one file of arrays, so that no shard is ever refused.
PIECE_BYTES = MOST_ARRAY_BYTES // 16


def images_in_piece(image_shape, most):
    """As many images as fit into `PIECE_BYTES`, one at least and `most` at most.

    Args:
        image_shape: `(height, width, channels)`.
        most: the greatest number, which counts for small images.
    """
    return max(1, min(most, PIECE_BYTES // math.prod(image_shape)))
