"""Training parts, divided: images that subsets are drawn of, and 10,000 others that judge.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/parts.py OUTPUT [DATASET ...]

writes both halves of each into the folder OUTPUT, for a machine that has no TensorFlow to read the
official files: there GANPROFILE_TEST_DATA=OUTPUT gives the same halves. No test part is read.
"""

import argparse
import os
from pathlib import Path

import numpy as np
from classic import fold
from does_it_help import load_options

import ganprofile as gp

OTHERS = 10_000
TAKEN_ASIDE = 777  # the seed by which they are chosen
HALVES = ("pool", "aside")


def parts(name):
    """`(pool of subsets, images set aside)` of a training part."""
    written = _path(os.environ["GANPROFILE_TEST_DATA"], name)
    return _read(written, name) if written.is_file() else divided(name)


def divided(name):
    """The same from the official files; of Chars74K, the images of 13 writers are set aside."""
    train_set, _ = gp.load(name, **load_options(name))
    return fold(train_set, TAKEN_ASIDE, OTHERS)


def _path(folder, name):
    return Path(folder) / f"{name}-halves.npz"


def write(folder, name):
    """Write both halves."""
    halves = divided(name)
    arrays = {"class_names": np.array(halves[0].class_names)}
    for word, half in zip(HALVES, halves, strict=True):
        arrays |= {f"{word}_images": half.images, f"{word}_labels": half.labels}
        if half.writers is not None:
            arrays[f"{word}_writers"] = half.writers
    np.savez_compressed(_path(folder, name), **arrays)


def _read(path, name):
    with np.load(path) as arrays:
        names = tuple(arrays["class_names"].tolist())
        return tuple(
            gp.Dataset(
                arrays[f"{word}_images"],
                labels=arrays[f"{word}_labels"],
                writers=arrays.get(f"{word}_writers"),
                class_names=names,
                name=name,
                split="train",
            )
            for word in HALVES
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path)
    parser.add_argument("datasets", nargs="*", default=["mnist", "emnist", "chars74k"])
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    for name in options.datasets:
        write(options.output, name)


if __name__ == "__main__":
    main()
