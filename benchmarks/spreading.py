"""How many labels are right that `ganprofile label` gives, and what each part of it adds.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/spreading.py [CELL ...] [--subsets N]
                                                              [--work DIR] [--output FILE]

A cell is that of `unlabelled.py`: a dataset, labelled images per class and, behind another colon,
how many unlabelled ones. `teachers` is what the teachers of the labelled images read, `eyes` what
spreads in their eyes alone, `spread` what spreads there and among pixels, `label` that together
with what teachers read, which counts by `share`. Images of a fold of the training part; no test
part is read.
"""

import argparse
from pathlib import Path

from kept import KeptRows
from unlabelled import on_fold

from ganprofile.augmentation.spreading import SpreadLabels, with_readings

RESULTS = Path(__file__).parent / "results" / "spreading.json"
CELLS = ("mnist:10:500", "mnist:10:5000", "emnist:15:5000", "mnist:10")
COLUMNS = ("teachers", "eyes", "spread", "label", "share")


def measured(cell, repeat, work):
    """Name -> the share of labels that are right, and how much teachers count."""
    training, images, labels = on_fold(cell, repeat, work)

    def right(probabilities):
        return float((probabilities.argmax(axis=1) == labels).mean())

    teachers = training.trained()
    spread = SpreadLabels(training.real, images, [teachers], training.seed)
    together, share = with_readings(spread, training, teachers, images)
    return {
        "teachers": right(teachers.predict_proba(images)),
        "eyes": right(spread.in_their_eyes),
        "spread": right(spread.probabilities),
        "label": right(together),
        "share": share,
    }


def table(rows):
    """Lines in Markdown."""
    headings = ("images per class", "unlabelled", "subset", *COLUMNS[:-1], "teachers count")
    yield f"| {' | '.join(headings)} |"
    yield "|---" * len(headings) + "|"
    for place, row in rows.items():
        cell, repeat = place.split()
        name, size, *count = cell.split(":")
        shares = [f"{100 * row[column]:.2f} %" for column in COLUMNS[:-1]]
        many = f"{int(count[0]):,}" if count else "all others"
        told = [f"{name} {size}", many, repeat, *shares, f"{row['share']:g}"]
        yield f"| {' | '.join(told)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--subsets", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path("spreading"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    kept = KeptRows.open(options.output)
    for cell in options.cells:
        for repeat in range(options.subsets):
            row = f"{cell} {repeat}"
            if row not in kept.rows:
                kept.keep(row, measured(cell, repeat, options.work))
                print(row, kept.rows[row], flush=True)
    print("\n".join(table(kept.rows)))


if __name__ == "__main__":
    main()
