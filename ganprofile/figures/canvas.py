"""What all plots share: a sheet to draw on, and writing it."""

from pathlib import Path

import numpy as np

from ganprofile.figures.colours import SERIES
from ganprofile.figures.lettering import families
from ganprofile.storage.files import atomic_path

DOTS_PER_INCH = 110
LONG_NAME = 24  # letters; of two longer ones, not both have room in a line
BELOW = 0.48  # inches, from the axes to a legend, which leaves room for ticks and a label
# How each suffix is written: without the moment, so that the same figure is the same file.
FORMATS = {
    ".svg": {"format": "svg", "metadata": {"Date": None}},
    ".pdf": {"format": "pdf", "metadata": {"CreationDate": None}},
}
VECTOR_STYLE = {"svg.hashsalt": "ganprofile", "pdf.fonttype": 42}  # fonts that publishers take


def new_figure(rows=1, columns=1, figsize=None, layout="constrained", **options):
    """A figure without pyplot (no window, no global state, free in any thread) and its panels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=figsize, layout=layout)
    panels = figure.subplots(rows, columns, **options)
    for panel in figure.axes:
        panel.set_prop_cycle(color=[colour.light for colour in SERIES])
    return figure, panels


def save(figure, path, **details):
    """Write a figure, whole or not at all: as SVG or PDF by the suffix, else as PNG; `details` are
    for Matplotlib."""
    options = FORMATS.get(Path(path).suffix, {"format": "png"})
    with atomic_path(path) as partial, _style():
        _let_fonts_follow(figure)
        figure.savefig(partial, dpi=DOTS_PER_INCH, **options, **details)


def save_pages(figures, path):
    """Write figures, an iterable, as the pages of a PDF, whole or not at all."""
    from matplotlib.backends.backend_pdf import PdfPages

    metadata = FORMATS[".pdf"]["metadata"]
    with atomic_path(path) as partial, _style(), PdfPages(partial, metadata=metadata) as pdf:
        for figure in figures:
            _let_fonts_follow(figure)
            pdf.savefig(figure)


def _style():
    """While it is entered, text is drawn with the fonts that have its letters."""
    from matplotlib import rc_context

    return rc_context({**VECTOR_STYLE, "font.family": families()})


def _let_fonts_follow(figure):
    """Let text that is there draw what the first font lacks with the next ones.

    Of a family such as sans-serif, matplotlib takes one font alone.
    """
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set_fontfamily(families())


def legend_below(panel, *arguments):
    """A legend below the axes and what is written there, so that it covers nothing.

    Args:
        panel: the axes.
        *arguments: lines and their names, as of `Axes.legend`; without them, all that have a label.
    """
    from matplotlib.transforms import ScaledTranslation

    down = ScaledTranslation(0, -BELOW, panel.figure.dpi_scale_trans)
    legend = panel.legend(
        *arguments,
        loc="upper center",
        bbox_to_anchor=(0.5, 0),
        bbox_transform=panel.transAxes + down,
        borderaxespad=0,
        ncols=1 if _longest(panel, arguments) > LONG_NAME else 2,
        fontsize=8,
        frameon=False,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
    return legend


def _longest(panel, arguments):
    names = arguments[1] if arguments else panel.get_legend_handles_labels()[1]
    return max(map(len, names), default=0)


def marker_for(points):
    """A line of a single point is seen by its marker only."""
    return "o" if points == 1 else None


def at_most(count, limit):
    """Indices 0 .. count - 1, thinned evenly to `limit`, the last one kept."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).round().astype(int))
