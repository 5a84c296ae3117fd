"""The page of a published study that was run again: the published figures beside ours."""

from pathlib import Path

from ganprofile.errors import GanprofileError
from ganprofile.reporting.page import Page, Picture, Prose, Table, Verdict, with_number
from ganprofile.storage.files import read_json

KEYS = {"title", "document", "summary", "notes", "table", "tables", "figures"}


def page(folder):
    """The `Page` of a study's folder, whose `study.json` the study itself wrote.

    Raises:
        GanprofileError: it is damaged.
    """
    folder = Path(folder)
    found = read_json(folder / "study.json")
    if not set(found) >= KEYS:
        raise GanprofileError(f"{folder / 'study.json'} is of no study. Run the study again.")
    header, *rows = found["table"]
    return Page(
        title=found["title"],
        subtitle=f"A published study, run again: {found['document']}",
        verdicts=tuple(map(Verdict, found["summary"])),
        blocks=(
            Table("Published and ours", tuple(header), tuple(tuple(map(_cell, r)) for r in rows)),
            Prose("Notes", tuple(found["notes"])),
            *_figures(folder, found["figures"]),
            *_tables(found["tables"]),
        ),
    )


def _cell(cell):
    return tuple(cell) if isinstance(cell, list) else cell


def _figures(folder, figures):
    """Pictures that are there, file name -> caption."""
    for name, caption in figures.items():
        path = folder / "figures" / Path(name).name
        if path.is_file():
            yield Picture(caption, path, caption)


def _tables(tables):
    """Tables of texts, of which the first of a row is a name, even one such as `-1`."""
    for caption, (header, *rows) in tables.items():
        cells = tuple((name, *map(with_number, values)) for name, *values in rows)
        yield Table(caption, tuple(header), cells)
