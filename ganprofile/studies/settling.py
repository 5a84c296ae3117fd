"""When a training has settled, by a rule that can be stated."""

import numpy as np

WINDOW = 5  # epochs in a running mean
LAST = 0.2  # of the training, which says where it ended up
FEWEST = 20  # epochs, below which nothing is said
STANDARD_DEVIATIONS = 2.0
LEAST_BAND = 0.05  # of the level


def settled_epoch(*losses):
    """The epoch from which on all losses stay where they end.

    Of each loss the running means over five epochs are held against those of the last fifth of the
    training: it has settled with the first epoch after which none lies further from their mean than
    twice their standard deviation about a straight line, or 5 % of the mean where that is more.
    Where that line itself leads further than so across the last fifth, or the last epochs lie
    further off, it has not settled.

    Args:
        losses: arrays `(epochs,)`, the mean loss of every epoch.

    Returns:
        The epoch, counted from 1; None where one has not settled, for fewer than 20 epochs, and for
        losses that are no numbers.
    """
    epochs = len(losses[0])
    if epochs < FEWEST or not all(np.isfinite(loss).all() for loss in losses):
        return None
    found = [_settled(loss) for loss in losses]
    return None if None in found else max(found)


def _settled(loss):
    means = np.convolve(loss, np.full(WINDOW, 1 / WINDOW), mode="valid")
    last = means[-max(2, round(LAST * len(loss))) :]
    place = np.arange(len(last))
    slope, start = np.polyfit(place, last, 1)
    spread = (last - slope * place - start).std()
    band = max(STANDARD_DEVIATIONS * spread, LEAST_BAND * abs(last.mean()))
    if abs(slope) * (len(last) - 1) > band:
        return None
    outside = np.flatnonzero(np.abs(means - last.mean()) > band)
    if not len(outside):
        return WINDOW
    return None if outside[-1] == len(means) - 1 else int(outside[-1]) + 1 + WINDOW
