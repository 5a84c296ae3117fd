"""Seconds until a classifier has learned from real images, and what it then reads.

The clock runs from before the network is built until all its steps are made, compilation included.
The test part is read once, by the trained classifier.
"""

import time

import jax

from benchmarks.gpu.drawing import SEED
from benchmarks.taught import divide
from ganprofile.classifiers import CnnClassifier
from ganprofile.classifiers.accuracy import accuracy


def measure(parts, size):
    """The numbers of a row."""
    train_set, test_set = parts
    learned, held_out = divide(train_set, size.held_out, SEED)
    began = time.perf_counter()
    classifier = CnnClassifier(train_set.num_classes, steps=size.real_steps)
    classifier.fit(learned.images, learned.labels)
    jax.block_until_ready([variable.value for variable in classifier.network.variables])
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "steps": classifier.steps,
        "batch_size": classifier.batch_size,
        "learned_from": len(learned),
        "held_out": len(held_out),
        "accuracy": accuracy(classifier, held_out.images, held_out.labels),
        "test_accuracy": accuracy(classifier, test_set.images, test_set.labels),
    }
