"""Histograms of every epoch, a small panel each, all of them on one sheet."""

import dataclasses
import functools

import numpy as np

from ganprofile.figures.canvas import at_most, new_figure
from ganprofile.figures.colours import ROLES

MOST_PANELS = 100
COLUMNS = 10
PANEL = 1.13, 0.8  # inches
STEP = 1.2, 1.0  # from one panel to the next
HEADROOM = 1.05
OPACITY = 0.6
SMALL = 6  # points
BEYOND = "the outer bins also hold what lies beyond them"
LEAST_SHARE = 0.001  # of what is counted in all epochs, for a bin to be worth room


@dataclasses.dataclass(frozen=True)
class Histograms:
    """Two overlaid histograms of every epoch, on bins that all epochs share.

    Attributes:
        what: what is counted.
        edges: of the bins, `(bins + 1,)`.
        counts: name -> `(epochs, bins)`.
    """

    what: str
    edges: np.ndarray
    counts: dict

    @property
    def epochs(self):
        return len(next(iter(self.counts.values())))

    @functools.cached_property
    def ceilings(self):
        """Of every epoch a little more than its highest count, `(epochs,)`."""
        tallest = np.max([counts.max(axis=1) for counts in self.counts.values()], axis=0)
        return HEADROOM * np.maximum(1, tallest)

    @property
    def ceiling(self):
        """The same for all epochs together."""
        return self.ceilings.max()

    def draw(self, panel, epoch):
        """One epoch into axes of its own."""
        for name, counts in self.counts.items():
            style = {"color": ROLES[name].light, "alpha": OPACITY, "fill": True}
            panel.stairs(counts[epoch], self.edges, label=name, **style)


def trimmed(edges, counts):
    """Histograms without the bins at either end that hold next to nothing; what they hold is
    counted in the first and the last bin that is left.

    Args:
        edges: of the bins, `(bins + 1,)`.
        counts: name -> `(epochs, bins)`.

    Returns:
        The same of the bins that are left.
    """
    totals = np.stack([each.sum(axis=0) for each in counts.values()])
    enough = np.maximum(1, LEAST_SHARE * totals.sum(axis=1, keepdims=True))
    wanted = np.flatnonzero((totals >= enough).any(axis=0))
    if not len(wanted):
        return edges, counts
    first, last = wanted[0], wanted[-1]
    places = np.arange(len(edges) - 1).clip(first, last) - first
    left = {}
    for name, each in counts.items():
        left[name] = np.zeros((len(each), last - first + 1), each.dtype)
        np.add.at(left[name], (slice(None), places), each)
    return edges[first : last + 2], left


def sheet(histograms):
    """A figure of all epochs, thinned evenly to `MOST_PANELS`, the last one kept.

    All panels lie in one pair of axes, in inches: a hundred pairs took longer to make than many a
    training takes for its epochs.
    """
    epochs = at_most(histograms.epochs, MOST_PANELS)
    columns = min(COLUMNS, len(epochs))
    rows = -(-len(epochs) // columns)
    width, height = max(4.8, STEP[0] * columns + 0.6), STEP[1] * rows + 1.2
    figure, axes = new_figure(figsize=(width, height), layout="none")
    margin = (width - STEP[0] * (columns - 1) - PANEL[0]) / 2
    axes.set(position=(0, 0, 1, 1), xlim=(-margin, width - margin), ylim=(-0.65, height - 0.65))
    axes.set_axis_off()
    numbers = np.arange(len(epochs))
    corners = np.array(STEP) * np.stack([numbers % columns, rows - 1 - numbers // columns], axis=1)
    _draw_panels(axes, histograms, epochs, corners)
    _draw_scales(axes, histograms.edges, corners[-columns:])
    figure.suptitle(f"{histograms.what.capitalize()}, epoch by epoch", y=1 - 0.1 / height, va="top")
    place = 0.5, 1 - 0.32 / height
    figure.text(*place, BEYOND, fontsize=SMALL + 1, ha="center", va="top")
    figure.legend(*axes.get_legend_handles_labels(), loc="lower center", ncols=2, frameon=False)
    return figure


def _draw_panels(axes, histograms, epochs, corners):
    from matplotlib.collections import PolyCollection

    scale = PANEL[1] / histograms.ceilings[epochs]
    for name, counts in histograms.counts.items():
        outlines = _outlines(counts[epochs] * scale[:, None]) + corners[:, None]
        style = {"facecolor": ROLES[name].light, "alpha": OPACITY, "label": name}
        axes.add_collection(PolyCollection(outlines, **style), autolim=False)
    frame = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * PANEL
    style = {"facecolor": "none", "edgecolor": "black", "linewidth": 0.6}
    axes.add_collection(PolyCollection(frame + corners[:, None], **style), autolim=False)
    for epoch, (x, y) in zip(epochs, corners, strict=True):
        place = x + PANEL[0] / 2, y + PANEL[1] + 0.03
        axes.text(*place, f"epoch {epoch + 1}", fontsize=SMALL, ha="center", va="bottom")


def _outlines(heights):
    """The outlines of bars from one side of a panel to the other.

    Args:
        heights: `(panels, bins)`, inches.

    Returns:
        `(panels, 2 * bins + 2, 2)`, inches.
    """
    x = np.repeat(np.linspace(0, PANEL[0], heights.shape[1] + 1), 2)
    y = np.pad(np.repeat(heights, 2, axis=1), ((0, 0), (1, 1)))
    return np.stack([np.broadcast_to(x, y.shape), y], axis=-1)


def _draw_scales(axes, edges, corners):
    """Numbers below the last panel of every column."""
    from matplotlib.collections import LineCollection
    from matplotlib.ticker import MaxNLocator

    low, high = edges[0], edges[-1]
    ticks = np.array([t for t in MaxNLocator(3).tick_values(low, high) if low <= t <= high])
    places = (ticks - low) / (high - low) * PANEL[0]
    marks = [[(x + place, y), (x + place, y - 0.05)] for x, y in corners for place in places]
    axes.add_collection(LineCollection(marks, colors="black", linewidth=0.6), autolim=False)
    for x, y in corners:
        for tick, place in zip(ticks, places, strict=True):
            axes.text(x + place, y - 0.08, f"{tick:g}", fontsize=SMALL, ha="center", va="top")
