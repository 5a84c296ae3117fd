"""The experiment log's figures: what each idea gives, on folds of training parts.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/lift.py [CELL ...] [--arms A,B] [--repeats N]

The experiment is that of `does_it_help.py` but for what judges: images taken aside from the
training part, 8,000 random ones or those of 13 writers of Chars74K. No test part is read, so that
recipes can be chosen by it. Results join `results/lift/DATASET/benchmark.json`.
"""

import argparse
from pathlib import Path

from classic import fold
from does_it_help import load_options, table

import ganprofile as gp

RESULTS = Path(__file__).parent / "results" / "lift"
CELLS = ("mnist:10", "emnist:15", "chars74k:15")
ARMS = ("classic", "deformed", "deformed+distilled", "deformed+gan+distilled")
BASELINES = ("classic",)
FOLD, SEED = 0, 1  # another seed than that of the final experiment


def measure(cell, arms, repeats, jobs, results=RESULTS):
    """Add a cell to its dataset's result."""
    name, size = cell.split(":")
    train_set, _ = gp.load(name, **load_options(name))
    pool, judged = fold(train_set, FOLD)
    gp.benchmark(
        pool,
        test=judged,
        per_class=int(size),
        arms=arms,
        repeats=repeats,
        seed=SEED,
        jobs=jobs,
        output=results / name,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="only print what there is")
    options = parser.parse_args()
    for cell in [] if options.table else options.cells:
        measure(cell, options.arms.split(","), options.repeats, options.jobs)
    print("\n".join(table(RESULTS, BASELINES)))


if __name__ == "__main__":
    main()
