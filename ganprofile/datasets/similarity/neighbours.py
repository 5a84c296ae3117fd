"""The nearest neighbours in feature space: of few references exactly, of many by an index."""

import numpy as np

from ganprofile.datasets.similarity.alignment import blocks

MOST_DISTANCES = 2**24  # of a block of rows with all references, so that memory stays bounded
DEPTH = 16  # distances of which only the smallest is looked at first

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
        """The k nearest references of every row, in no order.

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
            last = np.argsort(found == own[:, None], axis=1, kind="stable")[:, :k]
            found = np.take_along_axis(found, last, axis=1)
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
    """The k nearest references of every row, in no order.

    Args:
        features: float32 `(n, d)`.
        references: float32 `(m, d)`.
        k: how many; where there are fewer, all.
        own: for every row the reference that does not count, int `(n,)`, or None.

    Returns:
        int64 `(n, k)`.
    """
    k = min(k, len(references) - (own is not None))
    squares = np.einsum("ij,ij->i", references, references)
    found = np.empty((len(features), k), np.int64)
    for rows, block in blocks(features, max(1, MOST_DISTANCES // len(references))):
        distances = block @ (-2 * references.T)
        distances += squares
        if own is not None:
            distances[np.arange(len(block)), own[rows]] = np.inf
        found[rows] = _smallest(distances, k)
    return found


def _smallest(values, k):
    """The columns of the k smallest values of every row.

    They are among the k groups of columns with the smallest minima, and those that fill no group:
    an eighth of the time that a partition of whole rows takes.
    """
    groups = values.shape[1] // DEPTH
    if groups <= 2 * k:
        return np.argpartition(values, k - 1, axis=1)[:, :k]
    body = values[:, : groups * DEPTH].reshape(len(values), DEPTH, groups)
    chosen = np.argpartition(body.min(axis=1), k - 1, axis=1)[:, :k]
    members = (chosen[:, :, None] + groups * np.arange(DEPTH)).reshape(len(values), -1)
    rest = np.arange(groups * DEPTH, values.shape[1])
    columns = np.hstack([members, np.broadcast_to(rest, (len(values), len(rest)))])
    smallest = np.argpartition(np.take_along_axis(values, columns, axis=1), k - 1, axis=1)[:, :k]
    return np.take_along_axis(columns, smallest, axis=1)
