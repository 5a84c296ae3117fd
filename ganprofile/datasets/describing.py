"""What is known of a dataset, in words and pictures."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ganprofile.console import say
from ganprofile.datasets.file_options import own_options, refuse_known
from ganprofile.datasets.imports import imported_names, read_report
from ganprofile.datasets.inspection import inspect
from ganprofile.datasets.loaders import LoadedData, LoadOptions
from ganprofile.datasets.loading import loaded
from ganprofile.datasets.named_grids import save_grid
from ganprofile.datasets.naming import dataset_or_path
from ganprofile.datasets.outside import refuse_inside
from ganprofile.datasets.sources import DATASETS
from ganprofile.errors import GanprofileError, first_line
from ganprofile.figures import save_dataset_histograms
from ganprofile.storage.files import expanded, made_folder, refuse_existing
from ganprofile.storage.paths import StrPath


def dataset_info(
    name: StrPath,
    *,
    grid: bool = False,
    histogram: bool = False,
    output: StrPath = "pictures",
    seed: int = 0,
    force: bool = False,
    **request: Any,
) -> dict[str, Any]:
    """The card of a named dataset, the report of an imported one, or an inspection of a path.

    Args:
        name: anything that `load` knows.
        grid: write a picture `NAME.png` of some training images of every class.
        histogram: write a plot `NAME-histogram.png`: images per class, levels, ink, images per
            writer.
        output: the folder to write into.
        seed: which images the grid shows, a non-negative integer.
        force: replace pictures of those names.
        **request: further arguments of `load`, for the pictures and for paths; `keep_size` also of
            the named datasets that know it, whose card then says so.

    Returns:
        A dict of JSON values, such as `name`, `classes`, `images` (part -> count); `pictures`
        lists the files written, where any were asked for.

    Raises:
        UsageError: nothing of that name or at that path, or a picture exists and `force` is not
            set.
        GanprofileError: the data cannot be had or read.

    Example:
        >>> card = gp.dataset_info("digits", grid=True, output="pictures")
        >>> card["images"], card["image_shape"], card["pictures"]
        ({'train': 5000, 'test': 1000}, [28, 28, 1], ['pictures/digits.png'])
    """
    name = dataset_or_path(name)
    if name in DATASETS:
        refuse_known(name, LoadOptions.of(request))
    stem = (name if _has_card(name) else Path(name).stem).replace("/", "-")
    wanted = {"": grid, "-histogram": histogram}
    pictures = [expanded(output) / f"{stem}{end}.png" for end, wants in wanted.items() if wants]
    for picture in pictures:
        refuse_existing(picture, force)
    refuse_inside(output if pictures else None, name)
    reading = None
    if pictures or not _has_card(name):
        train_set, test_set, findings = loaded(name, **request)
        reading = LoadedData(train_set, test_set, findings)
    card = _card(name, reading, request)
    with made_folder(output) if pictures else contextlib.nullcontext():
        if reading and grid:
            save_grid(pictures[0], reading.train, seed=seed)
        if reading and histogram:
            save_dataset_histograms(pictures[-1], reading.train)
    return {**card, "pictures": [str(picture) for picture in pictures]} if pictures else card


def list_datasets() -> list[dict[str, Any]]:
    """The datasets that `load` knows by name.

    Returns:
        A list of dicts, as `dataset_info` gives them: the cards of the named ones, then the reports
        of the imported ones. One that fails is said and left out.

    Example:
        >>> [card["name"] for card in gp.list_datasets()][:2]
        ['digits', 'characters']
    """
    return [*_those_that_can_be_read(DATASETS, dataset_info), *imported()]


def imported() -> list[dict[str, Any]]:
    """The reports of all imported datasets; damaged ones are said and left out."""
    return _those_that_can_be_read(imported_names(), read_report)


def _those_that_can_be_read(
    names: Iterable[str], read: Callable[[str], dict[str, Any]]
) -> list[dict[str, Any]]:
    cards = []
    for name in names:
        try:
            cards.append(read(name))
        except Exception as error:  # an installed package may fail in any way
            why = error if isinstance(error, GanprofileError) else first_line(error)
            say(f"{name} is left out: {why}")
    return cards


def _has_card(name: str) -> bool:
    return name in DATASETS or name in imported_names()


def _card(name: str, reading: LoadedData | None, request: Mapping[str, Any]) -> dict[str, Any]:
    if name in DATASETS:
        said = {option: request[option] for option in own_options(name) if request.get(option)}
        return {**DATASETS[name].card(), **said, "on_machine": DATASETS[name].is_here()}
    if reading is None or name in imported_names():
        return read_report(name)
    return {"name": name, **inspect(reading, LoadOptions.of(request).invert)}
