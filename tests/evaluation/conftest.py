"""Sets with one fault each, made of real digits."""

import dataclasses

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter


def collapsed(dataset):
    """Three images of every class, again and again."""
    images = dataset.images.copy()
    for label in range(dataset.num_classes):
        rows = np.flatnonzero(dataset.labels == label)
        images[rows] = dataset.images[np.resize(rows[:3], len(rows))]
    return dataclasses.replace(dataset, images=images)


def swapped(dataset):
    """Every label is that of the next class."""
    return dataclasses.replace(dataset, labels=(dataset.labels + 1) % dataset.num_classes)


def inverted(dataset):
    """Dark ink on light paper."""
    return dataclasses.replace(dataset, images=255 - dataset.images)


def blurred(dataset):
    """As through a bad lens."""
    return dataclasses.replace(dataset, images=gaussian_filter(dataset.images, (0, 1.5, 1.5, 0)))


def blank(dataset):
    """Nothing but paper."""
    return dataclasses.replace(dataset, images=np.zeros_like(dataset.images))


FAULTS = {fault.__name__: fault for fault in (collapsed, swapped, inverted, blurred, blank)}


@pytest.fixture(scope="session")
def planted(digits):
    """Fault -> a set with it; `none` is the set before. Real images that nothing else sees."""
    alike = digits[0].subset(30, seed=1)
    return {"none": alike, **{name: fault(alike) for name, fault in FAULTS.items()}}
