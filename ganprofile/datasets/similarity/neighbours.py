"""The nearest neighbours in feature space: of few references exactly, of many by an index."""

import numpy as np

INDEXED = 100_000  # references, from which an index is made
LOOKED_INTO = 32  # cells of the index; what an image copies nearly always lies in the first
LEARNED_FROM = 64  # references a cell
ROUNDS = 10  # of k-means; where cells end hardly matters


class Neighbours:
    """Finds the nearest of some references.

    Of fewer than `INDEXED` references all are looked at. Of more, an inverted file (Jégou, Douze &
    Schmid 2011) looks at those whose k-means cells are nearest: some thousand of a million, among
    which are nearly all that a search through all would find.

    Args:
        references: float32 `(m, d)`.
    """

    def __init__(self, references):
        self._references = references
        self._index = _index(references) if len(references) >= INDEXED else None

    def __len__(self):
        return len(self._references)

    def nearest(self, features, k, own=None):
        """The k nearest references of every row, the nearest first.

        Args:
            features: float32 `(n, d)`.
            k: how many; where there are fewer, all.
            own: for every row the reference that does not count, int `(n,)`, or None.

        Returns:
            int64 `(n, k)`. Where an index found fewer, the nearest stands in the free places, too.
        """
        if self._index is None:
            return nearest(features, self._references, k, own)
        found = self._index.search(np.ascontiguousarray(features), k + (own is not None))[1]
        if own is not None:
            found = _others(found, own)
        return np.where(found < 0, found[:, :1], found)


def _index(references):
    import faiss

    count, width = references.shape
    index = faiss.index_factory(width, f"IVF{round(count**0.5)},Flat")
    clustering = index.cp
    clustering.niter, clustering.max_points_per_centroid = ROUNDS, LEARNED_FROM
    index.nprobe = LOOKED_INTO
    references = np.ascontiguousarray(references)
    index.train(references)
    index.add(references)
    return index


def nearest(features, references, k, own=None):
    """The k nearest references of every row, the nearest first.

    Args:
        features: float32 `(n, d)`.
        references: float32 `(m, d)`.
        k: how many; where there are fewer, all.
        own: for every row the reference that does not count, int `(n,)`, or None.

    Returns:
        int64 `(n, k)`.
    """
    import faiss

    count = min(k + (own is not None), len(references))
    found = faiss.knn(features, references, count)[1]  # in blocks, so that memory stays bounded
    return found if own is None else _others(found, own)


def _others(found, own):
    """Rows of references without the own one; without the last where that is not among them."""
    order = np.argsort(found == own[:, None], axis=1, kind="stable")[:, :-1]
    return np.take_along_axis(found, order, axis=1)
