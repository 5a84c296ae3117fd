"""Plots of what studies find."""

import numpy as np

from ganprofile.figures.canvas import ascii_name, new_figure, save

DOT = 3.0


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

    kind = {"subplot_kw": {"projection": "3d"}} if places.shape[1] == 3 else {}
    figure, panel = new_figure(figsize=(7, 6.5), **kind)
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
    if places.shape[1] == 3:
        panel.set(zticks=[])
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
    figure, panels = new_figure(rows, columns, (columns * 1.1, rows * 1.3), squeeze=False)
    for panel in panels.flat:
        panel.set_axis_off()
    for panel, image, caption in zip(panels.flat, images, captions, strict=False):
        panel.imshow(255 - image.squeeze(), cmap="gray", vmin=0, vmax=255)
        panel.set_title(ascii_name(caption, 16), fontsize=8)
    save(figure, path)
