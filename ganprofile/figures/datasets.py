"""Plots of a dataset."""

import numpy as np

from ganprofile.figures.canvas import at_most, new_figure, save
from ganprofile.figures.colours import ROLES
from ganprofile.figures.lettering import can_not_be_drawn, described, drawn_name, drawn_names

MOST_LISTED = 20  # classes, with a row each
MOST_NAMED = 62  # of more, some
ROW = 0.24  # inches
LONGEST, SMALL = 28, 6  # letters of a name, points
FEW_LEVELS, FEW_WIDE = 16, 6.0


def save_dataset_histograms(path, dataset):
    """Four panels on a `Dataset`: images per class, levels, ink an image, images per writer.

    A panel whose column the dataset lacks says so.
    """
    listed = dataset.labels is not None and dataset.num_classes <= MOST_LISTED
    height = max(6.0, 3.6 + ROW * dataset.num_classes) if listed else 6.0
    figure, panels = new_figure(2, 2, (9, height))
    classes, levels, ink, writers = panels.flat
    colour = ROLES["real"].light
    if dataset.labels is not None:
        (_draw_listed if listed else _draw_many)(classes, dataset, colour)
    classes.set(title="images per class")
    _draw_levels(levels, dataset, colour)
    outlined = {"bins": 40, "histtype": "stepfilled", "color": colour}
    ink.hist(dataset.images.mean(axis=(1, 2, 3)) / 255, **outlined)
    ink.set(title="images by their share of ink")
    known = None if dataset.writers is None else dataset.writers[dataset.writers >= 0]
    if known is not None and len(known):
        writers.hist(np.unique(known, return_counts=True)[1], **outlined)
    writers.set(title="writers by their number of images")
    for panel, missing in ((classes, dataset.labels is None), (writers, known is None)):
        if missing:
            panel.text(0.5, 0.5, "not known", ha="center", va="center")
    figure.suptitle(f"{len(dataset):,} images of {drawn_name(dataset.name)}, {dataset.split}")
    save(figure, path)


def _draw_listed(panel, dataset, colour):
    """Few classes: a row each, so that there is room for names, or for what they are called."""
    rows = np.arange(dataset.num_classes)
    panel.barh(rows, dataset.class_counts(), color=colour)
    instead = [described(name) for name in dataset.class_names]
    names = drawn_names(dataset.class_names, rows, LONGEST, instead)
    panel.set_yticks(rows, names, parse_math=False)
    panel.set_ylim(len(rows) - 0.5, -0.5)


def _draw_many(panel, dataset, colour):
    """Many classes: a bar each, and of some the name, or the number where no font draws it."""
    panel.bar(np.arange(dataset.num_classes), dataset.class_counts(), color=colour)
    shown = at_most(dataset.num_classes, MOST_NAMED).tolist()
    names = drawn_names([dataset.class_names[label] for label in shown], shown, instead=shown)
    upright = sum(map(len, names)) > MOST_NAMED  # letters, which have room beside each other
    panel.set_xticks(shown, names, fontsize=SMALL, rotation=90 * upright, parse_math=False)
    if any(can_not_be_drawn(dataset.class_names[label]) for label in shown):
        panel.set_xlabel("numbers: places in class_names, from 0", fontsize=SMALL + 2)


def _draw_levels(panel, dataset, colour):
    counts = np.bincount(dataset.images.reshape(-1), minlength=256)
    found = np.flatnonzero(counts)
    if len(found) > FEW_LEVELS:  # one outline: as many bars would take a second to draw
        panel.stairs(counts, np.arange(257) - 0.5, baseline=0.5, color=colour, fill=True)
    else:  # of one bit, two lines would not be seen
        panel.bar(found, counts[found], width=FEW_WIDE, color=colour)
    # From below 1 on: else the rarest level is where the axis begins, and no bar.
    panel.set(title="pixels of each level (0 = paper, 255 = ink)", yscale="log", ylim=(0.5, None))
