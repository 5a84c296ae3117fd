"""Plots of what studies find."""

import numpy as np

from ganprofile.figures.canvas import ascii_name, new_figure, save

DOT = 3.0


def save_map(path, places, labels, class_names, title):
    """A dot an image on a plane, in the colour of its class, with the name in the class's middle.

    Args:
        path: a PNG file.
        places: `(n, 2)`.
        labels: integers `(n,)`.
        class_names: the names of the classes.
        title: of the plot.
    """
    from matplotlib import colormaps

    figure, panel = new_figure(figsize=(7, 6.5))
    colours = colormaps["tab10" if len(class_names) <= 10 else "gist_rainbow"]
    for label, name in enumerate(class_names):
        some = places[labels == label]
        if not len(some):
            continue
        share = label / (10 if len(class_names) <= 10 else len(class_names))
        panel.scatter(*some.T, s=DOT, color=colours(share), linewidths=0)
        middle = np.median(some, axis=0)
        panel.text(*middle, ascii_name(name), fontsize=14, ha="center", va="center", weight="bold")
    panel.set(title=title, xticks=[], yticks=[])
    save(figure, path)
