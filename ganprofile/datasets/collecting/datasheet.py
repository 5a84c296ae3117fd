"""A datasheet to fill in, after Gebru et al. 2021 (Communications of the ACM 64, 86-92): what the
program knows is there, the rest is asked.
"""

from importlib import metadata

from ganprofile.console import counted, markdown_text
from ganprofile.datasets.collecting.layout import Layout
from ganprofile.storage.names import side_by_side

TEMPLATE = """# Datasheet: {name}

## Motivation
- For what purpose was it made, by whom, and who paid for it? ...

## Composition
- {images:,} images of single characters by {writers}: {classes}.
- Of each character {fewest} to {most} images, up to {layout.replicates} by a writer.
- Empty cells, left out: {empty}. Pages that are missing: {missing}.
- Each image has its class, its writer's number, and which of this writer's images of it it is.
- Known of the writers: {known}.
- Handwriting is personal data. Who knows whose number is whose, and where is that kept? ...

## Collection
- Sheets of {layout.rows} rows and {layout.columns} columns of one-inch cells,
  {layout.rows_per_class} rows a character.
- Which pen, which paper, which scanner, when, in which order? ...
- Who were the writers, how were they found, and what were they told? ...
- What did they agree to, and how do they withdraw it? ...

## Preprocessing
- Pages were made upright by their markers, at 600 dpi; of each cell, 50 pixels on each side were
  cut off with the printed grid.
- Levels above 200 of 255 are white, relative to the paper around. Images of 100 and 28 pixels are
  means over areas. Nothing is centred, scaled or turned.
- Made by ganprofile {version}; pages that were refused are in report.json.

## Uses, distribution, maintenance
- What may it be used for, and what not? Under which licence? Whom does one ask? ...
"""
UNANSWERED = "..."  # at the end of a line that asks


def datasheet(report, layout: Layout):
    """The text, Markdown.

    Args:
        report: what `scan_sheets` found.
        layout: of the sheets.
    """
    counts = report["class_counts"]
    return TEMPLATE.format(
        name=markdown_text(report["name"]),
        images=report["images"],
        writers=counted(report["writers"], "writer"),
        classes=markdown_text(side_by_side(report["class_names"])),
        fewest=min(counts),
        most=max(counts),
        layout=layout,
        empty=report["empty_cells"],
        missing=len(report["missing"]),
        known=markdown_text(", ".join(report["characteristics"])) or "nothing",
        version=metadata.version("ganprofile"),
    )


def is_filled_in(text):
    """Whether a person has answered what a datasheet asks, or has taken a question out."""
    asked = {line for line in TEMPLATE.splitlines() if line.endswith(UNANSWERED)}
    return not asked <= set(text.splitlines())
