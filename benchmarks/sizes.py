"""How fast the classic and the convolutional networks train on images of several sizes.

    python benchmarks/sizes.py [--repeats N] [--output FILE]

Images/s of `cgan` and `cdcgan` on this machine's device, batches of 128, on images of noise: the
median over the epochs after the first of each training. Both presets take turns. Two minutes.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

import numpy as np
from cost import machine

import ganprofile as gp

SHAPES = ((28, 28, 1), (32, 32, 3), (64, 64, 3), (96, 96, 3))
MODELS = ("cgan", "cdcgan")
IMAGES, EPOCHS = 128 * 10, 3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    rows = []
    for shape in SHAPES:
        speeds = {model: [] for model in MODELS}
        for _ in range(arguments.repeats):
            for model in MODELS:
                speeds[model].append(images_per_second(shape, model))
        rows.append({"shape": shape, **speeds})
        report(rows[-1])
    if arguments.output:
        text = json.dumps({"machine": machine(), "rows": rows}, indent=2) + "\n"
        arguments.output.write_text(text, encoding="utf-8")


def images_per_second(shape, model):
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (IMAGES, *shape), dtype=np.uint8)
    dataset = gp.Dataset(images, np.arange(IMAGES) % 4, name="noise")
    with tempfile.TemporaryDirectory() as folder:
        run = gp.train(dataset, model, epochs=EPOCHS, output=folder, progress=False)
        return float(statistics.median(run.history["images_per_second"][1:]))


def report(row):
    classic, convolutional = (row[model] for model in MODELS)
    ratio = statistics.median(convolutional) / statistics.median(classic)
    cells = [
        f"{statistics.median(values):7,.0f} ({min(values):,.0f}..{max(values):,.0f})"
        for values in (classic, convolutional)
    ]
    shape = "x".join(map(str, row["shape"]))
    print(f"{shape:8}  cgan {cells[0]}  cdcgan {cells[1]}  ratio {ratio:.2f}", flush=True)


if __name__ == "__main__":
    main()
