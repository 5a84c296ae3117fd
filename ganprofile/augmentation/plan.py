"""How many images of which class to draw."""

import numpy as np

from ganprofile.errors import UsageError

MOST_IMAGES = 10**9


def synthetic_counts(real_counts, *, per_class=None, total=None, balance=False):
    """How many synthetic images each class gets.

    Args:
        real_counts: int `(num_classes,)`, the real images that count towards the request: those
            that the set will include (`per_class`, `total`), or those that are to be balanced.
        per_class: every class ends with this many images; one that has more keeps them.
        total: the set ends with this many, as evenly as the real ones allow.
        balance: every class ends with as many as the largest real class.

    Returns:
        int64 `(num_classes,)`; 0 where a class has enough already.

    Raises:
        UsageError: not exactly one request, a number out of range, or nothing left to draw.
    """
    requests = {"--per-class": per_class, "--total": total, "--balance": balance or None}
    given = {name: value for name, value in requests.items() if value is not None}
    if len(given) != 1:
        raise UsageError(
            "Say how many images: one of --per-class N, --total N, --balance. "
            f"Received: {' and '.join(given) or 'none of them'}."
        )
    ((name, number),) = given.items()
    if not 1 <= number <= MOST_IMAGES:
        raise UsageError(f"{name} should be in 1..{MOST_IMAGES:,}. Received: {number}.")
    if total is not None:
        goal = _even_goal(real_counts, total)
    else:
        goal = np.full(len(real_counts), real_counts.max() if balance else per_class)
    counts = np.maximum(goal - real_counts, 0)
    if counts.sum() == 0:
        raise UsageError(
            f"Nothing to draw: the set has {real_counts.sum()} real images, at least "
            f"{real_counts.min()} of each class. Ask for more."
        )
    return counts


def _even_goal(real_counts, total):
    """Counts that sum to `total`, equal but where a class has more real images than its share."""
    if total < real_counts.sum():
        raise UsageError(
            f"--total {total} is less than the {real_counts.sum()} real images that it includes. "
            "Ask for more, or leave --include-real out."
        )
    full = np.zeros(len(real_counts), bool)
    while True:
        share, rest = divmod(total - real_counts[full].sum(), np.count_nonzero(~full))
        goal = np.where(full, real_counts, share)
        goal[np.flatnonzero(~full)[:rest]] += 1
        if (goal >= real_counts).all():
            return goal
        full |= real_counts >= goal


def shuffled_labels(counts, seed):
    """Every class as often as `counts` says, in an order that the seed decides, int32 `(n,)`."""
    labels = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    np.random.default_rng(seed).shuffle(labels)
    return labels
