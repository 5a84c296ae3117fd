"""Make files in the form of HWD+ for tests. THESE ARE NOT HWD+: see `NOTICE`.

    python tools/make_hwdplus_fixture.py --mnist DIR --qmnist DIR --output DIR [--sizes 28 100 500]

DIR of --mnist holds the official idx.gz files, of --qmnist the extended labels. Needs 0.15 GB for
the usual sizes 28 and 100, 3.4 GB more and a few minutes for 500.
"""

import argparse
from pathlib import Path

import numpy as np

from ganprofile.datasets.formats.idx import read_idx

NOTICE = (
    "NOT HWD+. These files only have its form, to test a loader with. The images are digits of "
    "MNIST by 97 writers of QMNIST, enlarged; where a writer has fewer than 14 of a digit, some "
    "are repeated, shifted by a pixel. Age, gender, height, language, handedness, education and "
    "medium are INVENTED. No result on them says anything about HWD+."
)

SEED = 20220413
WRITERS, DIGITS, REPLICATES = 97, 10, 14
QMNIST_CLASS, QMNIST_WRITER = 0, 2
WHITE_FROM = 201  # as HWD+ was cleaned, before it was shrunk
BLOCK = 500
SHIFTS = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)]
# Groups of writers as published (table 1); how the files code them is not known.
GROUPS = {
    "gender": (46, 51),
    "language": (75, 16, 6),
    "handedness": (84, 13),
    "education": (7, 13, 55, 22),
    "medium": (44, 45, 8),
}
COLUMNS = ("age", "gender", "height", "language", "handedness", "education", "medium")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for place in ("mnist", "qmnist", "output"):
        parser.add_argument(f"--{place}", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", choices=(28, 100, 500), default=(28, 100))
    asked = parser.parse_args()
    make_fixture(asked.mnist, asked.qmnist, asked.output, asked.sizes)
    print(NOTICE)


def make_fixture(mnist, qmnist, folder, sizes=(28, 100)):
    """Write the files; running it again gives the same ones."""
    random = np.random.default_rng(SEED)
    images, digits, writers = draw(mnist, qmnist, random)
    folder.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        write_images(folder / f"Images({size}x{size}).npy", images, size)
    facts = invented_facts(random)
    table = np.column_stack([digits, writers, *(np.repeat(facts[name], 140) for name in COLUMNS)])
    np.save(folder / "WriterInfo.npy", table)
    (folder / "NOT_HWDPLUS.txt").write_text(NOTICE + "\n", encoding="utf-8")


def draw(mnist, qmnist, random):
    """14 of every digit by the 97 writers with the most: ink on black, uint8 `(13580, 28, 28)`."""
    images = read_idx(mnist / "train-images-idx3-ubyte.gz")
    extended = read_idx(qmnist / "qmnist-train-labels-idx2-int.gz")
    digits, writers = extended[:, QMNIST_CLASS], extended[:, QMNIST_WRITER]
    table = np.zeros((writers.max() + 1, DIGITS), int)
    np.add.at(table, (writers, digits), 1)
    richest = np.sort(np.argsort(-table.min(axis=1), kind="stable")[:WRITERS])
    drawn = [
        replicates(images[(writers == writer) & (digits == digit)], random)
        for writer in richest
        for digit in range(DIGITS)
    ]
    labels = np.tile(np.repeat(np.arange(DIGITS), REPLICATES), WRITERS)
    return np.concatenate(drawn), labels, np.repeat(richest, DIGITS * REPLICATES)


def replicates(images, random):
    """14 different images: all there are, or these and shifted ones."""
    chosen = [*images[random.permutation(len(images))[:REPLICATES]]]
    for missing in range(REPLICATES - len(chosen)):
        chosen.append(np.roll(chosen[missing % len(images)], SHIFTS[missing], axis=(0, 1)))
    return np.stack(chosen)


def write_images(path, images, size):
    """Dark on white in `size` pixels, a block at a time."""
    from PIL import Image

    scans = np.lib.format.open_memmap(path, "w+", np.uint8, (len(images), size, size))
    for first in range(0, len(images), BLOCK):
        for row in range(first, min(first + BLOCK, len(images))):
            scan = Image.fromarray(255 - images[row])
            scans[row] = scan.resize((size, size), Image.Resampling.BILINEAR)
        if size == 500:
            block = scans[first : first + BLOCK]
            block[block >= WHITE_FROM] = 255
    scans.flush()


def invented_facts(random):
    """Name -> a number for each of the 97 writers, in groups as large as the published ones."""
    facts = {
        name: random.permutation(np.repeat(np.arange(len(sizes)), sizes))
        for name, sizes in GROUPS.items()
    }
    return {
        **facts,
        "age": random.integers(7, 80, WRITERS),
        "height": random.integers(115, 198, WRITERS),
    }


if __name__ == "__main__":
    main()
