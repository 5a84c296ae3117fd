"""Many picture files as one array: one size, one number of channels, one polarity."""

import collections
import dataclasses
import math
import warnings
from typing import NamedTuple

import numpy as np

from ganprofile.datasets.loaders import photographed
from ganprofile.datasets.loaders.depth import common_depth
from ganprofile.datasets.loaders.loaded_data import CONVERTED, check_size
from ganprofile.datasets.loaders.picture_files import Gathered, PictureFiles, size_in_words
from ganprofile.datasets.loaders.polarity import decide_polarity, others
from ganprofile.errors import UsageError
from ganprofile.images import fit, has_light_edge, luminance, shape_in_words

PROGRESS_FROM = 2000
SMALL = 2  # times larger is the image that is made of a picture with far less detail
GREY_MODES = ("1", "L", "LA", "La", "I", "F")


class Hands(NamedTuple):
    """What is known of each picture's origin: who wrote it, -1 where that is not known, and its
    class, int `(n,)` both.
    """

    writers: np.ndarray
    labels: np.ndarray


def gather(paths, options, root, hands=None):
    """Read picture files.

    Args:
        paths: the files.
        options: `LoadOptions`.
        root: the folder that findings name files relative to.
        hands: `Hands`, by which characters of scans keep their sizes beside others of the same
            writer; None where writers are not known.

    Returns:
        `Gathered`; unreadable files are left out only where `options.tolerant` says so.

    Raises:
        UsageError: sizes differ and no `image_size` is given, or polarity is not clear.
        GanprofileError: a file cannot be read, or none can.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, on what it reads all the same
        files = PictureFiles(paths, root, options.tolerant)
        shape = None if options.photographs else _common_shape(files, options)
        if shape is not None:
            check_size(len(paths), shape)
        kept = files.kept.tolist()
        asked = [index for index in kept if files.headers[index].deep] or kept
        depth = common_depth([paths[index] for index in asked], options.bits, files.name_of)
        # A mask among ordinary pictures does not say how deep these are.
        files.only_deep = options.bits is None and len(asked) < len(kept)
        options = dataclasses.replace(options, bits=depth.bits)
        if shape is None:
            gathered = photographed.gather(files, options, hands)
        else:
            gathered = _gathered(files, shape, options)
    if not options.tolerant:  # else the report names them
        said = _several_said(gathered.findings["first_of_several"])
        gathered = dataclasses.replace(gathered, findings=gathered.findings_with({"assumed": said}))
    if depth.bits is None:
        return gathered
    findings = {"bits": depth.bits, "fewer_bits": [files.name(asked[k]) for k in depth.fewer]}
    return dataclasses.replace(gathered, findings={**gathered.findings, **findings})


def _gathered(files, shape, options):
    """Whole pictures in one shape, `Gathered`."""
    pixels, light, coloured = _decoded(files, shape, options.bits)
    kept = files.kept
    if len(kept) < len(files.headers):
        pixels, light, coloured = pixels[kept], light[kept], coloured[kept]
    if shape[-1] == 3 and options.channels is None and not coloured.any():
        pixels = pixels[..., :1].copy()

    def name(index):
        return files.name(kept[index])

    inverted = decide_polarity(light, options.invert, name)
    if inverted:
        np.subtract(255, pixels, out=pixels)
    findings = files.findings(light, inverted)
    findings["other_polarity"] = [name(k) for k in others(light, inverted, pixels.__getitem__)]
    findings["assumed"] = [
        *_colours_said(pixels, coloured, options, name),
        *_enlarged_said(files, pixels.shape[1:]),
    ]
    if before := _before(files, pixels.shape[1:], coloured):
        findings[CONVERTED] = before
    return Gathered(pixels, kept, findings)


def _decoded(files, shape, bits):
    """All pixels in one shape, and whether each picture's paper is light and its ink coloured."""
    height, width, channels = shape
    pixels = np.empty((len(files.headers), *shape), np.uint8)
    light, coloured = np.zeros((2, len(files.headers)), bool)

    def read(index, _):
        picture = files.picture(index, bits)
        light[index] = has_light_edge(picture)
        coloured[index] = picture.shape[-1] == 3
        picture = luminance(picture) if channels == 1 else picture
        pixels[index] = fit(picture, height, width)  # a grey picture fills all three channels

    files.each(read, PROGRESS_FROM)
    return pixels, light, coloured


def _colours_said(pixels, coloured, options, name):
    """What is to be said where a few coloured pictures give all images three channels."""
    if options.channels is not None or pixels.shape[-1] == 1 or coloured.all():
        return []
    return [
        f"{coloured.sum():,} of {len(coloured):,} pictures are coloured, such as "
        f"{name(coloured.argmax())}, so that all images have 3 channels; `channels=1` makes all "
        "grey."
    ]


def _several_said(names):
    """What is to be said where pages or frames are left out."""
    if not names:
        return []
    return [
        f"{len(names):,} file{'s hold' if len(names) > 1 else ' holds'} several pictures, of which "
        f"the first is read, such as {names[0]}: save each as a file of its own to read all."
    ]


def _before(files, shape, coloured):
    """What pictures were, in words, where they are brought to another shape, or None."""
    sizes = sorted({files.headers[index].size for index in files.kept}, key=math.prod)
    channels = 3 if coloured.any() else 1
    smallest, largest = (shape_in_words((*size, channels)) for size in (sizes[0], sizes[-1]))
    if len(sizes) > 1:
        return f"{len(sizes):,} sizes from {size_in_words(sizes[0])} to {largest}"
    return None if (*sizes[0], channels) == shape else smallest


def _enlarged_said(files, shape):
    """What is to be said of pictures that are far smaller than the images made of them."""
    sizes = {index: max(files.headers[index].size) for index in files.kept}
    small = [index for index, side in sizes.items() if side * SMALL <= max(shape[:2])]
    if not small:
        return []
    first = small[0]
    are = "1 picture is" if len(small) == 1 else f"{len(small):,} pictures are"
    return [
        f"{are} at most half as large as {size_in_words(shape[:2])}, such as {files.name(first)} "
        f"of {size_in_words(files.headers[first].size)}: enlarged, they show no more than before."
    ]


def _common_shape(files, options):
    """`(height, width, channels)` of the array; 3 channels where a file might be coloured."""
    known = files.known
    grey = all(header.mode.split(";")[0] in GREY_MODES for header in known)
    channels = options.channels or (1 if grey else 3)
    if options.image_size is not None:
        return options.image_size, options.image_size, channels
    sizes = collections.Counter(header.size for header in known)
    usual = sizes.most_common(1)[0][0]
    if len(sizes) > 1:
        odd = next(i for i, h in enumerate(files.headers) if h is not None and h.size != usual)
        raise UsageError(
            f"{files.name(odd)} is {size_in_words(files.headers[odd].size)}, but {sizes[usual]:,} "
            f"of {len(known):,} pictures are {size_in_words(usual)}. Bring them to one size with "
            '`image_size=28`, or crop the characters with `photographs="scans"`.'
        )
    return *usual, channels
