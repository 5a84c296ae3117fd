"""Make the pictures of README and of the documentation's first page, in `samples/`.

    python -m tools.make_pictures [--scans FOLDER --imported DATASET --made SET]

`does-it-help.png` shows the committed results of `benchmarks/does_it_help.py`, `other-scripts.png`
those of `benchmarks/scripts.py`, `how-it-works.png` the parts of the toolkit. With a folder of
scans, what `ganprofile datasets import` made of it and what `ganprofile augment` made of that,
`from-scans.png` shows all three, and the verdict beside.
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

import ganprofile as gp
from benchmarks.does_it_help import ENOUGH, SCRIPTS, SOME, headline_rows
from ganprofile.console import points
from ganprofile.figures.benchmark import DIRECTION_COLOURS
from ganprofile.images import MIDDLE, fit, grid, luminance, on_paper, read_png

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
INK, FAINT, CARD, RULE = "#1d232b", "#5c6670", "#f2f5f7", "#c7ced6"
BOXES = (  # left, bottom, width, height, title, text
    (1, 10, 18, 9, "a few images", "folder, table, page, name"),
    (
        25,
        17,
        25,
        11,
        "deformations",
        "as images of a class differ;\nlabelled by teacher networks",
    ),
    (25, 1, 25, 11, "a GAN", "draws by class and writer;\nfiltered, near copies dropped"),
    (58, 10, 18, 9, "a labelled set", "soft labels, manifest"),
    (82, 10, 13, 9, "a verdict", "helps, not shown,\nor hurts"),
)
ARROWS = (  # from, to, the command and its place
    ((19.4, 16), (24.6, 22), "", (0, 0)),
    ((19.4, 13), (24.6, 7), "train", (20.5, 7.6)),
    ((50.4, 22), (57.6, 16), "augment", (56.5, 20.5)),
    ((50.4, 7), (57.6, 13), "generate", (57, 7.6)),
    ((76.4, 14.5), (81.6, 14.5), "benchmark", (79, 20.5)),
)
SHOWN = "2A5E8G"
STEPS = ("your scans", "cropped", "new ones", "a verdict")
DOTS_PER_INCH = 200


def forest_rows(found):
    """What is drawn of every cell, dicts, and written into the picture for a test to read.

    `found` is what `headline_rows` gives. Of fewer subsets than is usual is said how many.
    """
    keys = ("mean", "low", "high", "direction")
    for title, one in found:
        few = "" if one["subsets"] >= ENOUGH else f" ({one['subsets']} subsets)"
        yield {"title": title + few, **{k: one[k] for k in keys}}


def forest(path, found):
    """A line for every dataset and size: what `augment` adds to `classic`."""
    rows = list(forest_rows(found))
    low = math.floor(100 * min(row["low"] for row in rows))
    high = math.ceil(100 * max(row["high"] for row in rows))
    figure = Figure(figsize=(8, 0.34 * len(rows) + 0.9), layout="constrained")
    panel = figure.subplots()
    for place, row in enumerate(rows):
        colour = DIRECTION_COLOURS[row["direction"]]
        panel.hlines(place, 100 * row["low"], 100 * row["high"], color=colour, linewidth=2.5)
        panel.plot(100 * row["mean"], place, "o", color=colour, markersize=7)
        said = f"{points(row['mean'])}  {row['direction']}"
        panel.text(high - 0.15, place, said, color=colour, va="center", fontsize=9)
    panel.axvline(0, color=INK, linewidth=0.8)
    panel.set_yticks(range(len(rows)), [row["title"] for row in rows], fontsize=9)
    panel.set(xlim=(low - 0.1, high + 0.4 * (high - low)), ylim=(len(rows) - 0.4, -0.6))
    panel.set_xticks(range(low, high))
    panel.set_xlabel("points gained over classical transforms", loc="left", fontsize=9)
    _bare(panel)
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata={"Description": json.dumps(rows)})


def from_scans(path, scans, imported, made):
    """Four steps in two rows, so that their words are read on a phone, too."""
    figure = Figure(figsize=(5, 3.6), layout="constrained")
    panels = figure.subplots(2, 2, width_ratios=[1, 1.1]).ravel()
    few, _ = gp.load(imported)
    raw = [_scan(sorted((scans / name).iterdir())[0]) for name in SHOWN]
    cropped = [few.images[few.labels == few.class_names.index(name)][0] for name in SHOWN]
    pictures = (_sheet(raw, 12), _sheet(cropped, 6), grid(_new(made), len(SHOWN), gap=3))
    for panel, picture, heading in zip(panels, pictures, STEPS, strict=False):
        panel.imshow(picture[..., 0], cmap="gray", vmin=0, vmax=255, interpolation="antialiased")
        panel.set_axis_off()
        panel.set_title(heading, fontsize=11, color=INK)
    _verdict(panels[-1])
    figure.savefig(path, dpi=DOTS_PER_INCH)


def _scan(file):
    return luminance(fit(read_png(file), 90, 120))[:, 15:105]


def _sheet(images, gap):
    """Three columns of images, the scans' paper being light and that of the cropped ones 0."""
    images = np.stack(images)
    return grid(on_paper(images) if images.mean() > MIDDLE else images, 3, gap)


def _new(made):
    """Four drawn images of every character shown, a column for each."""
    drawn, _ = gp.load(made)  # all of them, since `augment` leaves the real ones out
    columns = [drawn.images[drawn.labels == drawn.class_names.index(name)][:4] for name in SHOWN]
    return np.stack(columns, axis=1).reshape(-1, *drawn.image_shape)


def _verdict(panel):
    """What `augment` adds to classical transforms on few characters of the same origin."""
    title, found = next(row for row in headline_rows() if row[0].startswith("Chars74K"))
    colour = DIRECTION_COLOURS[found["direction"]]
    low, mean, high = (100 * found[key] for key in ("low", "mean", "high"))
    panel.axvline(0, color=INK, linewidth=0.8)
    panel.hlines(0, low, high, color=colour, linewidth=3)
    panel.plot(mean, 0, "o", color=colour, markersize=9)
    said = f"{points(found['mean'])} points: {found['verdict']}"
    panel.text(mean, 0.35, said, color=colour, ha="center")
    panel.set(ylim=(-1, 1), xlim=(-0.6, 3), yticks=[], xticks=[0, 1, 2])
    panel.set_xlabel(title, fontsize=9, color=FAINT)
    panel.set_title(STEPS[-1], fontsize=11, color=INK)
    _bare(panel)


def how_it_works(path):
    """Boxes and arrows: two engines between images and a set, and the experiment after it."""
    figure = Figure(figsize=(9.6, 3))
    panel = figure.add_axes((0, 0, 1, 1))
    panel.set(xlim=(0, 96), ylim=(0, 30))
    panel.set_axis_off()
    for left, bottom, width, height, title, text in BOXES:
        shape = "round,pad=0.2,rounding_size=1"
        panel.add_patch(
            FancyBboxPatch((left, bottom), width, height, boxstyle=shape, fc=CARD, ec=RULE)
        )
        middle, options = left + width / 2, {"ha": "center", "va": "center"}
        panel.text(middle, bottom + height - 2.4, title, size=11, color=INK, **options)
        panel.text(middle, bottom + (height - 3.4) / 2, text, size=8.5, color=FAINT, **options)
    for start, end, command, place in ARROWS:
        arrow = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=11, color=FAINT)
        panel.add_patch(arrow)
        panel.text(*place, command, size=8.5, color=INK, ha="center", family="monospace")
    figure.savefig(path, dpi=DOTS_PER_INCH)


def _bare(panel):
    panel.spines[["top", "right", "left"]].set_visible(False)
    panel.tick_params(left=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scans", type=Path)
    parser.add_argument("--imported")
    parser.add_argument("--made", type=Path)
    options = parser.parse_args()
    forest(SAMPLES / "does-it-help.png", headline_rows())
    forest(SAMPLES / "other-scripts.png", headline_rows(SCRIPTS, SOME))
    how_it_works(SAMPLES / "how-it-works.png")
    if options.scans:
        from_scans(SAMPLES / "from-scans.png", options.scans, options.imported, options.made)


if __name__ == "__main__":
    main()
