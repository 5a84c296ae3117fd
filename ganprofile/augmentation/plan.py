"""How many images of which class to draw."""

import numpy as np

from ganprofile.errors import UsageError


def synthetic_counts(num_classes, real_counts, *, per_class, total, balance):
    """How many synthetic images each class gets.

    Args:
        num_classes: how many classes.
        real_counts: int `(num_classes,)`, the real images that count towards the request: those
            that the set will include (`per_class`, `total`), or those that are to be balanced.
        per_class: every class ends with this many images.
        total: the set ends with this many, spread evenly; the first classes take the rest.
        balance: every class ends with as many as the largest real class.

    Returns:
        int64 `(num_classes,)`; 0 where a class has enough already.

    Raises:
        UsageError: not exactly one request, a request below 1, or nothing left to draw.
    """
    requests = {"--per-class": per_class, "--total": total, "--balance": balance or None}
    given = [name for name, value in requests.items() if value is not None]
    if len(given) != 1:
        raise UsageError(
            "Say how many images: one of --per-class N, --total N, --balance. "
            f"Received: {' and '.join(given) or 'none of them'}."
        )
    number = total if per_class is None else per_class
    if number is not None and number < 1:
        raise UsageError(f"{given[0]} should be 1 or more. Received: {number}.")
    if balance:
        goal = np.full(num_classes, real_counts.max())
    elif per_class is not None:
        goal = np.full(num_classes, per_class)
    else:
        goal = total // num_classes + (np.arange(num_classes) < total % num_classes)
    counts = np.maximum(goal - real_counts, 0)
    if counts.sum() == 0:
        raise UsageError(
            f"Nothing to draw: every class has {real_counts.min()} real images or more. "
            "Ask for more with --per-class N."
        )
    return counts


def shuffled_labels(counts, seed):
    """Every class as often as `counts` says, in an order that the seed decides, int32 `(n,)`."""
    labels = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    np.random.default_rng(seed).shuffle(labels)
    return labels
