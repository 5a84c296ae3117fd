"""What a report shows, as figures for a paper: vectors, and legends that cover nothing."""

import io
from unicodedata import east_asian_width

import numpy as np

from ganprofile.figures.canvas import legend_below, new_figure, save
from ganprofile.figures.colours import TONES, on_paper
from ganprofile.figures.histograms import OPACITY
from ganprofile.figures.lettering import drawn_name, drawn_names

VECTORS = (".svg", ".pdf")
WIDE = 6.3  # inches, of a page of text
ROW = 0.34  # of an interval
TILE = 0.42  # of a small picture
EM, BROAD = 7.2 / 72, {*"ABCDEGHKMNOQRUVWXwm%@"}  # of 7 points, and what is nearly so wide
PLAIN = TONES["plain"].light
GAP = 2  # pixels between small pictures
BESIDE = 1.015  # times the place of the line before, so that all bars at a place are seen
MOST_DOTS = 40  # points of a line; of more, the line alone
LONGEST_NAME = 60


def save_vectors(figure, stem):
    """Write a figure in every format of `VECTORS`.

    Args:
        figure: of matplotlib.
        stem: a path without a suffix.

    Returns:
        The paths.
    """
    paths = [stem.with_name(f"{stem.name}{suffix}") for suffix in VECTORS]
    for path in paths:
        save(figure, path)
    return paths


def line_figure(lines, x, y, log_x=False, marks=(), spreads=None):
    """Lines over a number.

    Args:
        lines: name -> `(xs, ys)`, finite numbers.
        x: what is below, in words.
        y: what is beside.
        log_x: whether equal ratios of `x` are equally far apart.
        marks: places on `x` to be marked.
        spreads: name -> `(x, low, high)` of every point that reaches so far down and up.
    """
    figure, panel = new_figure(figsize=(WIDE, 3.4))
    for (name, (xs, ys)), colour in zip(lines.items(), on_paper(lines), strict=True):
        style = {"color": colour, "marker": "o" if len(xs) < MOST_DOTS else None, "markersize": 3}
        panel.plot(xs, ys, label=drawn_name(name, LONGEST_NAME), **style)
    for k, (name, drawn) in enumerate(zip(lines, panel.get_lines(), strict=True)):
        if (spreads or {}).get(name):
            aside = BESIDE ** (k - (len(lines) - 1) / 2) if log_x else 1.0
            drawn.set_xdata(np.asarray(lines[name][0], np.float64) * aside)
            style = {"colors": drawn.get_color(), "linewidth": 1}
            for place, low, high in spreads[name]:
                panel.vlines(place * aside, low, high, **style)
    for mark in marks:
        panel.axvline(mark, color=PLAIN, linestyle=":", linewidth=0.8)
    if log_x:
        ticks = sorted({float(value) for xs, _ in lines.values() for value in xs})
        panel.set_xscale("log")
        panel.set_xticks(ticks, [f"{tick:,g}" for tick in ticks], minor=False)
        panel.set_xticks([], minor=True)
    elif all(float(value).is_integer() for xs, _ in lines.values() for value in xs):
        panel.xaxis.get_major_locator().set_params(integer=True)
    panel.set(xlabel=x, ylabel=y)
    if list(lines) != [y]:  # which the axis says
        legend_below(panel)
    return figure


def interval_figure(rows, x, are_differences=True):
    """Numbers with their intervals, a row each.

    Args:
        rows: `(name, value, low, high, tone)`; `low` and `high` None where there is no interval.
        x: what the numbers are, and in which unit.
        are_differences: whether a line marks 0.
    """
    figure, panel = new_figure(figsize=(WIDE, 1 + ROW * len(rows)))
    for k, (_, value, low, high, tone) in enumerate(rows):
        colour = TONES[tone].light
        panel.plot(value, k, "o", color=colour)
        if low is not None:
            panel.hlines(k, low, high, color=colour, linewidth=2)
    if are_differences:
        panel.axvline(0, color="black", linewidth=0.8)
    names = [drawn_name(name, LONGEST_NAME) for name, *_ in rows]
    panel.set_yticks(range(len(rows)), names, fontsize=8, parse_math=False)
    panel.set_ylim(len(rows) - 0.5, -0.5)
    panel.set_xlabel(x)
    return figure


def bar_figure(counts, low, high, what):
    """Overlaid histograms.

    Args:
        counts: name -> integers `(bins,)`.
        low: the lower end of the first bin.
        high: the upper end of the last one.
        what: what is counted, in words.
    """
    figure, panel = new_figure(figsize=(WIDE, 2.6))
    for (name, values), colour in zip(counts.items(), on_paper(counts), strict=True):
        edges = np.linspace(low, high, len(values) + 1)
        panel.stairs(values, edges, fill=True, alpha=OPACITY, color=colour, label=name)
    panel.set(xlabel=what, ylabel="count")
    legend_below(panel)
    return figure


def picture_figure(content):
    """A PNG file's picture, pixel by pixel; `content` is its bytes."""
    picture = _read(content)
    height, width = picture.shape[:2]
    figure, panel = new_figure(figsize=(WIDE, WIDE * height / width), layout="none")
    panel.set_position((0, 0, 1, 1))
    panel.set_axis_off()
    panel.imshow(picture, interpolation="nearest")
    return figure


def gallery_figure(columns, rows):
    """Small pictures in rows and columns that have names.

    Args:
        columns: their names.
        rows: `(name, contents)` pairs; a content is the bytes of a PNG file.
    """
    tiles = [[_read(content) for content in contents] for _, contents in rows]
    height = GAP + max(len(tile) for row in tiles for tile in row)
    width = GAP + max(tile.shape[1] for row in tiles for tile in row)
    sheet = np.full((height * len(rows), width * len(columns), 3), 255, np.uint8)
    for r, row in enumerate(tiles):
        for c, tile in enumerate(row):
            here = slice(r * height, r * height + len(tile))
            sheet[here, c * width : c * width + tile.shape[1]] = tile
    names = [drawn_name(one, LONGEST_NAME) for one, _ in rows]
    beside = 0.4 + max(map(_inches, names), default=0)
    size = (TILE * len(columns) + max(1, beside), TILE * len(rows) + 0.6)
    figure, panel = new_figure(figsize=size)
    panel.imshow(sheet, interpolation="nearest")
    middles = [
        (np.arange(n) + 0.5) * step for n, step in ((len(columns), width), (len(rows), height))
    ]
    panel.set_xticks(middles[0], drawn_names(columns, range(len(columns))), fontsize=7)
    panel.set_yticks(middles[1], names, fontsize=7, parse_math=False)
    panel.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    panel.spines[:].set_visible(False)
    return figure


def _inches(name):
    """How wide a name beside small pictures is at most."""
    return sum(EM if one in BROAD or east_asian_width(one) in "WF" else 0.65 * EM for one in name)


def _read(content):
    """The bytes of a PNG file as uint8 `(height, width, 3)`."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture.convert("RGB"))
