"""Labelled images of a run at a level of the filter: one after the other, or all in memory."""

import dataclasses

import numpy as np

from ganprofile.console import ProgressBar
from ganprofile.errors import UsageError
from ganprofile.filtering import streams
from ganprofile.filtering.cross_fitting import CrossFittedClassifiers
from ganprofile.filtering.filter_log import FilterLog
from ganprofile.filtering.oversampling import FilteredStream
from ganprofile.filtering.rejection import LEVELS
from ganprofile.filtering.streams import shuffled_labels
from ganprofile.parallel import HERE


@dataclasses.dataclass(frozen=True)
class Drawn:
    """Labelled images in memory.

    Attributes:
        images: uint8 `(n, height, width, channels)`.
        labels: int32 `(n,)`.
        soft_labels: float32 `(n, num_classes)`, the classifiers' probabilities, or None.
        draws: int64 `(n,)`, the index of each image in its seed.
        rejected: reason -> class name -> how many images were dropped for it.
        unfilled: class name -> how many images fewer than asked.
    """

    images: np.ndarray
    labels: np.ndarray
    soft_labels: np.ndarray | None
    draws: np.ndarray
    rejected: dict[str, dict[str, int]]
    unfilled: dict[str, int]


def draw_filtered(run, real, counts, seed, level="standard", soft_labels=False, progress=False):
    """Draw labelled images as `augment` does, into memory.

    Only classifiers that are fitted to `real`, and pixels, filter and choose; nothing that was
    learned from other data enters.

    Args:
        run: a `Run`.
        real: the labelled `Dataset` that it was trained on.
        counts: int `(num_classes,)`, how many images of every class.
        seed: a non-negative integer; the same seed gives the same images.
        level: a name in `LEVELS`; `none` takes what is drawn.
        soft_labels: whether to return the cross-fitted classifiers' probabilities, too.
        progress: whether to say how it goes.

    Returns:
        `Drawn`, with as many images as could be had.

    Raises:
        UsageError: there is no such level, or one class only and an unlabelled model or soft
            labels.
        GanprofileError: the run's checkpoint is damaged.
    """
    counts = np.asarray(counts, np.int64)
    cross_fitted = fitted_classifiers(run, real, seed, level, soft_labels, progress)
    log = FilterLog(run.class_names)
    with ProgressBar(int(counts.sum()), progress) as bar:
        arguments = {"log": log, "bar": bar, "sharing": HERE}
        stream = labelled_stream(run, real, counts, seed, level, cross_fitted, **arguments)
        blocks = list(stream)
    labels = _joined([block.labels for block in blocks], np.zeros(0, np.int32))
    no_soft_labels = np.zeros((0, len(counts)), np.float32)
    return Drawn(
        images=_joined([b.images for b in blocks], np.zeros((0, *run.image_shape), np.uint8)),
        labels=labels,
        soft_labels=_joined([b.probabilities for b in blocks], no_soft_labels)
        if soft_labels
        else None,
        draws=_joined([block.draws for block in blocks], np.zeros(0, np.int64)),
        rejected=log.counts(),
        unfilled=named(counts - np.bincount(labels, minlength=len(counts)), run.class_names),
    )


def fitted_classifiers(run, real, seed, level, needed=False, progress=False):
    """Classifiers of a run's images, cross-fitted to its real data; None where none are needed.

    Args:
        run: a `Run`.
        real: its real, labelled data.
        seed: of the classifiers.
        level: a name in `LEVELS`.
        needed: whether scores or soft labels are asked for.
        progress: whether to say how it goes.

    Raises:
        UsageError: there is one class only, and an unlabelled model or soft labels.
    """
    check_level(level)
    is_conditional = "label" in run.conditions
    filters = level != "none" and len(run.class_names) > 1
    return (
        CrossFittedClassifiers(real, seed, progress)
        if needed or filters or not is_conditional
        else None
    )


def labelled_stream(run, real, counts, seed, level, cross_fitted, *, log, bar, sharing):
    """Labelled images of a run, filtered at a level.

    Args:
        run: a `Run`.
        real: its real, labelled data; not used where `level` is `none`.
        counts: int `(num_classes,)`, how many images of every class.
        seed: a non-negative integer.
        level: a name in `LEVELS`.
        cross_fitted: what `fitted_classifiers` gave.
        log: a `FilterLog`.
        bar: a `ProgressBar` over the images of the set.
        sharing: a `Sharing`, who draws and judges; the images are the same.

    Yields:
        `Block`s with labels; what `log` and `bar` should know, they have been told.
    """
    if LEVELS[level] is not None:
        arguments = {"log": log, "bar": bar, "sharing": sharing}
        blocks = FilteredStream(run, real, counts, seed, LEVELS[level], cross_fitted, **arguments)
    elif "label" in run.conditions:
        labels = shuffled_labels(counts, seed)
        blocks = streams.conditional_stream(run, seed, labels, cross_fitted, sharing)
    else:
        blocks = streams.unlabelled_stream(run, seed, counts, cross_fitted, sharing)
    for block in blocks:
        log.keep(block)
        bar.show_rate(log.kept)
        yield block


def check_level(level):
    """Refuse an unknown level of the filter.

    Raises:
        UsageError: with the known ones.
    """
    if level not in LEVELS:
        raise UsageError(f"`filter` is one of {', '.join(LEVELS)}. Received: {level!r}.")


def named(counts, class_names):
    """Class name -> count, without those of 0."""
    return {name: int(n) for name, n in zip(class_names, counts, strict=True) if n}


def _joined(arrays, empty):
    return np.concatenate(arrays) if arrays else empty
