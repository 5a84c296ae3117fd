"""Which training images are kept aside to tell the best epoch."""

import numpy as np

SHARE = 0.1
MOST_REFERENCES = 1_000
# With fewer images a class, the GAN needs each of them more than the choice does.
FEWEST_PER_CLASS = 50


def divide(dataset, seed):
    """Divide a dataset into what is trained on and what the drawn images are compared with.

    Of 50 images a class or more, a tenth of every class is kept aside, at most 1,000 in all; of
    fewer none, and up to 1,000 of the training images themselves are the reference.

    Args:
        dataset: a `Dataset`; without labels its images count as one class.
        seed: a non-negative integer.

    Returns:
        `(training, reference, held_out)`: sorted indices, and whether the two are disjoint.
    """
    random = np.random.default_rng([seed, len(dataset)])
    order = random.permutation(len(dataset))
    labels = np.zeros(len(dataset), int) if dataset.labels is None else dataset.labels
    counts = np.bincount(labels)
    counts = counts[counts > 0]
    if counts.min() < FEWEST_PER_CLASS:
        return np.arange(len(dataset)), np.sort(order[:MOST_REFERENCES]), False
    share = min(SHARE, MOST_REFERENCES / len(dataset))
    aside = np.zeros(len(dataset), bool)
    for label in np.unique(labels):
        members = order[labels[order] == label]
        aside[members[: max(1, int(share * len(members)))]] = True
    return np.flatnonzero(~aside), np.flatnonzero(aside), True
