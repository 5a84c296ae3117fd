"""Many picture files as one array: one size, one number of channels, one polarity."""

import collections
import concurrent.futures
import dataclasses
import math
import os
import warnings

import numpy as np

from ganprofile.console import ProgressBar, say
from ganprofile.datasets.readers.pictures import read_header, read_picture
from ganprofile.datasets.readers.reading import check_size
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.files import printable
from ganprofile.images import fit, has_light_edge, luminance

CHUNK = 512  # pictures in flight at once, so that memory holds the small results only
MOST_PIXELS_AT_ONCE = 50_000_000  # in all threads together
# Below this share of agreeing pictures, nobody should guess which way round a set is.
CLEAR_MAJORITY = 0.9
PROGRESS_FROM = 2000
GREY_MODES = ("1", "L", "LA", "La", "I", "F")
LISTED = 10


@dataclasses.dataclass(frozen=True)
class Gathered:
    """Pictures of one shape.

    Attributes:
        images: uint8 `(n, height, width, channels)`, 0 = paper, 255 = ink.
        kept: int64 `(n,)`, which of the paths they came from.
        findings: sizes, pixel formats, polarity, unreadable files.
    """

    images: np.ndarray
    kept: np.ndarray
    findings: dict


def gather(paths, options, root):
    """Read picture files.

    Args:
        paths: the files.
        options: `ReadOptions`.
        root: the folder that findings name files relative to.

    Returns:
        `Gathered`; unreadable files are left out only where `options.tolerant` says so.

    Raises:
        UsageError: sizes differ and no `image_size` is given, or polarity is not clear.
        GanprofileError: a file cannot be read, or none can.
    """
    unreadable = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, on what it reads all the same
        headers = _headers(paths, options.tolerant, unreadable)
        shape = _common_shape(paths, headers, options, root, unreadable)
        check_size(len(paths), shape)
        pixels, light, coloured = _decoded(paths, headers, shape, options.tolerant, unreadable)
    kept = np.array([i for i, path in enumerate(paths) if path not in unreadable], np.int64)
    if not len(kept):
        raise GanprofileError(f"{printable(root)} holds no readable picture.")
    if len(kept) < len(paths):
        pixels, light, coloured = pixels[kept], light[kept], coloured[kept]
    if shape[-1] == 3 and options.channels is None and not coloured.any():
        pixels = pixels[..., :1].copy()
    inverted = decide_polarity(light, options.invert, lambda i: _named(paths[kept[i]], root))
    if inverted:
        np.subtract(255, pixels, out=pixels)
    findings = _findings([headers[index] for index in kept], light, inverted)
    findings["first_of_several"] = [
        _named(paths[index], root) for index in kept if headers[index].frames > 1
    ]
    findings["other_polarity"] = _others(light, options.invert, paths, kept, root)
    findings["unreadable"] = {_named(path, root): str(e) for path, e in unreadable.items()}
    return Gathered(pixels, kept, findings)


def _decoded(paths, headers, shape, tolerant, unreadable):
    """All pixels in one shape, and whether each picture's paper is light and its ink coloured."""
    height, width, channels = shape
    pixels = np.empty((len(paths), *shape), np.uint8)
    light, coloured = np.zeros((2, len(paths)), bool)
    readable = [index for index, header in enumerate(headers) if header is not None]

    def read(index):
        picture = read_picture(paths[index])
        light[index] = has_light_edge(picture)
        coloured[index] = picture.shape[-1] == 3
        picture = luminance(picture) if channels == 1 else picture
        pixels[index] = fit(picture, height, width)  # a grey picture fills all three channels

    largest = max(math.prod(headers[index].size) for index in readable)
    threads = max(1, min(os.cpu_count(), MOST_PIXELS_AT_ONCE // largest))
    for index, error in _in_threads(read, readable, threads):
        _refuse_or_note(error, paths[index], tolerant, unreadable)
    return pixels, light, coloured


def decide_polarity(light, invert, name):
    """Whether pictures are to be inverted, so that ink is 255.

    Args:
        light: bool `(n,)`, whether each has light paper.
        invert: `"yes"`, `"no"` or `"auto"`: what nine of ten pictures agree on.
        name: gives the name of picture i.

    Raises:
        UsageError: `"auto"`, and the pictures do not agree.
    """
    if invert != "auto":
        return invert == "yes"
    share = light.mean()
    if 1 - CLEAR_MAJORITY < share < CLEAR_MAJORITY:
        raise UsageError(
            f"{light.sum():,} pictures have light paper (such as {name(light.argmax())}) and "
            f"{(~light).sum():,} dark (such as {name(light.argmin())}). Ink must be lighter than "
            "paper in all or in none: invert some, or say --invert yes or no for all."
        )
    return bool(share >= CLEAR_MAJORITY)


def _others(light, invert, paths, kept, root):
    """The pictures that are the other way round than those that decided; said and listed."""
    if invert != "auto":
        return []
    odd = np.flatnonzero(light != (light.mean() >= CLEAR_MAJORITY))
    names = [_named(paths[index], root) for index in kept[odd]]
    if names:
        say(
            f"{len(names):,} of {len(light):,} pictures look the other way round than the rest, "
            f"such as {names[0]}: invert or remove them, or say --invert for all."
        )
    return names


def _headers(paths, tolerant, unreadable):
    headers = []
    for path in paths:
        try:
            headers.append(read_header(path))
        except GanprofileError as error:
            _refuse_or_note(error, path, tolerant, unreadable)
            headers.append(None)
    return headers


def _refuse_or_note(error, path, tolerant, unreadable):
    if not tolerant:
        raise error
    unreadable[path] = error


def _common_shape(paths, headers, options, root, unreadable):
    """`(height, width, channels)` of the array; 3 channels where a file might be coloured."""
    known = [header for header in headers if header is not None]
    if not known:
        raise GanprofileError(
            f"{printable(root)} holds no readable picture among {len(paths)} files. The first: "
            f"{unreadable[paths[0]]}"
        )
    grey = all(header.mode.split(";")[0] in GREY_MODES for header in known)
    channels = options.channels or (1 if grey else 3)
    if options.image_size is not None:
        return options.image_size, options.image_size, channels
    sizes = collections.Counter(header.size for header in known)
    usual = sizes.most_common(1)[0][0]
    if len(sizes) > 1:
        odd = next(i for i, h in enumerate(headers) if h is not None and h.size != usual)
        raise UsageError(
            f"{_named(paths[odd], root)} is {_by(headers[odd].size)}, but {sizes[usual]:,} of "
            f"{len(known):,} pictures are {_by(usual)}. Bring them to one size with "
            "--image-size 28."
        )
    return *usual, channels


def _in_threads(read, indices, threads):
    """Call `read(index)` for all; yields `(index, error)` where one failed."""

    def attempt(index):
        try:
            read(index)
        except GanprofileError as error:
            return index, error

    done = 0
    with (
        concurrent.futures.ThreadPoolExecutor(threads) as pool,
        ProgressBar(len(indices), enabled=len(indices) >= PROGRESS_FROM) as bar,
    ):
        for first in range(0, len(indices), CHUNK):
            chunk = indices[first : first + CHUNK]
            yield from filter(None, pool.map(attempt, chunk))
            done += len(chunk)
            bar.show_images(done)


def _findings(headers, light, inverted):
    sizes = collections.Counter(_by(header.size) for header in headers)
    return {
        "sizes": dict(sizes.most_common(LISTED)),
        "different_sizes": len(sizes),
        "pixel_formats": dict(collections.Counter(header.mode for header in headers)),
        "light_paper_share": round(float(light.mean()), 4),
        "inverted": inverted,
    }


def _by(size):
    return f"{size[1]}x{size[0]}"


def _named(path, root):
    return printable(path.relative_to(root) if path.is_relative_to(root) else path)
