"""Arms against each other on the same subsets: what is compared, and from which cells."""

import itertools

import numpy as np

from ganprofile.benchmarking.comparison import ArmComparison
from ganprofile.benchmarking.image_results import from_text
from ganprofile.benchmarking.paired import PairedDifference
from ganprofile.benchmarking.same_pool import SAME_POOL
from ganprofile.benchmarking.sizes import in_order, overlap_of, unit_of
from ganprofile.benchmarking.statistics import LEVEL

PAIRS_NAMED = 5
STRONG_BASELINE = "classic"  # the arm that every other has to beat to be believed
BASELINES = "baselines"  # in an arm's description: which others know as much as it does
RECOGNISED = "recognised"  # in a cell: which test images, as `image_results` writes them


def pairs(arms, baseline):
    """What is compared: every arm with the baseline, the strong baseline and those that its
    description names under `baselines`, and every `A+B` with `A` too.

    Args:
        arms: name -> description, in order.
        baseline: the name of the arm that all others are compared with.

    Returns:
        A list of `(arm, against)`.
    """
    found = []
    for arm, description in arms.items():
        part = arm.rpartition("+")[0]
        own = description.get(BASELINES, ())
        others = dict.fromkeys((baseline, STRONG_BASELINE, part, *own))  # each once, in this order
        found += [(arm, other) for other in others if other in arms and other != arm]
    return [(arm, other) for arm, other in found if arm != baseline]


def compare(content, baseline):
    """All comparisons of an experiment.

    Args:
        content: what `benchmark.json` holds, a dict.
        baseline: the name of the arm that all others are compared with.

    Returns:
        A list of `ArmComparison`, by size and in the order of the arms; without those that have no
        subset in common yet.
    """
    by_arm = {}
    for cell in content["cells"]:
        place = cell["per_class"], cell["arm"]
        by_arm.setdefault(place, {})[cell["repeat"], cell["training"]] = cell
    found = []
    for per_class in sorted({per_class for per_class, _ in by_arm}, key=in_order):
        for arm, against in pairs(content["arms"], baseline):
            both = _paired(*(by_arm.get((per_class, name), {}) for name in (arm, against)))
            if both:
                found.append((per_class, arm, against, both))
    tested = max(1, sum(len(both) > 1 for *_, both in found))
    return [_compared(content, *one, tested) for one in found]


def _paired(ones, others):
    """Pairs of cells that two arms have in common, a list for each subset."""
    by_subset = {}
    for repeat, training in sorted(set(ones) & set(others)):
        pair = ones[repeat, training], others[repeat, training]
        by_subset.setdefault(repeat, []).append(pair)
    return list(by_subset.values())


def _compared(content, per_class, arm, against, both, comparisons):
    settings = content["settings"]
    overlap = overlap_of(per_class, settings["class_counts"])
    totals = np.array(settings["test_class_counts"])
    pairs_of_cells = list(itertools.chain.from_iterable(both))
    arm_cells, other_cells = zip(*pairs_of_cells, strict=True)
    difference = _difference(both, totals, overlap)
    # Mean over subsets of the mean over their trainings, as the difference is.
    accuracies = [np.mean([[c["accuracy"] for c in pair] for pair in of], axis=0) for of in both]
    accuracy, against_accuracy = np.mean(accuracies, axis=0).tolist()
    return ArmComparison(
        per_class,
        arm,
        against,
        len(both),
        len(pairs_of_cells),
        unit_of(per_class, settings["class_counts"]),
        difference.estimate(LEVEL / comparisons, most=1 - against_accuracy),
        comparisons,
        accuracy,
        against_accuracy,
        _has_images(both),
        looks=len({max(cell.get("look", 0) for cell in pair) for pair in pairs_of_cells}),
        versions=_other_versions(content.get("environments", ()), pairs_of_cells),
        classes=_classes(settings["class_names"], both, totals),
        moved=_moved(settings["class_names"], arm_cells, other_cells),
        same_pool=_more_known(content["arms"], arm, against) if overlap < 1 else [],
    )


def _more_known(arms, arm, against):
    """What sets of an arm were made of, where the other arm does not hold them as well."""
    own, other = (arms[name].get(SAME_POOL, []) for name in (arm, against))
    return [] if own == other else own


def paired_difference(content, per_class, arm, against):
    """The `PairedDifference` of two arms: what their comparison rests on.

    Args:
        content: what `benchmark.json` holds, a dict.
        per_class: images of every class in a subset, or `"all"`.
        arm: its name.
        against: that of the other.
    """
    ones, others = (
        {
            (cell["repeat"], cell["training"]): cell
            for cell in content["cells"]
            if (cell["per_class"], cell["arm"]) == (per_class, name)
        }
        for name in (arm, against)
    )
    settings = content["settings"]
    overlap = overlap_of(per_class, settings["class_counts"])
    return _difference(_paired(ones, others), np.array(settings["test_class_counts"]), overlap)


def _difference(both, totals, overlap):
    return (_of_images if _has_images(both) else _of_counts)(both, totals, overlap)


def _has_images(both):
    return len(_known(both)) >= min(2, len(both))


def _known(both):
    """Those subsets of which it is known of every test image whether it was recognised."""
    return [of for of in both if all(RECOGNISED in cell for pair in of for cell in pair)]


def _of_images(both, totals, overlap):
    """The difference from what is known of test images, and the means of all subsets."""

    def recognised(cell):
        return from_text(cell[RECOGNISED], int(totals.sum())).astype(np.int8)

    rows = [np.mean([recognised(a) - recognised(b) for a, b in of], axis=0) for of in _known(both)]
    found = PairedDifference.of_images_read(rows, overlap)
    return found if len(rows) == len(both) else found.with_subsets(_gained(both) / totals.sum())


def _of_counts(both, totals, overlap):
    """The difference from numbers alone: the arms err on other images, as far as they can."""
    most = []
    for of in both:
        right = np.array([[cell["correct"] for cell in pair] for pair in of])
        most.append(np.minimum((totals - right).sum(axis=1), totals).sum() / len(of))
    return PairedDifference.of_counts(_gained(both), most, int(totals.sum()), overlap)


def _gained(both):
    """How many images more the one arm recognised, the mean over trainings, for each subset."""
    return np.array(
        [np.mean([np.subtract(a["correct"], b["correct"]).sum() for a, b in of]) for of in both]
    )


def _classes(names, both, totals):
    """Class name -> mean paired difference; a class that the test images lack has no share."""
    rows = [
        np.mean([np.subtract(a["correct"], b["correct"]) for a, b in of], axis=0) for of in both
    ]
    there = totals > 0
    shares = np.mean(rows, axis=0)[there] / totals[there]
    return dict(zip(np.array(names)[there].tolist(), shares.tolist(), strict=True))


def _other_versions(environments, pairs_of_cells):
    """What differs between the cells of any pair: name and versions, in words."""
    found = {}
    for pair in pairs_of_cells:
        numbers = [cell.get("environment") for cell in pair]
        if None not in numbers and numbers[0] != numbers[1]:
            ours, theirs = (environments[number].get("versions", {}) for number in numbers)
            for name in {**ours, **theirs}:
                versions = ours.get(name, "none"), theirs.get(name, "none")
                if versions[0] != versions[1]:
                    found[f"{name} {versions[0]} beside {versions[1]}"] = None
    return list(found)


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
