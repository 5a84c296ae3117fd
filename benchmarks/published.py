"""A reader from a few images beside published figures, and beside what a user would pick instead.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/published.py [CELL ...] [--readers A,B]
                                                              [--draws N] [--table]

A cell is a dataset, how many images of each class are learned from, and what was published of it.
Each draw is a random subset of the training part, or where the protocol says so its first images,
or one of the 20 runs of Omniglot: 20 characters of an alphabet, one image of each to learn from and
one to read. All readers of a draw learn from the same images, and read the whole test part once.
Rows join `results/published.json`. A cell whose files are not here is named and passed over; those
of EMNIST's letters and digits are found in `GANPROFILE_DATA_DIR`, or as prepared by TensorFlow
Datasets.

- `teachers`: `gp.train_reader`, as it is; `teachers, once`: without further views of an image.
- `student`: the one network that these teach (`classify --train --small`).
- `pretrained+classic`: one network that begins with what the package carries, under classical
  transforms.
- `hog+svm`: a support vector machine of histograms of gradients (Dalal and Triggs 2005).
- `resnet-18`: torchvision's, from random weights, under TrivialAugment; where torchvision is there.
"""

import argparse
import dataclasses
import functools
import importlib.util
import os
import statistics
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
import vision
from does_it_help import TITLES, parts_of
from kept import KeptRows

import ganprofile as gp
from ganprofile.classifiers import CLASSIFIERS
from ganprofile.errors import NotHere
from ganprofile.recipes.pretrained import pretrained_for

RESULTS = Path(__file__).parent / "results" / "published.json"
ONCE = "teachers, once"  # as they read an image without further views of it
BINS, CELL = 9, 7  # directions of a gradient, and pixels of a cell


@dataclasses.dataclass(frozen=True)
class Cell:
    """What was published.

    Attributes:
        data: the dataset.
        per_class: images of each class.
        draws: how many subsets.
        published: accuracy in percent, and of whom.
        is_first: whether the first images of each class are learned from.
    """

    data: str
    per_class: int
    draws: int
    published: str
    is_first: bool = False

    @property
    def title(self):
        """In a table."""
        return f"{TITLES[self.data]}, {'first ' * self.is_first}{self.per_class} per class"

    def parts(self, draw):
        """The images that a draw learns from, and those that it reads, two `Dataset`s."""
        pool, test = parts_of(self.data)
        if not self.is_first:
            return pool.subset(self.per_class, seed=draw), test
        rows = (np.flatnonzero(pool.labels == label) for label in range(pool.num_classes))
        first = np.concatenate([some[: self.per_class] for some in rows])
        return pool.select(np.sort(first)), test


@dataclasses.dataclass(frozen=True)
class OneShotRuns:
    """The published runs of Omniglot (Lake et al. 2015), of alphabets that the priors never met.

    Attributes:
        published: as of `Cell`.
        draws: how many runs.
    """

    published: str
    draws: int = 20
    title: str = "Omniglot, one of each of 20 characters, the published runs"

    def parts(self, draw):
        """As of `Cell`, each image cropped to its ink."""
        run = f"run{draw + 1:02d}"
        with tempfile.TemporaryDirectory() as room, zipfile.ZipFile(_runs()) as archive:
            for line in archive.read(f"{run}/class_labels.txt").decode().splitlines():
                for path in (pair := line.split()):  # what is read, and its class
                    place = Path(room, path.split("/")[1], Path(pair[1]).stem, Path(path).name)
                    place.parent.mkdir(parents=True)
                    place.write_bytes(archive.read(path))
            parts = (Path(room, part) for part in ("training", "test"))
            return [gp.load(part, photographs="scans", image_size=28)[0] for part in parts]


def _runs():
    return Path(os.environ["GANPROFILE_TEST_DATA"]) / "scripts" / "omniglot" / "all_runs.zip"


# The better one of two distances between deformed images, as read off their figure 2 in pixels of
# a sixth of a point.
DEFORMED = {1: 79.4, 2: 84.1, 5: 90.3, 10: 92.4, 20: 94.8}
CELLS = {
    "mnist:16": Cell("mnist", 16, 5, "96.74: the best of 48 frozen foundation models, logistic"),
    **{
        f"mnist:first-{n}": Cell(
            "mnist", n, 1, f"{read}: nearest deformed image (Yu et al. 2022)", True
        )
        for n, read in DEFORMED.items()
    },
    "mnist:100": Cell("mnist", 100, 3, "97.7: recursive cortical network (George et al. 2017)"),
    "mnist:200": Cell("mnist", 200, 3, "98.68 +- 0.30: TextCaps (Jayasundara et al. 2019)"),
    "emnist:15": Cell("emnist", 15, 10, "76.0: DAGAN (Antoniou et al. 2017; other classes)"),
    "emnist:200": Cell("emnist", 200, 3, "87.82 +- 0.25: TextCaps, on the balanced split"),
    "emnist/letters:200": Cell("emnist/letters", 200, 3, "92.79 +- 0.30: TextCaps"),
    "emnist/digits:200": Cell("emnist/digits", 200, 3, "98.96 +- 0.22: TextCaps"),
    "chars74k:15": Cell("chars74k", 15, 10, "73.37: the best found, whose split is not known"),
    "chars74k:40": Cell("chars74k", 40, 3, "73.37: the best found, whose split is not known"),
    "chars74k-sizes:15": Cell("chars74k-sizes", 15, 10, "73.37: the best found, sizes not kept"),
    "chars74k-sizes:40": Cell("chars74k-sizes", 40, 3, "73.37: the best found, sizes not kept"),
    "omniglot:runs": OneShotRuns(
        "people 95.5, Bayesian program learning 96.7, siamese networks 92.0 (Lake et al. 2015), "
        "nearest deformed image 93.25 (Yu et al. 2022)"
    ),
}


def teachers(few, seed, model="teachers"):
    """What `gp.train_reader` makes; of teachers also as they read each image once."""
    with tempfile.TemporaryDirectory() as room:
        place = Path(room) / "reader"
        reader = gp.train_reader(few, model, seed=seed, output=place, progress=False)
        made = reader.classifier
    if model != "teachers":
        return {model: made.predict}
    return {"teachers": made.predict, ONCE: dataclasses.replace(made, has_views=False).predict}


def pretrained(few, seed):
    """One network, which begins with pretrained weights where it may."""
    weights, _ = pretrained_for(few)
    body = weights and weights.body("convnet")
    reader = CLASSIFIERS["convnet"](few.num_classes, seed=seed)
    made = reader.fit(few.images, few.labels, transforms="classic", pretrained=body)
    return {"pretrained+classic": made.predict}


def hog(few, seed):
    """A support vector machine of histograms of gradients."""
    from sklearn.svm import SVC

    fitted = SVC(C=10, gamma="scale", random_state=seed)
    fitted.fit(gradient_histograms(few.images), few.labels)
    return {"hog+svm": lambda images: fitted.predict(gradient_histograms(images))}


def resnet(few, seed):
    """A residual network, as one would take from torchvision."""
    return {"resnet-18": vision.resnet18(few, seed)}


def gradient_histograms(images):
    """Nine directions in cells of 7 pixels, normalised over blocks of 2 by 2 cells.

    Each gradient counts in its two nearest directions. float32 `(n, features)`.
    """
    down, right = np.gradient(images[..., 0].astype(np.float32), axis=(1, 2))
    strength, angle = np.hypot(down, right), np.arctan2(down, right) / np.pi % 1 * BINS
    share = angle % 1
    cells = tuple(side // CELL for side in images.shape[1:3])
    histograms = np.zeros((len(images), *cells, BINS), np.float32)
    for number in range(BINS):
        below, above = np.floor(angle) % BINS == number, np.floor(angle + 1) % BINS == number
        counted = strength * (below * (1 - share) + above * share)
        counted = counted[:, : cells[0] * CELL, : cells[1] * CELL]
        by_cell = counted.reshape(len(images), cells[0], CELL, cells[1], CELL)
        histograms[..., number] = by_cell.sum(axis=(2, 4))
    corners = (histograms[:, i : i - 1 or None, j : j - 1 or None] for i in (0, 1) for j in (0, 1))
    blocks = np.concatenate(list(corners), axis=-1)
    blocks /= np.linalg.norm(blocks, axis=-1, keepdims=True) + 1e-3
    return blocks.reshape(len(images), -1)


READERS = {
    "teachers": teachers,
    "student": functools.partial(teachers, model="student"),
    "pretrained+classic": pretrained,
    "hog+svm": hog,
    "resnet-18": resnet,
}


COLUMNS = ("teachers", ONCE, *list(READERS)[1:])


def measure(name, reader, draw, kept):
    """Train, read the test part, and keep a row for each way to read it."""
    few, test = CELLS[name].parts(draw)
    began = time.perf_counter()
    made = READERS[reader](few, draw)
    seconds = time.perf_counter() - began
    for way, read in made.items():
        right = float((read(test.images) == test.labels).mean())
        row = {"cell": name, "reader": way, "draw": draw, "accuracy": right, "seconds": seconds}
        kept.keep(f"{name} {way} {draw}", row)
        print(f"{name} {way} {draw}: {100 * right:.2f} % ({seconds:.0f} s)", flush=True)


def measure_cell(name, options, kept):
    """Measure what is missing of a cell."""
    for draw in range(min(options.draws, CELLS[name].draws)):
        for reader in options.readers.split(","):
            if f"{name} {reader} {draw}" not in kept.rows:
                measure(name, reader, draw, kept)


def table(rows):
    """Lines: a row for each cell, a column for each reader that was measured."""
    readers = [name for name in COLUMNS if any(row["reader"] == name for row in rows)]
    yield f"| cell | published | {' | '.join(f'`{name}`' for name in readers)} |"
    yield "|---|---|" + "---|" * len(readers)
    for name, cell in CELLS.items():
        found = [
            [r["accuracy"] for r in rows if (r["cell"], r["reader"]) == (name, reader)]
            for reader in readers
        ]
        if any(found):
            yield f"| {cell.title} | {cell.published} | {' | '.join(map(_mean, found))} |"


def _mean(found):
    if not found:
        return ""
    spread = f" ± {100 * statistics.stdev(found):.2f}" if len(found) > 1 else ""
    return f"{100 * statistics.mean(found):.2f} %{spread} ({len(found)})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=list(CELLS))
    has_torchvision = importlib.util.find_spec("torchvision") is not None
    readers = [name for name in READERS if has_torchvision or name != "resnet-18"]
    parser.add_argument("--readers", default=",".join(readers))
    parser.add_argument("--draws", type=int, default=10, help="at most so many of each cell")
    parser.add_argument("--table", action="store_true", help="only print what there is")
    options = parser.parse_args()
    kept = KeptRows.open(RESULTS)
    for name in [] if options.table else options.cells:
        try:
            measure_cell(name, options, kept)
        except NotHere as absent:
            print(f"{name} is passed over. {absent}", flush=True)
    print("\n".join(table(list(kept.rows.values()))))


if __name__ == "__main__":
    main()
