"""The published studies, run again.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/studies.py [NAME ...] [--quick] [--work FOLDER]

Each is run by `ganprofile study` in the folder `--work`, where a stopped one goes on; its page,
table and pictures are copied to `results/studies/NAME`. With `--quick` the quick forms are run, in
a folder of their own, and `results/studies/quick.json` says what each cost. Two hours and a half on
two cores that have nothing else to do, most of it `profiling`; the quick ones ten minutes.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from cost import GANPROFILE, machine, run

RESULTS = Path(__file__).parent / "results" / "studies"
NAMES = ("profiling", "beyond", "sharpies")
KEPT = ("study.md", "study.json", "table.csv", "config.json", "figures")


def published(name, work):
    """Run a study and keep what people look at."""
    data = Path(os.environ["GANPROFILE_TEST_DATA"])
    places = {"GANPROFILE_DATA_DIR": str(data), "TFDS_DATA_DIR": str(data / "tfds")}
    command = [*GANPROFILE, "study", name, "--offline", "--output", work / name]
    subprocess.run(list(map(str, command)), env=os.environ | places, check=True)
    for one in KEPT:
        shutil.rmtree(RESULTS / name / one, ignore_errors=True)
        copy = shutil.copytree if (work / name / one).is_dir() else shutil.copy
        (RESULTS / name).mkdir(parents=True, exist_ok=True)
        copy(work / name / one, RESULTS / name / one)


def quick(names):
    """Seconds and memory of the quick forms."""
    file = RESULTS / "quick.json"
    costs = json.loads(file.read_text()) if file.is_file() else {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            cost = run([*GANPROFILE, "study", name, "--quick", "--output", Path(folder) / name])
        costs |= {"machine": machine(), name: cost}
        print(f"| `{name} --quick` | {cost['seconds']:.0f} s | {cost['peak_mb']:,.0f} MB |")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(costs, indent=2) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--work", type=Path, default=Path("studies"))
    options = parser.parse_args()
    if options.quick:
        quick(options.names)
        return
    for name in options.names:
        published(name, options.work)


if __name__ == "__main__":
    main()
