"""Whether teachers that read look at several views of each image to advantage.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/several_views.py [CELL ...] [--subsets N]
                                                                  [--output FILE]

A reader of `gp.train_reader` reads images that were taken aside from the training part, as they
are alone and as it does; how much longer that takes stands beside it, as a ratio. No test part is
read.
"""

import argparse
import tempfile
import time
from pathlib import Path

from classic import fold
from does_it_help import parts_of
from kept import KeptRows
from lift import CELLS, FOLD

import ganprofile as gp

OUTPUT = Path(__file__).parent / "results" / "several_views.json"
READ = 4000  # images at most


def measure(name, per_class, subset):
    """What one reader reads."""
    pool, judged = fold(parts_of(name)[0], FOLD)
    few, judged = pool.subset(per_class, seed=subset), judged[:READ]
    found = {}
    with tempfile.TemporaryDirectory() as room:
        reader = gp.train_reader(few, seed=subset, output=Path(room) / "reader", progress=False)
        for words, has_views in (("alone", False), ("views", True)):
            began = time.perf_counter()
            said = reader.classifier.teachers.predict_proba(judged.images, has_views)
            found[f"{words}_seconds"] = time.perf_counter() - began
            found[words] = float((said.argmax(axis=1) == judged.labels).mean())
    return {**found, "images": len(judged)}


def table(rows):
    """Lines of Markdown."""
    yield "| images per class | subset | read alone | several views | times as long |"
    yield "|---|---|---|---|---|"
    for row in rows:
        times = row["views_seconds"] / row["alone_seconds"]
        shares = f"{100 * row['alone']:.2f} % | {100 * row['views']:.2f} %"
        yield f"| {row['cell'].replace(':', ' ')} | {row['subset']} | {shares} | {times:.1f} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--subsets", type=int, default=2)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    kept = KeptRows.open(options.output)
    for subset in range(options.subsets):
        for cell in options.cells:
            if f"{cell} {subset}" not in kept.rows:
                name, size = cell.split(":")
                row = {"cell": cell, "subset": subset, **measure(name, int(size), subset)}
                kept.keep(f"{cell} {subset}", row)
    print("\n".join(table(kept.rows.values())))


if __name__ == "__main__":
    main()
