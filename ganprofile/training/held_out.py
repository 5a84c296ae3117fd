"""Which training images are kept aside to tell the best epoch."""

import numpy as np

SHARE = 0.1
MOST_REFERENCES = 1_000
# Of a class with fewer images, the GAN needs each more than the choice does.
FEWEST_PER_CLASS = 50


def divide(dataset, seed):
    """Divide a dataset into what is trained on and what the drawn images are compared with.

    Of every class of 50 images or more a tenth is kept aside, at most 1,000 in all, but never the
    only image of a writer. Where no class has so many, up to 1,000 of the training images
    themselves are the reference.

    Args:
        dataset: a `Dataset`; without labels its images count as one class.
        seed: a non-negative integer.

    Returns:
        `(training, reference, held_out)`: sorted indices, and whether the two are disjoint.
    """
    count = len(dataset)
    order = np.random.default_rng([seed, count]).permutation(count)
    labels = np.zeros(count, int) if dataset.labels is None else dataset.labels[order]
    share = min(SHARE, MOST_REFERENCES / count)
    free = np.ones(count, bool)
    if dataset.writers is not None:
        free[np.unique(dataset.writers[order], return_index=True)[1]] = False
    aside = np.zeros(count, bool)
    for label, wanted in enumerate(_wanted(np.bincount(labels), share)):
        if wanted:
            aside[np.flatnonzero(free & (labels == label))[:wanted]] = True
    if not aside.any():
        return np.arange(count), np.sort(order[:MOST_REFERENCES]), False
    return np.sort(order[~aside]), np.sort(order[aside]), True


def _wanted(members, share):
    """How many of every class are kept aside, integers `(classes,)`.

    Of very many classes a share is less than an image of each: some of them give one.
    """
    exact = np.where(members >= FEWEST_PER_CLASS, share * members, 0.0)
    wanted = exact.astype(int)
    small = exact < 1
    wanted[small] = np.diff(np.floor(np.cumsum(exact[small])), prepend=0.0)
    return wanted


def divided(config):
    """How many images a run was trained on, and how many of its data were kept aside.

    Args:
        config: the content of its `config.json`.
    """
    criterion, count = config.get("criterion") or {}, config["dataset"]["images"]
    aside = (criterion.get("images") or 0) if criterion.get("held_out") else 0
    return count - aside, aside
