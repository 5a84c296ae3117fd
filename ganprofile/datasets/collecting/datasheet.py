"""A datasheet to fill in, after Gebru et al. 2021 (Communications of the ACM 64, 86-92): what the
program knows is there, the rest is asked.
"""

from importlib import metadata

from ganprofile.console import counted, markdown_text
from ganprofile.datasets.collecting.layout import Layout


def datasheet(report, layout: Layout):
    """The text, Markdown.

    Args:
        report: what `scan_sheets` found.
        layout: of the sheets.
    """
    classes = markdown_text(" ".join(report["class_names"]))
    counts = report["class_counts"]
    known = markdown_text(", ".join(report["characteristics"])) or "nothing"
    writers = counted(report["writers"], "writer")
    return f"""# Datasheet: {markdown_text(report["name"])}

## Motivation
- For what purpose was it made, by whom, and who paid for it? ...

## Composition
- {report["images"]:,} images of single characters by {writers}: {classes}.
- Of each character {min(counts)} to {max(counts)} images, up to {layout.replicates} by a writer.
- Empty cells, left out: {report["empty_cells"]}. Pages that are missing: {len(report["missing"])}.
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
- Made by ganprofile {metadata.version("ganprofile")}; pages that were refused are in report.json.

## Uses, distribution, maintenance
- What may it be used for, and what not? Under which licence? Whom does one ask? ...
"""
