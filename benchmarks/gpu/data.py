"""The images, carried as an .npz file."""

import os
from pathlib import Path

import numpy as np

import ganprofile as gp

PARTS = ("train", "test")


def write(path):
    """Write MNIST, whose training part has none of the test images."""
    folder = os.environ.get("GANPROFILE_TEST_DATA")
    save(path, gp.load("mnist", data_dir=Path(folder) / "mnist" if folder else None))


def save(path, parts):
    """Write both parts of a dataset."""
    arrays = {"name": np.array(parts[0].name)}
    for word, part in zip(PARTS, parts, strict=True):
        arrays |= {f"{word}_images": part.images, f"{word}_labels": part.labels}
        print(f"{word}: {len(part):,} images", flush=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)


def read(path):
    """`(train_set, test_set)` of such a file; the digits in the package without one."""
    if path is None:
        return gp.load("digits")
    with np.load(path) as arrays:
        return tuple(
            gp.Dataset(
                arrays[f"{word}_images"],
                labels=arrays[f"{word}_labels"],
                name=str(arrays["name"]),
                split=word,
            )
            for word in PARTS
        )
