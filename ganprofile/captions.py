"""Lines of text in arrays of pixels, without matplotlib, which takes a second to load."""

import contextlib
import functools
import os
from importlib import metadata
from pathlib import Path

import numpy as np

from ganprofile.images import beside, enlarge, screen_factor
from ganprofile.storage.files import printable

SIZE, LARGE = 22, 32  # pixels that a letter is high
LINE = SIZE + SIZE // 2  # that a line takes
WIDEST = 240  # pixels of a name
MARGIN = 8  # pixels around a picture with a caption
PAPER, INK = 255, 0
# Of the environment, so that other processes draw with it, too: a file of a font, as `--font` sets.
FONT = "GANPROFILE_FONT"
IN_MATPLOTLIB = "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf"


def write(sheet, top, left, text, width, size=SIZE):
    """Write a line into a picture, cut to `width` pixels, dark on white.

    Args:
        sheet: uint8 `(height, width, channels)`, which is changed.
        top: where the line begins.
        left: likewise.
        text: what to write.
        width: of the line, at most.
        size: pixels that a letter is high.
    """
    from PIL import Image, ImageDraw

    font = _font_for(text, size)
    text = drawable(text)
    if font.getlength(text) > width:
        while text and font.getlength(f"{text}...") > width:
            text = text[:-1]
        text += "..."
    line = Image.new("L", (width, size + size // 2), PAPER)
    ImageDraw.Draw(line).text((0, 0), text, fill=INK, font=font)
    pixels = np.asarray(line)[: len(sheet) - top, : sheet.shape[1] - left, None]
    sheet[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels


def captioned(picture, text):
    """A picture `(height, width, channels)` on white, with a line of text above it."""
    height, width, channels = picture.shape
    sheet = np.full((height + LINE + 2 * MARGIN, width + 2 * MARGIN, channels), PAPER, np.uint8)
    write(sheet, MARGIN, MARGIN, text, width)
    sheet[MARGIN + LINE : MARGIN + LINE + height, MARGIN : MARGIN + width] = picture
    return sheet


def with_names(picture, names):
    """A picture `(height, width, channels)` with the names of its rows, which are of equal height,
    on its left."""
    height, width, channels = picture.shape
    lengths = [int(length_of(name, LARGE)) + 1 for name in names]
    gutter = min(WIDEST, max(lengths, default=0)) + 2 * MARGIN
    sheet = np.full((height, gutter + width, channels), PAPER, np.uint8)
    for row, name in enumerate(names):
        middle = (row + 0.5) * height / len(names)
        write(sheet, max(0, int(middle - 0.6 * LARGE)), MARGIN, name, gutter - 2 * MARGIN, LARGE)
    sheet[:, gutter:] = picture
    return sheet


def named_blocks(blocks, names, least=1):
    """Blocks of rows as one picture for a screen, each row's name on its left.

    Args:
        blocks: pictures `(height, width, channels)`, side by side.
        names: for each the names of its rows, which are of equal height; empty for none.
        least: how often every pixel is repeated at least.
    """
    sides = max(len(block) for block in blocks), sum(block.shape[1] for block in blocks)
    factor = max(least, screen_factor(*sides))
    larger = [enlarge(block, factor) for block in blocks]
    pairs = zip(larger, names, strict=True)
    return beside([with_names(one, some) if some else one for one, some in pairs], 2 * MARGIN)


def length_of(text, size=SIZE):
    """How many pixels wide a line is."""
    return _font_for(text, size).getlength(drawable(text))


def drawable(text):
    """A name as one line of which every character can be seen; others stand as their number."""
    shown = printable(text)
    if not shown.strip():
        return repr(text)
    path = _path_for(text)
    return "".join(c if _has_glyph(c, path) else ascii(c)[1:-1] for c in shown)


def _font_for(text, size):
    return _font(size, _path_for(text))


def _path_for(text):
    """The user's font where it has all letters of a text, else None, the usual one."""
    said = os.environ.get(FONT)
    if not said or not Path(said).is_file():
        return None
    return said if all(_has_glyph(c, said) for c in printable(text)) else None


@functools.cache
def _has_glyph(character, path=None):
    if character.isascii():
        return True
    # A mark alone would be drawn on a circle, which no missing letter is.
    font = _font(SIZE, path, True)
    missing, mask = (font.getmask(c) for c in ("\uffff", character))
    return (mask.size, bytes(mask)) != (missing.size, bytes(missing))


@functools.cache
def _font(size, path=None, letter_by_letter=False):
    """A font in a file, DejaVu Sans, which comes with matplotlib and knows many scripts, or
    Pillow's own.
    """
    from PIL import ImageFont

    layout = ImageFont.Layout.BASIC if letter_by_letter else None
    if path is not None:
        return ImageFont.truetype(path, size, layout_engine=layout)
    with contextlib.suppress(metadata.PackageNotFoundError):
        usual = Path(metadata.distribution("matplotlib").locate_file(IN_MATPLOTLIB))
        if usual.is_file():
            return ImageFont.truetype(str(usual), size, layout_engine=layout)
    return ImageFont.load_default(size)
