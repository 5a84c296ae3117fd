"""How fast ganprofile is beside what a user would pick instead, side by side.

    python -m benchmarks.speed [ROW ...] [--quick] [--again] [--output FILE]

In every turn all contenders of a row do the same thing, one after the other, each in a fresh
process. What counts is how many times as fast ours is as another of the same turn: how fast a
machine is changes from hour to hour, the ratio does not. Rows that are in the file already, with
all their turns, are not measured again without `--again`; a row that was stopped goes on. `--quick`
measures two short turns, into another file, and shows only that everything runs.
`--table` prints what there is.
"""

import argparse
from pathlib import Path

from benchmarks.speed.processes import measured
from benchmarks.speed.results import Results
from benchmarks.speed.rows import ROWS, row

RESULTS = Path(__file__).parents[1] / "results"


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], default=[], metavar="ROW")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--output", type=Path, help="the JSON file of the results")
    options = parser.parse_args()
    output = options.output or RESULTS / ("speed-quick.json" if options.quick else "speed.json")
    results = Results.open(output)
    for name in [] if options.table else options.rows or ROWS:
        measure(name, results, options)
    print("\n".join(results.table()))


def measure(name, results, options):
    """Add what is missing of a row; say why where it cannot be measured."""
    if options.again:
        results.forget(name)
    wanted = row(name)
    if missing := wanted.missing():
        print(f"{name}: left out, without {', '.join(missing)}.", flush=True)
        return
    turns = 2 if options.quick else wanted.repeats
    for turn in range(results.turns(name), turns):
        found = {}
        for contender in wanted.contenders:
            found[contender] = measured(name, contender, options.quick, found)
            if found[contender] is None:
                print(f"{name}: left out, see above.", flush=True)
                return
            print(f"{name}, turn {turn + 1} of {turns}: {contender} {found[contender]}", flush=True)
        results.add(name, wanted, found)


if __name__ == "__main__":
    main()
