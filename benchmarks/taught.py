"""Train on synthetic, test on real: what a classifier learns from drawn images and nothing else."""

import numpy as np

from ganprofile.classifiers import CnnClassifier


def divide(dataset, count, seed):
    """What a GAN learns from, and at most `count` images, a fifth of all, that it never sees."""
    order = np.random.default_rng(seed).permutation(len(dataset))
    aside = np.isin(np.arange(len(dataset)), order[: min(count, len(dataset) // 5)])
    return dataset.select(~aside), dataset.select(aside)


def balanced(count, num_classes):
    """Labels that go through all classes in turn."""
    return np.arange(count, dtype=np.int32) % num_classes


def taught(draw, count, num_classes, steps=None):
    """A classifier that has seen drawn images only.

    Args:
        draw: int32 labels `(count,)` -> uint8 images of them.
        count: how many images.
        num_classes: how many classes.
        steps: its training steps; None for what it needs.
    """
    labels = balanced(count, num_classes)
    return CnnClassifier(num_classes, steps=steps).fit(draw(labels), labels)
