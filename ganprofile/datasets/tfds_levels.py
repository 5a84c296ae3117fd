"""Pictures as TensorFlow Datasets decodes them, read as those in files are: any depth, opacity."""

import numpy as np

from ganprofile.datasets.loaders.deep_levels import FULL, levels_of
from ganprofile.datasets.loaders.pictures import on_paper

MODES = (None, "L", "LA", "RGB", "RGBA")  # by the number of channels


def common_bits(batches, name, most, asked=None):
    """How many bits the levels of all pictures have, by the highest of all; and sentences.

    Args:
        batches: `(n, height, width, channels)` each, integers or floats from 0.
        name: of the set.
        most: how many there may be: 8 of uint8, of which no more pictures are looked at than tell
            that they are ordinary ones; else 16.
        asked: what was said instead, one of `BITS`, or None.

    Raises:
        GanprofileError: levels are negative, or floats that may mean anything.
    """
    if asked is not None:
        return min(asked, most), []
    bits = 0
    for picture in (one for batch in batches for one in batch):
        bits = max(bits, _levels(picture, name).bits or 0)
        if bits == most == FULL:
            break
    if not 0 < bits < most:
        return bits or FULL, []
    ends = f"{bits} bit{'s' * (bits > 1)} (0..{2**bits - 1})"
    return bits, [
        f"{name}: by the highest, the levels of its pictures are taken for those of {ends}; `bits` "
        "says otherwise."
    ]


def plain(pictures, bits, name):
    """A batch as uint8 with 1 or 3 channels; transparent pixels become paper.

    Args:
        pictures: `(n, height, width, channels)`, 1 to 4 channels.
        bits: of the levels, as `common_bits` finds them.
        name: of the set.
    """
    from PIL import Image

    is_ordinary = pictures.dtype == np.uint8 and bits == FULL
    if is_ordinary and pictures.shape[-1] in (1, 3):
        return pictures
    made = [
        Image.fromarray(one) if is_ordinary else _levels(one, name).as_picture(bits)
        for one in pictures
    ]
    made = [on_paper(one) if one.has_transparency_data else one for one in made]
    return np.stack([np.atleast_3d(np.asarray(one)) for one in made])


def _levels(picture, name):
    return levels_of(picture, MODES[picture.shape[-1]], name)
