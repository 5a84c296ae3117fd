"""Train the weights that the package carries for classifiers and teachers to begin with.

    python tools/train_pretrained.py --emnist DIR

DIR holds the idx.gz files of EMNIST in the 47 classes of its balanced split
(`*-{train,test}-{images,labels}-idx*.gz` and `emnist-balanced-mapping.txt`). One version learns
letters only, so that it meets digits for the first time at the user's, one all classes. Each is
three classifiers of the training split, of which all layers but the last are kept, in half
precision. The test split is read once, at the end, for the accuracies that
`ganprofile/weights/pretrained.json` states. About 25 minutes per version on two cores; another
machine or library version may give slightly other weights.
"""

import hashlib
import time

import keras
import numpy as np
from train_feature_networks import SOURCE, TARGET, for_versions, read_split

from ganprofile.classifiers import CLASSIFIERS
from ganprofile.recipes.pretrained import network_name, packed_body
from ganprofile.storage.arrays import write_arrays
from ganprofile.storage.files import write_json
from ganprofile.transforms.deformation import upright

SEED = 20261121
STEPS, BATCH = 8000, 64
NETWORKS = (("convnet", False), ("embedding", True), ("embedding", False))
LICENCE = (
    "the weights: Apache-2.0, as the package. EMNIST: none stated by NIST or its authors, who ask "
    "for citation"
)


def main():
    write_json(TARGET / "pretrained.json", for_versions(__doc__, train_version))


def train_version(name, emnist, class_names, chosen):
    """Train, write `pretrained-NAME.npz`; returns what `pretrained.json` says about it."""
    train, test = (read_split(emnist, split, class_names, chosen) for split in ("train", "test"))
    arrays, networks = {}, {}
    for classifier, is_upright in NETWORKS:
        network = network_name(classifier, is_upright)
        body, accuracy, seconds = train_network(classifier, is_upright, train, test, len(chosen))
        arrays |= packed_body(network, body)
        networks[network] = {"held_out_accuracy": round(accuracy, 4)}
        print(f"{name} {network}: held-out accuracy {accuracy:.4f}, {seconds:.0f} s", flush=True)
    path = TARGET / f"pretrained-{name}.npz"
    write_arrays(path, arrays)
    return {
        "source": SOURCE,
        "licence": LICENCE,
        "classes": chosen,
        "left_out": [other for other in class_names if other not in chosen],
        "train_images": len(train[0]),
        "held_out_images": len(test[0]),
        "held_out": "the test part, read once, after training, with the weights in half precision",
        "networks": networks,
        "steps": STEPS,
        "batch_size": BATCH,
        "transforms": "classic",
        "seed": SEED,
        "keras": keras.__version__,
        "made_by": "tools/train_pretrained.py",
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def train_network(classifier, is_upright, train, test, num_classes):
    """`(body in half precision, accuracy on the test part with that, seconds)`."""
    began = time.perf_counter()
    (images, labels), (test_images, test_labels) = train, test
    if is_upright:
        images, test_images = upright(images), upright(test_images)
    reader = CLASSIFIERS[classifier](num_classes, steps=STEPS, batch_size=BATCH, seed=SEED)
    reader.fit(images, labels, transforms="classic")
    body = [array.astype(np.float16) for array in reader.body()]
    reader.take_body(body)
    accuracy = float((reader.predict(test_images) == test_labels).mean())
    return body, accuracy, time.perf_counter() - began


if __name__ == "__main__":
    main()
