"""A picture beside what was read in it, and a sheet of all that was read."""

import dataclasses
import textwrap

import numpy as np

from ganprofile.figures.canvas import DOTS_PER_INCH, save
from ganprofile.figures.colours import SERIES, TONES
from ganprofile.figures.lettering import drawn_name, wide

OVERVIEW = "overview.png"  # what the sheet is called,
TITLE = "ganprofile: characters as they were read"  # and, in its file, what it is
MOST_PER_ROW = 30  # characters beside a picture; longer rows go on below

# Of a picture beside what was read in it, in inches:
PAGE_WIDTH = 6
READ = 0.6  # a character
READ_WIDTH, READ_HEIGHT = 0.7, 0.85  # at least, with its caption above it
LETTER_WIDTH = 0.08  # of a caption
CAPTION = 18  # letters at most
TALLEST = 500  # more pixels matplotlib does not draw

# Of the sheet, in pixels:
WIDEST, NARROWEST = 1600, 640
CELL = 60  # a character is about as high and as wide, if it has no more pixels
LETTER = 8  # a letter of a caption is about as wide
LINE = 16  # a line of text is as high
GAP = 10  # around everything
LONGEST = 12  # letters of a caption or the name of a file


@dataclasses.dataclass(frozen=True)
class OverviewCell:
    """A character on the sheet of all.

    Attributes:
        image: uint8 `(side, side, 1)`, 255 = ink, or None.
        caption: below it, a few words.
        doubtful: whether it is framed.
        name: of its picture, below that, or empty.
    """

    image: np.ndarray | None
    caption: str
    doubtful: bool
    name: str = ""


def save_read_page(path, picture, rows):
    """The picture with a box around every character; beside it each as it was read.

    Args:
        path: a PNG file.
        picture: uint8 `(height, width, 1 or 3)`.
        rows: a list of rows of `(image, box, caption)`: uint8 `(side, side, 1)`, top, left, bottom
            and right in shares of the picture, a few words.
    """
    from matplotlib.figure import Figure

    height, width = picture.shape[:2]
    lines = [row[k : k + MOST_PER_ROW] for row in rows for k in range(0, len(row), MOST_PER_ROW)]
    captions = [drawn_name(caption, CAPTION) for line in lines for _, _, caption in line]
    step = max(READ_WIDTH, LETTER_WIDTH * max([0, *map(wide, captions)]))
    beside = step * max([1, *map(len, lines)])
    tall = min(max(3, PAGE_WIDTH * height / width, READ_HEIGHT * len(lines)), TALLEST)
    figure = Figure(figsize=(PAGE_WIDTH + beside, tall))
    share = PAGE_WIDTH / (PAGE_WIDTH + beside)
    _draw_page(
        figure.add_axes((0, 0, share, 1)), picture, [box for row in rows for _, box, _ in row]
    )
    panel = figure.add_axes((share, 0, 1 - share, 1))
    panel.set_axis_off()
    places = [(k * step, line) for line, some in enumerate(lines) for k in range(len(some))]
    images = [image for line in lines for image, _, _ in line]
    for (left, line), image, text in zip(places, images, captions, strict=True):
        middle, top = left + step / 2, line * tall / len(lines)
        extent = middle - READ / 2, middle + READ / 2, top + READ_HEIGHT, top + READ_HEIGHT - READ
        panel.imshow(255 - _as_drawn(image), cmap="gray", vmin=0, vmax=255, extent=extent)
        style = {"ha": "center", "va": "bottom", "fontsize": 8, "parse_math": False}
        panel.text(middle, extent[-1] - 0.03, text, **style)
    panel.set(xlim=(0, beside), ylim=(tall, 0), aspect="auto")
    save(figure, path)


def _as_drawn(picture):
    """A picture as matplotlib takes it, without the axis of a single channel."""
    return picture[..., 0] if picture.shape[-1] == 1 else picture


def _draw_page(panel, picture, boxes):
    """The picture with a box, in shares of it, around every character."""
    from matplotlib.patches import Rectangle

    height, width = picture.shape[:2]
    panel.imshow(_as_drawn(picture), cmap="gray", vmin=0, vmax=255)
    panel.set_axis_off()
    for top, begin, bottom, end in boxes:
        size = (end - begin) * width, (bottom - top) * height
        box = Rectangle((begin * width, top * height), *size, fill=False)
        box.set_edgecolor(SERIES[0].light)
        panel.add_patch(box)


def save_overview(path, groups, sentences):
    """A sheet of all that was read, in reading order; what is doubtful is framed.

    Args:
        path: a PNG file.
        groups: a list of `(title, cells)`, `OverviewCell`s that begin on a new line below a title,
            the name of a picture; None for pictures of one character each.
        sentences: what stands above all.
    """
    from matplotlib.figure import Figure

    cells = [cell for _, some in groups for cell in some]
    side = max([CELL, *(len(_drawn(cell)) for cell in cells)])
    letters = max([0, *(wide(text) for cell in cells for text in _below(cell))])
    step = max(side, LETTER * letters) + GAP
    columns = max(1, min(WIDEST // step, max([1, *(len(some) for _, some in groups)])))
    width = max(NARROWEST, columns * step) + 2 * GAP
    lines = [line for one in sentences for line in textwrap.wrap(one, width // LETTER)]
    places, titles, height = _arranged(groups, columns, step, side, GAP + LINE * (len(lines) + 1))
    sheet = np.full((height, width), 255, np.uint8)
    figure = Figure(figsize=(width / DOTS_PER_INCH, height / DOTS_PER_INCH))
    panel = figure.add_axes((0, 0, 1, 1))
    panel.set_axis_off()
    for cell, place in zip(cells, places, strict=True):
        _draw(panel, sheet, cell, place, side)
    for text, top in [(line, GAP + LINE * k) for k, line in enumerate(lines)] + titles:
        panel.text(GAP, top, text, fontsize=8.5, va="top", parse_math=False)
    # Edge to edge, so that every pixel of a character is as large as the next.
    panel.imshow(sheet, cmap="gray", vmin=0, vmax=255, extent=(0, width, height, 0), aspect="auto")
    save(figure, path, metadata={"Title": TITLE})


def is_overview(path):
    """Whether a file is a sheet that `save_overview` wrote; people have pictures of that name."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            return picture.info.get("Title") == TITLE
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # none, or damaged
        return False


def _arranged(groups, columns, step, side, top):
    """Where cells begin, `(left, top)`, and titles, `(text, top)`, and where all ends."""
    places, titles = [], []
    for title, cells in groups:
        if title is not None:
            titles.append((drawn_name(title, 80), top))
            top += int(1.5 * LINE)
        below = max(len(_below(cell)) for cell in cells)
        line = side + below * LINE + GAP
        places += [(GAP + k % columns * step, top + k // columns * line) for k in range(len(cells))]
        top += -(-len(cells) // columns) * line + GAP
    return places, titles, top


def _drawn(cell):
    """The image of a cell, large enough to be seen, dark on white: uint8 `(side, side)`."""
    if cell.image is None:
        return np.full((CELL, CELL), 255, np.uint8)
    factor = max(1, CELL // len(cell.image))
    return 255 - cell.image[..., 0].repeat(factor, 0).repeat(factor, 1)


def _below(cell):
    """The lines of text below a cell."""
    return [text for text in (cell.caption, drawn_name(cell.name, LONGEST)) if text]


def _draw(panel, sheet, cell, place, side):
    """A cell: its pixels into the sheet, its texts and its frame into the panel."""
    from matplotlib.patches import Rectangle

    left, top = place
    drawn = _drawn(cell)
    sheet[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    colour = TONES["bad"].light if cell.doubtful else "black"
    if cell.doubtful:
        frame = Rectangle((left - 2, top - 2), side + 4, side + 4, fill=False, edgecolor=colour)
        frame.set_linewidth(2)
        panel.add_patch(frame)
    else:
        panel.add_patch(Rectangle((left, top), side, side, fill=False, edgecolor="0.85"))
    for k, text in enumerate(_below(cell)):
        style = {"color": "0.35" if k else colour, "fontsize": 7 if k else 8.5}
        panel.text(left, top + side + 6 + LINE * k, text, va="top", parse_math=False, **style)
