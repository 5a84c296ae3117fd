"""Train the two feature networks that the package carries.

    python tools/train_feature_networks.py --emnist DIR

DIR holds the idx.gz files of EMNIST in the 47 classes of its balanced split
(`*-{train,test}-{images,labels}-idx*.gz` and `emnist-balanced-mapping.txt`). Two classifiers learn
its training split, one all classes, one the letters only; what is kept of each is the network up to
its last layer before the logits. The test split is read once, at the end, for the accuracy that
`ganprofile/weights/features.json` states. A few minutes each on two cores; another machine or
library version may give slightly other weights.
"""

import argparse
import hashlib
import time
from pathlib import Path

import keras
import numpy as np
from make_embedded_data import only

from ganprofile.datasets.formats.idx import read_idx
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.gan.networks.serialization import write_network
from ganprofile.images import to_float
from ganprofile.storage.files import write_json

SEED = 20261120
TARGET = Path(__file__).resolve().parent.parent / "ganprofile" / "weights"
FEATURES = 64
EPOCHS, BATCH, RATE = 10, 128, 2e-3
# Of the augmentation: what keeps a character the same character.
MOST_SHIFT, MOST_ROTATION, MOST_ZOOM = 2, 10, 0.15  # pixels, degrees, share

SOURCE = (
    "EMNIST-derived47: EMNIST (Cohen, Afshar, Tapson, van Schaik 2017, arXiv 1702.05373; from NIST "
    "Special Database 19) in the 47 classes of its balanced split, a collection of distinct images "
    "with official labels whose train and test parts are not those of the official split"
)


def main():
    write_json(TARGET / "features.json", for_versions(__doc__, train_one))


def for_versions(documentation, train):
    """What `train(name, emnist, class_names, chosen)` says of every version, by its name.

    Where the data are stands on the command line; a version is a choice of classes.
    """
    parser = argparse.ArgumentParser(description=documentation.splitlines()[0])
    parser.add_argument("--emnist", type=Path, required=True)
    emnist = parser.parse_args().emnist
    mapping = np.loadtxt(emnist / "emnist-balanced-mapping.txt", dtype=int)
    class_names = [chr(code) for _, code in mapping]
    letters = [name for name in class_names if name.isalpha()]
    versions = {"characters": class_names, "letters": letters}
    return {name: train(name, emnist, class_names, chosen) for name, chosen in versions.items()}


def train_one(name, emnist, class_names, chosen):
    """Train, write `features-NAME.keras`; returns what `features.json` says about it."""
    images, labels = read_split(emnist, "train", class_names, chosen)
    features, classifier = build(len(chosen), seed_stream(SEED, f"features-{name}"))
    fit(classifier, images, labels)
    path = TARGET / f"features-{name}.keras"
    write_network(features, path)

    test_images, test_labels = read_split(emnist, "test", class_names, chosen)
    accuracy = measure(classifier, test_images, test_labels)
    print(f"{path}: {path.stat().st_size:,} bytes, held-out accuracy {accuracy:.4f}")
    return {
        "source": SOURCE,
        "classes": chosen,
        "train_images": len(images),
        "epochs": EPOCHS,
        "seed": SEED,
        "held_out": {
            "images": len(test_images),
            "what": "the test part, read once, after training",
            "accuracy": round(accuracy, 4),
        },
        "features": FEATURES,
        "keras": keras.__version__,
        "made_by": "tools/train_feature_networks.py",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def read_split(emnist, split, class_names, chosen):
    """Upright images `(n, 28, 28, 1)` of the chosen classes, and indices into `chosen`."""
    images = read_idx(only(emnist, f"*-{split}-images-idx3-ubyte.gz"))
    labels = read_idx(only(emnist, f"*-{split}-labels-idx1-ubyte.gz"))
    index = np.array([chosen.index(name) if name in chosen else -1 for name in class_names])[labels]
    kept = index >= 0
    # NIST stores the two image axes exchanged.
    return images[kept].transpose(0, 2, 1)[..., None], index[kept]


def build(num_classes, seeds):
    """The feature network, and the classifier that it is the body of."""

    def seeded():
        return {
            "use_bias": False,  # batch normalisation has one
            "kernel_initializer": keras.initializers.HeNormal(seed=next(seeds)),
        }

    layers = [keras.Input((28, 28, 1))]
    for filters, width in ((16, 5), (32, 3), (64, 3)):
        layers += [
            keras.layers.Conv2D(filters, width, padding="same", **seeded()),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.MaxPooling2D(),
        ]
    layers += [
        keras.layers.Flatten(),
        keras.layers.Dense(FEATURES, **seeded()),
        keras.layers.BatchNormalization(),
        keras.layers.ReLU(),
    ]
    features = keras.Sequential(layers)
    dropout = keras.layers.Dropout(0.2, seed=next(seeds))
    logits = keras.layers.Dense(
        num_classes, kernel_initializer=keras.initializers.GlorotUniform(seed=next(seeds))
    )
    return features, keras.Sequential([features, dropout, logits])


def fit(classifier, images, labels):
    """Adam with a falling rate on whole batches of moved images, every epoch in another order."""
    steps = len(images) // BATCH
    classifier.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(RATE, EPOCHS * steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    random = np.random.default_rng(SEED)
    for epoch in range(1, EPOCHS + 1):
        started = time.perf_counter()
        order = random.permutation(len(images))[: steps * BATCH].reshape(steps, BATCH)
        losses = [
            classifier.train_on_batch(moved(to_float(images[rows]), random), labels[rows])
            for rows in order
        ]
        seconds = time.perf_counter() - started
        print(f"epoch {epoch}/{EPOCHS}: loss {np.mean(losses):.4f}, {seconds:.0f} s", flush=True)


def moved(images, random):
    """Each image rotated, scaled and shifted a little about its middle, on paper without end."""
    count, middle = len(images), (images.shape[1] - 1) / 2
    angle = np.radians(random.uniform(-MOST_ROTATION, MOST_ROTATION, count))
    zoom = random.uniform(1 - MOST_ZOOM, 1 + MOST_ZOOM, count)
    right, down = middle + random.uniform(-MOST_SHIFT, MOST_SHIFT, (2, count))
    cosine, sine, zero = np.cos(angle) / zoom, np.sin(angle) / zoom, np.zeros(count)
    # Where each pixel of the result comes from: the first six entries of a 3 x 3 matrix.
    rows = [cosine, -sine, middle - cosine * right + sine * down]
    rows += [sine, cosine, middle - sine * right - cosine * down, zero, zero]
    transforms = np.stack(rows, axis=1).astype(np.float32)
    return keras.ops.image.affine_transform(images, transforms, fill_value=-1.0)


def measure(classifier, images, labels):
    """The share of images that the classifier reads right."""
    right = 0
    for first in range(0, len(images), 500):
        batch = slice(first, first + 500)
        logits = classifier(to_float(images[batch]), training=False)
        right += (keras.ops.convert_to_numpy(logits).argmax(axis=1) == labels[batch]).sum()
    return float(right / len(images))


if __name__ == "__main__":
    main()
