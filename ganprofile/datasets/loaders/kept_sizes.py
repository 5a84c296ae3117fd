"""How large characters are on a set's pictures, so that they may keep their sizes.

What is cropped to its ink and brought to one size loses what tells `c` from `C`, or a Persian zero
from a five. Where sizes are to be kept, all characters are shrunk by one factor instead, by which
one of middling size fills `ink.KEPT` of its image.
"""

import concurrent.futures
import os

import numpy as np

from ganprofile.datasets.loaders.ink import ink_length
from ganprofile.datasets.loaders.pictures import read_picture
from ganprofile.errors import GanprofileError
from ganprofile.images import luminance

LOOKED_AT = 300  # pictures, evenly spaced among all
AUTO = "auto"


def middling_length(paths, options):
    """How long the ink of a character of middling size is, in pixels of its picture, a float.

    Args:
        paths: of pictures of one character each.
        options: `LoadOptions`.

    Returns:
        What `options.keep_size` says, with `"auto"` the median of some pictures; None where sizes
        are not kept, or no picture shows any ink.
    """
    if options.keep_size != AUTO:
        return options.keep_size

    def length(path):
        try:
            return ink_length(luminance(read_picture(path, options.bits))[..., 0], options.invert)
        except GanprofileError:  # it is refused, or left out, when all are read
            return None

    some = paths[:: -(-len(paths) // LOOKED_AT)]
    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        lengths = [one for one in pool.map(length, some) if one is not None]
    return float(np.median(lengths)) if lengths else None
