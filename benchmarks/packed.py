"""Experiments where there are no data but a GPU: images that were packed before.

`--pack FOLDER` writes the images of cells; `--packed FOLDER` takes them from there, and with
`--side-by-side` and `KERAS_BACKEND=jax` all subsets of a cell are made together on a GPU.
"""

import contextlib
import json
from pathlib import Path
from unittest import mock

import numpy as np

import ganprofile as gp

PARTS = ("learned", "judging")


def add_options(parser, output):
    """Let a parser take these options, and a folder of results in place of `output`."""
    parser.add_argument("--pack", type=Path, help="only write the images into this folder")
    parser.add_argument("--packed", type=Path, help="where they were written")
    parser.add_argument("--side-by-side", action="store_true", help="on a GPU, by JAX")
    parser.add_argument("--output", type=Path, default=output)


def parts_of(name, read, options):
    """What is learned from and what judges: `read(name)`, or what was packed of it."""
    if options.packed:
        return tuple(_unpacked(options.packed / f"{name}-{part}.npz") for part in PARTS)
    return read(name)


def pack(names, read, options):
    """Write both parts of datasets, each into a file."""
    options.pack.mkdir(parents=True, exist_ok=True)
    for name in dict.fromkeys(names):
        for part, dataset in zip(PARTS, read(name), strict=True):
            told = {"name": dataset.name, "provenance": dataset.provenance}
            np.savez_compressed(
                options.pack / f"{name}-{part}.npz",
                images=dataset.images,
                labels=dataset.labels,
                class_names=np.array(dataset.class_names),
                told=np.array(json.dumps(told)),
            )


def _unpacked(path):
    with np.load(path) as arrays:
        names = tuple(map(str, arrays["class_names"]))
        told = json.loads(str(arrays["told"]))
        return gp.Dataset(arrays["images"], arrays["labels"], names, **told)


def side_by_side(options):
    """Within this, subsets are made together if that was asked."""
    if not options.side_by_side:
        return contextlib.nullcontext()
    from side_by_side import run_chains

    return mock.patch("ganprofile.benchmarking.experiment.run_chains", run_chains)
