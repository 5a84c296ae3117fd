"""The experiment log's figures: what each idea gives, on folds of training parts.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/lift.py [CELL ...] [--arms A,B] [--repeats N]

The experiment is that of `does_it_help.py` but for what judges: images taken aside from the
training part, 8,000 random ones or those of 13 writers of Chars74K. No test part is read, so that
recipes can be chosen by it. Results join `results/lift/DATASET/benchmark.json`.
"""

from pathlib import Path

from cells import measure_cells, parser_of
from classic import fold
from does_it_help import parts_of, table

import ganprofile as gp

RESULTS = Path(__file__).parent / "results" / "lift"
CELLS = ("mnist:10", "emnist:15", "chars74k:15")
ARMS = ("classic", "deformed", "deformed+distilled", "deformed+gan+distilled")
BASELINES = ("classic",)
FOLD, SEED = 0, 1  # another seed than that of the final experiment


def measure(cell, options, arms_of=None, results=RESULTS, **more):
    """Add a cell to its dataset's result.

    Args:
        cell: such as `mnist:10`.
        options: of `cells.parser_of`.
        arms_of: `pool -> arms` for arms that are no names; None takes those of the options.
        results: the folder of the datasets' results.
        **more: further arguments of `benchmark`.
    """
    name, size = cell.split(":")
    train_set, _ = parts_of(name)
    pool, judged = fold(train_set, FOLD)
    gp.benchmark(
        pool,
        test=judged,
        per_class=int(size),
        arms=options.arms if arms_of is None else arms_of(pool),
        repeats=options.repeats,
        seed=SEED,
        jobs=options.jobs,
        output=results / name,
        **more,
    )


def main():
    measure_cells(measure, parser_of(__doc__, CELLS, ARMS, repeats=3).parse_args())
    print("\n".join(table(RESULTS, BASELINES)))


if __name__ == "__main__":
    main()
