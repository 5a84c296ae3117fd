"""Which recipe helps with characters that are not Latin, on folds of training parts.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/scripts.py [CELL ...] [--arms A,B] [--repeats N]
                                                             [--jobs N] [--size PIXELS] [--table]
                                                             [--pack FOLDER] [--packed FOLDER]

Bangla and Devanagari digits (CMATERdb), Arabic letters (AHCD), and the alphabets of Omniglot that
have most characters, of each of which ten drawings are learned from and ten judge. A third of the
images of the others is set aside and judges; no test part is read. The experiment is that of
`does_it_help.py`. Results join `results/scripts/DATASET/benchmark.json`.

A machine with a GPU makes all subsets of a cell side by side. `--pack` writes the images there are
into a folder, from which `--packed` takes them where there are no data; `KERAS_BACKEND=jax` and
`--side-by-side` train so.
"""

import argparse
import contextlib
import json
import os
import tempfile
import zipfile
from pathlib import Path
from unittest import mock

import numpy as np
from does_it_help import table

import ganprofile as gp

RESULTS = Path(__file__).parent / "results" / "scripts"
SIZE = 28
SEED = 1
ARMS = ("none", "classic", "deformed", "deformed+distilled", "classic+gan")
BASELINES = ("none", "classic")
CMATERDB = "scripts/cmaterdb-{}-digits/training-images.npz"
AHCD = "scripts/ahcd-arabic/Arabic_Handwritten_Characters_Dataset_CSV.zip"
OMNIGLOT = "scripts/omniglot/images_background_small{}.zip"
ALPHABETS = {  # name -> the archive, and its folder there
    "korean": (1, "Korean"),
    "sanskrit": (2, "Sanskrit"),
}
PARTS = ("learned", "judging")
LEARNED_FROM = 10  # of twenty drawings of each character of Omniglot
CELLS = (
    *("bangla:10", "bangla:50", "devanagari:10", "devanagari:50", "arabic:10", "arabic:50"),
    *("korean:10", "sanskrit:10"),
)


def digits(name, size):
    """CMATERdb's: dark ink on white, three equal channels."""
    path = _data(CMATERDB.format(name))
    return gp.load(path, image_size=size, channels=1, invert="yes")[0]


def arabic(_, size):
    """AHCD's training part, whose rows hold transposed images."""
    return gp.load(_data(AHCD), image_size=size, transpose=True, allow_overlap=True)[0]


def alphabet(name, size):
    """All characters of an alphabet of Omniglot, each cropped to its ink."""
    number, folder = ALPHABETS[name]
    with tempfile.TemporaryDirectory() as room:
        with zipfile.ZipFile(_data(OMNIGLOT.format(number))) as archive:
            inside = [one for one in archive.namelist() if f"/{folder}/" in one]
            archive.extractall(room, inside)
        place = next(Path(room).glob(f"*/{folder}"))
        return gp.load(place, photographs="scans", image_size=size)[0]


READ = {"bangla": digits, "devanagari": digits, "arabic": arabic}
READ |= dict.fromkeys(ALPHABETS, alphabet)


def _data(path):
    return Path(os.environ["GANPROFILE_TEST_DATA"]) / path


def halves(dataset, name):
    """`(images to learn from, images to judge by)`: of each class a third judges, or ten."""
    random = np.random.default_rng(SEED)
    judges = np.zeros(len(dataset), bool)
    for label in range(dataset.num_classes):
        rows = random.permutation(np.flatnonzero(dataset.labels == label))
        kept = LEARNED_FROM if name in ALPHABETS else 2 * len(rows) // 3
        judges[rows[kept:]] = True
    return dataset.select(~judges), dataset.select(judges)


def parts_of(name, options):
    """Both halves of a dataset, as they are read or as they were packed."""
    if options.packed:
        return tuple(unpacked(options.packed / f"{name}-{part}.npz") for part in PARTS)
    return halves(READ[name](name, options.size), name)


def pack(cells, options):
    """Write both halves of the datasets of cells, each into a file."""
    options.pack.mkdir(parents=True, exist_ok=True)
    for name in dict.fromkeys(cell.split(":")[0] for cell in cells):
        for part, dataset in zip(PARTS, parts_of(name, options), strict=True):
            told = {"name": dataset.name, "provenance": dataset.provenance}
            np.savez_compressed(
                options.pack / f"{name}-{part}.npz",
                images=dataset.images,
                labels=dataset.labels,
                class_names=np.array(dataset.class_names),
                told=np.array(json.dumps(told)),
            )


def unpacked(path):
    """A `Dataset` that `pack` wrote."""
    with np.load(path) as arrays:
        names = tuple(map(str, arrays["class_names"]))
        told = json.loads(str(arrays["told"]))
        return gp.Dataset(arrays["images"], arrays["labels"], names, **told)


def measure(cell, options):
    """Add a cell to its dataset's result."""
    name, per_class = cell.split(":")
    pool, judging = parts_of(name, options)
    with side_by_side() if options.side_by_side else contextlib.nullcontext():
        gp.benchmark(
            pool,
            test=judging,
            per_class=int(per_class),
            arms=options.arms.split(","),
            repeats=options.repeats,
            seed=SEED,
            jobs=options.jobs,
            output=options.output / f"{name}-{options.size}",
            allow_overlap=True,
        )


def side_by_side():
    """Within this, the subsets of an experiment are made together on a GPU."""
    from side_by_side import run_chains

    return mock.patch("ganprofile.benchmarking.experiment.run_chains", run_chains)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--table", action="store_true", help="only print what there is")
    parser.add_argument("--pack", type=Path, help="only write the images into this folder")
    parser.add_argument("--packed", type=Path, help="where they were written")
    parser.add_argument("--side-by-side", action="store_true", help="on a GPU, by JAX")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.pack:
        pack(options.cells, options)
        return
    for cell in [] if options.table else options.cells:
        measure(cell, options)
    print("\n".join(table(options.output, BASELINES)))


if __name__ == "__main__":
    main()
