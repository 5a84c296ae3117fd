"""How costs grow: with the number of images, of classes, with the side of an image and of a batch.

    python benchmarks/growth.py [SERIES ...] [--quick] [--output FILE] [--figure FILE]

Each series does one thing at growing sizes, and fits a line through the logarithms:
a slope of 1 is work in proportion, 2 would be quadratic. What does not depend on the size, such as
tracing, is left out where it can be. Series that are in the file already are not measured again.
The figure shows all of them on axes with logarithms.
"""

import argparse
import functools
import tempfile
import time
from pathlib import Path

import numpy as np
from cost import machine
from kept import KeptRows

import ganprofile as gp
from ganprofile.figures.canvas import new_figure, save
from ganprofile.filtering.appearance import pixel_features
from ganprofile.filtering.streams import shuffled_labels
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.presets import PRESETS, build_gan
from ganprofile.metrics.copies import near_copies

MODEL = "digits-cgan"
REPEATS = 3


def images_drawn(count):
    """Images of a carried model drawn and written."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = {"filter": "none", "score": False, "progress": False, "force": True}
        return timed(
            lambda: gp.generate(MODEL, total=count, output=Path(folder) / "it", **arguments)
        )


def images_loaded(count):
    """Images of a written set read again."""
    with tempfile.TemporaryDirectory() as folder:
        noise(count).save(Path(folder) / "it")
        return timed(lambda: gp.load(Path(folder) / "it"))


def copies_sought(count):
    """Copies of 500 images sought among so many."""
    images, references = noise(500).images, noise(count, seed=1).images
    features = pixel_features(images), pixel_features(references)
    return timed(lambda: near_copies(images, references, *features))


def classes_planned(classes):
    """1,000,000 labels of so many classes put in a random order."""
    counts = np.full(classes, 1_000_000 // classes)
    return timed(lambda: shuffled_labels(counts, 0))


def classes_trained(classes):
    """A training step of cgan with so many classes."""
    return a_step("cgan", (28, 28, 1), 128, classes)


def sides_trained(side):
    """A training step of cdcgan on images of so many pixels a side."""
    return a_step("cdcgan", (side, side, 1), 128, 10)


def batches_trained(size):
    """A training step of cdcgan with batches of so many images."""
    return a_step("cdcgan", (28, 28, 1), size, 10)


SERIES = {  # name -> what is done, the sizes, those of --quick, what they count
    "draw": (images_drawn, (10_000, 30_000, 100_000, 300_000), (1000, 3000), "images"),
    "load": (images_loaded, (10_000, 100_000, 300_000), (1000, 3000), "images"),
    "copies": (copies_sought, (1000, 10_000, 100_000, 1_000_000), (1000, 3000), "references"),
    "plan": (classes_planned, (10, 62, 1000), (10, 62), "classes"),
    "classes": (classes_trained, (10, 62, 1000), (10, 62), "classes"),
    "sides": (sides_trained, (28, 32, 64), (28, 32), "pixels a side"),
    "batches": (batches_trained, (32, 64, 128, 256, 512, 1024), (32, 64), "images a batch"),
}


def timed(work):
    """Seconds of the fastest of some times."""
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def a_step(model, shape, size, classes, steps=10):
    """Seconds of a training step once it is traced."""
    gan = build_gan(shape, {"label": classes}, classes, PRESETS[model])
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (2 * size, *shape), dtype=np.uint8)
    labels = (np.arange(2 * size) % classes).astype("int32")
    batches = endless_batches(images, {"label": labels}, size, seed=0)
    fit = functools.partial(gan.fit, batches, steps_per_epoch=steps, shuffle=False, verbose=0)
    fit()
    return timed(fit) / steps


def noise(count, seed=0):
    """A labelled `Dataset` of random images."""
    random = np.random.default_rng(seed)
    images = random.integers(0, 100, (count, 28, 28, 1), dtype=np.uint8)
    return gp.Dataset(images, np.arange(count) % 10, name="noise")


def slope(sizes, seconds):
    """Of the line through the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def measure(name, is_quick):
    work, sizes, few, unit = SERIES[name]
    sizes = few if is_quick else sizes
    work(sizes[0])  # what the first time takes in addition is no growth
    seconds = [work(size) for size in sizes]
    what = work.__doc__.splitlines()[0]
    found = {"what": what, "unit": unit, "sizes": sizes, "seconds": seconds}
    return {**found, "slope": slope(sizes, seconds), "machine": machine()}


def plot(rows, path):
    figure, axes = new_figure(figsize=(7, 4.5))
    for row in rows.values():
        label = f"{row['what'].rstrip('.')}: slope {row['slope']:.2f}"
        axes.loglog(row["sizes"], row["seconds"], marker="o", label=label)
    axes.set(xlabel="size", ylabel="seconds")
    axes.legend(fontsize=6)
    save(figure, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("series", nargs="*", default=SERIES)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--output", type=Path, help="the JSON file of the results")
    parser.add_argument("--figure", type=Path, help="a picture of them")
    options = parser.parse_args()
    results = KeptRows.open(options.output)
    for name in options.series:
        if name not in results.rows:
            results.keep(name, measure(name, options.quick))
        row = results.rows[name]
        spread = ", ".join(
            f"{n:,}: {s:.3g} s" for n, s in zip(row["sizes"], row["seconds"], strict=True)
        )
        print(f"{name:8} slope {row['slope']:5.2f}  {spread}", flush=True)
    if options.figure:
        plot(results.rows, options.figure)


if __name__ == "__main__":
    main()
