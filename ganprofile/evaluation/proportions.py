"""How often each class comes.

What is compared should have the proportions of what it is held against, as a distance does not
tell other proportions from other images.
"""

import numpy as np

# The share of images that would have to be of other classes. Between real digits, kernel distances
# were 0.04 at 0.1 and 0.17 at 0.15, where up to 0.1 is called good; MNIST's test part has 0.02.
UNEVEN = 0.1


def differ_much(counts, others):
    """Whether two numbers of images of each class are in other proportions, whole numbers
    `(num_classes,)`, each with a sum above 0."""
    shares = [np.asarray(numbers) / np.sum(numbers) for numbers in (counts, others)]
    return bool(np.abs(shares[0] - shares[1]).sum() / 2 > UNEVEN)


def share_lacking(dataset, others):
    """The share of the images of a labelled `Dataset` whose class `others`, with labels of the same
    classes, has no image of; 0 without labels."""
    if dataset.labels is None or others.labels is None:
        return 0.0
    return float((~np.isin(dataset.labels, np.unique(others.labels))).mean())


def in_proportion(count, weights):
    """Labels as often as some weights say, and so are the first of them.

    Args:
        count: how many.
        weights: whole numbers `(num_classes,)`, with a sum above 0; equal ones give the classes in
            turn.

    Returns:
        Integers `(count,)`.
    """
    weights = np.asarray(weights, np.int64)
    labels = np.repeat(np.arange(len(weights)), -(-count * weights // weights.sum()))
    return labels[np.argsort(places(labels), kind="stable")][:count]


def places(labels):
    """Where in its class each label stands, 0..1, `(n,)`."""
    found = np.empty(len(labels))
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        found[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return found


def evenly_beside(labels, num_values):
    """Values of another condition, of which each class meets as many as it can.

    Args:
        labels: integers `(n,)`.
        num_values: how many values there are.

    Returns:
        Integers `(n,)`, below `num_values`.
    """
    values = np.empty(len(labels), np.int64)
    values[np.argsort(labels, kind="stable")] = np.arange(len(labels)) % num_values
    return values
