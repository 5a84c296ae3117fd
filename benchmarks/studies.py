"""The published studies, run again.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/studies.py [NAME ...] [--quick] [--work FOLDER]

Each is run by `ganprofile study` in the folder `--work`, where a stopped one goes on; its page,
table and pictures are copied to `results/studies/NAME`. With `--quick` the quick forms are run, in
a folder of their own, and `results/studies/quick.json` says what each cost. `profiling` takes two
hours on two cores that have nothing else to do, `hwdplus` four on one, the others half an hour
together; the quick ones some minutes each. The files of HWD+ are not downloaded by anybody's
program: its study is run on QMNIST's writers, and not as often as published.
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
NAMES = ("profiling", "beyond", "sharpies", "hwdplus")
DATASETS = {"hwdplus": "qmnist"}
# Which steps are measured how often, where it is less than published.
REPEATS = {
    "hwdplus": {
        "writers": 1,
        **dict.fromkeys(("*-naive", "*-k-nn", "*lenet-5", "*lenet-5-told"), 10),
        **dict.fromkeys(("*-committee", "*-committee-told"), 2),
        **dict.fromkeys(("*-deep-nn", "*-m2", "digit-*-of-*", "id-lenet-5-of-*"), 3),
        "id-m2-of-*": 2,
        **dict.fromkeys(("hands-*", "unseen-*"), 1),
    }
}
KEPT = ("study.md", "study.json", "table.csv", "config.json", "figures")


def published(name, work):
    """Run a study and keep what people look at."""
    data = Path(os.environ["GANPROFILE_TEST_DATA"])
    places = {"GANPROFILE_DATA_DIR": str(data), "TFDS_DATA_DIR": str(data / "tfds")}
    command = [*GANPROFILE, "study", name, "--offline", "--output", work / name]
    if name in DATASETS:
        command += ["--dataset", DATASETS[name]]
    for steps, repeats in REPEATS.get(name, {"*": None}).items():
        often = ["--repeats", repeats] if repeats else []
        part = [*command, "--only", steps, *often]
        subprocess.run(list(map(str, part)), env=os.environ | places, check=True)
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
