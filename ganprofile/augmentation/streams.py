"""Labelled images from a generator, block after block; memory does not grow with their number."""

import dataclasses

import numpy as np

from ganprofile.adversarial.drawing import BLOCK, draw

# An image of an unlabelled model is kept when the classifier gives its class this probability.
CONFIDENCE = 0.95
# A class counts as not drawable when this many images in a row brought none that was still wanted.
PATIENCE = 100 * BLOCK


@dataclasses.dataclass(frozen=True)
class Block:
    """Some labelled synthetic images.

    Attributes:
        images: uint8 `(n, height, width, channels)`.
        labels: int32 `(n,)`.
        draws: int64 `(n,)`, the index of each image in its seed.
        scores: float32 `(n,)`, the classifier's probability of the label, or None.
    """

    images: np.ndarray
    labels: np.ndarray
    draws: np.ndarray
    scores: np.ndarray | None


def conditional_stream(generator, seed, labels, classifier):
    """Images of the labels asked for, in that order.

    Args:
        generator: a model with the condition `label`.
        seed: a non-negative integer.
        labels: int32 `(n,)`.
        classifier: gives the scores, or None for none.

    Yields:
        `Block`s.
    """
    for first in range(0, len(labels), BLOCK):
        wanted = labels[first : first + BLOCK]
        images = draw(generator, seed, first, len(wanted), label=wanted)
        scores = None
        if classifier is not None:
            scores = classifier.predict_proba(images)[np.arange(len(wanted)), wanted]
        yield Block(images, wanted, np.arange(first, first + len(wanted)), scores)


def unlabelled_stream(generator, seed, counts, classifier):
    """Images that a classifier labels, only those that it is sure of and that are still wanted.

    Args:
        generator: a model without conditions.
        seed: a non-negative integer.
        counts: int `(num_classes,)`, how many images of every class are wanted.
        classifier: labels the images.

    Yields:
        `Block`s, until every class is full or `PATIENCE` ends.
    """
    wanted = counts.copy()
    first, last_success = 0, 0
    while wanted.any() and first - last_success < PATIENCE:
        images = draw(generator, seed, first, BLOCK)
        probabilities = classifier.predict_proba(images)
        labels = probabilities.argmax(axis=1).astype(np.int32)
        scores = probabilities.max(axis=1)
        kept = np.flatnonzero(_still_wanted(labels, scores >= CONFIDENCE, wanted))
        first += BLOCK
        if len(kept):
            last_success = first
            wanted -= np.bincount(labels[kept], minlength=len(wanted))
            yield Block(images[kept], labels[kept], first - BLOCK + kept, scores[kept])


def _still_wanted(labels, confident, wanted):
    """Booleans `(n,)`: the first `wanted[c]` confident images of every class c."""
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels[confident]):
        chosen[np.flatnonzero(confident & (labels == label))[: wanted[label]]] = True
    return chosen
