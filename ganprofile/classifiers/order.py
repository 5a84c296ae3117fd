"""Which images a classifier is shown, and in which order."""

import numpy as np

SHOWN_ALIKE = 10  # times that each is shown, from which on once more or less matters little


def shown_order(random, count, length, frequency=None):
    """Indices of the images to show, one after the other.

    Args:
        random: a NumPy generator.
        count: how many images there are.
        length: how many are to be shown.
        frequency: how often each is shown in proportion to the others, `(count,)`, above 0; None
            goes through all of them again and again, each time in another order.

    Returns:
        int64 `(length,)`; with frequencies each image stands in it as often as its share of
        `length` says, rounded up or down, and in every turn, in which the one that is shown most
        stands once, likewise.
    """
    if frequency is None:
        passes = -(-length // count)
        return np.concatenate([random.permutation(count) for _ in range(passes)])[:length]
    ends = np.cumsum(frequency, dtype=np.float64)
    # Evenly spaced marks on the line of all frequencies, so that chance is left out of the counts.
    marks = (np.arange(length) + random.random()) / length * ends[-1]
    chosen = np.minimum(np.searchsorted(ends, marks, side="right"), count - 1)
    # The image that is shown most is shown once in each turn, which takes every so many marks.
    turns = max(1, round(length * np.max(frequency) / ends[-1]))
    of_turns = (chosen[first::turns] for first in random.permutation(turns))
    return np.concatenate([random.permutation(some) for some in of_turns])


def shown_rows(random, rows, length):
    """Some rows in random order, each as often as the others or once more.

    Args:
        random: a NumPy generator.
        rows: integers `(n,)`, which as a rule are sorted by class.
        length: how many are to be shown.

    Returns:
        Integers `(length,)`.
    """
    if length < SHOWN_ALIKE * len(rows):  # else whole classes, the last, are shown less or not
        rows = random.permutation(rows)
    return random.permutation(np.resize(rows, length))
