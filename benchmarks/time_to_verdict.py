"""From two folders to a verdict, by the clock, and how small a gain it could have shown.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/time_to_verdict.py [--repeats N] [--output FILE]

`ganprofile benchmark --quick` of `classic,augment`, as a user runs it, on 30 images of each of 22
of Chars74K's characters, judged by 25 others of each. What it estimates before the first cell is
held against what it takes from there. The machine should have nothing else to do.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from clocked import clocked
from cost import machine
from does_it_help import load_options

import ganprofile as gp
from ganprofile.benchmarking.results import Benchmark
from ganprofile.datasets.joining import joined
from ganprofile.storage.files import write_json

SIZE, JUDGED, CLASSES = 30, 25, 22
OUTPUT = Path(__file__).parent / "results" / "time_to_verdict.json"


def write_parts(folder, seed):
    """`SIZE` images of every class, and `JUDGED` others, as two sets; their folders."""
    everything = joined(*gp.load("chars74k", **load_options("chars74k")))
    some = everything.of_classes(everything.class_names[:CLASSES])
    random, places = np.random.default_rng(seed), np.empty(len(some), int)
    for label in range(CLASSES):
        members = np.flatnonzero(some.labels == label)
        places[members] = random.permutation(len(members))
    parts = places < SIZE, (places >= SIZE) & (places < SIZE + JUDGED)
    return [
        some.select(chosen).save(folder / f"{name}-{seed}")
        for name, chosen in zip(("few", "held-out"), parts, strict=True)
    ]


def measured(folder, seed):
    """What a verdict took and said, a dict."""
    few, held_out = write_parts(folder, seed)
    command = [sys.executable, "-m", "ganprofile", "benchmark", few, "--test", held_out]
    command += ["--arms", "classic,augment", "--per-class", "all", "--quick"]
    command += ["--output", folder / f"study-{seed}"]
    found = clocked(command)
    (said,) = Benchmark.open(folder / f"study-{seed}").summary()["comparisons"]
    return {**said, **found}


def table(rows):
    """Lines of Markdown."""
    lines = [
        "| subset | seconds | difference (interval), points | smallest gain | estimate over true |",
        "|---|---|---|---|---|",
    ]
    for number, row in enumerate(rows):
        mean, low, high, gain = (100 * row[key] for key in ("mean", "low", "high", "smallest_gain"))
        lines.append(
            f"| {number} | {row['seconds']:.0f} | {mean:+.2f} ({low:+.2f}..{high:+.2f}) | "
            f"{gain:.2f} | {row['estimated_over_true'] or 0:.2f} |"
        )
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.repeats):
            rows.append(measured(Path(folder), seed))
            write_json(options.output, {"machine": machine(), "rows": rows})
            print(rows[-1], flush=True)
    print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
