"""Write results of the paired experiment again with today's names of arms; numbers stay.

    python tools/rename_arms.py benchmarks/results

Every `benchmark.json` below the folder is read, as the package reads old names, and written with
its summary, table and figure. What the figures were is compared before and after.
"""

import argparse
from pathlib import Path

from ganprofile.benchmarking.old_names import ARMS
from ganprofile.benchmarking.result_file import NAME, ResultFile
from ganprofile.benchmarking.results import Benchmark
from ganprofile.storage.files import read_json


def numbers(cells):
    """What was measured, without the names of arms, in an order that names do not decide."""
    rows = [{"training": 0, **cell, "arm": ARMS.get(cell["arm"], cell["arm"])} for cell in cells]
    return sorted(map(repr, (sorted(row.items()) for row in rows)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    for path in sorted(parser.parse_args().folder.rglob(NAME)):
        before = numbers(read_json(path)["cells"])
        ResultFile.read(path).write()
        Benchmark.open(path).write()
        after = numbers(read_json(path)["cells"])
        changed = [row for row in before if row not in after]
        print(path, "unchanged numbers" if not changed else f"CHANGED: {changed[:1]}")


if __name__ == "__main__":
    main()
