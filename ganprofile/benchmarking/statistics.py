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
        low: lower end of the 95 % interval of the mean.
        high: upper end.
        p: of the hypothesis that the mean is 0, two-sided.
        smallest_gain: the smallest mean that would have been found to differ from 0, at a level of
            5 %, with a probability of 80 %.
    """

    mean: float
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    smallest_gain: float | None = None


def estimate(values, overlap=0.0):
    """The mean of one value a subset, and how far it may be from that over all subsets.

    Subsets drawn from one pool share images, and values that were got with them are correlated.
    Taking the share of common images for the correlation, the variance of the mean of J values
    with the sample variance s^2 is `s^2 (1 / J + overlap / (1 - overlap))`, as Nadeau & Bengio
    (2003, Machine Learning 52, 239-281, section 3) have it for overlapping training sets. The
    interval and the test are Student's with J - 1 degrees of freedom.

    Args:
        values: `(subsets,)`, one or more.
        overlap: the share of a subset that another one is expected to hold as well, 0..1. At 1 all
            subsets are the same; what is left to vary is independent, and counts as such.

    Returns:
        An `Estimate`: of a single value the mean only, of equal values also an sd of 0, which says
        nothing of how others would vary.
    """
    values = np.asarray(values, np.float64)
    count, mean = len(values), float(np.mean(values))
    if count < 2:
        return Estimate(mean)
    if np.ptp(values) == 0:
        return Estimate(float(values[0]), 0.0)
    sd = float(values.std(ddof=1))
    common = overlap / (1 - overlap) if overlap < 1 else 0.0
    error = sd * np.sqrt(1 / count + common)
    reach = float(stdtrit(count - 1, 1 - LEVEL / 2) * error)
    return Estimate(
        mean,
        sd,
        mean - reach,
        mean + reach,
        p=float(2 * stdtr(count - 1, -abs(mean) / error)),
        smallest_gain=reach + float(stdtrit(count - 1, POWER) * error),
    )


def holm(p_values):
    """p-values of a family of tests, corrected so that one error in it has the level of one test.

    Holm 1979, Scandinavian Journal of Statistics 6, 65-70.

    Args:
        p_values: `(tests,)`.

    Returns:
        float64 `(tests,)`, in the same order, 1 at most.
    """
    p_values = np.asarray(p_values, np.float64)
    order = np.argsort(p_values)
    stepwise = p_values[order] * np.arange(len(p_values), 0, -1)
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(np.maximum.accumulate(stepwise), 1.0)
    return corrected


def expected_overlap(per_class, class_counts):
    """The share of a random subset that another one is expected to hold as well.

    Args:
        per_class: images of every class in a subset.
        class_counts: images of every class in the pool, `(num_classes,)`.

    Returns:
        A float, above 0; 1 where a subset is the whole pool.
    """
    return float(np.mean(per_class / np.asarray(class_counts, np.float64)))
