"""Choosing among drawn images so that they cover what real ones look like."""

import numpy as np


def nearest_in_turn(features, references, count, seed):
    """Rows that cover the references: each reference in turn takes the nearest row that is left.

    So every real image gets about as many drawn ones near it, whatever the generator prefers, and
    what is near to none goes last. Rows that are far from each other, as a k-centre choice has
    them, would be the generator's failures first.

    Args:
        features: `(n, d)`.
        references: `(m, d)`, m at least 1.
        count: how many rows to choose.
        seed: of the order of the references.

    Returns:
        The indices of the rows, int64 `(min(count, n),)`, in ascending order.
    """
    if count >= len(features):
        return np.arange(len(features))
    turn = np.random.default_rng(seed).permutation(len(references))[:count]
    squares = np.einsum("ij,ij->i", features, features)
    distances = squares - 2 * references[turn] @ features.T  # but for a constant of the reference
    chosen = np.empty(count, np.int64)
    for k in range(count):
        chosen[k] = distances[k % len(turn)].argmin()
        distances[:, chosen[k]] = np.inf
    return np.sort(chosen)
