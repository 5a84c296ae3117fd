"""`report`: a folder of results as one HTML file."""

import importlib
from pathlib import Path

from ganprofile.datasets.archives import refuse_archive
from ganprofile.errors import GanprofileError, UsageError, first_line
from ganprofile.reporting import paper
from ganprofile.reporting.page import Page
from ganprofile.reporting.render import render
from ganprofile.runs.model_places import is_run, model_named, nearest, places, refuse_folder_of_runs
from ganprofile.runtimes import refuse_exported
from ganprofile.storage.files import (
    atomic_path,
    expanded,
    made_folder,
    printable,
    refuse_existing,
    refuse_folder,
)
from ganprofile.storage.paths import StrPath
from ganprofile.storage.places import check_writable

NAME = "report.html"
# What comes of JSON that lacks something, or holds it in another form.
DAMAGE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
PAGES = (".html", ".htm")  # what a file is called that a page may replace beside a result
OF_SET = "of_set"
# What a folder is known by, in the order in which it is asked, and the module that makes its page,
# loaded when it is needed: a study's page must not wait for a framework.
KINDS = {
    "generator.keras": "of_run",  # first: a model may hold its evaluation
    "evaluation.json": "of_evaluation",
    "benchmark.json": "of_benchmark",
    "study.json": "of_study",
    "history.csv": "of_run",
    "dataset.json": OF_SET,
    "reader.json": "of_reader",
}


def report(
    path: StrPath,
    *,
    output: StrPath | None = None,
    export: StrPath | None = None,
    force: bool = False,
) -> Path:
    """Write a report: the verdict, numbers, and pictures, as one file without a network.

    Args:
        path: the folder of a run, an evaluation, a benchmark, a study, a labelled set or a reader,
            or a model's, or a model's name.
        output: the file to write; None makes `report.html` in that folder, and replaces an older
            one there; of a model's name, `NAME.html` here, and beside the folder of a set, whose
            files all have checksums.
        export: also a folder to make for a paper: figures as SVG and PDF, tables as CSV, Markdown
            and LaTeX, of a benchmark also a methods paragraph and `references.bib`; None makes
            none.
        force: replace `output`, and an older `export`.

    Returns:
        The path of the file, a `Path`.

    Raises:
        UsageError: the folder holds none of these, `output` or `export` exists or lies in a set,
            `output` is a file of a result, ends in no suffix of a page, or lies in `export`.
        GanprofileError: what it holds is damaged.

    Example:
        >>> gp.report("digits-cgan", output="model.html").name
        'model.html'
        >>> gp.report("digits-cgan", output="model.html", export="paper", force=True).name
        'model.html'
    """
    folder, module, output = _found(path, output)
    if module == OF_SET:
        _refuse_inside_set(folder, output=output, export=export)
    target = folder / NAME if output is None else expanded(output)
    if output is not None:
        refuse_folder(target)
        refuse_existing(output, force)
        _refuse_part_of_result(target)
        _refuse_no_page(target)
    if export is not None:
        paper.check_export(export, force)
        paper.refuse_within(target, export)
        check_writable(export, name="export")
    refuse_folder(target)
    check_writable(target)
    page = _page_of(folder, module)
    with made_folder(target.parent), atomic_path(target) as partial:
        partial.write_text(render(page), encoding="utf-8")
    if export is not None:
        paper.export(page, export, force)
    return target


def _found(path: StrPath, output: StrPath | None) -> tuple[Path, str, StrPath | None]:
    """The folder, the module that makes its page, and the file to write, None for one in it."""
    folder = expanded(path)
    module = _module_of(folder)
    name = model_named(path)
    if module is None and name is not None:  # whose folder may be the package's
        folder = next(place for place in places(path) if _module_of(place))
        module, output = _module_of(folder), f"{name}.html" if output is None else output
    if module is None and not folder.exists():
        raise UsageError(f"There is no folder or model {printable(path)}. {nearest(path)}")
    if module is None:
        refuse_exported(folder)
        refuse_archive(folder)
        refuse_folder_of_runs(path)
        if is_run(folder):  # one that was stopped before its first epoch ended
            from ganprofile.runs.run import Run

            Run.open(folder).require("history.csv")
        raise UsageError(
            f"{printable(folder)} is no folder of a run, an evaluation, a benchmark, a study, "
            f"a labelled set or a reader: it has none of {', '.join(KINDS)}. {nearest(path)}"
        )
    if module == OF_SET:  # whose files all have checksums
        return folder, module, _beside_set(folder) if output is None else output
    return folder, module, output


def _beside_set(folder: Path) -> Path:
    """The file to write of a set where none is named: beside its folder."""
    whole = folder.resolve()
    place = whole.parent if folder.name in ("", "..") else folder.parent
    return place / f"{whole.name}.html"


def _refuse_inside_set(folder: Path, **places: StrPath | None) -> None:
    """Refuse to write into the folder of a set.

    Args:
        folder: of the set.
        **places: name of an argument -> what it says is to be made, or None.

    Raises:
        UsageError: it would lie there.
    """
    for name, place in places.items():
        if place is not None and expanded(place).resolve().is_relative_to(folder.resolve()):
            raise UsageError(
                f"{printable(place)} would lie in the set, all of whose files have checksums. "
                f"Choose another `{name}`, beside its folder."
            )


def _refuse_no_page(target: Path) -> None:
    """Refuse a name by which nobody knows the file for a page.

    Raises:
        UsageError: with what to do.
    """
    if target.suffix.lower() not in PAGES:
        raise UsageError(
            f"A report is a page for a browser, so `output` should end in {' or '.join(PAGES)}. "
            f"Received: {printable(target)}."
        )


def _refuse_part_of_result(target: Path) -> None:
    """Refuse to write a page over a file of any result, which may have taken hours.

    Raises:
        UsageError: with what to do.
    """
    if not target.is_file() or target.suffix.lower() in PAGES:
        return
    of_result = next((place for place in target.resolve().parents if _module_of(place)), None)
    if of_result is not None:
        raise UsageError(
            f"{printable(target)} is a file of the result in {printable(of_result)}, so `force` "
            "does not replace it. Choose another `output`."
        )


def _page_of(folder: Path, module: str) -> Page:
    """The page that a module makes of a folder; what damaged files raise becomes a sentence.

    Files that a result is read from are checked where they are read; a page shows more of them.
    """
    made = importlib.import_module(f"ganprofile.reporting.{module}")
    try:
        return made.page(folder)
    except (GanprofileError, OSError):
        raise
    except DAMAGE as error:
        raise GanprofileError(
            f"{printable(folder)} cannot be shown ({first_line(error)}): a file in it is damaged, "
            "or was changed. Copy the folder again, or make it anew."
        ) from error


def _module_of(folder: Path) -> str | None:
    """The module that makes the page of a folder, or None."""
    return next((name for mark, name in KINDS.items() if (folder / mark).is_file()), None)
