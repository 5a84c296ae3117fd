"""Labels for unlabelled images, spread from neighbour to neighbour.

A classifier of a few labelled images is at a loss where another writer writes otherwise than all of
these. Yet what its layers see of many images hangs together: between a character and one of its
labelled classmates there is a chain of characters, each much like the next. Labels go along these
chains (Zhou et al. 2003, Learning with Local and Global Consistency, NIPS 16), among what networks
see of the images (Iscen et al. 2019, arXiv 1904.04717).
"""

import itertools

import numpy as np

NEIGHBOURS = 10
KEPT = 0.99  # of a label that comes from the neighbours; the rest is what was known before
ROUNDS = 200
DIMENSIONS = 60  # of what a network sees, after its principal components
MOST_FITTED = 5000  # images of which these are found
AT_ONCE = 2000


def spread(features, labels, num_classes):
    """Spread the labels of a few images over all.

    Args:
        features: float32 `(n, dimensions)`, the labelled images first; neighbours are near.
        labels: class indices `(m,)` of the first m.
        num_classes: how many classes there are.

    Returns:
        float32 `(n, num_classes)`, rows that add up to 1: how much of each class's labels has come
        to an image. Where none has, all classes are as likely.
    """
    from scipy import sparse
    from sklearn.neighbors import kneighbors_graph

    neighbours = kneighbors_graph(features, min(NEIGHBOURS, len(features) - 1))
    joined = neighbours + neighbours.T
    scale = sparse.diags(np.asarray(joined.sum(axis=1)).ravel() ** -0.5)
    step = KEPT * (scale @ joined @ scale).tocsr()
    known = np.zeros((len(features), num_classes))
    known[np.arange(len(labels)), labels] = 1
    arrived = known
    for _ in range(ROUNDS):
        arrived = step @ arrived + (1 - KEPT) * known
    total = arrived.sum(axis=1, keepdims=True)
    even = np.full_like(arrived, 1 / num_classes)
    return np.divide(arrived, total, out=even, where=total > 0).astype(np.float32)


class SpreadLabels:
    """The labels of a few images, spread over many unlabelled ones.

    Args:
        labelled: a labelled `Dataset`.
        unlabelled: uint8 `(n, height, width, channels)`.
        readers: of the labelled images, in whose eyes images are near each other: what has
            `activations`, such as `Teachers`, in any number.
        seed: fixes of which images the principal components are found.

    Attributes:
        probabilities: of the unlabelled images' classes, float32 `(n, num_classes)`.
    """

    def __init__(self, labelled, unlabelled, readers, seed):
        images = np.concatenate([labelled.images, unlabelled])
        self._eyes = _Eyes(readers, images, seed)
        self._features = self._eyes(images)
        self._known = spread(self._features, labelled.labels, labelled.num_classes)
        self.probabilities = self._known[len(labelled) :]

    def predict_proba(self, images):
        """What their neighbours are, in the mean, float32 `(n, num_classes)`."""
        from sklearn.neighbors import NearestNeighbors

        index = NearestNeighbors(n_neighbors=min(NEIGHBOURS, len(self._features)))
        nearest = index.fit(self._features).kneighbors(self._eyes(images), return_distance=False)
        return self._known[nearest].mean(axis=1)


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
