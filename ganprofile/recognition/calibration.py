"""How sure a reader may be, from what it says of images that it has not seen."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ganprofile.recognition.models import STUDENT

LEAST = 1e-12  # of a probability
COLDEST, HOTTEST = 0.05, 20.0
BINS = 15
DOUBTFUL = 10  # images that are kept to be shown
LEVELS = (0.9, 0.95, 0.99)  # of certainty, of which is said what share is read with it


def tempered(probabilities: ArrayLike, temperature: float) -> NDArray[np.float32]:
    """Probabilities whose logarithms are divided by a temperature (Guo et al. 2017,
    arXiv 1706.04599).

    Args:
        probabilities: `(n, num_classes)`.
        temperature: above 0; above 1 makes them less sure.

    Returns:
        float32 `(n, num_classes)`, whose rows add up to 1.

    Example:
        >>> from ganprofile.recognition.calibration import tempered
        >>> tempered([[0.9, 0.1]], 2.0).round(2).tolist()
        [[0.75, 0.25]]
    """
    logarithms = np.log(np.maximum(np.asarray(probabilities, np.float64), LEAST)) / temperature
    powers = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def temperature_of(probabilities: NDArray[np.float32], labels: NDArray[np.integer]) -> float:
    """The temperature at which the labels are least surprising, and one more error beside them.

    Of n images that are all read rightly, any certainty below 1 would be too little, though errors
    as rare as one in n need not show among them. So each label counts as wrong once in n + 2 times,
    when its rival is right (after Platt 1999, Probabilistic Outputs for Support Vector Machines).
    Among hundreds of images one more error changes next to nothing.

    Args:
        probabilities: `(n, num_classes)`, of images that the reader has not seen.
        labels: `(n,)`.
    """
    rows = np.arange(len(labels))
    others = np.array(probabilities, np.float64)
    others[rows, labels] = -1
    wrong = rarest_error(len(labels))
    likely = np.zeros_like(others)
    likely[rows, labels], likely[rows, others.argmax(axis=1)] = 1 - wrong, wrong
    return nearest_temperature(probabilities, likely)


def nearest_temperature(probabilities: ArrayLike, others: ArrayLike) -> float:
    """The temperature at which probabilities are nearest to others, by their cross-entropy.

    Args:
        probabilities: `(n, num_classes)`.
        others: of the same images, `(n, num_classes)`.
    """
    from scipy.optimize import minimize_scalar

    def apart(exponent: float) -> float:
        said = np.log(np.maximum(tempered(probabilities, float(np.exp(exponent))), LEAST))
        return -float((np.asarray(others) * said).sum(axis=1).mean())

    bounds = np.log([COLDEST, HOTTEST])
    return float(np.exp(minimize_scalar(apart, bounds=bounds, method="bounded").x))


def rarest_error(images: int) -> float:
    """The share of errors to be reckoned with where none of so many images was misread.

    Example:
        >>> from ganprofile.recognition.calibration import rarest_error
        >>> rarest_error(98)
        0.01
    """
    return 1 / (images + 2)


def calibration_error(probabilities: NDArray[np.float32], labels: NDArray[np.integer]) -> float:
    """The expected calibration error: how far certainty is from accuracy, in 0..1.

    The images are put into `BINS` bins by how sure the reader is, each as wide as the others
    (Naeini, Cooper, Hauskrecht 2015), and weighted by how many images are in them.

    Args:
        probabilities: `(n, num_classes)`.
        labels: `(n,)`.
    """
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    apart = np.bincount(places, right - sure.astype(np.float64), minlength=BINS)
    return float(np.abs(apart).sum() / len(labels))


@dataclasses.dataclass(frozen=True)
class Calibration:
    """What cross-fitted teachers say of the images that they have not seen, and what is right.

    Attributes:
        said: float32 `(n, num_classes)`, as the networks say it.
        labels: int64 `(n,)`.
        folds: int64 `(n,)`, which teacher said it.
        rows: int64 `(n,)`, which image of all it is.
        copies: how many more were not asked for, since the same image stands in another fold.
    """

    said: NDArray[np.float32]
    labels: NDArray[np.int64]
    folds: NDArray[np.int64]
    rows: NDArray[np.int64]
    copies: int = 0

    @classmethod
    def of(
        cls,
        training: Any,
        images: NDArray[np.uint8],
        known: int | None = None,
        hashes: NDArray[Any] | None = None,
        has_views: bool = False,
    ) -> Calibration:
        """Ask every teacher for those images of its fold that it has not seen in another one.

        Args:
            training: a `TeacherTraining` whose teachers are kept.
            images: uint8 `(n, height, width, channels)`, what they are asked for: the images of the
                user, of which the training may have been shown others that were written anew.
            known: how many images have labels of their own, the first ones; None for all.
            hashes: of the images as they came, `(n,)`, equal where one is as good as another; None
                where no image is there twice.
            has_views: whether each says what it thinks of several views of an image.
        """
        from ganprofile.datasets.folds import of_one_fold
        from ganprofile.recipes.distillation import Teachers

        real, members = training.real, training.ensemble.members
        unseen, is_copy = np.zeros((2, len(real)), bool)
        if training.folds is not None:
            unseen, is_copy = of_one_fold(training.folds, hashes)
        for found in (unseen, is_copy):
            found[len(real) if known is None else known :] = False
        copies = int(is_copy.sum())
        said = np.empty((len(real), real.num_classes), np.float32)
        for number in np.unique(training.folds[unseen]) if unseen.any() else ():
            rows = unseen & (training.folds == number)
            one = Teachers((members[number],), [training.train(number)])
            said[rows] = one.predict_proba(images[rows], has_views)
        folds = training.folds[unseen] if unseen.any() else np.empty(0, np.int64)
        labels = np.asarray(real.labels)[unseen]
        return cls(said[unseen], labels, folds, np.flatnonzero(unseen), copies)

    @property
    def temperature(self) -> float:
        """At which the teachers are as sure as they are right; 1 where none was asked."""
        return temperature_of(self.said, self.labels) if len(self.labels) else 1.0

    def tempered(self) -> NDArray[np.float32]:
        """What they say at the temperature that the other folds ask for, `(n, num_classes)`."""
        found = self.said.copy()
        for fold in np.unique(self.folds):
            own = self.folds == fold
            if not own.all():
                others = temperature_of(self.said[~own], self.labels[~own])
                found[own] = tempered(self.said[own], others)
        return found

    def kept(self, images: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
        """What is written down for a report, name -> array.

        Args:
            images: all images, those that were not asked among them; the most doubtful are kept.
        """
        doubtful = np.argsort(self.tempered().max(axis=1), kind="stable")[:DOUBTFUL]
        arrays = {name: getattr(self, name) for name in ("said", "labels", "folds", "rows")}
        return {**arrays, "doubtful": doubtful, "images": images[self.rows[doubtful]]}

    def facts(self) -> dict[str, Any]:
        """What `reader.json` says of it; shares in 0..1."""
        copies = {"copies": self.copies} if self.copies else {}
        if not len(self.labels):
            return {"images": 0, **copies}
        after = self.tempered()
        right, sure = after.argmax(axis=1) == self.labels, after.max(axis=1)
        return {
            "images": len(self.labels),
            **copies,
            "accuracy": float(right.mean()),
            "temperature": self.temperature,
            "error_before": calibration_error(self.said, self.labels),
            "error_after": calibration_error(after, self.labels),
            "sure": [
                {
                    "level": level,
                    "share": float((sure >= level).mean()),
                    "accuracy": float(right[sure >= level].mean())
                    if (sure >= level).any()
                    else None,
                }
                for level in LEVELS
            ],
        }


def own_calibration(info: dict[str, Any]) -> dict[str, Any]:
    """What `reader.json` says of how sure the reader itself may be; nothing of a student.

    What stands there of a student is of its teachers, and it is not as sure as they are.

    Args:
        info: content of `reader.json`.

    Returns:
        As `Calibration.facts`, or `{}` where nothing was measured.
    """
    found = info.get("calibration") or {}
    return found if found.get("images") and info.get("model") != STUDENT else {}
