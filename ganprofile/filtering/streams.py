"""Labelled images from a generator, block after block; memory does not grow with their number."""

import contextlib
import dataclasses
import itertools
import math

import numpy as np

from ganprofile.gan.drawing import BLOCK, draw

# An image of an unlabelled model is kept when the classifiers give its class this probability.
CONFIDENCE = 0.95
# A class counts as not drawable when this many images in a row brought none that was still wanted.
PATIENCE = 100 * BLOCK
# What is said of those who draw, where one of them is ended.
EXECUTOR = {"work": "augment", "remedy": "Run the command again, perhaps with fewer processes."}
# Drawing leaves the interpreter to the network, writing to compression and checksums: these threads
# keep two cores busy. Keras' `predict`, by which classifiers judge, is for one thread at a time.
THREADS = 3
# What a process draws is sent back, and each sending takes its time: it is one for several blocks
# where there are so many that all processes have something to do.
SENT_BYTES = 2**21
SENDINGS = 32


@dataclasses.dataclass(frozen=True)
class Block:
    """Some synthetic images.

    Attributes:
        images: uint8 `(n, height, width, channels)`.
        draws: int64 `(n,)`, the index of each image in its seed.
        condition_indices: condition -> int `(n,)`, what the generator was given.
        labels: int32 `(n,)`, or None before anybody said.
        probabilities: float32 `(n, num_classes)`, what the classifiers say, or None.
        features: float32 `(n, d)`, `pixel_features`, or None.
    """

    images: np.ndarray
    draws: np.ndarray
    condition_indices: dict[str, np.ndarray]
    labels: np.ndarray | None = None
    probabilities: np.ndarray | None = None
    features: np.ndarray | None = None

    def __len__(self):
        return len(self.images)

    @property
    def scores(self):
        """The classifiers' probability of each image's label, float32 `(n,)`, or None."""
        if self.probabilities is None:
            return None
        return self.probabilities[np.arange(len(self)), self.labels]

    def writers(self, run):
        """The ids of the writers whom the generator was to draw, or None."""
        if "writer" not in self.condition_indices:
            return None
        return np.array(run.condition_values["writer"])[self.condition_indices["writer"]]

    def select(self, chosen):
        """The images where `chosen` (booleans or indices) points."""
        return Block(
            **{name: _each(value, lambda v: v[chosen]) for name, value in vars(self).items()}
        )

    def judged(self, cross_fitted, features=None):
        """With the probabilities of classifiers; where there is no label, the likeliest is it."""
        probabilities = cross_fitted.predict_proba(self.images, features)
        labels = self.labels
        if labels is None:
            labels = probabilities.argmax(axis=1).astype(np.int32)
        return dataclasses.replace(
            self, labels=labels, probabilities=probabilities, features=features
        )


def joined(blocks):
    """Blocks of one kind as one."""
    first, *others = blocks
    if not others:
        return first
    condition_indices = {
        name: np.concatenate([block.condition_indices[name] for block in blocks])
        for name in first.condition_indices
    }
    columns = {
        name: np.concatenate([getattr(block, name) for block in blocks])
        for name, value in vars(first).items()
        if isinstance(value, np.ndarray)
    }
    return Block(**columns, condition_indices=condition_indices)


def drawn(run, seed, first, count, labels=None):
    """The images `first` .. `first + count - 1` of a seed.

    Args:
        run: a `Run`.
        seed: a non-negative integer.
        first: index of the first image.
        count: how many.
        labels: int32 `(count,)` for a generator that is told the label, else None.

    Returns:
        A `Block`.
    """
    condition_indices = run.condition_indices(count, first, label=labels)
    images = draw(run.generator, seed, first, count, **condition_indices)
    return Block(images, np.arange(first, first + count), condition_indices, labels)


def pieces(seed, first, count, labels=None, size=BLOCK):
    """The pieces in which images are drawn: `(seed, first, count, labels)` of each.

    Args:
        seed: a non-negative integer.
        first: index of the first image.
        count: how many.
        labels: int32 `(count,)` for a generator that is told the label, else None.
        size: images of a piece, a multiple of `BLOCK`.

    Yields:
        Tuples, as `drawn` takes them behind the run.
    """
    for start in range(0, count, size):
        chosen = None if labels is None else labels[start : start + size]
        yield seed, first + start, min(size, count - start), chosen


def conditional_stream(run, seed, labels, cross_fitted, sharing):
    """Images of the labels asked for, in that order.

    Args:
        run: a `Run` whose generator has the condition `label`.
        seed: a non-negative integer.
        labels: int32 `(n,)`.
        cross_fitted: gives the probabilities, or None for none.
        sharing: a `Sharing`, who draws.

    Yields:
        `Block`s.
    """
    count = len(labels)
    # Classifiers see a block at a time: in a batch of another size they might round otherwise.
    size, threads = (_sent_at_once(run, count), THREADS) if cross_fitted is None else (BLOCK, 1)
    arguments = {"most": -(-count // size), "begin": _begin, "threads": threads}
    with sharing.executor((run, cross_fitted), **arguments, **EXECUTOR) as executor:
        yield from executor.imap(_judged, pieces(seed, 0, count, labels, size))


def unlabelled_stream(run, seed, counts, cross_fitted, sharing):
    """Images that classifiers label, only those that they are sure of and that are still wanted.

    Args:
        run: a `Run` whose generator is not told the label.
        seed: a non-negative integer.
        counts: int `(num_classes,)`, how many images of every class are wanted.
        cross_fitted: labels the images.
        sharing: a `Sharing`, who draws.

    Yields:
        `Block`s, until every class is full or `PATIENCE` ends.
    """
    wanted = counts.copy()
    first, last_success = 0, 0
    endless = ((seed, first, BLOCK) for first in itertools.count(0, BLOCK))
    with (
        sharing.executor((run, cross_fitted), threads=1, **EXECUTOR) as executor,
        contextlib.closing(executor.imap(_judged, endless)) as blocks,
    ):
        while wanted.any() and first - last_success < PATIENCE:
            block = next(blocks)
            kept = still_wanted(block.labels, block.scores >= CONFIDENCE, wanted)
            first += BLOCK
            if kept.any():
                last_success = first
                wanted -= np.bincount(block.labels[kept], minlength=len(wanted))
                yield block.select(kept)


def still_wanted(labels, passed, wanted):
    """Booleans `(n,)`: the first `wanted[c]` images of every class c that passed."""
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels[passed]):
        chosen[np.flatnonzero(passed & (labels == label))[: wanted[label]]] = True
    return chosen


def _sent_at_once(run, count):
    """How many of `count` images make a piece: whole blocks."""
    most = SENT_BYTES // (BLOCK * math.prod(run.image_shape))
    return BLOCK * max(1, min(most, count // (SENDINGS * BLOCK)))


def _begin(common):
    """Load and trace the generator, before several threads want it at once."""
    run, _ = common
    drawn(run, 0, 0, 1, np.zeros(1, np.int32))


def _judged(common, seed, first, count, labels=None):
    """A block as an executor draws it; in common are the run and the classifiers, or None."""
    run, cross_fitted = common
    block = drawn(run, seed, first, count, labels)
    return block if cross_fitted is None else block.judged(cross_fitted)


def _each(value, change):
    """A change of an array, of all arrays in a dict, or of nothing."""
    if isinstance(value, dict):
        return {name: change(array) for name, array in value.items()}
    return None if value is None else change(value)


def shuffled_labels(counts, seed):
    """Every class as often as `counts` says, in an order that the seed decides, int32 `(n,)`."""
    labels = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    np.random.default_rng(seed).shuffle(labels)
    return labels
