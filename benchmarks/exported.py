"""What exported models cost beside Keras: size, start, milliseconds an image on one core.

    python benchmarks/exported.py [--quick] [--repeats 5] [--output FILE]

The carried generator of digits and a `convnet` reader in every format. The largest difference to
Keras is that of 1,000 inputs, which the export itself measures. Start: wall seconds of
`ganprofile sample` of one picture, and of `ganprofile classify` of one photograph, each in a fresh
process. Images: one at a time, and 100 together, in one process that is pinned to one core; Keras
is its model compiled as one function, as the package runs it. All take turns; medians with the
smallest and the largest. The reader learns for few steps, for its speed does not depend on them.
Three minutes where nothing else runs.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

ONE_THREAD = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")
os.environ |= dict.fromkeys(ONE_THREAD, "1")
if hasattr(os, "sched_setaffinity"):  # before any library counts the cores
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np  # noqa: E402
from cost import GANPROFILE, machine, run  # noqa: E402
from PIL import Image  # noqa: E402

import ganprofile as gp  # noqa: E402
from ganprofile.backend import forward  # noqa: E402
from ganprofile.classifiers.convnet import ConvnetClassifier  # noqa: E402
from ganprofile.exporting.exportable import exportable  # noqa: E402
from ganprofile.runtimes import RUNTIMES, open_network  # noqa: E402

TOGETHER = (1, 100)
SECONDS = 0.5  # that a turn measures at least


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="short turns, to try it out")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    seconds = SECONDS / 10 if arguments.quick else SECONDS
    results = {"machine": {**machine(), "pinned_to": 1}, "repeats": arguments.repeats}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name, source, command in sources(work):
            files = {
                to: gp.export_model(source, to, output=work / f"{name}{runtime.SUFFIX}")
                for to, runtime in RUNTIMES.items()
            }
            started = start(source.path, files, command, arguments.repeats)
            took = speed(source, files, seconds, arguments.repeats)
            results[name] = {
                way: {"start_seconds": started[way], "ms_per_image": took[way]} for way in started
            }
            for to, made in files.items():
                about = {"bytes": made.bytes, "largest_difference": made.largest_difference}
                results[name][to] |= about
    report(results)
    if arguments.output:
        arguments.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def sources(work):
    """Name, run or reader, and the command that uses a file of it."""
    drawn = work / "drawn"
    yield (
        "generator",
        gp.Run.open("digits-cgan"),
        lambda path: ["sample", path, "--total", 1, "--force", "--output", drawn],
    )
    ConvnetClassifier.STEPS = 50
    reader = gp.train_reader(
        "digits", "convnet", subset=50, output=work / "trained", progress=False
    )
    picture = work / "digit.png"
    digit = gp.load("digits")[1].images[0, :, :, 0]
    Image.fromarray(255 - np.kron(digit, np.ones((8, 8), np.uint8))).save(picture)
    yield "reader", reader, lambda path: ["classify", picture, "--single", "--reader", path]


def start(source, files, command, repeats):
    """Way -> wall seconds of a command, from its start to its end."""
    ways = {"keras": source, **{to: made.path for to, made in files.items()}}
    turns = [
        {way: run([*GANPROFILE, *command(path)])["seconds"] for way, path in ways.items()}
        for _ in range(repeats)
    ]
    return {way: spread([turn[way] for turn in turns]) for way in ways}


def speed(source, files, seconds, repeats):
    """Way -> how many together -> milliseconds an image."""
    chosen = exportable(source)
    network = chosen.network()
    ways = {"keras": keras_outputs(network)}
    ways |= {to: open_network(made.path).outputs for to, made in files.items()}
    found = {way: {} for way in ways}
    for together in TOGETHER:
        inputs = chosen.inputs(together)
        for outputs in ways.values():
            outputs(inputs)  # compiles
        turns = [
            {way: timed(outputs, inputs, seconds) / together for way, outputs in ways.items()}
            for _ in range(repeats)
        ]
        for way in ways:
            found[way][f"{together} together"] = spread([1000 * turn[way] for turn in turns])
    return found


def keras_outputs(network):
    from keras import ops

    def outputs(inputs):
        tensors = {name: ops.convert_to_tensor(array) for name, array in inputs.items()}
        (found,) = forward(network)(tensors).values()
        return ops.convert_to_numpy(found)

    return outputs


def timed(function, inputs, least):
    """Seconds of a call, of as many as take at least so long."""
    calls, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < least or not calls:
        function(inputs)
        calls += 1
    return passed / calls


def spread(values):
    return {
        "median": float(f"{statistics.median(values):.3g}"),
        "min": float(f"{min(values):.3g}"),
        "max": float(f"{max(values):.3g}"),
    }


def report(results):
    ms = [f"ms, {together} together" for together in TOGETHER]
    print("| model | run by | difference | MB | start, s | " + " | ".join(ms) + " |")
    print("|" + "---|" * (5 + len(ms)))
    for name in ("generator", "reader"):
        for way, row in results[name].items():
            difference = f"{row['largest_difference']:.1e}" if "bytes" in row else ""
            size = f"{row['bytes'] / 1e6:.2f}" if "bytes" in row else ""
            cells = [shown(row["start_seconds"]), *map(shown, row["ms_per_image"].values())]
            print("| " + " | ".join([name, way, difference, size, *cells]) + " |")


def shown(value):
    return f"{value['median']:g} ({value['min']:g}..{value['max']:g})"


if __name__ == "__main__":
    main()
