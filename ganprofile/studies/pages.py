"""A study's table as CSV, and on pages with the pictures: Markdown, and one HTML file."""

import numpy as np

from ganprofile.console import markdown_table, markdown_text
from ganprofile.reporting import report
from ganprofile.storage.files import atomic_path, write_csv, write_json
from ganprofile.studies.design import EPOCHS, KINDS, Found

COLUMNS = (
    *("what", "published", "published_sd", "ours", "sd", "difference", "test_images", "repeats"),
    *("kind", "absent"),
)
CLOSE = 0.1  # of a published figure, how far ours may lie from it and count as close
HEADER = ("", "published", "ours", "difference", "test images")


def table_rows(steps, found):
    """The lines of the table.

    Args:
        steps: the study's steps.
        found: a step's name -> what it found in each repeat, a list of `Found`.

    Returns:
        A list of dicts with the keys `COLUMNS`; means over repeats, shares as numbers in 0..1.
    """
    return [_line(row, found[step.name]) for step in steps for row in step.rows]


def _line(row, repeats):
    values = [one.values[row.key] for one in repeats if one.values.get(row.key) is not None]
    ours = float(np.mean(values)) if values else None
    both = ours is not None and row.published is not None
    images = {one.test_images for one in repeats} - {None}
    return {
        "what": row.what,
        "published": row.published,
        "published_sd": row.published_sd,
        "ours": ours,
        "sd": float(np.std(values, ddof=1)) if len(values) > 1 else None,
        "difference": ours - row.published if both else None,
        "test_images": max(images, default=None),
        "repeats": len(values),
        "kind": row.kind,
        "absent": row.absent,
    }


def cells(line):
    """A line of the table as text, a tuple that goes with `HEADER`."""
    kind = KINDS[line["kind"]]
    published = "-" if line["published"] is None else kind.text(line["published"])
    if line["published_sd"] is not None:
        published += f" (sd {kind.text(line['published_sd'])})"
    ours = line["absent"] if line["ours"] is None else kind.text(line["ours"])
    if line["sd"] is not None:
        ours += f" (sd {kind.text(line['sd'])}, {line['repeats']} repeats)"
    difference = "" if line["difference"] is None else kind.apart(line["difference"])
    images = "" if line["test_images"] is None else f"{line['test_images']:,}"
    return line["what"], published, ours, difference, images


def write_tables(folder, study, listed, steps, found, rows, summary):
    """Write `table.csv`, `study.md`, `study.json` and `report.html` into a study's folder.

    Args:
        folder: the folder.
        study: the `Study`.
        listed: how it is listed, a `Listed`.
        steps: its steps.
        found: a step's name -> its findings.
        rows: what `table_rows` gave.
        summary: what `summary_of` gave.
    """
    write_csv(folder / "table.csv", [COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])
    said = [study.conclude(found, folder / "figures")]
    said += [found[step.name][0] for step in steps if found[step.name]]
    said.append(Found({}, tables={"How long it took": _times(steps, found)}))
    with atomic_path(folder / "study.md") as partial:
        page = _page(study, listed, said, rows, summary)
        partial.write_text("\n".join(page) + "\n", "utf-8")
    write_json(folder / "study.json", _content(study, listed, said, rows, summary))
    report(folder)


def _times(steps, found):
    """Seconds that the steps took, rows of text; a step stopped in between took longer. Beside
    them the epochs of trainings to which minutes are given, where there are any."""
    rows = [("step", "seconds", "epochs in its minutes")]
    for step in steps:
        taken = [one.seconds for one in found[step.name] if one.seconds is not None]
        if taken:
            epochs = [one.aside[EPOCHS] for one in found[step.name] if EPOCHS in one.aside]
            rows.append((step.what, f"{np.mean(taken):,.0f}", ", ".join(map(str, epochs))))
    width = 3 if any(epochs for *_, epochs in rows[1:]) else 2
    return [row[:width] for row in rows]


def summary_of(rows, plan, steps):
    """What a study found, in sentences, those first that say what its figures cannot be held
    against.

    Args:
        rows: what `table_rows` gave.
        plan: the `StudyPlan`.
        steps: the study's steps.

    Returns:
        A list of sentences.
    """
    published = [row for row in rows if row["published"] is not None]
    both = [row for row in published if row["difference"] is not None]
    close = sum(abs(row["difference"]) <= CLOSE * abs(row["published"]) for row in both)
    of = "" if len(both) == len(published) else f" of {len(published)}"
    count = f"{len(both)}{of} compared, {close} within {100 * CLOSE:g} %"
    said = [*_otherwise(plan, steps), f"Published figures: {count}."]
    for name, kind in KINDS.items():
        apart = sorted(row["difference"] for row in both if row["kind"] == name)
        if apart:
            ends = " to ".join(dict.fromkeys(map(kind.apart, (apart[0], apart[-1]))))
            said.append(f"{kind.title}: ours differ by {ends}.")
    return said


def _otherwise(plan, steps):
    """What is not as in the document, in sentences."""
    if plan.dataset is not None:
        yield f"Run on {plan.dataset} alone: published figures may be of other images."
    elif plan.quick:
        data = " and ".join(dict.fromkeys(name for step in steps for name in step.datasets))
        yield f"A quick run, on {data} of this package: published figures are of other images."


def _content(study, listed, said, rows, summary):
    """The same as on the page, for a program that makes another one of it."""
    numbers = (None, "published", "ours", "difference", "test_images")
    table = [
        [
            text if name is None or row[name] is None else [text, row[name]]
            for text, name in zip(cells(row), numbers, strict=True)
        ]
        for row in rows
    ]
    return {
        "title": listed.title,
        "document": listed.document,
        "summary": summary,
        "notes": study.notes,
        "table": [HEADER, *table],
        "tables": {name: table for one in said for name, table in one.tables.items()},
        "figures": {name: caption for one in said for name, caption in one.figures.items()},
    }


def _page(study, listed, said, rows, summary):
    title, document = map(markdown_text, (listed.title, listed.document))
    yield f"# {title}\n\nAfter {document}.\n"
    yield f"{markdown_text(' '.join(summary))}\n"
    yield from markdown_table([HEADER, *map(cells, rows)])
    for note in study.notes:
        yield f"\n{markdown_text(note)}"
    for one in said:
        for caption, table in one.tables.items():
            yield f"\n## {markdown_text(caption)}\n"
            yield from markdown_table(table)
        for name, caption in one.figures.items():
            text = markdown_text(caption)
            yield f"\n## {text}\n\n![{text}](figures/{name})"
