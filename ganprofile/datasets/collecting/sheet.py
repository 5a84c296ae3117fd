"""Sheets to print: a PDF with the pages of every writer."""

import itertools
import textwrap

import numpy as np

from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.collecting.layout import MARKER, MOST_WRITERS
from ganprofile.errors import UsageError
from ganprofile.figures.canvas import save_pages
from ganprofile.figures.lettering import can_not_be_drawn, described, drawn_name, wide
from ganprofile.storage.files import expanded, made_folder, printable, refuse_existing
from ganprofile.storage.places import check_writable

PAPERS = {"a4": (8.27, 11.69), "letter": (8.5, 11.0)}  # inches
GREY = "0.6"
LABEL_BESIDE = 0.25  # the middle of a row's label lies so far left of the grid
LABEL_END = 0.06  # from the grid; a longer one ends there, and is set smaller
LABEL, SMALLEST, LETTER = 12, 5, 0.7 / 72  # points, and how wide a letter is in inches a point
BELOW = 0.06  # inches between the grid and what explains numbers
LINE = 130  # letters of that, at most
NO_BREAK = "\N{NO-BREAK SPACE}"
SUFFIX = ".pdf"
MODULES = 7  # of a marker's side, its border included


def dictionary():
    """The markers that all sheets are printed with."""
    return cv2().aruco.getPredefinedDictionary(cv2().aruco.DICT_5X5_1000)


def write_sheets(path, layout, writers=1, first_writer=1, paper="a4", force=False):
    """A PDF to print at full size, and `NAME.json` beside it, by which `scan` knows it again.

    Args:
        path: the PDF.
        layout: a `Layout`.
        writers: how many people get their pages.
        first_writer: the number of the first of them, the others follow.
        paper: a name in `PAPERS`.
        force: replace the files.

    Returns:
        The paths of the PDF and of the description.

    Raises:
        UsageError: the path does not end in `.pdf`, no such paper or writer, or a file exists.
    """
    path = expanded(path)
    if path.suffix.lower() != SUFFIX:
        raise UsageError(
            "Sheets are a .pdf, and their description is the .json beside it. Received: "
            f"{printable(path)}. Name it {printable(path.stem)}{SUFFIX}."
        )
    if paper not in PAPERS:
        raise UsageError(f"`paper` should be {' or '.join(PAPERS)}. Received: {paper!r}.")
    if writers < 1 or first_writer < 1 or first_writer + writers - 1 > MOST_WRITERS:
        raise UsageError(
            f"Writers have numbers in 1..{MOST_WRITERS}. Received: {writers} from {first_writer}."
        )
    description = path.with_suffix(".json")
    for file in (path, description):
        refuse_existing(file, force)
    check_writable(path)
    people = range(first_writer, first_writer + writers)
    each = itertools.product(people, range(layout.pages))
    with made_folder(path.parent):
        save_pages((_page(layout, page, writer, PAPERS[paper]) for writer, page in each), path)
        layout.save(description)
    return path, description


def _page(layout, page, writer, size):
    from matplotlib.figure import Figure

    figure = Figure(figsize=size)
    axes = figure.add_axes((0, 0, 1, 1))
    left, top = (size[0] - layout.columns) / 2, (size[1] - layout.rows) / 2
    axes.set(xlim=(-left, size[0] - left), ylim=(size[1] - top, -top))
    axes.set_axis_off()
    axes.hlines(range(layout.rows + 1), 0, layout.columns, GREY, linewidth=0.6)
    axes.vlines(range(layout.columns + 1), 0, layout.rows, GREY, linewidth=0.6)
    _print_names(axes, layout, page)
    for number, place in layout.printed(page, writer):
        _print_marker(axes, number, place)
    said = f"writer {writer} · page {page + 1} of {layout.pages} · sheet {layout.code}"
    axes.text(layout.columns / 2, -0.12, said, fontsize=8, ha="center", va="bottom")
    return figure


def _print_names(axes, layout, page):
    """Beside each row what is to be written; where no font draws it a number, explained below."""
    said = {"va": "center", "ha": "center", "parse_math": False}
    margin = -axes.get_xlim()[0]
    replaced = {}
    for row in range(layout.rows):
        number = layout.class_of(page, row)
        if number is None:
            continue
        name = layout.classes[number]
        if can_not_be_drawn(name):
            replaced[f"#{number}"] = described(name)
        drawn = drawn_name(name, len(name), f"#{number}")
        _print_label(axes, drawn, _beside_markers(layout, row), margin, said)
    if replaced:
        words = (f"{number} {name}".replace(" ", NO_BREAK) for number, name in replaced.items())
        lines = "\n".join(textwrap.wrap("   ".join(words), LINE)).replace(NO_BREAK, " ")
        below = {**said, "va": "top"}
        axes.text(layout.columns / 2, layout.rows + BELOW, lines, fontsize=6, **below)


def _print_label(axes, drawn, height, margin, said):
    """A row's label, in the middle of what is left of the grid; one that is too long there ends at
    the grid, as small as it takes to stay on the page."""
    room = 2 * (LABEL_BESIDE - LABEL_END)
    if wide(drawn) * LETTER * LABEL <= room:
        axes.text(-LABEL_BESIDE, height, drawn, fontsize=LABEL, **said)
        return
    room = margin - 2 * LABEL_END
    size = min(LABEL, max(SMALLEST, room / (wide(drawn) * LETTER)))
    drawn = drawn_name(drawn, int(room / (SMALLEST * LETTER)))
    axes.text(-LABEL_END, height, drawn, fontsize=size, **{**said, "ha": "right"})


def _beside_markers(layout, row):
    """How far down a row's label stands: in its middle, or above markers that lie there."""
    middle = row + 0.5
    tops = [top for _, top in layout.code_places()["sheet"]]
    return min(tops) - MARKER / 2 if min(tops) < middle < max(tops) + MARKER else middle


def _print_marker(axes, number, place):
    left, top = place
    modules = cv2().aruco.generateImageMarker(dictionary(), number, MODULES)
    axes.imshow(
        np.asarray(modules),
        cmap="gray",
        vmin=0,
        vmax=255,
        extent=(left, left + MARKER, top + MARKER, top),
        interpolation="nearest",
        aspect="auto",
    )
