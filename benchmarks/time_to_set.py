"""From a folder to a finished set of 40,000, by the clock, beside how long it took before.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/time_to_set.py [CELL ...] [--repeats N]
                                                 [--before CHECKOUT] [--expect] [--output FILE]

`ganprofile augment` is run as a user runs it, in a process of its own, with default options, on
subsets of training parts that were written beforehand. `--before` is a checkout of an earlier
version, which makes the same sets in turn. What is said to be left after a second of work is held
against what it takes from there. The machine should have nothing else to do. What FILE holds
already is not measured again; its rows `shorter` are of a version whose teachers took no longer
where there are more images.

Without CELL all whose time has a target are measured. `28x50` and `28x50-64px`, the same Arabic
letters in two sizes, show what larger images cost: three times as much at most.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from clocked import clocked
from cost import machine
from does_it_help import load_options
from scripts import READ

import ganprofile as gp
from ganprofile.storage.files import read_json, write_json

# name -> dataset, images per class, classes, side of the images, the most seconds it should take
CELLS = {
    "10x10": ("mnist", 10, 10, 28, 60),
    "22x30": ("chars74k", 30, 22, 28, 150),
    "47x15": ("emnist", 15, 47, 28, 150),
    "47x200": ("emnist", 200, 47, 28, 480),
    "28x50": ("arabic", 50, 28, 28, None),
    "28x50-64px": ("arabic", 50, 28, 64, None),
}
USUAL = [name for name, (*_, most) in CELLS.items() if most]
OUTPUT = Path(__file__).parent / "results" / "time_to_set.json"
HERE = Path(__file__).parents[1]


def write_subset(cell, folder):
    """A subset of a training part, as a set of its own; returns its folder."""
    name, size, classes, side, _ = CELLS[cell]
    if name in READ:
        read = READ[name](name, side)
        # Without what is known of its test part, near copies of which would be refused.
        train_set = gp.Dataset(read.images, read.labels, class_names=read.class_names, name=name)
    else:
        train_set, _ = gp.load(name, **load_options(name))
    if classes < train_set.num_classes:
        train_set = train_set.of_classes(train_set.class_names[:classes])
    path = folder / cell
    train_set.subset(size, seed=0).save(path)
    return path


def timed(source, images, output, expect):
    """Run the command of a checkout; see `clocked`."""
    command = [sys.executable, "-m", "ganprofile", "augment", images, "--output", output]
    command += [] if expect else ["--no-expect"]
    found = clocked(command, "The set is finished", checkout=source)
    if expect:
        said = read_json(output / "expectation.json")["cross_validated"]
        found["expected"] = {name: said[name] for name in ("images", "mean", "low", "high")}
    return found


def table(rows):
    """Lines of Markdown."""
    lines = [
        "| classes x images | before | now | target, s | ratio | estimate over true |",
        "|---|---|---|---|---|---|",
    ]
    for cell in dict.fromkeys(row["cell"] for row in rows):
        some = [row for row in rows if row["cell"] == cell]
        before, now = ([r["seconds"] for r in some if r["which"] == w] for w in ("before", "now"))
        ratio = f"{statistics.median(before) / statistics.median(now):.1f}" if before else ""
        estimates = [r["estimated_over_true"] for r in some if r["estimated_over_true"]]
        lines.append(
            f"| {cell} | {_spread(before)} | {_spread(now)} | {CELLS[cell][-1] or ''} | {ratio} | "
            f"{', '.join(f'{value:.2f}' for value in estimates)} |"
        )
    return lines


def _spread(seconds):
    if not seconds:
        return ""
    return f"{statistics.median(seconds):.0f} s ({min(seconds):.0f} to {max(seconds):.0f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=USUAL, help=f"of {', '.join(CELLS)}")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--expect", action="store_true", help="with what to expect of the set")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    sources = {"now": HERE, **({"before": options.before.resolve()} if options.before else {})}
    rows = json.loads(options.output.read_text())["rows"] if options.output.is_file() else []
    done = {(row["cell"], row["which"], row["repeat"]) for row in rows}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        images = {cell: write_subset(cell, folder) for cell in options.cells}
        for repeat in range(options.repeats):
            for cell in options.cells:
                for which, source in sources.items():
                    if (cell, which, repeat) in done:
                        continue
                    output = folder / f"{cell}-{which}-{repeat}"
                    found = timed(source, images[cell], output, options.expect)
                    rows.append({"cell": cell, "which": which, "repeat": repeat, **found})
                    write_json(options.output, {"machine": machine(), "rows": rows})
                    print(rows[-1], flush=True)
    print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
