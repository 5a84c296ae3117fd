"""What the commands cost: seconds and peak memory, each in a fresh process.

    python benchmarks/cost.py [--quick] [--output FILE]

`ganprofile --help` against `import keras`, in turns; the training of `make demo`; `generate` of
1,000,000 images (100,000 with --quick) as npz, once with scores, and as idx, and of a tenth as
imagefolder, a file per image; the size of the installed packages.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

GANPROFILE = [sys.executable, "-m", "ganprofile"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    total = 100_000 if arguments.quick else 1_000_000
    results = {"machine": machine(), "start": start(), "installed_mb": installed()}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        results["demo_training"] = run(
            [*GANPROFILE, "train", "--dataset", "digits", "--minutes", "2", "--output", work]
        )
        (trained,) = work.glob("*cgan*")
        for count, kind in (
            (total, ["npz", "--filter", "none"]),
            (total, ["npz", "--no-score"]),
            (total, ["idx", "--no-score"]),
            (total // 10, ["imagefolder", "--no-score"]),
        ):
            command = [*GANPROFILE, "generate", trained, "--total", count, "--format", *kind]
            cost = run([*command, "--output", work / "more"])
            results[f"generate {count:,} {' '.join(kind)}"] = cost
            shutil.rmtree(work / "more")
    report(results)
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def start(repeats=9):
    """Seconds of `--help` and of `import keras`, in turns; medians and the ratio of each turn."""
    commands = {"help": [*GANPROFILE, "--help"], "keras": [sys.executable, "-c", "import keras"]}
    turns = [{name: run(c)["seconds"] for name, c in commands.items()} for _ in range(repeats)]
    ratios = [turn["help"] / turn["keras"] for turn in turns]
    return {
        "help_seconds": round(statistics.median(turn["help"] for turn in turns), 3),
        "import_keras_seconds": round(statistics.median(turn["keras"] for turn in turns), 3),
        "ratio_median": round(statistics.median(ratios), 3),
        "ratio_min": round(min(ratios), 3),
        "ratio_max": round(max(ratios), 3),
        "repeats": repeats,
    }


def run(command):
    """Wall and processor seconds and peak memory of a process that has to succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    used = ended(process)
    seconds = time.perf_counter() - began
    assert process.returncode == 0, command
    return {"seconds": round(seconds, 2), **used}


def ended(process):
    """Processor seconds and peak memory of a `Popen`, once it has ended."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "processor_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": round(usage.ru_maxrss / 1024),
    }


def installed():
    """Megabytes below site-packages; the development tools count where they are installed."""
    root = Path(sysconfig.get_paths()["purelib"])
    return round(sum(f.stat().st_size for f in root.rglob("*") if f.is_file()) / 2**20)


def machine():
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
    }


def report(results):
    print(f"{'':40} {'seconds':>9} {'peak MB':>8}")
    for name, row in results.items():
        if isinstance(row, dict) and "peak_mb" in row:
            print(f"{name:40} {row['seconds']:9.1f} {row['peak_mb']:8,}")
    begin = results["start"]
    print(
        f"--help {begin['help_seconds']} s, import keras {begin['import_keras_seconds']} s, ratio "
        f"{begin['ratio_median']} ({begin['ratio_min']}..{begin['ratio_max']}, "
        f"n = {begin['repeats']}); installed {results['installed_mb']:,} MB"
    )


if __name__ == "__main__":
    main()
