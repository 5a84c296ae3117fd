"""Plots of a dataset."""

import numpy as np

from ganprofile.figures.canvas import at_most, new_figure, save
from ganprofile.figures.colours import ROLES
from ganprofile.figures.lettering import drawn_name


def save_dataset_histograms(path, dataset):
    """Four panels on a `Dataset`: images per class, levels, ink an image, images per writer.

    A panel whose column the dataset lacks says so.
    """
    figure, panels = new_figure(2, 2, (9, 6))
    classes, levels, ink, writers = panels.flat
    colour = ROLES["real"].light
    if dataset.labels is not None:
        classes.bar(np.arange(dataset.num_classes), dataset.class_counts(), color=colour)
        shown = at_most(dataset.num_classes, 62)
        names = [drawn_name(dataset.class_names[label], number=label) for label in shown]
        upright = max(map(len, names)) > 2
        classes.set_xticks(shown, names, fontsize=6, rotation=90 * upright, parse_math=False)
    classes.set(title="images per class")
    counts = np.bincount(dataset.images.reshape(-1), minlength=256)
    levels.bar(np.arange(256), counts, width=1.0, color=colour)
    levels.set(title="pixels of each level (0 = paper, 255 = ink)", yscale="log")
    ink.hist(dataset.images.mean(axis=(1, 2, 3)) / 255, 40, color=colour)
    ink.set(title="images by their share of ink")
    known = None if dataset.writers is None else dataset.writers[dataset.writers >= 0]
    if known is not None and len(known):
        writers.hist(np.unique(known, return_counts=True)[1], 40, color=colour)
    writers.set(title="writers by their number of images")
    for panel, missing in ((classes, dataset.labels is None), (writers, known is None)):
        if missing:
            panel.text(0.5, 0.5, "not known", ha="center", va="center")
    figure.suptitle(f"{len(dataset):,} images of {drawn_name(dataset.name)}, {dataset.split}")
    save(figure, path)
