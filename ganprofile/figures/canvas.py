"""What all plots share: colours, a sheet to draw on, and writing it."""

import numpy as np

from ganprofile.storage.files import atomic_path

COLOURS = {
    "generator": "#d1495b",
    "discriminator": "#00798c",
    "real": "#2e4057",
    "fake": "#edae49",
}
DOTS_PER_INCH = 110


def new_figure(rows=1, columns=1, figsize=None, layout="constrained", **options):
    """A figure without pyplot (no window, no global state, free in any thread) and its panels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=figsize, layout=layout)
    return figure, figure.subplots(rows, columns, **options)


def save(figure, path):
    """Write a figure as PNG, whole or not at all."""
    with atomic_path(path) as partial:
        figure.savefig(partial, format="png", dpi=DOTS_PER_INCH)


def ascii_name(name, limit=12):
    """A name that every font can draw, cut to `limit` characters."""
    return name.encode("ascii", "backslashreplace").decode()[:limit]


def marker_for(points):
    """A line of a single point is seen by its marker only."""
    return "o" if points == 1 else None


def at_most(count, limit):
    """Indices 0 .. count - 1, thinned evenly to `limit`, the last one kept."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).round().astype(int))
