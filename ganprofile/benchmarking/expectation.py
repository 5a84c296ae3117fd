"""What a user may expect of a recipe: their own cross-validated difference, honestly."""

import dataclasses
import tempfile
from pathlib import Path

import numpy as np

from ganprofile.benchmarking.arms import named_arms
from ganprofile.benchmarking.cells import Protocol, run_cells
from ganprofile.benchmarking.statistics import estimate
from ganprofile.console import ProgressBar, points
from ganprofile.filtering.cross_fitting import folds_of
from ganprofile.parallel import HERE, Sharing

FOLDS = 4
STEPS = 1000  # of every classifier and teacher: a longer training would take too long four times
JOBS = None  # processes that share them where nobody said; None is one a core
WORK = "the cross-validation"
REMEDY = "Make room for it, or leave it out with `expect=False`."
AGAINST = "classic"
CLASSIFIER = "convnet"


@dataclasses.dataclass(frozen=True)
class Expectation:
    """The difference that a recipe made in the cross-validation of a person's own images.

    Attributes:
        arm: the recipe.
        against: the arm that it was held against.
        accuracies: arm -> accuracy on every fold.
        mean: of the differences.
        low: lower end of its 95 % interval, corrected for training sets that overlap.
        high: upper end.
        smallest_gain: the smallest gain that so many images could have shown.
    """

    arm: str
    against: str
    accuracies: dict[str, list[float]]
    mean: float
    low: float | None
    high: float | None
    smallest_gain: float | None

    @property
    def is_shown(self):
        """Whether the interval lies on one side of 0."""
        return self.low is not None and (self.low > 0 or self.is_harmful)

    @property
    def is_harmful(self):
        """Whether the interval lies below 0."""
        return self.high is not None and self.high < 0

    def sentence(self):
        """What was found, in words."""
        if self.low is None:
            return "Cross-validation shows no difference at all, on which nothing can be built."
        found = (
            f"Cross-validation of your images: {self.arm} {points(self.mean)} points over "
            f"{self.against} ({points(self.low)}..{points(self.high)}); so many images could show "
            f"a gain of {100 * self.smallest_gain:.2f} or more."
        )
        if self.is_shown:
            return found
        return f"{found} The interval covers 0: your images alone do not show whether it helps."


def cross_validated(real, arm, seed=0, progress=True, sharing=HERE):
    """Train with and without a recipe on three quarters of the images, four times in turn.

    Args:
        real: a labelled `Dataset`.
        arm: the recipe's name.
        seed: of folds, weights and variations.
        progress: whether to say how it goes.
        sharing: who trains; where nobody is said, processes of one core each.

    Returns:
        An `Expectation`, or None where a class is too small to be divided.
    """
    if real.class_counts().min() < FOLDS:
        return None
    folds = folds_of(real.labels, FOLDS, seed)
    accuracies = {name: [None] * FOLDS for name in (AGAINST, arm)}
    tasks = [(fold, name) for fold in range(FOLDS) for name in accuracies]
    arguments = {"work": WORK, "remedy": REMEDY, "most": len(tasks)}
    with (
        ProgressBar(len(tasks), progress) as bar,
        _said(sharing).executor((real, folds, seed, STEPS), **arguments) as executor,
    ):
        measured = executor.imap_chains(_accuracy, ([task] for task in tasks))
        for done, (fold, name, accuracy) in enumerate(measured, 1):
            accuracies[name][fold] = accuracy
            bar.show(done, f"cross-validation, {done}/{len(tasks)}: {name} on fold {fold + 1}")
    differences = np.subtract(accuracies[arm], accuracies[AGAINST])
    # Nadeau & Bengio's correction for k folds is that of training sets which share 1 / k.
    found = estimate(differences, overlap=1 / FOLDS)
    interval = {key: getattr(found, key) for key in ("mean", "low", "high", "smallest_gain")}
    return Expectation(arm, AGAINST, accuracies, **interval)


def _said(sharing):
    """Who shares the work, or processes of one core each."""
    import joblib

    is_said = sharing.jobs or sharing.cluster
    return sharing if is_said else Sharing(jobs=JOBS or joblib.cpu_count())


def _accuracy(common, fold, name):
    """`(fold, name, accuracy)`: what a classifier reads of a fold after training on the others."""
    from ganprofile.classifiers import CLASSIFIERS

    real, folds, seed, steps = common
    train_set, test_set = real.select(folds != fold), real.select(folds == fold)
    arms = named_arms(
        [name],
        real=real,
        test_set=test_set,
        classifier=CLASSIFIER,
        gan_steps=0,
        shown=steps * CLASSIFIERS[CLASSIFIER].BATCH_SIZE,
        teacher_steps=steps,
    )
    with tempfile.TemporaryDirectory() as folder:
        protocol = Protocol(arms, test_set, CLASSIFIER, steps, seed, Path(folder))
        (cell,) = run_cells(protocol, train_set, 0, fold, name)
    yield fold, name, cell["accuracy"]
