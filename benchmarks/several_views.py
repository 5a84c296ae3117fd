"""Whether a reader that looks at several deformations of each image reads more.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/several_views.py [CELL ...] [--subsets N]
                                                                  [--output FILE]

Readers of `gp.train_reader` read images that were taken aside from the training part, as they are,
and by the mean of their probabilities over the image and mild deformations of it; what that takes
stands beside it, as a ratio. No test part is read.
"""

import argparse
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
from classic import fold
from does_it_help import parts_of
from kept import KeptRows
from lift import CELLS, FOLD

import ganprofile as gp
from ganprofile.images import to_float, to_uint8
from ganprofile.transforms import augmentation_policy as policy

OUTPUT = Path(__file__).parent / "results" / "several_views.json"
READ = 4000  # images at most
BENT = ("shift", "rotate", "shear", "zoom", "elastic")
STRENGTHS = (0.15, 0.3, 0.6)  # of the transforms of the policy
VIEWS = (4, 16)


def deformed(images, strength, seed):
    """Deformations of uint8 images."""
    random = keras.random.SeedGenerator(seed)
    bent = policy.augment(to_float(images), BENT, 1.0, random, dict.fromkeys(BENT, strength))
    return to_uint8(keras.ops.convert_to_numpy(bent))


def measure(name, per_class, subset):
    """Rows of one reader."""
    pool, judged = fold(parts_of(name)[0], FOLD)
    few, judged = pool.subset(per_class, seed=subset), judged[:READ]
    with tempfile.TemporaryDirectory() as room:
        reader = gp.train_reader(few, seed=subset, output=Path(room) / "reader", progress=False)
        read = reader.classifier.predict_proba
        began = time.perf_counter()
        plain = read(judged.images)
        alone = time.perf_counter() - began
        yield {"strength": 0.0, "views": 1, "accuracy": right(plain, judged), "times": 1.0}
        for strength in STRENGTHS:
            total, began = plain.astype(np.float64), time.perf_counter()
            for view in range(1, max(VIEWS)):
                total = total + read(deformed(judged.images, strength, view))
                if view + 1 in VIEWS:
                    row = {"strength": strength, "views": view + 1}
                    times = 1 + (time.perf_counter() - began) / alone
                    yield {**row, "accuracy": right(total, judged), "times": times}


def right(probabilities, judged):
    """The share that is read as what it is."""
    return float((probabilities.argmax(axis=1) == judged.labels).mean())


def table(rows):
    """Lines of Markdown."""
    yield "| cell | subset | strength | views | reads | times as long |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        said = f"{100 * row['accuracy']:.2f} % | {row['times']:.1f}"
        yield f"| {row['cell']} | {row['subset']} | {row['strength']} | {row['views']} | {said} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--subsets", type=int, default=1)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    kept = KeptRows.open(options.output)
    for subset in range(options.subsets):
        for cell in options.cells:
            if f"{cell} {subset} 0.0 1" not in kept.rows:
                name, size = cell.split(":")
                for row in measure(name, int(size), subset):
                    key = f"{cell} {subset} {row['strength']} {row['views']}"
                    kept.keep(key, {"cell": cell, "subset": subset, **row})
                    print(key, f"{100 * row['accuracy']:.2f} %", flush=True)
    print("\n".join(table(kept.rows.values())))


if __name__ == "__main__":
    main()
