"""From filled sheets to datasets: in three sizes, with writers and what is known of them."""

import collections
import contextlib
import dataclasses
from pathlib import Path

import numpy as np

from ganprofile.console import ProgressBar, counted
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.collecting.datasheet import datasheet, is_filled_in
from ganprofile.datasets.collecting.layout import Layout
from ganprofile.datasets.collecting.pages import pages_in
from ganprofile.datasets.collecting.people import REPLICATE, known_of, read_characteristics
from ganprofile.datasets.collecting.scan import SIDE, WHITE_ABOVE, read_sheet
from ganprofile.datasets.formats.attributes import REAL, write_attributes
from ganprofile.datasets.formats.checksums import beside_sets
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.datasets.loaders.depth import common_depth
from ganprofile.datasets.loaders.pictures import is_picture
from ganprofile.datasets.origins import ORIGIN, SHEETS
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import class_grid, save_png
from ganprofile.storage.files import atomic_folder, printable, refuse_others, write_json
from ganprofile.storage.names import require_there

SIZES = (SIDE, 100, 28)  # those of HWD+
REPORT, DATASHEET, CONTACTS = "report.json", "datasheet.md", "contact_sheets"
OURS = REPORT, DATASHEET, f"{CONTACTS}/writer-[0-9]*-page-[0-9]*.png"
LEAST_INK = 0.0005  # of a cell: below, it was left empty


@dataclasses.dataclass
class Collected:
    """What is known after some pages.

    Attributes:
        layout: of all pages, from the first one on.
        pages: `(writer, page)` -> where it was found.
        refused: where -> why it is no page of the collection.
        blank: those of `pages` whose picture shows no ink: another that does is read in its place.
        cells: that were to be filled.
        empty: those of them without ink.
        gave: the writers with images.
        columns: attributes of all images so far.
    """

    layout: Layout | None = None
    pages: dict = dataclasses.field(default_factory=dict)
    blank: set = dataclasses.field(default_factory=set)
    refused: dict = dataclasses.field(default_factory=dict)
    cells: int = 0
    empty: int = 0
    gave: set = dataclasses.field(default_factory=set)
    columns: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(list))


def scan_sheets(
    files,
    output,
    *,
    sheets=(),
    writers=None,
    name=None,
    bits=None,
    force=False,
    progress=True,
):
    """Make datasets of scanned or photographed sheets.

    Args:
        files: PDFs and pictures, in any order; a page may lie any way.
        output: the folder to make: a dataset for each size (`500/`, `100/`, `28/`), `load` reads
            them; contact sheets to check by eye, a datasheet and a report.
        sheets: descriptions that were printed with the sheets (`.json`); without, the digits.
        writers: a CSV with the column `writer` and any others, of which every writer has a row.
        name: of the datasets; None takes that of the folder.
        bits: how many bits the levels of pictures of more than 8 have, see `load`.
        force: replace an older collection.
        progress: whether to show a bar.

    Returns:
        The report, a dict, as kept in `report.json`.

    Raises:
        UsageError: no files, or the folder exists.
        GanprofileError: no file has a page of a sheet, nothing is written on any, or the CSV does
            not say who wrote them.
    """
    if not files:
        raise UsageError("Say which files to read, such as scans/*.pdf.")
    for file in files:  # before a folder is made
        require_there("scan", file)
    layouts = [Layout.load(path) for path in sheets] or [Layout()]
    known = {} if writers is None else read_characteristics(writers)
    output = refuse_others(output, force, REPORT, "a collection of sheets", foreign=_of_the_user)
    files = list(map(Path, files))
    bits = common_depth([file for file in files if is_picture(file)], bits).bits
    with atomic_folder(output, force) as folder, contextlib.ExitStack() as stack:
        (folder / CONTACTS).mkdir()
        collected = Collected()
        sets = {}
        for where, picture in _pages(files, bits, collected, progress):
            sheet = _sheet(where, picture, layouts, collected)
            if sheet is None:
                continue
            if not sets:
                collected.layout = sheet.layout
                sets |= {side: stack.enter_context(_set(folder, side, sheet)) for side in SIZES}
            _add(where, sheet, sets, known, collected, folder)
        if not sets:
            raise GanprofileError(_nothing(collected))
        if not collected.gave:
            raise GanprofileError(_all_empty(collected))
        return _finish(folder, sets, collected, name or output.name)


def _of_the_user(folder):
    """Files in an older collection that a person put there, or filled in."""
    found = beside_sets([str(side) for side in SIZES], *OURS)(folder)
    sheet = folder / DATASHEET
    is_theirs = sheet.is_file() and is_filled_in(sheet.read_text("utf-8", errors="replace"))
    return [*found, DATASHEET] if is_theirs else found


def _pages(files, bits, collected, progress):
    """Every page of all files and where it is, a name; what cannot be read is refused."""
    with ProgressBar(len(files), progress) as bar:
        for count, file in enumerate(map(Path, files)):
            try:
                for number, picture in enumerate(pages_in(file, bits), 1):
                    # A file may hold hundreds of pages.
                    bar.show(count, f"{printable(file.name)}, page {number}")
                    yield f"{printable(file)}, page {number}", picture
            except GanprofileError as error:
                collected.refused[printable(file)] = str(error)
            bar.show(count + 1)


def _sheet(where, picture, layouts, collected):
    """The `Sheet` that a picture shows, or None where it is refused."""
    try:
        sheet = read_sheet(picture, layouts)
    except GanprofileError as error:
        collected.refused[where] = str(error)
        return None
    if collected.layout not in (None, sheet.layout):
        collected.refused[where] = "it is of another kind than the sheets before"
        return None
    return sheet


def _is_first(where, page, is_blank, collected):
    """Whether a picture of a page is read: the first that shows ink, before it one that does not.

    What is printed to be filled often lies beside the scans of it.
    """
    before = collected.pages.get(page)
    if before is not None and (is_blank or page not in collected.blank):
        what = "its page, which is empty here, was" if is_blank else "its page was"
        collected.refused[where] = f"{what} read before, from {before}"
        return False
    if before is not None:
        collected.refused[before] = f"its page is empty here, and filled in {where}"
    collected.pages[page] = where
    collected.blank -= {page}
    collected.blank |= {page} if is_blank else set()
    return True


def _set(folder, side, sheet):
    (folder / str(side)).mkdir()
    return SetWriter(folder / str(side), "npz", sheet.layout.classes, (side, side, 1))


def _add(where, sheet, sets, known, collected, folder):
    """Append a page's cells to the sets, and show them on a contact sheet."""
    layout = sheet.layout
    chosen = []
    for row, column in np.ndindex(layout.rows, layout.columns):
        label = layout.class_of(sheet.page, row)
        replicate = row % layout.rows_per_class * layout.columns + column
        if label is not None:
            chosen.append((sheet.cells[row, column], label, replicate))
    written = [one for one in chosen if (one[0] < 255).mean() >= LEAST_INK]
    page = sheet.writer, sheet.page
    before = len(chosen) if page in collected.blank else 0  # counted, and read anew
    if not _is_first(where, page, not written, collected):
        return
    collected.cells += len(chosen) - before
    collected.empty += len(chosen) - len(written) - before
    _show(sheet, folder)
    if not written:
        return
    collected.gave.add(sheet.writer)
    cells, labels, replicates = (np.array(column) for column in zip(*written, strict=True))
    people = np.full(len(cells), sheet.writer)
    for side, some in sets.items():
        images = np.stack([255 - _resized(cell, side) for cell in cells])[..., None]
        some.add(images, labels, people, source=REAL, labelled_by="sheet")
    collected.columns[REPLICATE] += replicates.tolist()
    for column, value in known_of(sheet.writer, known).items():
        collected.columns[column] += [value] * len(cells)


def _resized(cell, side):
    return cv2().resize(cell, (side, side), interpolation=cv2().INTER_AREA)


def _show(sheet, folder):
    """All cells of a page as a person checks them, empty ones too."""
    cells = np.stack([255 - _resized(cell, 56) for cell in sheet.cells.reshape(-1, SIDE, SIDE)])
    picture = class_grid(cells[..., None], len(sheet.cells))
    save_png(folder / CONTACTS / f"writer-{sheet.writer}-page-{sheet.page + 1}.png", picture)


def _nothing(collected):
    reasons = "; ".join(f"{where}: {why}" for where, why in list(collected.refused.items())[:3])
    return f"No page of a sheet was found. {reasons or 'The files have no pages.'}"


def _all_empty(collected):
    pages = counted(len(collected.pages), "page")
    return (
        f"All {collected.cells:,} cells of {pages} are empty. What is lighter than {WHITE_ABOVE} "
        "of 255, as faint pencil, is taken for paper: fill sheets with a dark pen, or scan darker."
    )


def _finish(folder, sets, collected, name):
    people = sorted({writer for writer, _ in collected.pages})
    for side, some in sets.items():
        write_attributes(folder / str(side), dict(collected.columns))
        counts = some.finish(name, split="train", **some.counted(), provenance={ORIGIN: [SHEETS]})
    report = {
        "name": name,
        "images": counts["images"],
        "class_names": counts["class_names"],
        "class_counts": counts["class_counts"],
        "writers": len(collected.gave),
        "writers_without_images": sorted(set(people) - collected.gave),
        "pages": len(collected.pages),
        "missing": _missing(collected, people),
        "cells": collected.cells,
        "empty_cells": collected.empty,
        "refused": collected.refused,
        "characteristics": [c for c in collected.columns if c != REPLICATE],
    }
    write_json(folder / REPORT, report)
    (folder / DATASHEET).write_text(datasheet(report, collected.layout), encoding="utf-8")
    return report


def _missing(collected, people):
    """Pages that a writer should have filled, in words."""
    return [
        f"writer {writer}, page {page + 1}"
        for writer in people
        for page in range(collected.layout.pages)
        if (writer, page) not in collected.pages
    ]
