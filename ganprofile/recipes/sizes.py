"""Whether size tells the characters of a set apart, so that it has to be kept.

Upright views and zoom take size away, for most of it is the writer's. In some sets it is the
character's: a Farsi zero is a small circle and a five a large one, `c` and `C` differ by it alone.
A reader who is blind to size is asked on folds of the images themselves: does it read the others
better if it is told how large they are?
"""

import dataclasses

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from ganprofile.datasets.folds import folds_of
from ganprofile.recipes.embedding import embedded, read_linearly
from ganprofile.storage.files import read_json, write_json
from ganprofile.storage.kept import AGAIN, images_digest, kept_name
from ganprofile.transforms.deformation.moments import moments
from ganprofile.transforms.deformation.pairwise import of_every_class

FOLDS = 5
FEWEST = 5  # images of a class that is asked, so that there is one in each fold
MOST = 4000  # images that are asked, or a few of each class
LEAST = 1e-6  # of a probability
# What has to go of the cross-entropy of all images: in standard errors, as a share and in units.
# Where Chars74K's sizes are kept, 7 to 12 % go, where they are not, 3 % at most (docs/lift.md).
SURENESS, SHARE, UNITS = 2.5, 0.05, 5.0


def untested(labels):
    """How many classes have too few images to be asked.

    Args:
        labels: integers `(n,)`.

    Example:
        >>> from ganprofile.recipes.sizes import untested
        >>> untested([0, 0, 1, 1, 1, 1, 1])
        1
    """
    return int((np.unique(labels, return_counts=True)[1] < FEWEST).sum())


@dataclasses.dataclass(frozen=True)
class SizeTest:
    """What it gives a reader of upright views to know how large characters are.

    Attributes:
        share: of the cross-entropy of images that it has not seen, what goes, 0.1 = 10 %.
        z: the same in units of its standard error.
        units: the same summed over the images, natural logarithms.
        weight: of what size says; below 0 it misleads.
    """

    share: float = 0.0
    z: float = 0.0
    units: float = 0.0
    weight: float = 0.0

    @classmethod
    def kept(cls, images, labels, folder):
        """As `of`; what was found is kept in a folder, and who finds it needs no framework.

        Args:
            images: as there.
            labels: as there.
            folder: where it is kept, by what images and labels are.
        """
        facts = {"images": images_digest(images, labels), "shape": list(images.shape)}
        path = folder / f"{kept_name('sizes', **facts)}.json"
        if not path.is_file():
            write_json(path, dataclasses.asdict(cls.of(images, labels)))
        return cls(**read_json(path, AGAIN))

    @classmethod
    def of(cls, images, labels):
        """Ask images.

        The reader is a linear discriminant (Fisher 1936) of what pretrained weights see in upright
        views, which have one size. No label of those that these weights learned comes in, so they
        may know the characters. Sizes have a normal distribution in each class.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: integers `(n,)`.
        """
        few = np.random.default_rng(0).permutation(np.unique(labels))[: MOST // FEWEST]
        if len(few) == MOST // FEWEST:  # what is asked of each image grows with the classes
            images, labels = (array[np.isin(labels, few)] for array in (images, labels))
        most = max(MOST, 2 * FEWEST * len(few))
        some = of_every_class(labels, min(most, len(labels)), np.random.default_rng(0))
        classes, counts = np.unique(labels[some], return_counts=True)
        classes = classes[counts >= FEWEST]
        if len(classes) < 2:
            return cls()
        asked = some & np.isin(labels, classes)
        images, labels = images[asked], np.searchsorted(classes, labels[asked])
        blind = np.log(np.maximum(_by_other_folds(read_linearly, embedded(images), labels), LEAST))
        told = _by_other_folds(_normal, _sizes(images), labels)
        before, _ = _surprise(blind[None], labels)
        after, weights = _surprise(np.stack([blind, told]), labels)
        gone = before - after
        units, error = float(gone.sum()), max(gone.std() * np.sqrt(len(gone)), LEAST)
        share = units / max(before.sum(), LEAST)
        return cls(float(share), float(units / error), units, float(weights.min()))

    @property
    def tells(self):
        """Whether size is the character's, not the writer's."""
        is_enough = self.share > SHARE and self.z > SURENESS and self.units > UNITS
        return self.weight > 0 and is_enough


def _sizes(images):
    """The logarithms of their sizes, by the moments of the ink, float64 `(n,)`."""
    found = moments(images)
    return np.log(found.height * found.width) / 2


def _by_other_folds(fitted, known, labels):
    """What is said of images by what is fitted to the folds that they are not in, `(n, classes)`.

    Args:
        fitted: takes what is known of images, their labels and what is known of others.
        known: an array with a row for every image.
        labels: integers `(n,)`, 0 .. classes - 1.
    """
    folds = folds_of(labels, FOLDS, 0)
    said = np.empty((len(labels), labels.max() + 1))
    for fold in range(FOLDS):
        others = folds != fold
        said[~others] = fitted(known[others], labels[others], known[~others])
    return said


def _normal(known, labels, others):
    """Log-likelihoods, `(m, classes)`, of one variance for all classes.

    The means are drawn together as far as chance explains their distances (James and Stein 1961).
    """
    counts = np.bincount(labels)
    means = np.bincount(labels, known) / counts
    within = ((known - means[labels]) ** 2).sum() / max(1, len(known) - len(counts))
    by_chance = np.maximum(within, 1e-12) / counts
    between = max(means.var() - by_chance.mean(), 0.0)
    means = known.mean() + between / (between + by_chance) * (means - known.mean())
    variances = within + by_chance
    return -((others[:, None] - means) ** 2 / variances + np.log(variances)) / 2


def _surprise(said, labels):
    """The cross-entropy of images where log-likelihoods `(k, n, classes)` are weighted best.

    Returns:
        `(cross-entropy, weights)`, float64 `(n,)` and `(k,)`.
    """
    rows = np.arange(len(labels))

    def at(weights):
        return -log_softmax(np.tensordot(weights, said, 1), axis=1)[rows, labels]

    begin = np.r_[1.0, np.full(len(said) - 1, 0.1)]
    weights = minimize(lambda some: at(some).mean(), begin, method="Nelder-Mead").x
    return at(weights), weights
