"""Pictures of Pillow in the place of an array of images, read as their files would be."""

import itertools
import sys
from collections.abc import Sequence

import numpy as np

from ganprofile.datasets.loaders.deep_levels import BITS
from ganprofile.datasets.loaders.depth import needed_bits
from ganprofile.datasets.loaders.picture_files import size_in_words
from ganprofile.datasets.loaders.pictures import HeldPicture, is_turned, read_picture
from ganprofile.errors import UsageError


def pictures_as_array(given, where):
    """Pictures of Pillow as an array; all else as it is. NumPy would take the places of a palette
    for levels of grey, and whatever has three or four channels for colours.

    Args:
        given: a list of pictures, or what else yields them, such as a column of Hugging Face's.
        where: what sentences call it.

    Returns:
        `(array, said)`: uint8 `(n, height, width, 1 or 3)` of pictures; and a list of sentences on
        what was assumed.

    Raises:
        UsageError: pictures are of several sizes, or stand among other things.
        GanprofileError: a picture cannot be read.
    """
    if not _holds_pictures(given):
        return given, []
    pictures = [*given]
    _refuse_others(pictures, where)
    held = [
        HeldPicture(one, f"{where}: picture {k}", getattr(one, "filename", ""))
        for k, one in enumerate(pictures)
    ]
    each_once = {id(one.picture): one for one in held}  # as threads may not load one together
    needed = needed_bits([*each_once.values()])
    bits = max(needed.values(), default=None)
    images = [read_picture(one, bits) for one in held]
    _refuse_sizes(images, where)
    channels = max(image.shape[-1] for image in images)
    array = np.empty((len(images), *images[0].shape[:2], channels), np.uint8)
    for index, image in enumerate(images):
        array[index] = image  # a grey one fills all three channels
    said = []
    if bits is not None and bits < BITS[-1]:
        said.append(
            f"{where}: the levels of {len(needed):,} pictures were taken for those of {bits} "
            f"bit{'s' * (bits > 1)}, 0..{2**bits - 1}."
        )
    if turned := sum(map(is_turned, pictures)):
        said.append(
            f"{where}: {turned:,} pictures were turned as their EXIF says; take it out of those "
            "that you have turned yourself, with PIL.ImageOps.exif_transpose in place of rotate."
        )
    return array, said


def _holds_pictures(given):
    """Whether any of a list is a picture, or the first of what else yields such."""
    kind = getattr(sys.modules.get("PIL.Image"), "Image", None)
    is_array = hasattr(given, "dtype")
    if kind is None or isinstance(given, str):
        return False
    if is_array and (given.dtype != object or np.ndim(given) != 1):
        return False
    if not (is_array or isinstance(given, Sequence)):
        return False
    some = given if isinstance(given, (list, tuple)) else itertools.islice(given, 1)
    return any(isinstance(one, kind) for one in some)


def _refuse_others(pictures, where):
    """Refuse what is no picture among pictures."""
    for index, one in enumerate(pictures):
        if not hasattr(one, "getexif"):
            raise UsageError(
                f"{where} should hold pictures of Pillow alone, or none. Received: "
                f"{type(one).__name__} at {index}. Make pictures of all, with "
                "PIL.Image.fromarray(array)."
            )


def _refuse_sizes(images, where):
    """Refuse pictures of several sizes."""
    sizes = {index: image.shape[:2] for index, image in enumerate(images)}
    odd = next((index for index, size in sizes.items() if size != sizes[0]), None)
    if odd is not None:
        raise UsageError(
            f"{where} should hold pictures of one size. Received: {size_in_words(sizes[0])}, and "
            f"{size_in_words(sizes[odd])} at {odd}. Bring all to one with "
            "picture.resize((width, height))."
        )
