"""How many planted copies are found, and how many real images are taken for copies.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/planted_copies.py [DATASET ...] [--output FILE]

For the embedded digits and characters, MNIST, EMNIST-derived47 and Chars74K: 1,000 training images,
copied exactly, shifted by up to 1 or 2 pixels, noised, or both, are sought among all training
images; so are all test images, which are no copies. A copy counts as found if its own original is
named. The feature network's 100 nearest alone stand beside that: a shift moves an image far in its
space. Last, the seconds and the memory of `find_copies` on 10,000 images. Five minutes.
"""

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
from cost import machine

import ganprofile as gp
from ganprofile.evaluation.copying import find_copies
from ganprofile.evaluation.train_on_synthetic import wilson
from ganprofile.metrics.copies import (
    NEIGHBOURS,
    Originals,
    copy_threshold,
    nearest,
    planted_copies,
)
from ganprofile.metrics.features import FeatureNetwork, feature_network_for

DATASETS = ("digits", "characters", "mnist", "emnist-derived47", "chars74k")
FOLDERS = {"mnist": "mnist", "chars74k": "chars74k/EnglishHnd"}
PLANTED = 1_000
SHIFTS, NOISES = (0, 1, 2), (0, 8, 16, 24)  # pixels of 28; levels of 255
TIMED = 10_000


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


def load(name):
    """Training and test part."""
    if name == "emnist-derived47":
        return gp.load(data_folder() / "emnist")
    data_dir = data_folder() / FOLDERS[name] if name in FOLDERS else None
    return gp.load(name, data_dir=data_dir, offline=True)


def data_folder():
    return Path(os.environ["GANPROFILE_TEST_DATA"])


def measured(name):
    """One dataset."""
    train, test = load(name)
    network = FeatureNetwork.load(feature_network_for(train.class_names))
    features = {id(part.images): network(part.images) for part in (train, test)}
    trained = features[id(train.images)]
    threshold = copy_threshold(train.images)
    originals = Originals(train.images, trained)
    distances, _ = originals.closest(test.images, features[id(test.images)])
    taken = int((distances <= threshold).sum())
    row = {
        "dataset": train.name,
        "train_images": len(train),
        "test_images": len(test),
        "features": network.name,
        "threshold": threshold,
        "false_alarm": taken / len(test),
        "false_alarm_interval": wilson(taken, len(test)),
        "found": planted_and_found(train, network, originals, threshold, trained),
    }
    return {**row, **cost(train, test, features)}


def planted_and_found(train, network, originals, threshold, trained):
    """For every shift and noise the shares found: by the whole procedure, and that its search in
    feature space alone would have compared with the original."""
    random = np.random.default_rng(1)  # the threshold is made with another seed
    chosen = random.choice(len(train), min(PLANTED, len(train)), replace=False)
    rows = []
    for shift in SHIFTS:
        for noise in NOISES:
            planted = planted_copies(train.images[chosen], random, shift, noise)
            features = network(planted)
            distances, indices = originals.closest(planted, features)
            met = (nearest(features, trained, NEIGHBOURS) == chosen[:, None]).any(axis=1)
            found = (distances <= threshold) & (indices == chosen)
            rows.append(
                {
                    "shift": shift,
                    "noise": noise,
                    "share": float(found.mean()),
                    "copies": float((distances <= threshold).mean()),
                    "met_in_feature_space": float(met.mean()),
                }
            )
    return rows


def cost(train, test, features):
    """What `find_copies` takes, its features not counted."""
    synthetic = np.resize(test.images, (TIMED, *test.image_shape))
    features[id(synthetic)] = np.resize(
        features[id(test.images)], (TIMED, features[id(test.images)].shape[1])
    )
    began, processor = time.monotonic(), time.process_time()
    find_copies(synthetic, train.images, test.images, features=lambda images: features[id(images)])
    return {
        "seconds": time.monotonic() - began,
        "processor_seconds": time.process_time() - processor,
        "load_average": os.getloadavg()[0],
        "peak_mb_of_process": peak_mb(),
    }


def peak_mb():
    """Of the whole process, TensorFlow and the data included."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


def report(row):
    low, high = row["false_alarm_interval"]
    print(
        f"{row['dataset']}: {row['train_images']:,} training and {row['test_images']:,} test "
        f"images, threshold {row['threshold']:.4f}, false alarm {row['false_alarm']:.2%} "
        f"({low:.2%}..{high:.2%})"
    )
    print(f"{'':10}" + "".join(f"noise {noise:<14}" for noise in NOISES))
    for shift in SHIFTS:
        cells = [
            f"{found['share']:7.1%} ({found['met_in_feature_space']:6.1%})   "
            for found in row["found"]
            if found["shift"] == shift
        ]
        print(f"shift {shift:<2}" + " ".join(cells))
    print(
        f"found (by the nearest in feature space alone); {row['seconds']:.0f} s, "
        f"{row['processor_seconds']:.0f} s of processors at a load of {row['load_average']:.1f}, "
        f"process {row['peak_mb_of_process']:,} MB\n",
        flush=True,
    )


if __name__ == "__main__":
    main()
