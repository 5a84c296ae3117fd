"""A `Page` for a paper: its figures as SVG and PDF, its tables as CSV, Markdown and LaTeX."""

import csv
import re

import numpy as np

from ganprofile.console import markdown_table, markdown_text
from ganprofile.datasets.formats.checksums import not_as_written, write_checksums
from ganprofile.errors import UsageError
from ganprofile.figures import reports
from ganprofile.figures.histograms import trimmed
from ganprofile.reporting.latex import latex_table
from ganprofile.reporting.page import (
    Captioned,
    Chart,
    Epochs,
    Gallery,
    Intervals,
    Picture,
    Prose,
    Table,
    Verbatim,
)
from ganprofile.storage.files import (
    atomic_folder,
    expanded,
    printable,
    refuse_existing,
    refuse_files_of_the_user,
)

INDEX = "report.md"  # by which an export is known
FIGURES, TABLES = "figures", "tables"
LONGEST_FILE_NAME = 60
REMEDY = "Choose another `export`, or set `force`."


def check_export(folder, force):
    """Before any work: nothing of the user's is replaced, with `force` only an older export.

    Raises:
        UsageError: something is there that is not to be replaced.
    """
    folder = expanded(folder)
    refuse_existing(folder, force, REMEDY)
    if folder.exists() and not (folder / INDEX).is_file():
        raise UsageError(
            f"{folder} is no export of a report, so `force` does not replace it. Choose another "
            "`export`."
        )
    if folder.exists():  # of a paper every file may be corrected by hand
        refuse_files_of_the_user(folder, not_as_written(folder, corrected=""), name="export")


def refuse_within(output, folder):
    """Before any work: no page is written where the export will be put as a whole.

    Raises:
        UsageError: `output` would lie in `folder`.
    """
    if expanded(output).resolve().is_relative_to(expanded(folder).resolve()):
        raise UsageError(
            f"{printable(output)} would lie in the export {printable(folder)}, which is made as a "
            "whole. Choose another `output` or `export`, side by side."
        )


def export(page, folder, force=False):
    """Write a folder with `report.md`, `figures/`, `tables/` and checksums of all of these, by
    which another export tells what was put there since.

    Args:
        page: a `Page`.
        folder: the folder to make.
        force: replace an older export.

    Raises:
        UsageError: `folder` exists.
    """
    with atomic_folder(folder, force, REMEDY) as place:
        for name in (FIGURES, TABLES):
            (place / name).mkdir()
        lines = [f"# {markdown_text(page.title)}", "", markdown_text(page.subtitle), ""]
        lines += [
            f"- {f'**{v.badge}** ' if v.badge else ''}{markdown_text(v.text)}"
            for v in page.verdicts
        ]
        facts = [f"- {markdown_text(name)}: {markdown_text(text)}" for name, text in page.facts]
        lines += ["", *facts] if facts else []
        names = _Names()
        for block in page.all_blocks:
            if type(block) in WRITERS:
                lines += [
                    "",
                    f"## {markdown_text(block.title)}",
                    "",
                    *WRITERS[type(block)](block, place, names),
                ]
        lines += ["", markdown_text(page.method)] if page.method else []
        (place / INDEX).write_text("\n".join(lines) + "\n", "utf-8")
        write_checksums(place)


class _Names:
    """File names of titles, each once."""

    def __init__(self):
        self._given = set()

    def of(self, title):
        base = "-".join(_words(title)) or "part"
        names = [base, *(f"{base}-{k}" for k in range(2, len(self._given) + 3))]
        name = next(name for name in names if name not in self._given)
        self._given.add(name)
        return name


def _words(title):
    """The words of a title, as many as a file name has room for."""
    words = re.findall(r"[a-z0-9]+", re.sub("['\u2019]", "", title.lower()))
    for count in range(len(words), 1, -1):
        if len("-".join(words[:count])) <= LONGEST_FILE_NAME:
            return words[:count]
    return [word[:LONGEST_FILE_NAME] for word in words[:1]]


def _table(block, place, names):
    name = names.of(block.title)
    stem = place / TABLES / name
    with open(stem.with_name(f"{name}.csv"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(block.values)
    markdown = [*markdown_table(block.texts), *_note(block)]
    stem.with_name(f"{name}.md").write_text("\n".join(markdown) + "\n", "utf-8")
    latex = "\n".join(latex_table(block, name)) + "\n"
    stem.with_name(f"{name}.tex").write_text(latex, "utf-8")
    yield from markdown


def _note(block):
    """What stands below it."""
    if block.note:
        yield from ("", markdown_text(block.note))


def _prose(block, place, names):
    yield "\n\n".join(map(markdown_text, block.paragraphs))


def _figure(figure, title, place, names):
    """Write it, and say where it is."""
    name = names.of(title)
    reports.save_vectors(figure, place / FIGURES / name)
    yield f"![{markdown_text(title)}]({FIGURES}/{name}.svg)"


def _chart(block, place, names):
    marks = [x for x, _ in block.marks]
    spreads = {name: block.ends(name) for name in block.finite_lines}
    options = {"marks": marks, "spreads": spreads}
    figure = reports.line_figure(block.finite_lines, block.x, block.y, block.log_x, **options)
    yield from _figure(figure, block.title, place, names)


def _intervals(block, place, names):
    figure = reports.interval_figure(block.rows, block.x, block.are_differences)
    yield from _figure(figure, block.title, place, names)
    yield from _note(block)


def _verbatim(block, place, names):
    """As a file of its own, too."""
    (place / block.file).write_text(f"{block.text}\n", "utf-8")
    yield from ("```", block.text, "```")


def _epochs(block, place, names):
    """The last epoch."""
    if block.pictures:
        last = max(block.pictures)
        figure = reports.picture_figure(block.pictures[last].read_bytes())
        yield from _figure(figure, block.alt.format(epoch=last), place, names)
    for histogram in block.histograms:
        title = f"{histogram.title}, epoch {block.numbers[-1]}"
        figure = reports.bar_figure(*_last_epoch(histogram), histogram.title)
        yield ""
        yield from _figure(figure, title, place, names)


def _last_epoch(histogram):
    """The counts of the last epoch on the bins that are worth room for it, and their two ends."""
    counts = {name: values[-1:] for name, values in histogram.counts.items()}
    bins = next(iter(counts.values())).shape[1]
    edges, left = trimmed(np.linspace(histogram.low, histogram.high, bins + 1), counts)
    return {name: values[0] for name, values in left.items()}, edges[0], edges[-1]


def _picture(block, place, names):
    figure = reports.picture_figure(block.source.read_bytes())
    yield from _figure(figure, block.title, place, names)


def _gallery(block, place, names):
    figure = reports.gallery_figure(block.columns, block.rows)
    yield from _figure(figure, block.title, place, names)
    yield from _note(block)


def _captioned(block, place, names):
    rows = [(words, (picture,)) for picture, words in block.pictures]
    yield from _figure(reports.gallery_figure(("",), rows), block.title, place, names)
    yield from _note(block)


WRITERS = {
    Table: _table,
    Prose: _prose,
    Chart: _chart,
    Intervals: _intervals,
    Verbatim: _verbatim,
    Epochs: _epochs,
    Picture: _picture,
    Gallery: _gallery,
    Captioned: _captioned,
}
