"""Several trainings in one picture."""

import textwrap

import numpy as np

from ganprofile.figures.canvas import DOTS_PER_INCH, legend_below, marker_for, new_figure, save
from ganprofile.figures.colours import ROLES
from ganprofile.figures.lettering import drawn_name, wide

NEAR_ZERO = 0.02  # below, distances are drawn to a linear scale
LOSSES = ("generator", "discriminator")
BESIDE = 4  # at most; then a new line begins
MARGIN, LINE = 16, 20  # pixels around a grid, and a line of text
LETTER = 8  # pixels in width
LONGEST_NAME = 200


def save_grids(path, grids, titles, row_names):
    """Pictures side by side, pixel by pixel as they are, each under its title.

    Args:
        path: a PNG file.
        grids: uint8 pictures `(height, width, 1 or 3)` of any sizes.
        titles: one for each.
        row_names: for each the names of its rows, which are of equal height; empty for none.
    """
    from matplotlib.figure import Figure

    gutters = [_gutter(names) for names in row_names]
    headings = [
        _broken(title, gutter + grid.shape[1])
        for title, gutter, grid in zip(titles, gutters, grids, strict=True)
    ]
    lefts, tops, width, height = _places(grids, gutters, headings)
    figure = Figure(figsize=(width / DOTS_PER_INCH, height / DOTS_PER_INCH), dpi=DOTS_PER_INCH)

    def write(x, y, text, **options):
        figure.text(x / width, 1 - y / height, text, parse_math=False, **options)

    for grid, left, top, heading, names in zip(
        grids, lefts, tops, headings, row_names, strict=True
    ):
        rows, columns, channels = grid.shape
        figure.figimage(grid.repeat(3 // channels, axis=2), left, height - top - rows)
        write(left + columns / 2, top - 5, heading, ha="center", va="bottom", fontsize=10)
        for row, name in enumerate(names):
            centre = top + (row + 0.5) * rows / len(names)
            write(left - 6, centre, drawn_name(name), ha="right", va="center", fontsize=8)
    save(figure, path)


def save_losses(path, histories, titles):
    """The losses of every training in a panel of its own, on shared axes; then how good each drew.

    Args:
        path: a PNG file.
        histories: for each training column -> `(epochs,)`: `generator_loss` and
            `discriminator_loss`, and `kernel_distance` (NaN where it was not measured) or not.
        titles: one for each.
    """
    measured = [np.isfinite(history.get("kernel_distance", [])) for history in histories]
    panels_wanted = len(histories) + any(map(np.any, measured))
    columns = _columns(panels_wanted)
    rows = -(-panels_wanted // columns)
    figure, panels = new_figure(rows, columns, (4.2 * columns, 3.2 * rows), squeeze=False)
    losses = [np.stack([history[f"{name}_loss"] for name in LOSSES]) for history in histories]
    # A few epochs far above all others shall not flatten the rest.
    highest = 1.05 * max(min(both.max(), 2 * np.quantile(both, 0.95)) for both in losses)
    lowest = min(0.0, *(both.min() for both in losses))
    longest = max(both.shape[1] for both in losses)
    limits = {"xlim": (1 - 0.03 * longest, 1.03 * longest)}
    for panel, both, title in zip(panels.flat, losses, titles, strict=False):
        for name, curve in zip(LOSSES, both, strict=True):
            style = {"color": ROLES[name].light, "label": name, "marker": marker_for(len(curve))}
            panel.plot(np.arange(1, len(curve) + 1), curve, **style)
        panel.set_title(_broken(title, 420), fontsize=9, parse_math=False)
        panel.set(ylim=(lowest, highest), xlabel="epoch", ylabel="loss", **limits)
        panel.xaxis.get_major_locator().set_params(integer=True)
    for panel in panels.flat[: len(histories)]:
        legend_below(panel)
    if panels_wanted > len(histories):
        _draw_distances(panels.flat[len(histories)], histories, titles, measured)
        panels.flat[len(histories)].set(**limits)
    for panel in panels.flat[panels_wanted:]:
        panel.set_visible(False)
    save(figure, path)


def _draw_distances(panel, histories, titles, measured):
    lines, names = [], []
    for history, title, where in zip(histories, titles, measured, strict=True):
        if where.any():
            epochs = 1 + np.flatnonzero(where)
            lines += panel.plot(epochs, history["kernel_distance"][where], marker=".")
            names.append(_broken(title, 240))
    panel.set_title("kernel distance to the real images", fontsize=9)
    # From noise about 0 to a hundred and more at the beginning.
    panel.set_yscale("symlog", linthresh=NEAR_ZERO)
    panel.set(xlabel="epoch", ylabel="kernel distance")
    panel.set_ylim(bottom=min(0.0, panel.get_ylim()[0]))
    legend_below(panel, lines, names)


def _columns(count):
    """How many stand side by side, so that all lines are about equally long."""
    return -(-count // -(-count // BESIDE))


def _gutter(names):
    """The pixels that the names of rows need at the left."""
    return max((LETTER * wide(drawn_name(name)) + 10 for name in names), default=0)


def _broken(title, width):
    """A title in lines that fit into so many pixels."""
    letters = max(10, width // LETTER)
    return "\n".join(textwrap.wrap(drawn_name(title, LONGEST_NAME), letters)) or " "


def _places(grids, gutters, headings):
    """Where the grids begin from left and top, and the width and height of the sheet."""
    lefts, tops, width, bottom = [], [], 0, 0
    columns = _columns(len(grids))
    for first in range(0, len(grids), columns):
        line = range(first, min(first + columns, len(grids)))
        top = bottom + MARGIN + LINE * max(1 + headings[k].count("\n") for k in line)
        left = MARGIN
        for k in line:
            lefts.append(left + gutters[k])
            tops.append(top)
            left = lefts[-1] + grids[k].shape[1] + MARGIN
        width = max(width, left)
        bottom = top + max(len(grids[k]) for k in line)
    return lefts, tops, width, bottom + MARGIN
