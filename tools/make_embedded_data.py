"""Draw the two embedded datasets from the official files.

    python tools/make_embedded_data.py --mnist DIR --qmnist DIR --emnist DIR

DIR of --mnist holds the four official idx.gz files, of --qmnist the extended labels
(`qmnist-train-labels-idx2-int.gz`, `qmnist-test-labels-idx2-int.gz`), of --emnist the idx.gz files
of EMNIST in the 47 classes of its balanced split (`*-{train,test}-{images,labels}-idx*.gz` and
`emnist-balanced-mapping.txt`). Running it again gives the same arrays.
"""

import argparse
import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np

from ganprofile.datasets.formats.idx import read_idx

SEED = 20261120
TARGET = Path(__file__).resolve().parent.parent / "ganprofile" / "datasets"
QMNIST_CLASS, QMNIST_WRITER = 0, 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for source in ("mnist", "qmnist", "emnist"):
        parser.add_argument(f"--{source}", type=Path, required=True)
    places = parser.parse_args()
    random = np.random.default_rng(SEED)
    write("digits", draw_digits(places.mnist, places.qmnist, random), DIGITS_CARD)
    write("characters", draw_characters(places.emnist, random), CHARACTERS_CARD)


def draw_digits(mnist, qmnist, random):
    """500 train and 100 test digits per class, with QMNIST's writer ids.

    In the training part 20 writers have exactly 10 of every digit; the others are drawn from all
    other writers.
    """
    images = read_idx(mnist / "train-images-idx3-ubyte.gz")
    labels = read_idx(mnist / "train-labels-idx1-ubyte.gz")
    extended = read_idx(qmnist / "qmnist-train-labels-idx2-int.gz")
    assert (extended[:, QMNIST_CLASS] == labels).all(), "QMNIST rows do not match MNIST"
    writers = extended[:, QMNIST_WRITER]

    table = np.zeros((writers.max() + 1, 10), int)
    np.add.at(table, (writers, labels), 1)
    whole = random.permutation(np.flatnonzero(table.min(axis=1) >= 10))[:20]
    chosen = []
    for digit in range(10):
        for writer in whole:
            mine = np.flatnonzero((labels == digit) & (writers == writer))
            chosen.append(random.permutation(mine)[:10])
        others = np.flatnonzero((labels == digit) & ~np.isin(writers, whole))
        chosen.append(random.permutation(others)[:300])
    train = random.permutation(np.concatenate(chosen))

    test_images = read_idx(mnist / "t10k-images-idx3-ubyte.gz")
    test_labels = read_idx(mnist / "t10k-labels-idx1-ubyte.gz")
    test_extended = read_idx(qmnist / "qmnist-test-labels-idx2-int.gz")[: len(test_labels)]
    assert (test_extended[:, QMNIST_CLASS] == test_labels).all(), "QMNIST rows do not match MNIST"
    test = equal_draw(test_labels, 100, random)
    return {
        "train_images": images[train],
        "train_labels": labels[train],
        "train_writers": writers[train].astype(np.int32),
        "test_images": test_images[test],
        "test_labels": test_labels[test],
        "test_writers": test_extended[test, QMNIST_WRITER].astype(np.int32),
        "class_names": np.array([str(digit) for digit in range(10)]),
    }


def draw_characters(emnist, random):
    """100 train and 20 test characters per class, turned upright."""
    mapping = np.loadtxt(emnist / "emnist-balanced-mapping.txt", dtype=int)
    arrays = {"class_names": np.array([chr(code) for _, code in mapping])}
    seen = set()
    for split, per_class in (("test", 20), ("train", 100)):
        images = read_idx(only(emnist, f"*-{split}-images-idx3-ubyte.gz"))
        labels = read_idx(only(emnist, f"*-{split}-labels-idx1-ubyte.gz"))
        chosen = equal_draw(labels, per_class, random)
        # NIST stores the two image axes exchanged.
        arrays[f"{split}_images"] = np.ascontiguousarray(images[chosen].transpose(0, 2, 1))
        arrays[f"{split}_labels"] = labels[chosen]
        hashes = {image.tobytes() for image in images[chosen]}
        assert not hashes & seen, "an image stands in train and test"
        seen |= hashes
    return arrays


def equal_draw(labels, per_class, random):
    """Indices of `per_class` random rows of every class, in random order."""
    classes = range(labels.max() + 1)
    rows = [random.permutation(np.flatnonzero(labels == index))[:per_class] for index in classes]
    assert all(len(part) == per_class for part in rows), "a class has too few images"
    return random.permutation(np.concatenate(rows))


def only(folder, pattern):
    (path,) = folder.glob(pattern)
    return path


def write(name, arrays, card):
    """Write `embedded/NAME.npz` and its card `cards/NAME.json`, which records its sha256."""
    arrays = {key: value.astype(narrow(value)) for key, value in sorted(arrays.items())}
    path = TARGET / "embedded" / f"{name}.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:  # a quarter less than deflated
        for key, values in arrays.items():
            with archive.open(f"{key}.npy", "w") as file:
                np.lib.format.write_array(file, values, allow_pickle=False)
    counts = {split: len(arrays[f"{split}_labels"]) for split in ("train", "test")}
    card = {
        "name": name,
        "images": counts,
        "images_per_class": {split: n // len(arrays["class_names"]) for split, n in counts.items()},
        "classes": arrays["class_names"].tolist(),
        "image_shape": [*arrays["train_images"].shape[1:], 1],
        "polarity": "0 = paper, 255 = ink",
        **card,
        "drawn_by": f"tools/make_embedded_data.py, seed {SEED}",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    text = json.dumps(card, indent=2, ensure_ascii=False)
    (TARGET / "cards" / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size:,} bytes, {counts}")


def narrow(values):
    """Labels are stored as uint8; everything else as it is."""
    return "u1" if values.dtype.kind == "u" else values.dtype


DIGITS_CARD = {
    "title": "Handwritten digits with their writers, drawn from MNIST and QMNIST",
    "source": "MNIST (LeCun, Cortes, Burges; from NIST Special Databases 1 and 3), train images "
    "from its training split, test images from its test split; writer ids from the extended "
    "labels of QMNIST (Yadav and Bottou 2019, github.com/facebookresearch/qmnist)",
    "licence": "MNIST: none stated by its authors. QMNIST labels: BSD-style licence of the QMNIST "
    "software. A small, cited subset.",
    "writers": "QMNIST writer id of every image. 20 training writers have exactly 10 images of "
    "every digit; the other 300 images a digit come from all other training writers. MNIST's "
    "training and test writers are different people.",
    "citation": "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document "
    "recognition, 1998. Yadav, Bottou: Cold Case: The Lost MNIST Digits, NeurIPS 2019.",
}
CHARACTERS_CARD = {
    "title": "Handwritten digits and letters in 47 classes, drawn from EMNIST",
    "source": "EMNIST (from NIST Special Database 19) in the 47 classes of its balanced split, "
    "turned upright. Drawn from EMNIST-derived47, a collection of distinct EMNIST images with "
    "official labels whose train and test parts are not those of the official balanced split; "
    "test images from its test part.",
    "licence": "none stated by NIST or the authors of EMNIST, who ask for citation. A small, cited "
    "subset.",
    "writers": "not known; a writer may stand in both parts, as in EMNIST's own splits.",
    "citation": "Cohen, Afshar, Tapson, van Schaik: EMNIST: an extension of MNIST to handwritten "
    "letters, 2017 (arXiv 1702.05373).",
}


if __name__ == "__main__":
    main()
