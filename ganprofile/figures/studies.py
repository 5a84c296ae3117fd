"""Plots of what studies find."""

import numpy as np

from ganprofile.figures.canvas import legend_below, new_figure, save
from ganprofile.figures.colours import ROLES
from ganprofile.figures.lettering import drawn_name

DOT, SHADE = 3.0, 0.6  # and how dark a name is beside its dots
FEW_CLASSES = 20  # whose names have room to be large
WIDE, HIGH, SHOWN = 1.1, 1.3, 0.95  # inches of an image with its caption, and of its larger side
ROOM, ROUNDS = 0.035, 200  # of the map's sides between two names, and how often these give way


def save_map(path, places, labels, class_names, title):
    """A dot an image on a plane or in space, in the colour of its class, with the name in the
    class's middle.

    Args:
        path: a PNG file.
        places: `(n, 2)` or `(n, 3)`.
        labels: integers `(n,)`.
        class_names: the names of the classes.
        title: of the plot.
    """
    from matplotlib import colormaps
    from matplotlib.patheffects import withStroke

    # In space, matplotlib gives the dots places one above the other by itself: names come last.
    named = {"zorder": 1000, "path_effects": [withStroke(linewidth=2, foreground="white")]}
    named |= {"ha": "center", "va": "center", "weight": "bold"}
    named["fontsize"] = 14 if len(class_names) <= FEW_CLASSES else 10
    kind = {"subplot_kw": {"projection": "3d"}} if places.shape[1] == 3 else {}
    figure, panel = new_figure(figsize=(7, 6.5), **kind)
    count = len(class_names)
    colours = colormaps["tab10" if count <= 10 else "gist_rainbow"](
        np.arange(count) / max(count, 10)
    )
    there = np.flatnonzero(np.bincount(labels, minlength=count))
    for label in there:
        panel.scatter(*places[labels == label].T, s=DOT, color=colours[label], linewidths=0)
    middles = np.array([np.median(places[labels == label], axis=0) for label in there])
    extent = np.ptp(places, axis=0).clip(np.finfo(np.float32).tiny)
    middles = extent * apart(middles / extent, ROOM)
    for label, middle in zip(there, middles, strict=True):
        colour = "black" if count <= 10 else SHADE * colours[label, :3]
        panel.text(*middle, drawn_name(class_names[label]), color=colour, **named)
    panel.set(title=title, xticks=[], yticks=[])
    if places.shape[1] == 3:
        panel.set(zticks=[])
    save(figure, path)


def apart(places, least):
    """Places `(n, d)` moved as far as it takes until no two are nearer to each other than that."""
    places = places + 1e-6 * np.arange(len(places))[:, None]  # none lies on another
    for _ in range(ROUNDS):
        gaps = places[:, None] - places
        distances = np.linalg.norm(gaps, axis=-1) + np.eye(len(places))
        short = np.clip(least - distances, 0, None) * (1 - np.eye(len(places)))
        if not short.any():
            break
        places = places + (gaps / distances[..., None] * short[..., None]).sum(axis=1) / 2
    return places


def save_histograms(path, columns, what):
    """A panel a column, with a histogram of its numbers.

    Args:
        path: a PNG file.
        columns: title -> numbers, `(n,)`; what is not a number is left out.
        what: is counted, in words.
    """
    figure, panels = new_figure(1, len(columns), (4 * len(columns), 3), squeeze=False)
    for panel, (title, values) in zip(panels.flat, columns.items(), strict=True):
        values = np.asarray(values, np.float64)
        panel.hist(values[np.isfinite(values)], 20, color=ROLES["real"].light)
        panel.set(xlabel=title, ylabel=what)
    save(figure, path)


def save_curves(path, curves, x, y):
    """Lines with bars of a standard deviation, a panel for each of what they are about.

    Args:
        path: a PNG file.
        curves: `(panel, line)` in words -> a list of `(x, mean, standard deviation)`.
        x: what is below, in words.
        y: what is beside, in words.
    """
    titles = list(dict.fromkeys(panel for panel, _ in curves))
    figure, panels = new_figure(1, len(titles), (4.5 * len(titles), 3.5), squeeze=False)
    for title, panel in zip(titles, panels.flat, strict=True):
        for (about, line), points in curves.items():
            if about == title:
                places, means, spread = zip(*points, strict=True)
                panel.errorbar(places, means, spread, marker="o", capsize=3, label=line)
        panel.set(title=title, xlabel=x, ylabel=y, xscale="log", xticks=places)
        panel.set_xticklabels([f"{place:g}" for place in places])
        panel.minorticks_off()
        legend_below(panel)
    save(figure, path)


def save_readings(path, images, captions, columns=8):
    """Images with a caption above each, such as what they are and what they were read as.

    Args:
        path: a PNG file.
        images: uint8 `(n, height, width, channels)`, n > 0.
        captions: n strings.
        columns: images in a row.
    """
    rows = -(-len(images) // columns)
    # One panel for all: to lay out a panel an image takes seconds.
    figure, panel = new_figure(figsize=(columns * WIDE, rows * HIGH), layout=None)
    panel.set_position((0, 0, 1, 1))
    panel.set_axis_off()
    scale = SHOWN / max(images.shape[1:3])
    height, width = (scale * side for side in images.shape[1:3])
    for place, (image, caption) in enumerate(zip(images, captions, strict=True)):
        row, column = divmod(place, columns)
        middle, bottom = (column + 0.5) * WIDE, (row + 1) * HIGH - (WIDE - SHOWN) / 2
        extent = (middle - width / 2, middle + width / 2, bottom, bottom - height)
        panel.imshow(255 - image.squeeze(), cmap="gray", vmin=0, vmax=255, extent=extent)
        text = {"fontsize": 8 if len(caption) < 17 else 6, "ha": "center", "va": "bottom"}
        panel.text(middle, bottom - height - 0.05, drawn_name(caption, 30), **text)
    panel.set(xlim=(0, columns * WIDE), ylim=(rows * HIGH, 0))
    save(figure, path)
