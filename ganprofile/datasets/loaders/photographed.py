"""Photographs and scans: the characters that stand on them, in MNIST's form."""

from collections import Counter

import numpy as np

from ganprofile.console import counted
from ganprofile.datasets.capture.glyphs import MARGIN
from ganprofile.datasets.capture.ink import has_light_ink
from ganprofile.datasets.capture.page import left_out_said, read_page
from ganprofile.datasets.capture.photo import CUT_OFF, FAR, read_single
from ganprofile.datasets.loaders.ink import as_character, is_dark_on_light
from ganprofile.datasets.loaders.kept_sizes import (
    middling_length,
    middling_lengths,
    resolutions_said,
)
from ganprofile.datasets.loaders.loaded_data import AUTO, SCANS
from ganprofile.datasets.loaders.picture_files import Gathered
from ganprofile.datasets.loaders.scan_doubts import doubts_of, doubts_said
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import LEAST_CONTRAST, has_light_edge, luminance

SIDE = 28  # where no other is asked for
PROGRESS_FROM = 20
JOINED = (
    "Pieces of a group differ as parts of one character do, and were joined: look at the images."
)
MAY_BE_PARTS = (
    "Each piece was taken for a character. If a group is one, cut the pages into pictures of one "
    'character each and say `photographs="characters"`.'
)
MOST_TOO_LARGE = 0.1  # of characters that keep their sizes


def gather(files, options, hands=None):
    """Find the characters of all pictures.

    Args:
        files: `PictureFiles`.
        options: `LoadOptions`; `image_size` is the side of the images, 28 without.
        hands: as of `gathering.gather`.

    Returns:
        `Gathered`, in the order of the files and within a page in reading order.

    Raises:
        GanprofileError: a picture cannot be read or shows no ink, unless these are left out.
    """
    find = FOUND_ON[options.photographs]
    kept_size, of_picture = _kept_sizes(files, options, hands)
    found, left_out, parts, cut = {}, {}, {}, {}
    light, light_ink, doubts = {}, {}, {}

    def read(index, _):
        picture = files.picture(index, options.bits)
        light[index] = _has_light_paper(picture, options)
        light_ink[index] = _is_to_be_inverted(picture, options)
        picture = 255 - picture if light_ink[index] else picture
        side = options.image_size or SIDE
        found[index], left_out[index], parts[index], cut[index] = find(
            picture, side, options.invert, of_picture[index]
        )
        if not len(found[index]):
            bits = options.bits if files.headers[index].deep else None
            raise GanprofileError(_none_said(files.name(index), picture, options, bits))
        if options.photographs == SCANS:
            grey = luminance(picture)[..., 0]
            doubts[index] = doubts_of(grey, options.invert)

    files.each(read, PROGRESS_FROM)
    kept = files.kept
    light = [light[index] for index in kept]
    findings = files.findings(light, _is_dark_ink(options, light))
    if options.photographs == SCANS and options.invert != AUTO:
        odd = np.flatnonzero(np.array(light) != (options.invert == "yes"))
        findings["other_polarity"] = [files.name(kept[index]) for index in odd]
    images = np.concatenate([found[index] for index in kept])
    numbers = {"pictures": len(kept), "characters": len(images)}
    findings["photographs"] = {"kind": options.photographs, **numbers}
    if kept_size is not None:
        findings["keep_size"] = kept_size
        middling = np.array([of_picture[index] for index in kept])
        name, dpi = (lambda row: files.name(kept[row])), [files.headers[row].dpi for row in kept]
        said = resolutions_said(dpi, middling, name) + _too_large_said(images, middling, name)
        findings["assumed"] = said + (_hands_said(middling) if kept_size == AUTO else [])
    said = _doubts_said(files, doubts, light_ink, left_out, parts, cut)
    findings["assumed"] = [*findings.get("assumed", ()), *said]
    return Gathered(images, np.repeat(kept, [len(found[index]) for index in kept]), findings)


def _doubts_said(files, *of_all):
    """What is to be said of what was found on pictures.

    Args:
        files: `PictureFiles`.
        of_all: dicts from the index of a picture to its `ScanDoubts`, to whether its ink is light,
            to what was left out of it, to its `Parts` or None, and to how many characters touch
            its edge.
    """
    named = [
        {files.name(index): some[index] for index in files.kept if index in some} for some in of_all
    ]
    doubts, light_ink, left_out, parts, cut = named
    count = len(files.kept)
    return [
        *doubts_said(doubts),
        *_light_ink_said([name for name, is_so in light_ink.items() if is_so], count),
        *_left_out_said(left_out),
        *_parts_said({name: some for name, some in parts.items() if some}),
        *_cut_said({name: some for name, some in cut.items() if some}),
    ]


def _none_said(name, picture, options, bits):
    """What is to be said of a picture on which no character is found, a sentence or two.

    Args:
        name: of the picture.
        picture: uint8, as it was read.
        options: `LoadOptions`.
        bits: that its levels were taken to have where they are deep, else None.
    """
    said = f"{name} shows no character"
    if bits and picture.max() < LEAST_CONTRAST:
        return (
            f"{said} by levels of {bits} bits, as `bits` says or the others of the set have them: "
            f"its own end at {picture.max() / 255:.1%} of these. Bring its levels to the range of "
            "the others, or read it by itself."
        )
    if options.photographs != SCANS or picture.max() == picture.min():
        return f"{said}. Remove it."
    if options.invert != AUTO and np.ptp(picture) >= LEAST_CONTRAST:
        side = "darker" if options.invert == "yes" else "lighter"
        return (
            f"{said} in ink {side} than the paper, which is looked for with "
            f"`invert={options.invert!r}`. Leave `invert` out, and the pictures tell; else remove "
            "it."
        )
    return (
        f"{said}: ink is found by its lightness, and here paper and ink differ by fewer than "
        f'{LEAST_CONTRAST} of 255 levels. If one can be seen, try `photographs="characters"`, or '
        "make ink darker; else remove it."
    )


def _kept_sizes(files, options, hands):
    """`keep_size` as it is reported, and how long a character of middling size is, by picture."""
    kept = files.kept
    paths = [files.path(index) for index in kept]
    if options.keep_size == AUTO and hands is not None and len(np.unique(hands.writers)) > 1:
        writers, labels = (of_all[kept] for of_all in hands)
        lengths = middling_lengths(paths, writers, options, labels)
        if lengths is not None:
            return AUTO, dict(zip(kept.tolist(), lengths.tolist(), strict=True))
    length = middling_length(paths, options)
    return length, dict.fromkeys(kept.tolist(), length)


def _hands_said(middling):
    """What is to be said where each writer has a factor of their own."""
    return [
        "`keep_size`: characters keep their sizes beside others of the same writer; of middling "
        f"size they are {middling.min():.0f} to {middling.max():.0f} pixels long."
    ]


def _has_light_paper(picture, options):
    if options.photographs == SCANS:
        return is_dark_on_light(luminance(picture)[..., 0])
    return has_light_edge(picture)


def _is_to_be_inverted(picture, options):
    """Whether a photograph shows light ink, as on a blackboard; what finds ink looks for dark."""
    return options.photographs != SCANS and options.invert == AUTO and has_light_ink(picture)


def _light_ink_said(bright, count):
    if not bright:
        return []
    return [
        f"{len(bright):,} of {count:,} pictures show light ink on dark, such as {bright[0]}, and "
        'were inverted; if their ink is dark, say `invert="yes"`.'
    ]


def _left_out_said(by_name):
    """What is to be said where ink belongs to no character.

    Args:
        by_name: counts by why, of each picture by its name.
    """
    counts = sum(by_name.values(), Counter())
    if not counts:
        return []
    most = max(by_name, key=lambda name: by_name[name].total())
    advice = (
        " Look at their images: if it belongs to the character, leave more paper around that, or "
        'say `photographs="scans"`, which keeps all ink.'
    )
    return [
        f"{counted(counts.total(), 'piece')} of ink on {counted(len(by_name), 'picture')} "
        f"belong to no character and were left out, most of them on {most}: "
        f"{left_out_said(counts)}.{advice if counts[FAR] + counts[CUT_OFF] else ''}"
    ]


def _parts_said(by_name):
    """What is to be said of pages whose characters consist of parts, or may.

    Args:
        by_name: the `Parts` of each such picture by its name.
    """
    said = []
    for certain, what in ((True, JOINED), (False, MAY_BE_PARTS)):
        some = [name for name in by_name if by_name[name].certain == certain]
        if some:
            parts = by_name[some[0]]
            said.append(
                f"On {counted(len(some), 'picture')} nearly all pieces stand in groups close "
                f"together, such as {len(parts.groups):,} groups of {parts.count} on {some[0]}. "
                f"{what}"
            )
    return said


def _cut_said(by_name):
    """What is to be said of pages with characters at the edge of their picture.

    Args:
        by_name: how many, of each picture by its name that has some.
    """
    if not by_name:
        return []
    return [
        f"{counted(sum(by_name.values()), 'character')} on {counted(len(by_name), 'page')}, such "
        f"as {next(iter(by_name))}, touch the edge of the picture: if it cuts them off, what is "
        "left has a wrong label. Look at them, and leave paper around what is written."
    ]


def _too_large_said(images, middling, name):
    """What is to be said where many characters do not fit their image at the size they have."""
    room = images.shape[1] - 2 * MARGIN
    lengths = [images.any(axis=(axis, 3)).sum(axis=1) for axis in (1, 2)]
    too_large = np.maximum(*lengths) >= room
    if too_large.mean() <= MOST_TOO_LARGE:
        return []
    return [
        f"`keep_size`: {too_large.sum():,} of {len(images):,} characters, such as "
        f"{name(too_large.argmax())}, are too large for their image where one of "
        f"{middling[too_large.argmax()]:.0f} pixels is of middling size, and were shrunk to fit, "
        "so that their sizes tell less: say a larger number."
    ]


def _is_dark_ink(options, light):
    """Whether most ink is darker than its paper, as the polarity of scans may be asked for or be
    that of their edges; on all others dark ink is looked for.
    """
    if options.photographs != SCANS:
        return True
    return bool(np.mean(light) >= 0.5) if options.invert == "auto" else options.invert == "yes"


def _scanned(picture, side, invert, middling):
    """The only character on even paper, uint8 `(1 or 0, side, side, 1)`, and nothing left out."""
    try:
        image = as_character(luminance(picture)[..., 0], side, invert, middling)
        return image[None, ..., None], Counter(), None, 0
    except UsageError:  # there is no ink
        return np.zeros((0, side, side, 1), np.uint8), Counter(), None, 0


def _one(picture, side, *_):
    """The only character, uint8 `(1 or 0, side, side, 1)`, and how many pieces are left out."""
    image, left_out = read_single(picture, side)
    return image[None][: int(image.any())], left_out, None, 0


def _all(picture, side, *_):
    """All characters of a page, uint8 `(n, side, side, 1)`, how many pieces are left out, the
    `Parts` of its characters or None, and how many touch the edge."""
    page = read_page(picture, side, one_class=True)
    found = [one.image for row in page.rows for one in row]
    images = np.array(found, np.uint8).reshape(-1, side, side, 1)
    return images, page.left_out, page.parts, page.cut


FOUND_ON = {SCANS: _scanned, "characters": _one, "pages": _all}
