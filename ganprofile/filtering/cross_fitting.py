"""Cross-fitted classifiers: a drawn image is judged by one that did not see what it resembles."""

import functools

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.folds import SEEN_BY_ALL, folds_of
from ganprofile.errors import check_several_classes
from ganprofile.filtering.appearance import nearest, pixel_features

FOLDS = 4
STEPS = 400
TRANSFORMS = "classic"
MOST_CALIBRATED = 5000


class CrossFittedClassifiers:
    """Classifiers fitted to the user's own images, each without one fold of them.

    A generator repeats what it was trained on. A classifier that was trained on it, too, is sure of
    the label even where the drawing is bad; the one that did not see the nearest real image has to
    read it. This is cross-fitting, as in Chernozhukov et al. 2018 (arXiv 1608.00060).

    The only image of a class is seen by all of them: who never saw a class reads nothing as it.

    Args:
        real: a labelled `Dataset`.
        seed: of the folds and the classifiers.
        progress: whether to say how it goes.

    Attributes:
        num_classes: how many classes there are.
        features: `pixel_features` of the real images.

    Raises:
        UsageError: there is only one class.
    """

    def __init__(self, real, seed=0, progress=False):
        check_several_classes(real.num_classes)
        self._real = real
        self.num_classes = real.num_classes
        self.features = pixel_features(real.images)
        self._folds = folds_of(real.labels, FOLDS, seed)
        held_out = np.unique(self._folds[self._folds != SEEN_BY_ALL]).tolist() or [SEEN_BY_ALL]
        if progress:
            say(f"Fitting {len(held_out)} classifiers to folds of {len(real):,} real images.")
        self._classifiers = {fold: _fitted(real, self._shown(fold), seed) for fold in held_out}
        self._classifiers.setdefault(SEEN_BY_ALL, self._classifiers[held_out[0]])

    def _shown(self, fold):
        """Booleans `(n,)`: what the classifier of a fold is fitted to."""
        return (self._folds != fold) | (self._folds == SEEN_BY_ALL)

    def predict_proba(self, images, features=None):
        """Probabilities of the classes, each image judged by one that did not see its like.

        Args:
            images: uint8 `(n, height, width, channels)`.
            features: their `pixel_features`, where they are known.

        Returns:
            float32 `(n, num_classes)`.
        """
        features = pixel_features(images) if features is None else features
        return self._judged(images, self._folds[nearest(features, self.features)])

    @functools.cached_property
    def held_out_scores(self):
        """What real images get: the probability of their label by the one that did not see them.

        float32 `(m,)`, at most `MOST_CALIBRATED`, spread over the data; empty where every class has
        a single image.
        """
        known = np.flatnonzero(self._folds != SEEN_BY_ALL)
        spread = np.linspace(0, len(known) - 1, min(len(known), MOST_CALIBRATED))
        some = known[spread.round().astype(int)]
        probabilities = self._judged(self._real.images[some], self._folds[some])
        return probabilities[np.arange(len(some)), self._real.labels[some]]

    def _judged(self, images, folds):
        probabilities = np.zeros((len(images), self.num_classes), np.float32)
        for fold in np.unique(folds).tolist():
            asked = folds == fold
            probabilities[asked] = self._classifiers[fold].predict_proba(images[asked])
        return probabilities


def _fitted(real, chosen, seed):
    from ganprofile.classifiers import CnnClassifier

    images, labels = real.images[chosen], real.labels[chosen]
    # Rare classes are shown as often as others, else nothing is ever read as one.
    frequency = 1 / np.bincount(labels, minlength=real.num_classes)[labels]
    classifier = CnnClassifier(real.num_classes, steps=STEPS, seed=seed)
    return classifier.fit(images, labels, frequency=frequency, transforms=TRANSFORMS)
