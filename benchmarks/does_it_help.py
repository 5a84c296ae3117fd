"""Do drawn images help a classifier? The paired experiment on real data, cell after cell.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/does_it_help.py [CELL ...] [--arms A,B]

A cell is a dataset and a number of real images a class, such as `mnist:10`; without any, all of
`CELLS`. What is measured joins `results/does_it_help/DATASET/benchmark.json`, so that more cells,
arms and repeats can follow at any time, and a stopped run goes on. The classifiers are judged by
the dataset's test part, which nothing else has read: transforms, classifier and GAN were chosen on
folds of training parts. `--table` only prints what there is.
"""

import argparse
import os
from pathlib import Path

import ganprofile as gp
from ganprofile.benchmarking.results import Benchmark

RESULTS = Path(__file__).parent / "results" / "does_it_help"
CELLS = [
    *("mnist:10", "emnist:15", "mnist:50", "emnist:50"),
    *("chars74k:15", "mnist:200", "emnist:200", "chars74k:40"),
]
ARMS = ("none", "classic", "classic+gan")
DATA = {"mnist": "mnist", "emnist": None, "chars74k": "chars74k/EnglishHnd"}  # emnist: by TFDS


def load_options(name):
    """How `load` finds a dataset among the official files."""
    folder = Path(os.environ["GANPROFILE_TEST_DATA"])
    os.environ.setdefault("TFDS_DATA_DIR", str(folder / "tfds"))
    return {"data_dir": folder / DATA[name] if DATA[name] else None, "offline": True}


def measure(cell, arms, repeats, jobs):
    """Add a cell to its dataset's result."""
    name, size = cell.split(":")
    gp.benchmark(
        name,
        per_class=int(size),
        arms=arms,
        repeats=repeats,
        jobs=jobs,
        output=RESULTS / name,
        **load_options(name),
    )


def table():
    """Print what there is of all datasets."""
    print(f"{'data':10} {'arm':14} {'subsets':>7} {'accuracy':>9} {'sd':>5}  against: difference")
    for path in sorted(RESULTS.glob("*/benchmark.json")):
        result = Benchmark.open(path)
        for mean in result.means:
            place = mean["per_class"], mean["arm"]
            said = [
                f"{c.against}: {100 * c.difference.mean:+.2f} "
                f"({100 * c.difference.low:+.2f}..{100 * c.difference.high:+.2f}) {c.verdict}"
                for c in result.comparisons
                if (c.per_class, c.arm) == place and c.difference.low is not None
            ]
            sd = "" if mean["sd"] is None else f"{100 * mean['sd']:.2f}"
            name = f"{path.parent.name} {mean['per_class']}"
            accuracy = f"{100 * mean['accuracy']:.2f}"
            words = f"{name:10} {mean['arm']:14} {mean['subsets']:7} {accuracy:>9} {sd:>5}"
            print(f"{words}  {'; '.join(said)}  [{mean['classifier_seconds']:.0f} s]")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    for cell in [] if options.table else options.cells:
        measure(cell, options.arms.split(","), options.repeats, options.jobs)
    table()


if __name__ == "__main__":
    main()
