"""`profile`: how people write: whose styles are alike, and which stands out."""

import csv
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ganprofile.console import ProgressBar, counted, markdown_table, markdown_text, percent
from ganprofile.datasets import Dataset, check_request, joined, load
from ganprofile.datasets.given import Arrays
from ganprofile.datasets.named_writers import names_of_writers, number_of_writer
from ganprofile.errors import UsageError, check_seed
from ganprofile.metrics.style import StyleSpace, told_apart
from ganprofile.storage.files import (
    atomic_folder,
    files_but,
    printable,
    refuse_others,
    write_json,
)
from ganprofile.storage.paths import StrPath
from ganprofile.storage.places import check_writable, from_anywhere
from ganprofile.studies import profile_pictures as pictures
from ganprofile.studies.maps import MAPS, in_the_plane
from ganprofile.transforms.deformation.moments import moments

RESULT = "profile.json"
NEAREST = 3
TOP = 10  # writers in the page's table


def _percent(share: float) -> str:
    return f"{percent(share, 1)}%"


# Of the table: a key of a row, what it is called, how it is written.
COLUMNS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "writer": ("writer", str),
    "images": ("images", "{:,}".format),
    "told": ("told from another", _percent),
    "recognised": ("told from all", _percent),
    "leaning": ("leaning right", "{:z.1f} degrees".format),
    "width": ("width", "{:z.2f} pixels".format),
    "height": ("height", "{:z.2f} pixels".format),
    "ink": ("ink", _percent),
    "nearest": ("most alike", str),
}


@dataclasses.dataclass(frozen=True)
class Profile:
    """How people write.

    Attributes:
        path: the folder.
        dataset: the name of what was looked at.
        images: how many of them.
        writers: a dict a writer with the keys `COLUMNS`, who is told best first. `told` is the
            probability that an image of theirs lies nearer to their style than to another's, 0.5
            where they write like everybody, and `recognised` that it lies nearest to theirs of all;
            both of images that the style was not learned from, None of a writer with one image.
            `leaning` is in degrees; `width` and `height` are standard deviations of the ink in
            pixels, and `ink` is its share of an image, each as if everybody wrote the same
            characters. `nearest` are the writers who write most alike. Where writers have names,
            `name` is that of each.
        writer: the number of whom it is about, or None.

    Example:
        >>> from pathlib import Path
        >>> rows = [{"writer": 4, "images": 3}, {"writer": 7, "images": 2}]
        >>> gp.Profile(Path("profile"), "mine", 5, rows, writer=7).writer
        7
    """

    path: Path
    dataset: str
    images: int
    writers: list[dict[str, Any]]
    writer: int | None = None

    def content(self) -> dict[str, Any]:
        """All but the folder, a dict of JSON values.

        Example:
            >>> from pathlib import Path
            >>> found = gp.Profile(Path("profile"), "mine", 3, [{"writer": 4, "images": 3}])
            >>> found.content()["writers"]
            [{'writer': 4, 'images': 3}]
        """
        return {k: v for k, v in dataclasses.asdict(self).items() if k != "path"}

    def row(self, writer: int) -> dict[str, Any]:
        """The row of one writer, a dict with the keys `COLUMNS`; `writer` is one of `writers`.

        Example:
            >>> from pathlib import Path
            >>> found = gp.Profile(Path("profile"), "mine", 3, [{"writer": 4, "images": 3}])
            >>> found.row(4)["images"]
            3
        """
        return next(row for row in self.writers if row["writer"] == writer)

    def called(self, writer: int) -> str:
        """What a writer is called: their name, or their number where they have none.

        Example:
            >>> from pathlib import Path
            >>> rows = [{"writer": 4, "images": 3, "name": "Ann"}]
            >>> gp.Profile(Path("profile"), "mine", 3, rows).called(4)
            'Ann'
        """
        return str(self.row(writer).get("name", writer))


def profile_writers(
    dataset: Dataset | StrPath | Arrays,
    writer: int | str | None = None,
    *,
    output: StrPath = "profile",
    layout: Literal["t-sne", "umap"] = "t-sne",
    seed: int = 0,
    force: bool = False,
    progress: bool = True,
    **loading: Any,
) -> Profile:
    """Say and show how the writers of a dataset differ, or how one of them writes.

    Args:
        dataset: a name or path for `load`, of which both parts are looked at, or a `Dataset`.
        writer: the number of one of its writers, or the name: show this one beside the others. None
            shows all.
        output: the folder to make, with `profile.md`, `writers.csv`, `profile.json` and pictures.
        layout: how the map is made, a name in `maps.MAPS`: `"t-sne"` or `"umap"`.
        seed: 0..2147483647; the same seed gives the same profile.
        force: replace a profile at `output`.
        progress: whether to say how it goes.
        **loading: further arguments of `load`.

    Returns:
        A `Profile`.

    Raises:
        UsageError: the data say nothing of writers, or not of this one, or `output` exists.
        GanprofileError: the data cannot be had or read.

    Example:
        >>> train_set, _ = gp.load("digits")
        >>> two = train_set.select(np.isin(train_set.writers, [10, 17]))
        >>> found = gp.profile_writers(two, output="two", progress=False)
        >>> found.images, sorted(row["writer"] for row in found.writers)
        (200, [10, 17])
        >>> (found.path / "profile.md").is_file()
        True
    """
    check_seed(seed)
    if layout not in MAPS:
        raise UsageError(f"No map {printable(str(layout))!r}. Known: {', '.join(MAPS)}.")
    output = from_anywhere(_place(output, force))
    check_writable(output)
    check_request(dataset, output=output, **loading)
    dataset = _written(dataset, loading)
    assert dataset.writers is not None  # `_written` has refused such data
    writers, names = np.unique(dataset.writers), names_of_writers(dataset)
    number = None if writer is None else number_of_writer(writer, dataset)
    with ProgressBar(3, progress) as bar:
        bar.show(0, f"looking at {len(dataset):,} images by {counted(len(writers), 'writer')}")
        labels = np.zeros(len(dataset), int) if dataset.labels is None else dataset.labels
        space = StyleSpace(dataset.class_names, seed)
        features = space.features(dataset.images)
        bar.show(1, "telling writers apart")
        told, recognised = told_apart(space, features, labels, dataset.writers, seed)
        styles = space.learn(features, labels, dataset.writers).values
        apart = np.linalg.norm(styles[:, None] - styles[None], axis=2)
        bar.show(2, "drawing")
        rows = _rows(dataset, labels, told, recognised, apart)
        rows = [{**row, **_named(names.get(row["writer"]))} for row in rows]
        with atomic_folder(_place(output, force), force) as folder:
            found = Profile(output, dataset.name, len(dataset), rows, number)
            places = in_the_plane(layout, styles, seed)
            captions = pictures.save_all(folder, dataset, found, writers, places, apart)
            _write(folder, found, captions)
    return found


def _place(output: StrPath, force: bool) -> Path:
    """Where a profile may be written, which is looked at before any work and behind it."""
    ours = files_but(RESULT, "writers.csv", "profile.md", *pictures.FILES)
    return refuse_others(output, force, RESULT, "a profile", foreign=ours)


def _written(dataset: Dataset | StrPath | Arrays, loading: dict[str, Any]) -> Dataset:
    """Images of which it is known who wrote them."""
    if isinstance(dataset, Dataset):
        whole = dataset
    else:
        parts = load(dataset, **loading)
        whole = joined(*(part for part in parts if part is not None))
    if whole.writers is None or (whole.writers < 0).all():
        raise UsageError(
            f"{printable(whole.name)} does not say who wrote what. Take one that does: digits, "
            "qmnist, chars74k, hwdplus, or your own with a column writer."
        )
    return whole.select(whole.writers >= 0)


def _named(name: str | None) -> dict[str, str]:
    return {} if name is None else {"name": name}


def _rows(
    dataset: Dataset,
    labels: np.ndarray,
    told: np.ndarray,
    recognised: np.ndarray,
    apart: np.ndarray,
) -> list[dict[str, Any]]:
    """A dict a writer, with what `Profile` says, who is told best first."""
    assert dataset.writers is not None  # `_written` has refused such data
    writers, index = np.unique(dataset.writers, return_inverse=True)
    counts = np.bincount(index)
    measured = {
        name: np.bincount(index, _without_class(values, labels)) / counts
        for name, values in _measures(dataset.images).items()
    }
    measured |= {"told": told, "recognised": recognised}
    order = np.argsort(apart + np.diag(np.full(len(writers), np.inf)), axis=1)[:, :NEAREST]
    rows = [
        {
            "writer": int(writer),
            "images": int(counts[k]),
            **{name: None if np.isnan(v[k]) else float(v[k]) for name, v in measured.items()},
            "nearest": [int(writers[j]) for j in order[k] if j != k],
        }
        for k, writer in enumerate(writers)
    ]
    return sorted(rows, key=lambda row: (-(row["told"] or 0), row["writer"]))


def _measures(images: NDArray[np.uint8]) -> dict[str, np.ndarray]:
    found = moments(images)
    return {
        "leaning": -np.degrees(np.arctan(found.slant)),
        "width": found.width,
        "height": found.height,
        "ink": images.mean(axis=(1, 2, 3)) / 255,
    }


def _without_class(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """What they would be if all classes were alike: a 1 is narrow, by any writer."""
    means = np.bincount(labels, values) / np.maximum(np.bincount(labels), 1)
    return values - means[labels] + values.mean()


def _write(folder: Path, found: Profile, captions: Mapping[str, str]) -> None:
    """The table, the numbers and the page."""
    with open(folder / "writers.csv", "w", newline="", encoding="utf-8") as file:
        named = ["name"] if any("name" in row for row in found.writers) else []
        table = csv.DictWriter(file, ["writer", *named, *[*COLUMNS][1:]], extrasaction="ignore")
        table.writeheader()
        for row in found.writers:
            table.writerow(row | {"nearest": " ".join(map(str, row["nearest"]))})
    write_json(folder / RESULT, found.content())
    (folder / "profile.md").write_text("\n".join(_page(found, captions)) + "\n", "utf-8")


def cells(found: Profile, row: Mapping[str, Any]) -> tuple[str, ...]:
    """A row of `Profile.writers` as text, a tuple that goes with `COLUMNS`."""
    nearest = ", ".join(printable(found.called(one)) for one in row["nearest"])
    called = printable(found.called(row["writer"]))
    said = {**row, "writer": called, "nearest": nearest or None}
    return tuple(
        "-" if said[name] is None else form(said[name]) for name, (_, form) in COLUMNS.items()
    )


def shown_rows(found: Profile) -> list[dict[str, Any]]:
    """The rows that a person is shown: one writer's, or those told best."""
    return found.writers[:TOP] if found.writer is None else [found.row(found.writer)]


def _page(found: Profile, captions: Mapping[str, str]) -> Iterator[str]:
    about = "writers" if found.writer is None else f"writer {printable(found.called(found.writer))}"
    yield f"# {markdown_text(f'{found.dataset}: {about}')}\n"
    yield f"{found.images:,} images by {counted(len(found.writers), 'writer')}.\n"
    yield from markdown_table(
        [
            [title for title, _ in COLUMNS.values()],
            *(cells(found, row) for row in shown_rows(found)),
        ]
    )
    yield (
        "\nTold from another: how often a single image, from which nothing was learned, lies "
        "nearer to its writer's style than to that of another writer; 50 % where they write like "
        "everybody. Told from all: how often it lies nearest to their own of all. Width and height "
        "are standard deviations of the ink. What a character itself is like is taken away before."
    )
    for name, caption in captions.items():
        said = markdown_text(caption)
        yield f"\n## {said}\n\n![{said}]({name})"
