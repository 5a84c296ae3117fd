"""Labels for unlabelled images, spread from neighbour to neighbour.

A classifier of a few labelled images is at a loss where another writer writes otherwise than all of
these. Yet what its layers see of many images hangs together: between a character and one of its
labelled classmates there is a chain of characters, each much like the next. Labels go along these
chains (Zhou et al. 2003, Learning with Local and Global Consistency, NIPS 16), among what networks
see of the images (Iscen et al. 2019, arXiv 1904.04717).
"""

import dataclasses
import itertools

import numpy as np

from ganprofile.datasets.folds import SEEN_BY_ALL

NEIGHBOURS = 10
KEPT = 0.99  # of a label that comes from the neighbours; the rest is what was known before
ROUNDS = 200
DIMENSIONS = 60  # of what a network sees, after its principal components
MOST_FITTED = 5000  # images of which these are found
AT_ONCE = 2000
PIXELS = 0.5  # how much pixels count beside what networks see
# How much what teachers read may count beside what spreads, the sooner the better.
SHARES = (0.1, 0.0, 0.25, 0.5, 1.0)


class Ties:
    """Which images are neighbours, along which labels go.

    Args:
        features: float32 `(n, dimensions)`; neighbours are near.
    """

    def __init__(self, features):
        from scipy import sparse
        from sklearn.neighbors import kneighbors_graph

        neighbours = kneighbors_graph(features, min(NEIGHBOURS, len(features) - 1))
        joined = neighbours + neighbours.T
        scale = sparse.diags(np.asarray(joined.sum(axis=1)).ravel() ** -0.5)
        self._step = KEPT * (scale @ joined @ scale).tocsr()

    def spread(self, rows, labels, num_classes):
        """Spread the labels of some images over all.

        Args:
            rows: which images are labelled, integers `(m,)`.
            labels: class indices `(m,)`.
            num_classes: how many classes there are.

        Returns:
            float32 `(n, num_classes)`, rows that add up to 1: how much of each class's labels has
            come to an image. Where none has, all classes are as likely.
        """
        known = np.zeros((self._step.shape[0], num_classes))
        known[rows, labels] = 1
        arrived = known
        for _ in range(ROUNDS):
            arrived = self._step @ arrived + (1 - KEPT) * known
        total = arrived.sum(axis=1, keepdims=True)
        even = np.full_like(arrived, 1 / num_classes)
        return np.divide(arrived, total, out=even, where=total > 0).astype(np.float32)


class SpreadLabels:
    """The labels of a few images, spread over many unlabelled ones.

    They spread in the eyes of readers, and among pixels. Readers see what they
    were taught; a form that no labelled image shows they may take for another class's, such as a
    seven with a bar, and all of it. Pixels are less often right, and err on other images.

    Args:
        labelled: a labelled `Dataset`.
        unlabelled: uint8 `(n, height, width, channels)`.
        readers: of the labelled images, in whose eyes images are near each other: what has
            `activations`, such as `Teachers`, in any number.
        seed: fixes of which images the principal components are found.
        is_upright: whether pixels are those of upright views; not where size tells classes apart.

    Attributes:
        probabilities: of the unlabelled images' classes, float32 `(n, num_classes)`.
        in_their_eyes: what spreads there alone, likewise.
    """

    def __init__(self, labelled, unlabelled, readers, seed, is_upright=True):
        images = np.concatenate([labelled.images, unlabelled])
        self._labelled = labelled
        self._eyes = _Eyes(readers, images, seed)
        self._features = self._eyes(images)
        pixels = _Eyes([Pixels(is_upright)], images, seed)(images)
        self._ties = [Ties(features) for features in (self._features, pixels)]
        seen, self._known = self._spread(np.arange(len(labelled)))
        self.in_their_eyes, self.probabilities = seen[len(labelled) :], self._known[len(labelled) :]

    def held_out(self, folds):
        """What comes to each labelled image from those of other folds.

        Args:
            folds: the fold of each, integers `(m,)`.

        Returns:
            float32 `(m, num_classes)`.
        """
        found = np.empty((len(folds), self._labelled.num_classes), np.float32)
        for fold in np.unique(folds):
            is_in = folds == fold
            _, spread = self._spread(np.flatnonzero(~is_in))
            found[is_in] = spread[: len(folds)][is_in]
        return found

    def predict_proba(self, images):
        """What their neighbours are, in the mean, float32 `(n, num_classes)`."""
        from sklearn.neighbors import NearestNeighbors

        index = NearestNeighbors(n_neighbors=min(NEIGHBOURS, len(self._features)))
        nearest = index.fit(self._features).kneighbors(self._eyes(images), return_distance=False)
        return self._known[nearest].mean(axis=1)

    def _spread(self, rows):
        """The labels of some labelled images, spread over all: in the readers' eyes, and there and
        among pixels; float32 `(n, num_classes)` each."""
        labels, classes = self._labelled.labels[rows], self._labelled.num_classes
        seen, pixels = (ties.spread(rows, labels, classes) for ties in self._ties)
        return seen, (seen + PIXELS * pixels) / (1 + PIXELS)


def with_readings(spread, training, teachers, unlabelled):
    """Labels that have spread, and what the teachers themselves read, together.

    Where classes look alike, neighbours mislead, and teachers read better than what spreads. How
    much their reading counts is what labels the labelled images best, each by labels of other folds
    and by the teacher that was not shown it; of what may be as good by chance, the first of
    `SHARES`. Where no image can be held out they do not count.

    Args:
        spread: `SpreadLabels` in the eyes of the teachers.
        training: a `TeacherTraining`, and
        teachers: the `Teachers` that it trained.
        unlabelled: the images that it labelled, uint8 `(n, height, width, channels)`.

    Returns:
        Probabilities of their classes, float32 `(n, num_classes)`, and how much the teachers count,
        in 0..1.
    """
    share = 0.0
    known = None if training.folds is None else training.folds != SEEN_BY_ALL
    if known is not None and known.any():
        came, read = spread.held_out(training.folds)[known], training.held_out()[known]
        labels = training.real.labels[known]
        right = [(came + share * read).argmax(axis=1) == labels for share in SHARES]
        share = next(
            share for share, one in zip(SHARES, right, strict=True) if _may_equal(one, right)
        )
    if not share:
        return spread.probabilities, share
    read = teachers.predict_proba(unlabelled)
    return (spread.probabilities + share * read) / (1 + share), share


def _may_equal(one, all_of_them):
    """Whether one way is right no seldomer than the best, within a standard deviation of chance.

    Args:
        one: which images it labels rightly, bool `(n,)`.
        all_of_them: the same of every way.
    """
    best = max(all_of_them, key=np.count_nonzero)
    apart = np.count_nonzero(best != one)  # of each of these either may be right by chance
    return np.count_nonzero(best) - np.count_nonzero(one) <= apart**0.5


@dataclasses.dataclass(frozen=True)
class Pixels:
    """Who sees nothing but pixels.

    Attributes:
        is_upright: whether they are those of upright views.
    """

    is_upright: bool

    def activations(self, images):
        """The pixels of each image, an iterator of one float32 `(n, pixels)`."""
        from ganprofile.transforms.deformation import reduced, upright

        views = reduced(images)
        views = upright(views) if self.is_upright else views
        yield views.reshape(len(views), -1).astype(np.float32)


class _Eyes:
    """What readers see of images, each network in some principal components that weigh the same."""

    def __init__(self, readers, images, seed):
        from sklearn.decomposition import PCA

        self._readers = readers
        some = np.random.default_rng(seed).permutation(len(images))[:MOST_FITTED]
        dimensions = min(DIMENSIONS, len(some))
        self._components = [
            PCA(min(dimensions, seen.shape[1]), random_state=seed).fit(seen)
            for seen in self._activations(images[some])
        ]

    def _activations(self, images):
        return itertools.chain.from_iterable(one.activations(images) for one in self._readers)

    def __call__(self, images):
        blocks = (images[first : first + AT_ONCE] for first in range(0, len(images), AT_ONCE))
        return np.concatenate([self._features(block) for block in blocks])

    def _features(self, images):
        parts = []
        seen_by_each = self._activations(images)
        for components, seen in zip(self._components, seen_by_each, strict=True):
            part = components.transform(seen).astype(np.float32)
            parts.append(part / np.linalg.norm(part, axis=1, keepdims=True))
        return np.concatenate(parts, axis=1)
