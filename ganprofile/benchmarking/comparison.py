"""One arm against another: the verdict, the figures that it rests on, and where the change lies."""

import dataclasses
import math

from ganprofile.benchmarking.paired import fewest_moved
from ganprofile.benchmarking.same_pool import KNOWING_MORE, caution
from ganprofile.benchmarking.sizes import called, counted, said
from ganprofile.benchmarking.statistics import Estimate
from ganprofile.console import percents, points

HELPS, HURTS, NOTHING_SHOWN = "helps", "hurts", "no benefit shown"
FOR_THESE = " for these images"  # a verdict where the subset is all that there is


@dataclasses.dataclass(frozen=True)
class ArmComparison:
    """One arm against another, with subsets of one size.

    Attributes:
        per_class: images of every class in a subset, or `"all"`.
        arm: the arm that is judged.
        against: the arm that it is compared with.
        subsets: how many there are that both arms have been tried on; of all images, how often.
        trainings: how many pairs of classifiers, those of all subsets together.
        unit: `"subsets"`, or `"trainings"` where the subset is all images and only what training
            happens to begin with differs: the verdict is then one for these images.
        difference: the `Estimate` of the paired difference in accuracy, at a level at which the
            intervals of all comparisons of the experiment hold together with 95 %.
        comparisons: how many those are.
        accuracy: of the arm, the mean of the same cells.
        against_accuracy: of the other, likewise.
        has_images: whether it is known which test images were recognised, after two subsets at
            least; without, the interval is for the most that the arms can have read differently.
        looks: how often a result was looked at while the cells came together, 1 or more.
        versions: what the cells of a pair were made with where that differs, some words each.
        classes: class name -> mean paired difference in the share that is recognised.
        moved: the confusions whose number changed most: dicts of `true`, `predicted`, `before` and
            `after`, the mean numbers of a classifier.
        same_pool: what sets of the arm were made of that the other arm does not know, as `of_pool`
            says it, a list of dicts.
    """

    per_class: int | str
    arm: str
    against: str
    subsets: int
    trainings: int
    unit: str
    difference: Estimate
    comparisons: int
    accuracy: float
    against_accuracy: float
    has_images: bool
    looks: int
    versions: list
    classes: dict
    moved: list
    same_pool: list = dataclasses.field(default_factory=list)

    @property
    def direction(self):
        """One of `helps`, `no benefit shown` and `hurts`: on which side of 0 the interval lies."""
        low, high = self.difference.low, self.difference.high
        if low is None or low <= 0 <= high:
            return NOTHING_SHOWN
        return HELPS if low > 0 else HURTS

    @property
    def verdict(self):
        """The direction; where the subset is all that there is, with `for these images`, and where
        the arm knows more of the training part than a subset holds, with that."""
        of_whom = FOR_THESE if self.is_for_these else ""
        return self.direction + of_whom + (KNOWING_MORE if self.same_pool else "")

    @property
    def is_for_these(self):
        """Whether it is about these training images alone, and not about others of their kind."""
        return self.unit != "subsets"

    @property
    def p_corrected(self):
        """p by Bonferroni's correction for all comparisons; None where there is no interval."""
        p = self.difference.p
        return None if p is None else min(1.0, p * self.comparisons)

    @property
    def sentence(self):
        """The verdict with the figures that it rests on."""
        name = f"{self.arm} against {self.against} {said(self.per_class)}: {self.verdict}"
        return " ".join([f"{name}; {self._found}", *self.cautions])

    @property
    def _found(self):
        mean = f"{points(self.difference.mean)} points"
        shares = f"{self.accuracies} %"
        if self.difference.sd is None:
            name = called(self.unit, self.subsets, self.trainings)
            return f"one of the {name} alone ({mean}, {shares}) has no interval."
        if self.difference.low is None:
            fewest = fewest_moved(self.difference.level)
            return (
                f"{mean} ({shares}, {self._units}); fewer than {fewest} test images are read "
                "differently, which can be chance."
            )
        low, high = points(self.difference.low), points(self.difference.high)
        found = (
            f"{mean} ({shares}; {interval_name(self.difference.level)} {low} to {high}, "
            f"p = {self.p_corrected:.2g}{self._together}; {self._units})."
        )
        if self.direction != NOTHING_SHOWN:
            return found  # a gain that was shown may well be smaller than what four of five show
        return f"{found} {self._left_open}"

    @property
    def accuracies(self):
        """That of the other arm and that of the arm in per cent, in words: `97.50 -> 98.25`."""
        return " -> ".join(percents(self.against_accuracy, self.accuracy))

    @property
    def _left_open(self):
        """What could have been shown, where nothing was."""
        if self.difference.smallest_gain is not None:
            smallest = points(self.difference.smallest_gain)
            return f"The smallest gain that could have been shown: {smallest} points."
        left = points(1 - self.against_accuracy)
        said = f"No gain could have been shown, not even all {left} points that are left to gain"
        if self.difference.mean < 0:
            lost = f"{points(-self.difference.mean).removeprefix('+')} points"
            said += f", and the loss of {lost} is not excluded either"
        return f"{said}: more {self.unit} tell more."

    @property
    def _together(self):
        if self.comparisons == 1:
            return ""
        return f", all {self.comparisons} comparisons together at 95 % (Bonferroni)"

    @property
    def cautions(self):
        """What to know before the verdict is believed, a list of sentences."""
        found = []
        if self.same_pool:
            found.append(caution(self.arm, self.against, self.same_pool))
        if self.is_for_these:
            is_open = "the interval does not say" if self.difference.p is not None else "is open"
            found.append(
                "It is about these training images: what others of their kind would give, "
                f"{is_open}."
            )
        if not self.has_images:
            found.append(
                "Which images were recognised was not kept, so the interval is for the most that "
                "the arms can have read differently; it is narrower where the cells are made again."
            )
        if self.looks > 1:
            found.append(
                f"Cells were added after a look at the result ({self.looks} looks), which the "
                "interval does not take into account."
            )
        if self.versions:
            found.append(f"Cells were made with other versions: {', '.join(self.versions)}.")
        return found

    @property
    def changes(self):
        """Which class gained most and which lost most, and which confusion moved most, in words."""
        changes = self._changes_by_class
        changes += [
            f"{one['true']!r} read as {one['predicted']!r} {one['before']:.3g} times before, "
            f"{one['after']:.3g} after"
            for one in self.moved[:1]
        ]
        return "; ".join(changes)

    @property
    def largest_gain(self):
        """The class that gained most, or None where none did."""
        name = max(self.classes, key=self.classes.get)
        return name if self.classes[name] > 0 else None

    @property
    def largest_loss(self):
        """The class that lost most, or None where none did."""
        name = min(self.classes, key=self.classes.get)
        return name if self.classes[name] < 0 else None

    @property
    def _changes_by_class(self):
        gaining, losing = self.largest_gain, self.largest_loss
        if gaining is losing is None:
            return ["no class changed"]
        best = "no class gained" if gaining is None else self._change("best", gaining)
        worst = "no class lost" if losing is None else self._change("worst", losing)
        return [best, worst]

    def _change(self, which, name):
        return f"{which} at {name!r}: {points(self.classes[name])} points"

    @property
    def _units(self):
        """What the interval is over, in words."""
        units = counted(self.unit, self.subsets, self.trainings)
        return units if self.is_for_these else f"{units}, and the test images"


def interval_name(level):
    """An interval by the share of cases in which it holds, which is never said to be all."""
    decimals = max(1, math.ceil(-math.log10(100 * level)))
    return f"{100 * (1 - level):.{2 + decimals}g} % CI"
