"""How sure readers are, and how often they are right then; how large and how quick they are.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/certainty.py [CELL ...] [--table]

The cells are those of `published.py`, of each its first draw. Readers are the teachers of `classify
--train`, which look at several views of an image, and the network that they teach (`--small`).
Their calibration error on the folds of the images that they learn from, which is what a reader says
of itself, stands beside that on the test part, which tells whether it may be believed. The time of
a character is that of a thousand, read together, on as many cores as the process may use: the
middle one of five. Rows join `results/certainty.json`.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from kept import KeptRows
from published import CELLS

import ganprofile as gp
from ganprofile.recognition.calibration import calibration_error

RESULTS = Path(__file__).parent / "results" / "certainty.json"
MEASURED = ("mnist:16", "emnist:15", "chars74k-sizes:15")
READERS = ("teachers", "student")
SURE = 0.99
TIMED, TIMES = 1000, 5
HEADINGS = (
    "cell",
    "reader",
    "reads",
    "calibration error on folds, before and after tempering",
    "on the test part",
    f"sure to {SURE:.0%}",
    "of these right",
    "megabytes",
    "milliseconds a character",
)


def measure(name, model):
    """A row."""
    few, test = CELLS[name].parts(0)
    with tempfile.TemporaryDirectory() as room:
        made = gp.train_reader(few, model, output=Path(room) / "reader", progress=False)
        said = made.classifier.predict_proba(test.images)
        kept = [file for file in made.path.rglob("*.keras") if file.is_file()]
        size = sum(file.stat().st_size for file in kept)
    right, sure = said.argmax(axis=1) == test.labels, said.max(axis=1) >= SURE
    on_folds = made.info["calibration"]
    return {
        "cell": name,
        "reader": model,
        "accuracy": float(right.mean()),
        "on_folds": [on_folds["error_before"], on_folds["error_after"]],
        "on_test": calibration_error(said, test.labels),
        "sure": float(sure.mean()),
        "right_where_sure": float(right[sure].mean()) if sure.any() else None,
        "bytes": size,
        "seconds": _seconds(made.classifier, test.images[:TIMED]),
    }


def _seconds(classifier, images):
    """How long an image takes."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        classifier.predict_proba(images)
        taken.append((time.perf_counter() - began) / len(images))
    return statistics.median(taken)


def table(rows):
    """Lines."""
    yield f"| {' | '.join(HEADINGS)} |"
    yield "|---" * len(HEADINGS) + "|"
    for row in rows:
        cells = (
            CELLS[row["cell"]].title,
            f"`{row['reader']}`",
            f"{row['accuracy']:.2%}",
            " and ".join(f"{100 * error:.1f}" for error in row["on_folds"]) + " points",
            f"{100 * row['on_test']:.1f} points",
            f"{row['sure']:.0%}",
            "" if row["right_where_sure"] is None else f"{row['right_where_sure']:.2%}",
            "" if row["bytes"] is None else f"{row['bytes'] / 1e6:.2f}",
            f"{1000 * row['seconds']:.2f}",
        )
        yield f"| {' | '.join(cells)} |".replace("%", " %")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=list(MEASURED))
    parser.add_argument("--table", action="store_true", help="only print what there is")
    options = parser.parse_args()
    kept = KeptRows.open(RESULTS)
    for name in [] if options.table else options.cells:
        for model in READERS:
            if f"{name} {model}" not in kept.rows:
                kept.keep(f"{name} {model}", measure(name, model))
                print(f"{name} {model} is measured.", flush=True)
    print("\n".join(table(kept.rows.values())))


if __name__ == "__main__":
    main()
