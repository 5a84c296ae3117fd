"""What several workers on one machine gain or cost, beside one process.

    python benchmarks/scaling.py [--repeats N] [--output FILE]

Trains on the embedded digits with the same global batch: in one process with all cores, in one
process with a single core, and in two processes on loopback with a single core each. Images/s is
the median over the epochs after the first. All three take turns in every repeat.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from cost import machine

import ganprofile as gp

MODELS = ("gan", "cdcgan")
ARRANGEMENTS = ("one process, all cores", "one process, one core", "two workers, a core each")
EPOCHS = {"gan": 12, "cdcgan": 5}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    speeds = {model: {name: [] for name in ARRANGEMENTS} for model in MODELS}
    for _ in range(arguments.repeats):
        for model in MODELS:
            sets = ([cores], [cores[:1]], [[cores[0]], [cores[1]]])
            for name, processes in zip(ARRANGEMENTS, sets, strict=True):
                speed = images_per_second(model, processes, arguments.batch_size)
                speeds[model][name].append(speed)
                print(f"{model:8} {name:26} {speed:9,.0f} images/s", flush=True)
    report(speeds)
    if arguments.output:
        result = {"machine": machine(), "batch_size": arguments.batch_size, "speeds": speeds}
        arguments.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def images_per_second(model, processes, batch_size):
    """Of a training in as many processes as there are sets of cores."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "ganprofile", "train", "--model", model]
        command += ["--epochs", str(EPOCHS[model]), "--batch-size", str(batch_size)]
        command += ["--output", folder]
        workers = [
            subprocess.Popen(
                command,
                env={**os.environ, **environment},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=lambda cores=cores: os.sched_setaffinity(0, cores),
            )
            for cores, environment in zip(processes, environments(len(processes)), strict=True)
        ]
        for worker in workers:
            if worker.wait():
                raise SystemExit(f"a worker ended with {worker.returncode}")
        (path,) = Path(folder).iterdir()
        return statistics.median(gp.Run.open(path).history["images_per_second"][1:])


def environments(count):
    """`TF_CONFIG` for each of several workers; none for a single one."""
    if count == 1:
        return [{}]
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]
    for one in sockets:
        one.close()
    tasks = [{"type": "worker", "index": index} for index in range(count)]
    cluster = {"worker": addresses}
    return [{"TF_CONFIG": json.dumps({"cluster": cluster, "task": task})} for task in tasks]


def report(speeds):
    print("\nmodel    arrangement                 images/s (lowest..highest)  over all cores")
    for model, arrangements in speeds.items():
        base = statistics.median(arrangements[ARRANGEMENTS[0]])
        for name, values in arrangements.items():
            middle = statistics.median(values)
            print(
                f"{model:8} {name:26} {middle:9,.0f} ({min(values):,.0f}..{max(values):,.0f})"
                f"  {middle / base:6.2f}"
            )


if __name__ == "__main__":
    main()
