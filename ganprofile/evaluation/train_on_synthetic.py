"""What a classifier makes of synthetic images: does it recognise them, can it learn from them?"""

import dataclasses

import numpy as np

from ganprofile.evaluation.sources import sample

BOOTSTRAPS = 10_000
Z95 = 1.959964


@dataclasses.dataclass(frozen=True)
class TrainOnSynthetic:
    """What classifiers say; shares in 0..1, intervals `(low, high)` of 95 %, None for not measured.

    Attributes:
        classifier: a name in `CLASSIFIERS`.
        training_images: how many images each classifier learned from, as many of either kind.
        judging_images: how many real images, from which neither learned, the accuracies are of.
        train_on_real_accuracy: of a classifier that learned from real images.
        train_on_real_accuracy_interval: by Wilson.
        train_on_synthetic_accuracy: of one that learned from synthetic images alone, with all else
            equal: the classification accuracy score of Ravuri, Vinyals 2019 (arXiv 1905.10887).
        train_on_synthetic_accuracy_interval: by Wilson.
        gap: by how much the first is better.
        gap_interval: over the images, by a paired bootstrap; other trainings vary, too.
        label_fidelity: the share of synthetic images that the first classifier takes for their
            label.
        label_fidelity_by_class: class name -> that share; None where there is no such image, or
            the first classifier has seen none.
        left_out: the names of the classes that the first classifier has seen no image of, and that
            no number is of.
    """

    classifier: str
    training_images: int
    judging_images: int
    train_on_synthetic_accuracy: float
    train_on_synthetic_accuracy_interval: tuple
    train_on_real_accuracy: float | None = None
    train_on_real_accuracy_interval: tuple | None = None
    gap: float | None = None
    gap_interval: tuple | None = None
    label_fidelity: float | None = None
    label_fidelity_by_class: dict | None = None
    left_out: tuple = ()


def train_on_synthetic(synthetic, train_set, test_set, classifier="cnn", seed=0, progress=None):
    """Train one classifier on real and one on synthetic images, as many of both.

    Args:
        synthetic: a labelled `Dataset`.
        train_set: a labelled `Dataset` of real images, or None.
        test_set: one of further real images; the same classes.
        classifier: a name in `CLASSIFIERS`.
        seed: of the classifiers and of the choice of images.
        progress: called with what happens next, in words.

    Returns:
        `TrainOnSynthetic`; without `train_set`, or where it has no class of the others, only of the
        one that learned from synthetic images. Classes that `train_set` lacks are left out.
    """
    from ganprofile.classifiers import CLASSIFIERS

    progress = progress or (lambda text: None)
    both = None if train_set is None else _alike(synthetic, train_set, test_set, seed)
    if both is not None:
        judged, train_set, test_set, left_out = both
    else:
        judged, left_out = synthetic, ()
    count = len(judged) if both is None else len(train_set)

    def fitted(dataset):
        chosen = sample(dataset, count, seed)
        model = CLASSIFIERS[classifier](test_set.num_classes, seed=seed)
        return model.fit(chosen.images, chosen.labels)

    progress(f"a classifier learns from {count:,} synthetic images")
    right = fitted(judged).predict(test_set.images) == test_set.labels
    found = {
        "classifier": classifier,
        "training_images": count,
        "judging_images": len(test_set),
        "train_on_synthetic_accuracy": float(right.mean()),
        "train_on_synthetic_accuracy_interval": wilson(right.sum(), len(right)),
    }
    if both is None:
        return TrainOnSynthetic(**found)
    progress(f"a classifier learns from {count:,} real images")
    reader = fitted(train_set)
    right_from_real = reader.predict(test_set.images) == test_set.labels
    label_fidelity = reader.predict(judged.images) == judged.labels
    return TrainOnSynthetic(
        **found,
        train_on_real_accuracy=float(right_from_real.mean()),
        train_on_real_accuracy_interval=wilson(right_from_real.sum(), len(right)),
        gap=float(right_from_real.mean() - right.mean()),
        gap_interval=paired_interval(right_from_real, right, seed),
        label_fidelity=float(label_fidelity.mean()),
        label_fidelity_by_class=_by_class(label_fidelity, judged),
        left_out=left_out,
    )


def _alike(synthetic, train_set, test_set, seed):
    """What both classifiers can be asked alike: `(synthetic, train_set, test_set, names)`, the
    classes of `train_set` alone, as many real images as synthetic ones at most, and the names of
    the classes left out; None where that leaves none."""
    judged, before = synthetic, None
    while judged is not before:  # fewer real images may lack further classes
        before = judged
        chosen = sample(train_set, min(len(judged), len(train_set)), seed)
        seen = np.unique(chosen.labels)
        if not (_are_of(judged, seen).any() and _are_of(test_set, seen).any()):
            return None
        judged = _of_labels(judged, seen)
    unseen = np.setdiff1d(np.union1d(synthetic.labels, test_set.labels), seen)
    names = tuple(test_set.class_names[label] for label in unseen)
    return judged, chosen, _of_labels(test_set, seen), names


def _are_of(dataset, labels):
    return np.isin(dataset.labels, labels)


def _of_labels(dataset, labels):
    """Those of the images that have one of some labels; the same `Dataset` where all have."""
    are_of = _are_of(dataset, labels)
    return dataset if are_of.all() else dataset.select(are_of)


def wilson(successes, count):
    """The 95 % interval of a share (Wilson 1927), `(low, high)`."""
    share, spread = successes / count, Z95**2 / count
    middle = (share + spread / 2) / (1 + spread)
    half = Z95 * np.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    # Rounding would leave traces at the ends, where the formula gives 0 and 1 themselves.
    low = 0.0 if successes == 0 else middle - half
    return float(low), float(1.0 if successes == count else middle + half)


def paired_interval(first, second, seed=0):
    """The 95 % percentile bootstrap interval of the difference of two shares of the same images.

    It is drawn from these images and two more, one won and one lost (Bonett and Price, 2012), so
    that images that are all read alike have a wide interval where they are few, and not none.

    Args:
        first: booleans `(n,)`.
        second: booleans `(n,)`, of the same images.
        seed: of the resampling.

    Returns:
        `(low, high)`.
    """
    differences = np.append(first.astype(int) - second.astype(int), (1, -1))
    # Resampled images are drawn from three kinds: only how often each comes matters.
    shares = [np.mean(differences == value) for value in (-1, 0, 1)]
    draws = np.random.default_rng(seed).multinomial(len(differences), shares, BOOTSTRAPS)
    low, high = np.percentile((draws[:, 2] - draws[:, 0]) / len(differences), [2.5, 97.5])
    return float(low), float(high)


def _by_class(label_fidelity, synthetic):
    groups = [label_fidelity[synthetic.labels == label] for label in range(synthetic.num_classes)]
    shares = [float(group.mean()) if len(group) else None for group in groups]
    return dict(zip(synthetic.class_names, shares, strict=True))
