"""Lines of text in arrays of pixels, without matplotlib, which takes a second to load."""

import contextlib
import functools
import itertools
import os
import unicodedata
from importlib import metadata
from pathlib import Path

import numpy as np

from ganprofile.errors import UsageError, first_line
from ganprofile.images import beside, enlarge, screen_factor
from ganprofile.storage.files import expanded, printable

SIZE, LARGE = 22, 32  # pixels that a letter is high
LINE = SIZE + SIZE // 2  # that a line takes
WIDEST = 240  # pixels of a name
MARGIN = 8  # pixels around a picture with a caption
PAPER, INK = 255, 0
# Of the environment, so that other processes draw with it, too: a file of a font, as `--font` sets.
FONT = "GANPROFILE_FONT"
STRONG = ("L", "R", "AL")  # directions of letters; signs and digits have none of their own
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

    letters = _letters(text)
    if _length(letters, size) > width:
        dots = _letters("...")
        while letters and _length(letters + dots, size) > width:
            letters.pop()
        letters += dots
    line = Image.new("L", (width, size + size // 2), PAPER)
    pieces = _pieces(letters, size)
    base, place = max((font.getmetrics()[0] for _, font in pieces), default=0), 0
    for piece, font in pieces:
        ImageDraw.Draw(line).text((place, base), piece, fill=INK, font=font, anchor="ls")
        place += round(font.getlength(piece))
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
    return _length(_letters(text), size)


def drawable(text):
    """A name as one line of which every character can be seen; others stand as their number."""
    return "".join(shown for shown, _ in _letters(text))


def _letters(text):
    """`(letter, path of the font that draws it)` of a line: of one font where one has all letters,
    so that it joins and orders them, else of the first that has it. What none has is spelled."""
    line = printable(text)
    line = line if line.strip() else repr(text)
    for path in _paths():
        if all(_has_glyph(letter, path) for letter in line):
            return [(letter, path) for letter in line]
    return [one for letter in line for one in _letter(letter)]


def _letter(letter):
    fonts = [path for path in _paths() if _has_glyph(letter, path)]
    return [(letter, fonts[0])] if fonts else [(one, None) for one in ascii(letter)[1:-1]]


def _pieces(letters, size):
    """`(text, font)` of what each font draws of a line, from left to right."""
    runs = itertools.groupby(letters, lambda one: one[1])
    pieces = [("".join(text for text, _ in run), _font(size, path)) for path, run in runs]
    kinds = (unicodedata.bidirectional(one) for text, _ in letters for one in text)
    first = next((kind for kind in kinds if kind in STRONG), "L")
    return pieces if first == "L" else pieces[::-1]


def _length(letters, size):
    return sum(font.getlength(text) for text, font in _pieces(letters, size))


def _paths():
    """The user's font, where there is one, and None, the usual one: in which order they draw."""
    return [*filter(None, [users_font()]), None]


def users_font():
    """The path of the font that the user says, or None.

    Raises:
        UsageError: no font can be read there.
    """
    said = os.environ.get(FONT)
    return _checked(said) if said else None


@functools.cache
def _checked(said):
    from PIL import ImageFont

    path = expanded(said)
    try:
        with open(path, "rb") as file:  # of a path that is none Pillow takes the name elsewhere
            ImageFont.truetype(file, SIZE)
    except (OSError, ValueError) as error:
        raise no_font(said, error) from error
    return str(path)


def no_font(path, error):
    """A `UsageError` that says why a file is no font to draw with."""
    why = getattr(error, "strerror", None) or first_line(error)
    otherwise = f", or unset {FONT}" if os.environ.get(FONT) else ""
    return UsageError(
        f"{printable(path)} is no font that can be read ({why}). Give a .ttf or .otf file, such as "
        f"one of Noto's{otherwise}."
    )


@functools.cache
def _has_glyph(character, path=None):
    if path is None and character.isascii():
        return True
    # A mark alone would be drawn on a circle, which no missing letter is.
    font = _font(SIZE, path, True)
    missing, mask = (font.getmask(c) for c in ("\uffff", character))
    is_blank = character.isspace() and not any(mask)  # as a missing letter is in some fonts
    return is_blank or (mask.size, bytes(mask)) != (missing.size, bytes(missing))


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
