"""Arms against each other on the same subsets: intervals, verdicts, and where the change lies."""

import dataclasses
import itertools

import numpy as np

from ganprofile.benchmarking.statistics import LEVEL, Estimate, estimate, expected_overlap, holm

HELPS, HURTS, NOTHING_SHOWN = "helps", "hurts", "no benefit shown"
PAIRS_NAMED = 5
OPPONENT = "classic"  # the arm that whoever is to be believed has to beat
OPPONENTS = "opponents"  # in an arm's description: which others know as much as it does


@dataclasses.dataclass(frozen=True)
class Comparison:
    """One arm against another, with subsets of one size.

    Attributes:
        per_class: images of every class in a subset.
        arm: the arm that is judged.
        against: the arm that it is compared with.
        subsets: how many there are that both arms have been tried on.
        trainings: how many pairs of classifiers, those of all subsets together.
        unit: `"subsets"`, or `"seeds"` where the subset is the whole pool and only seeds differ.
        difference: the `Estimate` of the paired difference in accuracy.
        p_corrected: its p after Holm's correction over all comparisons of the experiment; None
            where there is no interval.
        classes: class name -> mean paired difference in the share that is recognised.
        moved: the confusions whose number changed most: dicts of `true`, `predicted`, `before` and
            `after`, the mean numbers a classifier.
    """

    per_class: int
    arm: str
    against: str
    subsets: int
    trainings: int
    unit: str
    difference: Estimate
    p_corrected: float | None
    classes: dict
    moved: list

    @property
    def verdict(self):
        """One of `helps`, `no benefit shown` and `hurts`."""
        if self.p_corrected is None or self.p_corrected >= LEVEL:
            return NOTHING_SHOWN
        return HELPS if self.difference.mean > 0 else HURTS

    @property
    def sentence(self):
        """The verdict with the figures that it rests on."""
        name = f"{self.arm} against {self.against} at {self.per_class} a class: {self.verdict}"
        mean = points(self.difference.mean)
        if self.difference.sd is None:
            return f"{name}; one of the {self.unit} alone ({mean} points) has no interval."
        if self.p_corrected is None:
            same = f"all {self._units} give the same difference ({mean} points)"
            return f"{name}; {same}, which leaves no interval."
        low, high = points(self.difference.low), points(self.difference.high)
        return (
            f"{name}; {mean} points (95 % CI {low} to {high}, p = {self.p_corrected:.2g} after "
            f"Holm's correction, {self._units}). The smallest gain that could have "
            f"been shown: {points(self.difference.smallest_gain)} points.{self._caution}"
        )

    @property
    def changes(self):
        """Which class gained most and which lost most, and which confusion moved most, in words."""
        gaining, losing = (find(self.classes, key=self.classes.get) for find in (max, min))
        said = [
            f"{direction} at {name!r}: {points(self.classes[name])} points"
            for direction, name in (("best", gaining), ("worst", losing))
        ]
        said += [
            f"{one['true']!r} read as {one['predicted']!r} {one['before']:.3g} times before, "
            f"{one['after']:.3g} after"
            for one in self.moved[:1]
        ]
        return "; ".join(said)

    @property
    def _units(self):
        """What the interval is over, in words."""
        return counted(f"{self.subsets} {self.unit}", self.trainings, self.subsets)

    @property
    def _caution(self):
        if self.unit == "subsets":
            return ""
        return " The interval is over seeds: there is only one such subset, all that there is."


def points(share):
    """A difference of shares as text in percentage points, with its sign."""
    return f"{100 * share:+.2f}"


def counted(text, trainings, subsets):
    """A text about subsets, and how many trainings there are where they are more."""
    return f"{text}, {trainings} trainings" if trainings > subsets else text


def pairs(arms, baseline):
    """What is compared: every arm with the baseline, the opponent and those that its description
    names under `opponents`, and every `A+B` with `A` too.

    Args:
        arms: name -> description, in order. What follows a `:` is how much of the arm there is.
        baseline: the name of the arm that all others are compared with.

    Returns:
        A list of `(arm, against)`.
    """
    found = []
    for arm, description in arms.items():
        part = arm.partition(":")[0].rpartition("+")[0]
        own = description.get(OPPONENTS, ())
        others = dict.fromkeys((baseline, OPPONENT, part, *own))  # each once, in this order
        found += [(arm, other) for other in others if other in arms and other != arm]
    return [(arm, other) for arm, other in found if arm != baseline]


def compare(content, baseline):
    """All comparisons of an experiment.

    Args:
        content: what `benchmark.json` holds, a dict.
        baseline: the name of the arm that all others are compared with.

    Returns:
        A list of `Comparison`, by size and in the order of the arms; without those that have no
        subset in common yet.
    """
    by_arm = {}
    for cell in content["cells"]:
        place = cell["per_class"], cell["arm"]
        by_arm.setdefault(place, {})[cell["repeat"], cell["training"]] = cell
    found = []
    for per_class in sorted({per_class for per_class, _ in by_arm}):
        for arm, against in pairs(content["arms"], baseline):
            both = _paired(*(by_arm.get((per_class, name), {}) for name in (arm, against)))
            if both:
                found.append(_compared(content["settings"], per_class, arm, against, both))
    tested = [k for k, one in enumerate(found) if one.difference.p is not None]
    for k, p in zip(tested, holm([found[k].difference.p for k in tested]).tolist(), strict=True):
        found[k] = dataclasses.replace(found[k], p_corrected=p)
    return found


def overlap_of(settings, per_class):
    """The share of images that two subsets of a size are expected to have in common."""
    return expected_overlap(per_class, settings["class_counts"])


def _paired(ones, others):
    """Pairs of cells that two arms have in common, a list for each subset."""
    by_subset = {}
    for repeat, training in sorted(set(ones) & set(others)):
        pair = ones[repeat, training], others[repeat, training]
        by_subset.setdefault(repeat, []).append(pair)
    return list(by_subset.values())


def _compared(settings, per_class, arm, against, both):
    """One comparison, its p not yet corrected; `both` is what `_paired` gives."""
    overlap = overlap_of(settings, per_class)
    totals = np.array(settings["test_class_counts"])
    trainings = np.array([len(pairs) for pairs in both])
    # Whole numbers, so that equal differences stay equal.
    gained = np.array(
        [sum(np.subtract(a["correct"], b["correct"]) for a, b in pairs) for pairs in both]
    )
    # A class that the test images lack has no share.
    shares = (gained / trainings[:, None]).mean(axis=0)[totals > 0] / totals[totals > 0]
    names = np.array(settings["class_names"])[totals > 0].tolist()
    cells = zip(*itertools.chain.from_iterable(both), strict=True)
    return Comparison(
        per_class,
        arm,
        against,
        len(both),
        int(trainings.sum()),
        "subsets" if overlap < 1 else "seeds",
        estimate(gained.sum(axis=1) / (trainings * totals.sum()), overlap),
        None,
        dict(zip(names, shares.tolist(), strict=True)),
        _moved(settings["class_names"], *cells),
    )


def _moved(class_names, arm_cells, other_cells):
    """The confusions whose mean number changed most, the largest change first."""
    after, before = (_mean_confusion(cells, len(class_names)) for cells in (arm_cells, other_cells))
    change = np.abs(after - before).reshape(-1)
    largest = np.argsort(-change, kind="stable")[:PAIRS_NAMED]
    places = [divmod(int(k), len(class_names)) for k in largest if change[k] > 0]
    return [
        {
            "true": class_names[true],
            "predicted": class_names[predicted],
            "before": float(before[true, predicted]),
            "after": float(after[true, predicted]),
        }
        for true, predicted in places
    ]


def _mean_confusion(cells, num_classes):
    confusion = np.zeros((num_classes, num_classes))
    for cell in cells:
        for true, predicted, count in cell["confused"]:
            confusion[true, predicted] += count / len(cells)
    return confusion
