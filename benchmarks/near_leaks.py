"""How many test images that are training images saved again are found, and how many real ones are
taken for such.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/near_leaks.py [DATASET ...] [--output FILE]

For the embedded digits and characters, MNIST, EMNIST-derived47 and Chars74K: 500 training images,
saved again in every way of a list, are sought among all training images; so are all test images,
which are no copies. One counts as found if its own original is named. Three of the ways, marked
with an asterisk, are those by which the search tells what saving leaves; the others it has not
seen. Five minutes.
"""

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
from cost import machine
from PIL import Image
from planted_copies import DATASETS, load

from ganprofile.datasets.similarity.near_copies import (
    affordable,
    brightened,
    compressed,
    near_copies,
    noised,
    shrunk,
)
from ganprofile.evaluation.train_on_synthetic import wilson

PLANTED = 500
BILINEAR = Image.Resampling.BILINEAR
AROUND = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if row or column]


def moved(image, row, column):
    """An image `(height, width)`, moved; what leaves the frame is lost."""
    return np.roll(np.pad(image, 2), (row, column), (0, 1))[2:-2, 2:-2]


def with_other_pixel(image, random):
    """An image with one pixel inverted."""
    changed = image.copy()
    place = tuple(random.integers(side) for side in image.shape)
    changed[place] = 255 - changed[place]
    return changed


# What is done to an image `(height, width)` with a generator of random numbers. The last are
# rougher than what is asked of the search.
DEFORMATIONS = {
    "JPEG 90": lambda image, random: compressed(image, 90),
    "JPEG 60 *": lambda image, random: compressed(image, 60),
    "one pixel further": lambda image, random: moved(image, *AROUND[random.integers(8)]),
    "one pixel inverted": with_other_pixel,
    "32 pixels and back": lambda image, random: shrunk(image, 32 / 28, BILINEAR),
    "56 pixels and back": lambda image, random: shrunk(image, 2, BILINEAR),
    "20 pixels and back": lambda image, random: shrunk(image, 20 / 28, BILINEAR),
    "the same, Lanczos *": lambda image, random: shrunk(image, 20 / 28),
    "noise of 5 levels": lambda image, random: noised(image, 5, random),
    "noise of 10 levels": lambda image, random: noised(image, 10, random),
    "20 % darker": lambda image, random: brightened(image, 0.8),
    "20 % lighter *": lambda image, random: brightened(image, 1.2),
    "paper of level 20": lambda image, random: brightened(image, 1, 20),
    "paper of level 40": lambda image, random: brightened(image, 1, 40),
    "JPEG 60, one pixel further": lambda image, random: compressed(moved(image, 1, 0), 60),
    "JPEG 60 of 20 pixels": lambda image, random: compressed(shrunk(image, 20 / 28), 60),
    "rough: JPEG 30": lambda image, random: compressed(image, 30),
    "rough: noise of 20 levels": lambda image, random: noised(image, 20, random),
    "rough: 14 pixels and back": lambda image, random: shrunk(image, 1 / 2, BILINEAR),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="*", default=DATASETS, metavar="DATASET")
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    rows = []
    for name in arguments.datasets:
        rows.append(measured(name))
        report(rows[-1])
    if arguments.output:
        content = {"machine": machine(), "planted": PLANTED, "rows": rows}
        arguments.output.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def measured(name):
    """One dataset."""
    train, test = load(name)
    began, processor = time.monotonic(), time.process_time()
    taken, _ = near_copies(test.images, train.images)
    cost = {
        "seconds": time.monotonic() - began,
        "processor_seconds": time.process_time() - processor,
        "load_average": os.getloadavg()[0],
    }
    return {
        "dataset": train.name if name != "emnist-derived47" else name,
        "train_images": len(train),
        "test_images": len(test),
        "compared": affordable(len(test), len(train))[0],
        "taken_for_copies": len(taken),
        "false_alarm": len(taken) / len(test),
        "false_alarm_interval": wilson(len(taken), len(test)),
        "examples": [test.describe_image(row) for row in taken[:10]],
        "found": found(train),
        **cost,
    }


def found(train):
    """For every way the share of copies of which the original is named."""
    random = np.random.default_rng(1)
    chosen = random.choice(len(train), min(PLANTED, len(train)), replace=False)
    originals = train.images[chosen][..., 0]
    shares = {}
    for way, save in DEFORMATIONS.items():
        copies = np.stack([save(image, random) for image in originals])[..., None]
        rows, named = near_copies(copies, train.images)
        shares[way] = float((named == chosen[rows]).sum() / len(chosen))
    return shares


def report(row):
    low, high = row["false_alarm_interval"]
    print(
        f"{row['dataset']}: of {row['test_images']:,} test images {row['taken_for_copies']} are "
        f"taken for copies of {row['train_images']:,} training images, {row['false_alarm']:.3%} "
        f"({low:.3%}..{high:.3%}); {row['seconds']:.0f} s, {row['processor_seconds']:.0f} s of "
        f"processors at a load of {row['load_average']:.1f}"
    )
    for way, share in row["found"].items():
        print(f"  {way:30}{share:7.1%}")
    print(flush=True)


if __name__ == "__main__":
    main()
