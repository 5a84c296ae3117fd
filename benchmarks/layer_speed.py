"""How many images a core augments in a second: ours, and what people use today.

    python benchmarks/layer_speed.py --others /path/to/venv/bin/python [--repeats 5]

Affine maps, an elastic field and thickness, on images of MNIST (GANPROFILE_TEST_DATA), 28 x 28 and
enlarged to 64 x 64, uint8 to begin with. Every contender is a process of its own, pinned to one
core and set to one thread; all are open at once and take turns, so that what else the machine does
meets them alike. A turn is measured in seconds of the processor, after two that do not count; the
ratio of a turn counts. Transforms are about as strong in all, and each is applied to every image.

What a library has no transform for is left out of its chain, which makes it faster. TorchVision
draws once for a whole batch: all 256 images get the same shift and the same elastic field, which is
less work. Its line for single images does what the others do.

The others are no dependencies of the package; they live in a virtual environment of their own:

    python -m venv /path/to/venv
    /path/to/venv/bin/pip install torch torchvision kornia albumentations

Keras' own layers are measured with this interpreter. Two to three minutes where
nothing else runs, most of it starting.
"""

import argparse
import functools
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from layer_contenders import BATCH, CONTENDERS, OURS
from ratios import beside, spread

RESULT = Path(__file__).parent / "results" / "layer_speed.json"
SIDES = (28, 64)
TARGETS = {28: 2.0, 64: 1.2}
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--others", help="the interpreter that has the other libraries")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--output", type=Path, default=RESULT)
    parser.add_argument("--contender", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        contend(*arguments.contender)
        return
    if not os.environ.get("GANPROFILE_TEST_DATA"):
        raise SystemExit("Skipped: GANPROFILE_TEST_DATA does not say where MNIST is.")
    rows = [row for side in SIDES for row in measured(side, arguments)]
    print("\n".join(table(rows)))
    content = {"batch": BATCH, "repeats": arguments.repeats, "rows": rows}
    arguments.output.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def measured(side, arguments):
    """A row for each contender: images/s of each turn, and ours as a ratio to them."""
    import tempfile

    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "images.npz"
        np.savez(path, **digits(side))
        processes = {
            name: started(name, side, path, sys.executable if not other else arguments.others)
            for name, (_, _, other, _) in CONTENDERS.items()
            if arguments.others or not other
        }
        rates = {name: [] for name in processes}
        for turn in range(arguments.repeats + 2):
            for name, process in processes.items():
                rate = one_turn(name, process)
                if turn >= 2:
                    rates[name].append(rate)
        for process in processes.values():
            process.stdin.close()
            process.wait()
    return [row(name, side, rates) for name in rates]


@functools.cache
def mnist():
    """Its training part."""
    import ganprofile as gp

    return gp.load(Path(os.environ["GANPROFILE_TEST_DATA"]) / "mnist")[0]


def digits(side):
    """Some images of MNIST and their labels, as arrays by name."""
    import numpy as np

    images = mnist().images[:BATCH]
    if side != images.shape[1]:
        from PIL import Image

        larger = [Image.fromarray(i[..., 0]).resize((side, side)) for i in images]
        images = np.stack([np.asarray(i) for i in larger])[..., None]
    return {"images": images, "labels": mnist().labels[:BATCH]}


def started(name, side, path, python):
    """A process on the last core that waits for lines."""
    core = str(max(os.sched_getaffinity(0)))
    command = ["taskset", "-c", core, python, __file__, "--contender", name, str(side), str(path)]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **ONE_THREAD, "NO_ALBUMENTATIONS_UPDATE": "1"},
    )


def one_turn(name, process):
    """images/s of a contender."""
    process.stdin.write("\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    while answer and not answer.startswith("rate "):
        answer = process.stdout.readline()
    if not answer:
        raise SystemExit(f"{name} ended; call it by --contender to see why.")
    return float(answer.split()[1])


def contend(name, side, path):
    """Measure a turn whenever a line comes in."""
    import numpy as np

    make, count, _, _ = CONTENDERS[name]
    arrays = np.load(path)
    turn = make(arrays["images"], arrays["labels"])
    for _ in sys.stdin:
        calls, began, until = 0, time.process_time(), time.perf_counter() + 0.3
        while not calls or time.perf_counter() < until:
            turn()
            calls += 1
        print("rate", calls * count / (time.process_time() - began), flush=True)


def row(name, side, rates):
    return {
        "side": side,
        "contender": name,
        "does": CONTENDERS[name][3],
        **beside(rates[OURS], rates[name]),
    }


def table(rows):
    yield "| side | what | does | images/s, a core | ours over it (lowest..highest) |"
    yield "|---|---|---|---|---|"
    for one in rows:
        yield (
            f"| {one['side']} | {one['contender']} | {one['does']} | "
            f"{one['images_per_second']:,} | {spread(one)} |"
        )
    for side, wanted in TARGETS.items():
        others = [r for r in rows if r["side"] == side and "ganprofile" not in r["contender"]]
        least = min(one["ours_over_it"] for one in others)
        yield f"{side} x {side}: {least:.2f} of the fastest; wanted {wanted:g}"


if __name__ == "__main__":
    main()
