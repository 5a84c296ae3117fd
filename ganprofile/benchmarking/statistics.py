"""Intervals, p-values and power over training subsets that were drawn from one finite pool."""

import dataclasses

import numpy as np
from scipy.special import stdtr, stdtrit  # Student's distribution and its quantiles

LEVEL = 0.05  # two-sided
POWER = 0.8


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A mean over subsets, with what can be said of it; None where nothing can.

    Attributes:
        mean: of the values.
        sd: their standard deviation, of two values or more.
        low: lower end of the interval of the mean, of 95 % where `level` says nothing else.
        high: upper end.
        p: of the hypothesis that the mean is 0, two-sided.
        smallest_gain: the smallest mean that would have been found to differ from 0 at that level,
            with a probability of 80 %; None also where there can be none as large.
        level: in how many cases, as a share, the interval may miss what is true.
    """

    mean: float
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    smallest_gain: float | None = None
    level: float = LEVEL


def estimate(values, overlap=0.0, level=LEVEL):
    """The mean of one value per subset, and how far it may be from that over all subsets.

    Subsets drawn from one pool share images, and values that were got with them are correlated.
    Taking the share of common images for the correlation, the variance of the mean of J values
    with the sample variance s^2 is `s^2 (1 / J + overlap / (1 - overlap))`, as Nadeau & Bengio
    (2003, Machine Learning 52, 239-281, section 3) have it for overlapping training sets. The
    interval and the test are Student's with J - 1 degrees of freedom.

    Args:
        values: `(subsets,)`, one or more.
        overlap: the share of a subset that another one is expected to hold as well, 0..1. At 1 all
            subsets are the same; what is left to vary is independent, and counts as such.
        level: of the interval, two-sided.

    Returns:
        An `Estimate`: of a single value the mean only, of equal values also an sd of 0, which says
        nothing of how others would vary.
    """
    values = np.asarray(values, np.float64)
    count, mean = len(values), float(np.mean(values))
    if count < 2:
        return Estimate(mean, level=level)
    if np.ptp(values) == 0:
        return Estimate(float(values[0]), 0.0, level=level)
    sd = float(values.std(ddof=1))
    common = overlap / (1 - overlap) if overlap < 1 else 0.0
    error = sd * np.sqrt(1 / count + common)
    reach = float(stdtrit(count - 1, 1 - level / 2) * error)
    return Estimate(
        mean,
        sd,
        mean - reach,
        mean + reach,
        p=float(2 * stdtr(count - 1, -abs(mean) / error)),
        smallest_gain=reach + float(stdtrit(count - 1, POWER) * error),
        level=level,
    )
