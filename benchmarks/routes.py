"""Every named dataset by every route for which files are at hand: counts beside the published.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/routes.py [--output FILE]

Routes of one dataset must hold the same images with the same labels, in whatever order; a digest
over the sorted pairs says whether they do. EMNIST's CSV and MATLAB files are written from the idx
files first. The EMNIST at hand may be another split than the official one; HWD+ is a fixture.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import ganprofile as gp
from ganprofile.datasets import DATASETS
from ganprofile.datasets.formats.idx import read_idx

ROOT = Path(__file__).resolve().parents[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    data = Path(os.environ["GANPROFILE_TEST_DATA"])
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(*route) for route in routes(data, Path(folder))]
    report(rows)
    if arguments.output:
        arguments.output.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def routes(data, work):
    """`(dataset, route, data_dir, TFDS_DATA_DIR)`, made where they are not there yet."""
    for name in ("digits", "characters"):
        yield name, "embedded", None, None
    yield "mnist", "TFDS", None, data / "tfds"
    yield "mnist", "idx", data / "mnist", None
    yield "qmnist", "idx + labels", data, None
    yield "emnist", "TFDS", None, data / "tfds"
    for route, write in {"idx": write_idx, "CSV": write_csv, "MATLAB": write_mat}.items():
        folder = work / route
        folder.mkdir()
        write(folder, data / "emnist")
        yield "emnist", route, folder, None
    for name in ("chars74k", "chars74k/lowercase"):
        yield name, "archive by TFDS builder", data, work / "tfds"
    hwdplus = work / "hwdplus"
    tool = ROOT / "tools" / "make_hwdplus_fixture.py"
    places = ["--mnist", data / "mnist", "--qmnist", data / "qmnist", "--output", hwdplus]
    subprocess.run(
        [sys.executable, tool, *map(str, places), "--sizes", "28", "100"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for name in DATASETS:
        if name.startswith("hwdplus") and "500" not in name:
            yield name, "fixture", hwdplus, None


def write_idx(folder, source):
    for path in source.glob("emnist-derived47-t*-ubyte.gz"):
        shutil.copy(path, folder / path.name.replace("derived47", "balanced"))


def stored(source, part):
    """Images `(n, 28, 28)` and labels as the idx files hold them."""
    (images,) = source.glob(f"*-{part}-images-idx3-ubyte.gz")
    (labels,) = source.glob(f"*-{part}-labels-idx1-ubyte.gz")
    return read_idx(images), read_idx(labels)


def write_csv(folder, source):
    for part in ("train", "test"):
        images, labels = stored(source, part)
        rows = np.column_stack([labels, images.reshape(len(images), -1)])
        np.savetxt(folder / f"emnist-balanced-{part}.csv", rows, "%d", delimiter=",")


def write_mat(folder, source):
    import scipy.io

    parts = {}
    for part in ("train", "test"):
        images, labels = stored(source, part)
        parts[part] = {"images": images.reshape(len(images), -1), "labels": labels[:, None]}
    scipy.io.savemat(folder / "emnist-balanced.mat", {"dataset": parts}, do_compression=True)


def row(name, route, data_dir, tfds_folder):
    os.environ["TFDS_DATA_DIR"] = str(tfds_folder or "nowhere")
    parts = gp.load(name, data_dir=data_dir, offline=True)
    published = DATASETS[name].card()["images"]
    return {
        "dataset": name,
        "route": route,
        "images": {part.split: len(part) for part in parts},
        "published": published,
        "classes": parts[0].num_classes,
        "writers": {
            part.split: 0 if part.writers is None else len(np.unique(part.writers))
            for part in parts
        },
        "shape": list(parts[0].image_shape),
        "provenance": parts[0].provenance,
        "digest": digest(parts),
    }


def digest(parts):
    """One sha256 over all pairs of image and label, whatever their order."""
    total = hashlib.sha256()
    for part in parts:
        pairs = sorted(zip(part.image_hashes.tolist(), part.labels.tolist(), strict=True))
        total.update(repr(pairs).encode())
    return total.hexdigest()[:12]


def report(rows):
    print(f"{'dataset':24} {'route':24} {'train':>8} {'test':>7} {'published':>16}", end=" ")
    print(f"{'classes':>7} {'writers':>9} {'shape':>10} digest")
    for row in rows:
        counts, published = row["images"], row["published"]
        expected = f"{published['train']:,}+{published['test']:,}"
        writers = f"{row['writers']['train']}+{row['writers']['test']}"
        shape = "x".join(map(str, row["shape"]))
        print(
            f"{row['dataset']:24} {row['route']:24} {counts['train']:8,} {counts['test']:7,} "
            f"{expected:>16} {row['classes']:7} {writers:>9} {shape:>10} {row['digest']}"
        )


if __name__ == "__main__":
    main()
