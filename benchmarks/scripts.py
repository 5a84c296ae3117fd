"""Which recipe helps with characters that are not Latin, on folds of training parts.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/scripts.py [CELL ...] [--arms A,B] [--repeats N]
                                                             [--jobs N] [--size PIXELS] [--table]
                                                             [--pack FOLDER] [--packed FOLDER]

Bangla and Devanagari digits (CMATERdb), Arabic letters (AHCD), and the alphabets of Omniglot that
have most characters, of each of which ten drawings are learned from and ten judge. A third of the
images of the others is set aside and judges; no test part is read. The experiment is that of
`does_it_help.py`. Results join `results/scripts/DATASET/benchmark.json`.

A machine with a GPU makes all subsets of a cell side by side: see `packed.py`.
"""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import packed
from cells import measure_cells, parser_of
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
    "katakana": (2, "Japanese_(katakana)"),
    "korean": (1, "Korean"),
    "sanskrit": (2, "Sanskrit"),
}
EVERY_ALPHABET = "omniglot"  # all eight together: a set of 242 classes
LEARNED_FROM = 10  # of twenty drawings of each character of Omniglot
CELLS = (
    *("bangla:10", "bangla:50", "devanagari:10", "devanagari:50", "arabic:10", "arabic:50"),
    *("katakana:10", "korean:10", "sanskrit:10"),
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


def alphabets(_, size):
    """All characters of all alphabets, a class each."""
    with tempfile.TemporaryDirectory() as room:
        for number in (1, 2):
            with zipfile.ZipFile(_data(OMNIGLOT.format(number))) as archive:
                folders = (one for one in archive.infolist() if one.filename.count("/") > 1)
                for one in folders:
                    one.filename = one.filename.partition("/")[2]
                    archive.extract(one, room)
        return gp.load(room, labels="{label}/{label}/*", photographs="scans", image_size=size)[0]


READ = {"bangla": digits, "devanagari": digits, "arabic": arabic}
READ |= {**dict.fromkeys(ALPHABETS, alphabet), EVERY_ALPHABET: alphabets}


def _data(path):
    return Path(os.environ["GANPROFILE_TEST_DATA"]) / path


def halves(dataset, name):
    """`(images to learn from, images to judge by)`: of each class a third judges, or ten."""
    random = np.random.default_rng(SEED)
    judges = np.zeros(len(dataset), bool)
    for label in range(dataset.num_classes):
        rows = random.permutation(np.flatnonzero(dataset.labels == label))
        kept = LEARNED_FROM if name in (*ALPHABETS, EVERY_ALPHABET) else 2 * len(rows) // 3
        judges[rows[kept:]] = True
    return dataset.select(~judges), dataset.select(judges)


def measure(cell, options):
    """Add a cell to its dataset's result."""
    name, per_class = cell.split(":")
    pool, judging = packed.parts_of(name, reader(options.size), options)
    with packed.side_by_side(options):
        gp.benchmark(
            pool,
            test=judging,
            per_class=int(per_class),
            arms=options.arms,
            repeats=options.repeats,
            seed=SEED,
            jobs=options.jobs,
            output=options.output / f"{name}-{options.size}",
            allow_overlap=True,
        )


def reader(size):
    """What reads both halves of a dataset by its name."""
    return lambda name: halves(READ[name](name, size), name)


def main():
    parser = parser_of(__doc__, CELLS, ARMS, repeats=10)
    parser.add_argument("--size", type=int, default=SIZE)
    packed.add_options(parser, RESULTS)
    options = parser.parse_args()
    if options.pack:
        packed.pack([cell.split(":")[0] for cell in options.cells], reader(options.size), options)
        return
    measure_cells(measure, options)
    print("\n".join(table(options.output, BASELINES)))


if __name__ == "__main__":
    main()
