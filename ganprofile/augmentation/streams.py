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
        writers: int `(n,)`, whose hand the generator was told to draw, or None.
    """

    images: np.ndarray
    labels: np.ndarray
    draws: np.ndarray
    scores: np.ndarray | None
    writers: np.ndarray | None


def conditional_stream(run, seed, labels, classifier):
    """Images of the labels asked for, in that order.

    Args:
        run: a `Run` whose generator has the condition `label`.
        seed: a non-negative integer.
        labels: int32 `(n,)`.
        classifier: gives the scores, or None for none.

    Yields:
        `Block`s.
    """
    for first in range(0, len(labels), BLOCK):
        wanted = labels[first : first + BLOCK]
        told = run.told(len(wanted), first, label=wanted)
        images = draw(run.generator, seed, first, len(wanted), **told)
        scores = None
        if classifier is not None:
            scores = classifier.predict_proba(images)[np.arange(len(wanted)), wanted]
        draws = np.arange(first, first + len(wanted))
        yield Block(images, wanted, draws, scores, _writers(run, told))


def unlabelled_stream(run, seed, counts, classifier):
    """Images that a classifier labels, only those that it is sure of and that are still wanted.

    Args:
        run: a `Run` whose generator is not told the label.
        seed: a non-negative integer.
        counts: int `(num_classes,)`, how many images of every class are wanted.
        classifier: labels the images.

    Yields:
        `Block`s, until every class is full or `PATIENCE` ends.
    """
    wanted = counts.copy()
    first, last_success = 0, 0
    while wanted.any() and first - last_success < PATIENCE:
        told = run.told(BLOCK, first)
        images = draw(run.generator, seed, first, BLOCK, **told)
        probabilities = classifier.predict_proba(images)
        labels = probabilities.argmax(axis=1).astype(np.int32)
        scores = probabilities.max(axis=1)
        kept = np.flatnonzero(_still_wanted(labels, scores >= CONFIDENCE, wanted))
        first += BLOCK
        if len(kept):
            last_success = first
            wanted -= np.bincount(labels[kept], minlength=len(wanted))
            writers = _writers(run, {name: indices[kept] for name, indices in told.items()})
            yield Block(images[kept], labels[kept], first - BLOCK + kept, scores[kept], writers)


def _writers(run, told):
    """The ids behind the told writers, None for a model that was not told."""
    return np.array(run.condition_values["writer"])[told["writer"]] if "writer" in told else None


def _still_wanted(labels, confident, wanted):
    """Booleans `(n,)`: the first `wanted[c]` confident images of every class c."""
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels[confident]):
        chosen[np.flatnonzero(confident & (labels == label))[: wanted[label]]] = True
    return chosen
