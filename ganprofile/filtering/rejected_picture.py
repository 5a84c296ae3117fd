"""The rejected beside the kept, a row per class."""

import textwrap

import numpy as np

from ganprofile.figures.canvas import new_figure, save
from ganprofile.figures.lettering import drawn_names
from ganprofile.filtering.filter_log import KEPT, MOST_EXAMPLES, MOST_KEPT
from ganprofile.filtering.rejection import REASONS
from ganprofile.images import MOST_CLASSES_SHOWN, on_paper

GAP = 2  # pixels between images
GROUP_GAP = 8  # between the kept and a reason, and between reasons
INCHES = 1 / 60  # of a pixel
POINTS = 7  # of the letters above a reason
HEADING = 1.3  # inches above and below the images
LETTERS = 19  # of them fit into an inch


def save_rejected_picture(path, class_names, log):
    """Write a picture: a row per class, first some that were kept, then some of each reason, which
    is explained above them.

    Of more than 100 classes the first 100 are shown. Nothing is written where nothing was refused.

    Args:
        path: the PNG file.
        class_names: the names of the classes.
        log: the `FilterLog`.
    """
    counts = {reason: sum(classes.values()) for reason, classes in log.counts().items()}
    if not counts:
        return
    labels = sorted({label for _, label in log.examples})[:MOST_CLASSES_SHOWN]
    columns = [KEPT, *(reason for reason in REASONS if reason in counts)]
    strips = [_strip(log.examples, reason, labels) for reason in columns]
    ends = np.cumsum([strip.shape[1] + GROUP_GAP for strip in strips])
    height = strips[0].shape[0]
    strips = [
        np.pad(strip, ((0, 0), (0, GROUP_GAP), (0, 0)), constant_values=255) for strip in strips
    ]
    figure, panel = new_figure(figsize=(ends[-1] * INCHES + 1, height * INCHES + HEADING))
    sheet = np.concatenate(strips, axis=1)
    panel.imshow(sheet.squeeze(), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    headings = [
        _heading(reason, {KEPT: log.kept, **counts}[reason], strip.shape[1])
        for reason, strip in zip(columns, strips, strict=True)
    ]
    lines = max(map(len, headings))
    for heading, left in zip(headings, [0, *ends], strict=False):
        text = "\n".join(heading + [""] * (lines - len(heading)))
        panel.text(left, -GAP, text, fontsize=POINTS)
    row = height / len(labels)
    names = drawn_names([class_names[label] for label in labels], labels, instead=labels)
    panel.set_yticks((np.arange(len(labels)) + 0.5) * row, names, parse_math=False)
    panel.set_xticks([])
    panel.spines[:].set_visible(False)
    save(figure, path)


def _heading(reason, count, width):
    """A reason, how many images it has and what it means: lines that fit into `width` pixels."""
    letters = max(len("discriminator"), int(width * INCHES * LETTERS))
    words = REASONS.get(reason, "in the set")
    return [reason, f"{count:,}", *textwrap.wrap(words, letters)]


def _strip(examples, reason, labels):
    """The images of one reason, a row per class, ink on paper."""
    most = MOST_KEPT if reason == KEPT else MOST_EXAMPLES
    height, width, channels = next(iter(examples.values()))[0].shape
    shape = (len(labels), height + GAP, most, width + GAP, channels)
    strip = np.zeros(shape, np.uint8)
    for row, label in enumerate(labels):
        for k, image in enumerate(examples.get((reason, label), ())):
            strip[row, :height, k, :width] = image
    return on_paper(strip.reshape(len(labels) * (height + GAP), most * (width + GAP), channels))
