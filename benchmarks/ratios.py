"""Rates of contenders that were measured in turns, beside one of them."""

import statistics


def beside(ours, theirs):
    """What goes into a row of one contender.

    Args:
        ours: images/s of the contender that is held against all, a number for each turn.
        theirs: the same of the row's.

    Returns:
        A dict: the median rate and all of them, and the ratio with its spread.
    """
    ratios = sorted(a / b for a, b in zip(ours, theirs, strict=True))
    return {
        "images_per_second": round(statistics.median(theirs)),
        "turns": [round(rate) for rate in theirs],
        "ours_over_it": round(statistics.median(ratios), 2),
        "lowest": round(ratios[0], 2),
        "highest": round(ratios[-1], 2),
    }


def spread(row):
    """The ratio of such a row in words."""
    return f"{row['ours_over_it']:.2f} ({row['lowest']:.2f}..{row['highest']:.2f})"
