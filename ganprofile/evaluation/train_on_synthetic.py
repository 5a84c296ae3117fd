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
        label_fidelity_by_class: class name -> that share; None where there is no such image.
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
        `TrainOnSynthetic`; without `train_set`, only of the one that learned from synthetic images.
    """
    from ganprofile.classifiers import CLASSIFIERS

    progress = progress or (lambda text: None)
    count = len(synthetic) if train_set is None else min(len(synthetic), len(train_set))

    def fitted(dataset):
        chosen = sample(dataset, count, seed)
        model = CLASSIFIERS[classifier](test_set.num_classes, seed=seed)
        return model.fit(chosen.images, chosen.labels)

    progress(f"a classifier learns from {count:,} synthetic images")
    right = fitted(synthetic).predict(test_set.images) == test_set.labels
    found = {
        "classifier": classifier,
        "training_images": count,
        "judging_images": len(test_set),
        "train_on_synthetic_accuracy": float(right.mean()),
        "train_on_synthetic_accuracy_interval": wilson(right.sum(), len(right)),
    }
    if train_set is None:
        return TrainOnSynthetic(**found)
    progress(f"a classifier learns from {count:,} real images")
    reader = fitted(train_set)
    right_from_real = reader.predict(test_set.images) == test_set.labels
    label_fidelity = reader.predict(synthetic.images) == synthetic.labels
    return TrainOnSynthetic(
        **found,
        train_on_real_accuracy=float(right_from_real.mean()),
        train_on_real_accuracy_interval=wilson(right_from_real.sum(), len(right)),
        gap=float(right_from_real.mean() - right.mean()),
        gap_interval=paired_interval(right_from_real, right, seed),
        label_fidelity=float(label_fidelity.mean()),
        label_fidelity_by_class=_by_class(label_fidelity, synthetic),
    )


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
