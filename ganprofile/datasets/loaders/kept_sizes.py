"""How large characters are on a set's pictures, so that they may keep their sizes.

What is cropped to its ink and brought to one size loses what tells `c` from `C`, or a Persian zero
from a five. Where sizes are to be kept, all characters are shrunk by one factor instead, by which
one of middling size fills `glyphs.KEPT` of its image. Some people write twice as large as others,
so where writers are known each has a factor of their own.
"""

import concurrent.futures
import os

import numpy as np

from ganprofile.datasets.loaders.ink import ink_length
from ganprofile.datasets.loaders.loaded_data import AUTO
from ganprofile.datasets.loaders.pictures import read_picture
from ganprofile.errors import GanprofileError
from ganprofile.images import luminance

LOOKED_AT = 300  # pictures, evenly spaced among all
OF_A_WRITER = 31  # the same of one of several writers
SHAPED_OTHERWISE = frozenset("abdefghijlmnqrt")  # than the capitals, of all Latin small letters


def middling_length(paths, options, most=LOOKED_AT):
    """How long the ink of a character of middling size is, in pixels of its picture, a float.

    Args:
        paths: of pictures of one character each.
        options: `LoadOptions`.
        most: how many are looked at.

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

    some = paths[:: -(-len(paths) // most)]
    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        lengths = [one for one in pool.map(length, some) if one is not None]
    return float(np.median(lengths)) if lengths else None


def middling_lengths(paths, writers, options):
    """The same for every picture, by the pictures of its writer where it is to be measured.

    Args:
        paths: of pictures of one character each, of every writer in the same order of classes.
        writers: who wrote each, integers `(n,)`.
        options: `LoadOptions`.

    Returns:
        float64 `(n,)`; None where sizes are not kept.
    """
    if options.keep_size is None:
        return None
    lengths = np.empty(len(paths))
    for writer in np.unique(writers):
        rows = np.flatnonzero(writers == writer)
        theirs = [paths[row] for row in rows]
        # Of whom no picture that was looked at shows ink, the others are as large as can be.
        lengths[rows] = middling_length(theirs, options, OF_A_WRITER) or 1.0
    return lengths


def lost_sizes(class_names):
    """What is to be said where sizes are not kept, which may be all that tells two classes apart.

    Args:
        class_names: the classes of the pictures.

    Returns:
        A list of one sentence, or an empty one.
    """
    there = set(class_names)
    small = sorted(name for name in there if _capital_of(name) in there - {name})
    alike = [name for name in small if name not in SHAPED_OTHERWISE]
    if not alike:
        return []
    return [
        f"Each character was brought to one size, by which classes such as {alike[0]!r} and "
        f"{_capital_of(alike[0])!r} may differ alone. If one person wrote them all and they were "
        'scanned at one resolution, `keep_size="auto"` keeps their sizes.'
    ]


def _capital_of(name):
    return name.upper() if len(name) == len(name.upper()) == 1 else name
