"""What two arms that read the same images after the same subsets say of all subsets and images.

The difference of image i after subset j, -1, 0 or 1, is taken for a sum of an effect of the subset,
an effect of the image and what is left. Subsets and images are both random and cross each other, as
readers and cases do in studies of diagnostic tests (Gallas et al. 2009, Communications in
Statistics 38, 2586-2603). With J subsets and n images, the variance of the mean difference is

    effect of subsets ^ 2 * ((1 - overlap) / J + overlap) + variance of the images' means / n

since subsets that share images have correlated effects (Nadeau & Bengio 2003, Machine Learning 52,
239-281). The images' means already hold what is left, divided by J. A bootstrap over both would
find the same with many subsets; of four or ten it takes J - 1 for J and knows nothing of the
overlap.

How large the effect of subsets is, a few subsets hardly say, and less the more they overlap. So it
is not estimated but averaged over: it has a half-t prior (Gelman 2006, Bayesian Analysis 1,
515-534), whose scale goes by the share of images that the two arms read differently, and every size
is weighed by the likelihood of the variance between the subsets' means. Classifiers that read well
differ in single images; weak ones, of few steps or few images, are good or bad as a whole.
`benchmarks/verdicts.py` measures how often that finds what is not there, and what is.
"""

import dataclasses
import functools

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit

from ganprofile.benchmarking.statistics import LEVEL, POWER, Estimate

# The effect of a subset in relation to the root of the share of images that are read differently:
# 0.009 to 0.023 on reference data, where that share is below a tenth, and 0.03 to 0.1 between weak
# perceptrons, where it is a fifth to two fifths (`benchmarks/verdicts.py --effects`,
# `benchmarks/null_trainings.py`): there it goes by the square of the share.
EFFECT = 0.012
PRIOR_FREEDOM = 5
OF_WHAT_IS_LEFT = 0.93  # of the images that are read differently, as measured likewise
GRID = 200  # sizes of the effect, at equal steps of the prior's probability
PRIOR = stdtrit(PRIOR_FREEDOM, 0.5 + (np.arange(GRID) + 0.5) / (2 * GRID))


@dataclasses.dataclass(frozen=True)
class PairedDifference:
    """What is known of a mean paired difference.

    Attributes:
        mean: the difference in accuracy.
        subsets: how many, J.
        images: how many were read, n.
        between: the variance of the subsets' mean differences.
        left: what of that variance is expected of the finite number of images alone.
        of_images: the variance of the mean that comes of the images being a sample.
        differing: the share of images that the arms read differently, the mean over subsets.
        moved: how many images are read differently after any subset.
        overlap: the share of a subset that another one is expected to hold as well; 0 where
            subsets are independent, or all the same and only trainings differ.
        knows_few: whether the spread holds of however few images are read differently, as that of
            two images more does, one won and one lost.
    """

    mean: float
    subsets: int
    images: int
    between: float
    left: float
    of_images: float
    differing: float
    moved: int
    overlap: float = 0.0
    knows_few: bool = False

    @classmethod
    def of_images_read(cls, differences, overlap=0.0):
        """What per-image results say.

        Args:
            differences: `(subsets, images)`, each -1..1: whether, or in what share of the
                trainings, the one arm recognised an image, less that of the other.
            overlap: 0..1; 1 counts as 0.
        """
        differences = np.asarray(differences, np.float64)
        subsets, images = differences.shape
        rows, columns = differences.mean(axis=1), differences.mean(axis=0)
        # Otherwise images that are all won would have no spread, and leave no doubt. How few could
        # all be won by chance, subsets that read the same images do not tell.
        is_adjusted = max(np.count_nonzero(columns == end) for end in (1, -1)) > max(
            images - fewest_moved(), images / 2
        )
        spread = np.append(columns, (1, -1)) if is_adjusted else columns
        mean = float(differences.mean())
        left = 0.0
        if subsets > 1 and images > 1:
            rest = differences - rows[:, None] - columns + mean
            left = float((rest**2).sum() / ((subsets - 1) * (images - 1) * images))
        return cls(
            mean,
            subsets,
            images,
            between=_variance(rows),
            left=left,
            of_images=_variance(spread) / len(spread),
            differing=float(np.abs(differences).mean()),
            moved=int(np.count_nonzero(differences.any(axis=0))),
            overlap=overlap if overlap < 1 else 0.0,
        )

    @classmethod
    def of_folds(cls, differences, folds=None):
        """What folds say of which each was read by classifiers that learned from the others.

        Every image is read once, so that what an image's mean holds beside the image is all that is
        left. The classifiers' training sets share all folds but two. The spread is that of the
        images and two more, one won and one lost (Bonett and Price, 2012, "Adjusted Wald confidence
        interval for a difference of binomial proportions based on paired data"), so that a few
        images that are all read alike have a wide interval, not none.

        Args:
            differences: for each fold integers `(n,)`, -1, 0 or 1 as in `of_images_read`.
            folds: how many there were to learn from; None has no more than these.
        """
        folds = len(differences) if folds is None else folds
        every = np.concatenate(differences).astype(np.float64)
        adjusted = np.append(every, (1, -1))
        return cls(
            float(every.mean()),
            len(differences),
            len(every),
            between=_variance([fold.mean() for fold in differences]),
            left=_variance(adjusted) * float(np.mean([1 / len(fold) for fold in differences])),
            of_images=_variance(adjusted) / len(adjusted),
            differing=float(np.abs(adjusted).mean()),
            moved=int(np.count_nonzero(every)),
            overlap=(folds - 2) / (folds - 1) if folds > 1 else 0.0,
            knows_few=True,
        )

    def with_subsets(self, means):
        """The same with more subsets, of which only the mean differences are known.

        What images are read differently says enough of images with two subsets or more.

        Args:
            means: `(subsets,)`, of all subsets, those of which the images are known among them.
        """
        means = np.asarray(means, np.float64)
        image_effect = max(0.0, self.of_images - self.left / self.subsets)
        return dataclasses.replace(
            self,
            mean=float(means.mean()),
            subsets=len(means),
            between=_variance(means),
            of_images=image_effect + self.left / len(means),
        )

    @classmethod
    def of_counts(cls, gained, most_differing, images, overlap=0.0):
        """The most that can be said where only numbers of recognised images are known.

        Args:
            gained: how many images more the one arm recognised, the mean of its trainings, for
                each subset.
            most_differing: how many images the arms can have read differently at most, likewise.
            images: how many were read.
            overlap: 0..1; 1 counts as 0.
        """
        gained, most = (np.asarray(values, np.float64) for values in (gained, most_differing))
        mean, differing = float(gained.mean()) / images, float(most.mean()) / images
        return cls(
            mean,
            len(gained),
            images,
            between=_variance(gained / images),
            left=0.0,
            of_images=max(0.0, differing - mean**2) / images,
            differing=differing,
            moved=int(np.ceil(most.max())),
            overlap=overlap if overlap < 1 else 0.0,
        )

    def estimate(self, level=LEVEL, most=1.0):
        """The `Estimate` at a level, two-sided; its ends are differences that there can be.

        Args:
            level: in how many cases, as a share, the interval may miss what is true.
            most: what is left to gain, 0..1: no smallest gain is said beyond it.

        Without an interval where there is one subset or one image, or, unless the spread holds of
        few, where no image is read differently or so few are that they could all change in one
        direction by chance: of m images with a probability of `2 ** (1 - m)`.
        """
        sd = float(np.sqrt(self.between)) if self.subsets > 1 else None
        is_unknown = self.moved < fewest_moved(level) and not self.knows_few
        if min(self.subsets, self.images) < 2 or is_unknown:
            return Estimate(self.mean, sd, level=level)
        reach = self._reach(level)
        smallest_gain = reach + self.typical_error * float(stdtrit(self.images - 1, POWER))
        return Estimate(
            self.mean,
            sd,
            max(-1.0, self.mean - reach),
            min(1.0, self.mean + reach),
            p=self.p(self.mean),
            smallest_gain=smallest_gain if smallest_gain <= most else None,
            level=level,
        )

    def p(self, distance):
        """How probable it is to come as far from what is true by chance, in either direction."""
        weights, variances = self._variances
        tails = stdtr(self.images - 1, -abs(distance) / np.sqrt(variances))
        return float(2 * (weights * tails).sum())

    def _reach(self, level):
        farthest = 1.0
        while self.p(farthest) > level:
            farthest *= 2
        return float(brentq(lambda distance: self.p(distance) - level, 0.0, farthest))

    @property
    def prior_scale(self):
        """The scale of the prior of the effect of subsets, a difference in accuracy."""
        return float(np.sqrt(_expected_effect(self.differing)))

    @property
    def typical_error(self):
        """The standard error of the mean, in the mean over all sizes of the effect."""
        weights, variances = self._variances
        return float(np.sqrt((weights * variances).sum()))

    @functools.cached_property
    def _variances(self):
        """Weights and variances of the mean for every size of the effect of subsets."""
        effects = _expected_effect(self.differing) * PRIOR**2
        expected = effects * (1 - self.overlap) + self.left
        likelihoods = -0.5 * (self.subsets - 1) * (np.log(expected) + self.between / expected)
        weights = np.exp(likelihoods - likelihoods.max())
        common = (1 - self.overlap) / self.subsets + self.overlap
        return weights / weights.sum(), effects * common + self.of_images


def fewest_moved(level=LEVEL):
    """How many images must be read differently for chance to be excluded at a level."""
    return int(np.ceil(1 + np.log2(1 / level)))


def expected_difference(subsets, images, overlap, differing):
    """The `PairedDifference` without a gain that reference data make likely, before any work.

    Args:
        subsets: how many there will be.
        images: how many test images.
        overlap: 0..1; 1 counts as 0.
        differing: the share of images that the arms will read differently.
    """
    overlap = overlap if overlap < 1 else 0.0
    left = OF_WHAT_IS_LEFT * differing / images
    return PairedDifference(
        0.0,
        subsets,
        images,
        between=_expected_effect(differing) * (1 - overlap) + left,
        left=left,
        of_images=differing * (1 - OF_WHAT_IS_LEFT) / images + left / subsets,
        differing=differing,
        moved=images,
        overlap=overlap,
    )


def _expected_effect(differing):
    """The scale of the effect of a subset, squared."""
    return differing * (EFFECT**2 + differing**4)


def _variance(values):
    return float(np.var(values, ddof=1)) if len(values) > 1 else 0.0
